package io.tocsin.sigma.read;

import static io.tocsin.sigma.WrittenRule.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Severity;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.LogSource;
import io.tocsin.sigma.SigmaFilter;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.WrittenRule;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a rule tells of itself, documents that are none, and bounds. */
class SigmaRuleDocumentTest {
    private static final String REST =
            """
            title: Test
            logsource: {product: kubernetes, service: audit}
            detection: {s: {verb: get}, condition: s}
            """;
    /** The line that is put before all others of a rule. */
    private static final String WHOLE =
            """
            title: Privileged container
            id: 0D5C1F7E-6a8b-4c39-9f10-2b7d4e8a6c53
            name: privileged-container
            related:
                - id: 929a690e-bef0-4204-a928-ef5e620d6fcc
                  type: derived
            taxonomy: sigma
            status: stable
            description: |
                A container
                that may do all.
            license: Apache-2.0
            references:
                - https://attack.mitre.org/techniques/T1611/
            author: Tocsin
            date: 2026-11-23
            modified: 2026-11-24
            logsource:
                product: kubernetes
                service: audit
                definition: needs bodies
                collected_by: fluent-bit
            detection:
                create: {verb: [create, update]}
                some_node: {user.groups: system:nodes}
                condition: create
            fields: ['pod.containers[].image', pod.hostPID]
            falsepositives:
                - CNI plugins
                - Storage drivers
            level: high
            tags: [attack.privilege-escalation, attack.T1611]
            scope: [server]
            x-owner: platform team
            tocsin:
                levels:
                    informational: some_node
                    critical: create and not some_node
                once-per: [object, fields]
                suppress-for: 14d
                response: Look.
                misses: Much.
            """;

    private static List<String> refused(String line) {
        return problems(WrittenRule.file(line + "\n" + REST));
    }

    private static SigmaRule rule(String text, String file) {
        SigmaDocuments read = SigmaDocuments.read(text, file, Map.of());
        assertThat(read.problems()).isEmpty();
        assertThat(read.rules()).hasSize(1);
        return read.rules().get(0);
    }

    @Test
    void readsAllThatARuleTells() {
        SigmaRule rule = rule(WHOLE, "rules/other.yml");
        assertThat(rule.id()).isEqualTo("privileged-container");
        assertThat(rule.uuid()).isEqualTo("0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53");
        assertThat(rule.file()).isEqualTo("rules/other.yml");
        assertThat(rule.line()).isEqualTo(1);
        assertThat(rule.title()).isEqualTo("Privileged container");
        assertThat(rule.description()).isEqualTo("A container\nthat may do all.");
        assertThat(rule.status()).isEqualTo("stable");
        assertThat(rule.level()).isEqualTo(Severity.HIGH);
        assertThat(rule.logSource()).isEqualTo(new LogSource(null, "kubernetes", "audit"));
        assertThat(rule.sources()).isEmpty();
        assertThat(WrittenRule.meaning(rule.when())).isEqualTo("(verb is 'create' | verb is 'update')");
        assertThat(rule.grades())
                .extracting(SigmaRule.Grade::level)
                .containsExactly(Severity.INFORMATIONAL, Severity.CRITICAL);
        assertThat(rule.grades())
                .extracting(grade -> WrittenRule.meaning(grade.when()))
                .containsExactly(
                        "user.groups is 'system:nodes'",
                        "((verb is 'create' | verb is 'update') & !user.groups is 'system:nodes')");
        assertThat(rule.tags()).containsExactly("attack.privilege-escalation", "attack.t1611");
        assertThat(rule.falsePositives()).containsExactly("CNI plugins", "Storage drivers");
        assertThat(rule.references()).containsExactly("https://attack.mitre.org/techniques/T1611/");
        assertThat(rule.fields()).containsExactly("pod.containers.image", "pod.hostPID");
        assertThat(rule.response()).isEqualTo("Look.");
        assertThat(rule.misses()).isEqualTo("Much.");
        assertThat(rule.oncePer()).containsExactly(SigmaRule.OncePer.OBJECT, SigmaRule.OncePer.FIELDS);
        assertThat(rule.suppressFor()).isEqualTo(Duration.ofDays(14));
    }

    @Test
    void whatIsOptionalMayBeLeftOut() {
        SigmaRule rule = rule(REST, "rules/lnx_Some Rule.v2.yml");
        assertThat(rule.id()).isEqualTo("lnx-some-rule-v2");
        assertThat(rule.uuid()).isNull();
        assertThat(rule.status()).isNull();
        assertThat(rule.description()).isEmpty();
        assertThat(rule.level()).isEqualTo(Severity.MEDIUM);
        assertThat(rule.grades()).isEmpty();
        assertThat(rule.oncePer()).isEmpty();
        assertThat(rule.suppressFor()).isNull();
        assertThat(rule.response()).isEmpty();
        assertThat(rule.fields()).isEmpty();
    }

    @Test
    void aNameThatIsNoKebabCaseLeavesTheIdToTheFile() {
        assertThat(rule("name: firewall_block\n" + REST, "C:\\rules\\Some_file.yaml")
                        .id())
                .isEqualTo("some-file");
        assertThat(problems(SigmaDocuments.read(REST, "rules/_.yml", Map.of())))
                .containsExactly("1: neither name nor the file's name gives the rule an id in kebab-case: rules/_.yml");
    }

    @Test
    void aTextIsAlsoAListOfFalsePositives() {
        assertThat(rule("falsepositives: Unknown\n" + REST, "a.yml").falsePositives())
                .containsExactly("Unknown");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "falsepositive: [a thing] ! there is no key falsepositive; did you mean falsepositives?",
                "logsources: {product: a} ! there is no key logsources; did you mean logsource?",
                "reference: [a] ! there is no key reference; did you mean references?",
                "Level: high ! there is no key Level; did you mean level?",
                "tag: [a.b] ! there is no key tag; did you mean tags?",
                "tocsins: {} ! there is no key tocsins; did you mean tocsin?",
                "level: hihg ! level must be one of informational, low, medium, high, critical: hihg; did you mean high?",
                "level: 3 ! level must be one of informational, low, medium, high, critical: 3",
                "status: Stable ! status must be one of stable, test, experimental, deprecated, unsupported: Stable; did you mean stable?",
                "status: unsupported ! the rule says of itself that it can't be used: status unsupported",
                "id: privileged ! id must be a UUID such as 0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53: privileged",
                "id: 1-1-1-1-1 ! id must be a UUID such as 0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53: 1-1-1-1-1",
                "date: 23.11.2026 ! date must be a date such as 2026-01-31: 23.11.2026",
                "modified: 2026-02-30 ! modified must be a date such as 2026-01-31: 2026-02-30",
                "taxonomy: ecs ! taxonomy must be sigma, whose names and Tocsin's own are understood: ecs",
                "references: https://a ! references must be a list: a text",
                "references: [a, a] ! references has this twice: a",
                "author: [a, b] ! author must be a text: a list",
                "license: '' ! license must be a text: an empty one",
                "tags: [t1611] ! a tag is a namespace, a dot and letters, digits, - and _, such as attack.t1611: t1611",
                "tags: [attack.t 1] ! a tag is a namespace, a dot and letters, digits, - and _, such as attack.t1611: attack.t 1",
                "fields: verb ! fields must be a list: a text",
                "fields: [[a]] ! fields must be texts of at least 1 characters: a list",
                "scope: [x] ! scope must be texts of at least 2 characters: x",
                "related: x ! related must be a list of id and type: a text",
                "related: [x] ! related must be a list of id and type: a text",
                "related: [{type: derived}] ! related.id is missing: the UUID of the other rule",
                "related: [{id: x, type: derived}] ! related.id must be a UUID such as 0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53: x",
                "related: [{id: 929a690e-bef0-4204-a928-ef5e620d6fcc, type: alike}] ! related.type must be one of derived, obsolete, merged, renamed, similar: alike",
                "tocsin: yes ! tocsin must be keys and values, levels, once-per, suppress-for, response, misses: a text",
                "tocsin: {level: {}} ! there is no key tocsin.level; did you mean levels?",
                "tocsin: {levels: {hgih: s}} ! tocsin.levels: a level must be one of informational, low, medium, high, critical: hgih; did you mean high?",
                "tocsin: {levels: {low: t}} ! tocsin.levels.low: there is no search identifier t",
                "tocsin: {levels: [low]} ! tocsin.levels must be keys and values, a level and its condition each: a list",
                "tocsin: {once-per: [identiy]} ! tocsin.once-per must be of identity, address, object, namespace, pod, workload, node, cluster, fields: identiy; did you mean identity?",
                "tocsin: {once-per: [fields]} ! tocsin.once-per names fields, but the rule has no list of fields",
                "tocsin: {suppress-for: soon} ! tocsin.suppress-for must be a duration from 1 s to 366 d, such as 14d, 24 h or 30 min: soon",
                "tocsin: {suppress-for: 0 s} ! tocsin.suppress-for must be a duration from 1 s to 366 d, such as 14d, 24 h or 30 min: 0 s",
                "tocsin: {suppress-for: 2 years} ! tocsin.suppress-for must be a duration from 1 s to 366 d, such as 14d, 24 h or 30 min: 2 years",
            })
    void whatIsWrongIsToldWithItsLine(String line, String problem) {
        assertThat(refused(line)).contains("1: " + problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "owner: x",
                "severity: x",
                "x-level: x",
                "simulation: [a]",
                "notes: x",
                "regression_tests_path: x",
                "dataset: {a: b}"
            })
    void otherKeysAreTheAuthorsOwn(String line) {
        rule(line + "\n" + REST, "a.yml");
    }

    @ParameterizedTest
    @CsvSource({
        "14d, P14D",
        "24 h, PT24H",
        "30 min, PT30M",
        "1 s, PT1S",
        "2 days, P2D",
        "1hour, PT1H",
        "90 m, PT90M",
        "366d, P366D"
    })
    void durationsAreWrittenAsParametersAre(String written, String duration) {
        assertThat(rule("tocsin: {suppress-for: " + written + ", once-per: node}\n" + REST, "a.yml")
                        .suppressFor())
                .isEqualTo(Duration.parse(duration));
    }

    @Test
    void titleLogSourceAndDetectionAreMandatory() {
        assertThat(problems(WrittenRule.file("author: me")))
                .containsExactly(
                        "1: title is missing: what is found, in a few words",
                        "1: logsource is missing: product, service or category of the logs",
                        "1: detection is missing: search identifiers and a condition");
        assertThat(problems(
                        WrittenRule.file("title: " + "t".repeat(257) + "\nlogsource: {definition: x}\ndetection: [a]")))
                .containsExactly(
                        "1: title may have at most 256 characters: 257",
                        "2: logsource needs a product, a service or a category",
                        "3: detection must be keys and values, search identifiers and a condition: a list");
    }

    @Test
    void logSourcesAreInLowerCaseAndWellSpelt() {
        assertThat(problems(WrittenRule.file(REST.replace("product: kubernetes", "product: Kubernetes Audit"))))
                .containsExactly(
                        "2: logsource.product must be in lower case, with _ for spaces: Kubernetes Audit; did you mean kubernetes_audit?");
        assertThat(problems(WrittenRule.file(REST.replace("product: kubernetes", "prodcut: kubernetes"))))
                .containsExactly("2: there is no key logsource.prodcut; did you mean product?");
    }

    @Test
    void everyProblemOfARuleIsToldAndTheRuleIsNotGiven() {
        SigmaDocuments read = WrittenRule.file(
                """
                title: Test
                level: hgih
                logsource: {product: kubernetes}
                detection:
                    s:
                        f|contain: a
                        g|lt: b
                    condition: s and t
                """);
        assertThat(read.rules()).isEmpty();
        assertThat(problems(read))
                .containsExactly(
                        "2: level must be one of informational, low, medium, high, critical: hgih; did you mean high?",
                        "6: there is no modifier contain; did you mean contains?",
                        "7: lt needs a number: b",
                        "8: condition: there is no search identifier t");
    }

    @Test
    void severalDocumentsOfAFileAreSeveralRules() {
        SigmaDocuments read = WrittenRule.file("---\n" + REST + "---\nname: second-rule\n" + REST + "---\n");
        assertThat(read.problems()).isEmpty();
        assertThat(read.rules()).extracting(SigmaRule::id).containsExactly("test", "second-rule");
        assertThat(read.rules()).extracting(SigmaRule::line).containsExactly(2, 6);
    }

    @Test
    void aFurtherRuleOfAFileNeedsItsOwnName() {
        assertThat(problems(WrittenRule.file(REST + "---\n" + REST)))
                .containsExactly(
                        "5: a further rule of a file needs a name of its own, in kebab-case such as privileged-container");
        assertThat(problems(WrittenRule.file("name: one\n" + REST + "---\nname: one\n" + REST)))
                .containsExactly("6: two rules of this file are called one");
    }

    @Test
    void aProblemOfOneDocumentLeavesTheOthers() {
        SigmaDocuments read = WrittenRule.file("level: x\n" + REST + "---\nname: second-rule\n" + REST);
        assertThat(problems(read)).hasSize(1);
        assertThat(read.rules()).extracting(SigmaRule::id).containsExactly("second-rule");
    }

    @Test
    void correlationsAndCollectionsOfSigma1AreRefusedWithWhatToUse() {
        assertThat(problems(WrittenRule.file("title: x\ncorrelation: {type: event_count}")))
                .singleElement()
                .asString()
                .startsWith("2: correlations are not read")
                .contains("rate", "sequence", "tocsin detections");
        assertThat(problems(WrittenRule.file("action: global\ntitle: x")))
                .singleElement()
                .asString()
                .startsWith("1: action and the collections it makes are those of Sigma 1");
        assertThat(problems(WrittenRule.file("filter: {}\n" + REST)))
                .containsExactly("1: a document is a rule, with detection, or a filter, with filter: this has both");
    }

    @Test
    void whatIsNoRuleIsRefused() {
        assertThat(problems(WrittenRule.file(""))).containsExactly("0: the file holds no rule");
        assertThat(problems(WrittenRule.file("# nothing\n---\n"))).containsExactly("0: the file holds no rule");
        assertThat(problems(WrittenRule.file("- a")))
                .containsExactly("1: a rule must be keys and values, title and so on: a list");
        assertThat(problems(WrittenRule.file("title: a\n  b: c")))
                .singleElement()
                .asString()
                .startsWith("2: this is no YAML: ");
        assertThat(problems(WrittenRule.file("title: [a\n")))
                .singleElement()
                .asString()
                .contains("this is no YAML: ");
        assertThat(problems(WrittenRule.file("title: \u0000")))
                .singleElement()
                .asString()
                .contains("this is no YAML: ");
    }

    @Test
    void aByteOrderMarkIsNoPartOfTheText() {
        assertThat(problems(WrittenRule.file("\uFEFF" + REST))).isEmpty();
    }

    @Test
    void keysThatStandTwiceAndTagsAreRefused() {
        assertThat(refused("title: Other"))
                .contains("2: the key title stands here twice; only one of them would count");
        assertThat(refused("x: !!java.io.File a"))
                .containsExactly("1: a rule has no use for the YAML tag tag:yaml.org,2002:java.io.File");
        assertThat(refused("? [a]\n: b")).contains("1: a key must be a text, not a list or a mapping");
    }

    @Test
    void mergeKeysAreUnderstood() {
        SigmaRule rule =
                rule("x: &x {verb: list, f: a}\n" + REST.replace("{verb: get}", "{<<: *x, verb: get}"), "a.yml");
        assertThat(WrittenRule.meaning(rule.when())).isEqualTo("(verb is 'get' & f is 'a')");
    }

    @Test
    void aliasesMayRepeatAValueButNotFillTheMemory() {
        assertThat(rule("x: &verbs [get, list]\n" + REST.replace("verb: get", "verb: *verbs"), "a.yml")
                        .when())
                .isInstanceOf(Expression.Any.class);
        StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("a%d: &a%d [%s]\n".formatted(i, i, ("*a" + (i - 1) + ", ").repeat(9) + "*a" + (i - 1)));
        }
        assertThat(refused(bomb.toString()))
                .singleElement()
                .asString()
                .contains("a file may have at most 50000 values, aliases included");
        assertThat(refused("x: &x [*x]")).containsExactly("1: aliases nest too deep, or hold themselves");
    }

    @Test
    void deepAndLongFilesAreRefusedBeforeTheyAreBuilt() {
        assertThat(refused("x: " + "[".repeat(100_000)))
                .containsExactly("1: lists and mappings may nest at most 32 deep");
        assertThat(refused("x: " + "a".repeat(1 << 20)))
                .singleElement()
                .asString()
                .startsWith("0: a file must have at most 1048576 characters");
    }

    @Test
    void filtersSayWhichRulesTheyNarrow() {
        String filter =
                """
                title: Our administrators
                id: 929a690e-bef0-4204-a928-ef5e620d6fcc
                description: They may.
                date: 2026-11-23
                logsource: {product: kubernetes, service: audit}
                filter:
                    rules:
                        - privileged-container
                        - 0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53
                    selection: {user.username|startswith: adm_}
                    condition: not selection
                """;
        SigmaDocuments read = WrittenRule.file(filter);
        assertThat(read.problems()).isEmpty();
        assertThat(read.rules()).isEmpty();
        SigmaFilter one = read.filters().get(0);
        assertThat(one.uuid()).isEqualTo("929a690e-bef0-4204-a928-ef5e620d6fcc");
        assertThat(one.title()).isEqualTo("Our administrators");
        assertThat(one.logSource().product()).isEqualTo("kubernetes");
        assertThat(one.rules()).containsExactly("privileged-container", "0d5c1f7e-6a8b-4c39-9f10-2b7d4e8a6c53");
        assertThat(WrittenRule.meaning(one.when())).isEqualTo("!user.username starts 'adm_'");
        String any = filter.replaceAll("(?s)rules:.*6c53", "rules: any");
        assertThat(WrittenRule.file(any).filters().get(0).rules()).isEmpty();
        assertThat(WrittenRule.file(any.replace("rules: any", "rules: one"))
                        .filters()
                        .get(0)
                        .rules())
                .containsExactly("one");
        assertThat(problems(WrittenRule.file(any.replace("rules: any", "rules: [any, one]"))))
                .containsExactly("7: filter.rules names rules, or is any: not both");
        assertThat(problems(WrittenRule.file(any.replace("rules: any", "rules: []"))))
                .containsExactly("7: filter.rules must name at least one rule, or be any");
        assertThat(problems(WrittenRule.file(any.replace("    rules: any\n", ""))))
                .containsExactly("7: filter.rules is missing: the ids or names of the rules, or any");
        assertThat(problems(WrittenRule.file(any.replace("not selection", "selektion"))))
                .containsExactly("9: condition: there is no search identifier selektion; did you mean selection?");
        assertThat(problems(WrittenRule.file("level: low\nstatus: test\n" + any)))
                .containsExactly(
                        "1: a filter has no level: it only narrows rules",
                        "2: a filter has no status: it only narrows rules");
        assertThat(problems(WrittenRule.file("title: x\nfilter: [a]")))
                .containsExactly(
                        "1: logsource is missing: product, service or category of the logs",
                        "2: filter must be keys and values, rules, a selection and a condition: a list");
    }

    @Test
    void filtersAndRulesMayStandInOneFile() {
        SigmaDocuments read = WrittenRule.file(
                "title: F\nlogsource: {product: kubernetes}\nfilter: {rules: any, s: {verb: get}, condition: not s}\n---\n"
                        + REST);
        assertThat(read.problems()).isEmpty();
        assertThat(read.filters()).hasSize(1);
        assertThat(read.rules()).extracting(SigmaRule::id).containsExactly("test");
        assertThat(Set.of(read.filters().get(0).line(), read.rules().get(0).line()))
                .containsExactlyInAnyOrder(1, 5);
    }

    @Test
    void whateverIsWrittenIsReadOrRefusedButNeverThrows() {
        String pieces = " :,-|*?[]{}()'\"\\%&#\n\tabz019_";
        Random random = new Random(5);
        int sound = 0;
        for (int i = 0; i < 1_000; i++) {
            StringBuilder text = new StringBuilder(WHOLE);
            for (int change = random.nextInt(4); change >= 0; change--) {
                int at = random.nextInt(text.length());
                char piece = pieces.charAt(random.nextInt(pieces.length()));
                switch (random.nextInt(3)) {
                    case 0 -> text.insert(at, piece);
                    case 1 -> text.setCharAt(at, piece);
                    default -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(8)));
                }
            }
            SigmaDocuments read = WrittenRule.file(text.toString());
            assertThat(read.rules().size()
                            + read.filters().size()
                            + read.problems().size())
                    .isPositive();
            assertThat(read.problems()).allMatch(problem -> !problem.reason().isBlank() && problem.line() >= 0);
            sound += read.rules().size();
        }
        assertThat(sound).isBetween(50, 950);
    }
}
