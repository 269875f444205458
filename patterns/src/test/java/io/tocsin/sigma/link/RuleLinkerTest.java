package io.tocsin.sigma.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.WrittenRule;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLinkerTest {
    private static final String AUDIT = "{product: kubernetes, service: audit}";

    private final List<SigmaProblem> problems = new ArrayList<>();

    private List<SigmaRule> link(String... documents) {
        SigmaDocuments read = WrittenRule.file(String.join("---\n", documents));
        problems.clear();
        problems.addAll(read.problems());
        return RuleLinker.link(read.rules(), read.filters(), problems);
    }

    private static String rule(String name, String logSource, String... detection) {
        return "title: Test\nname: %s\nlogsource: %s\nlevel: low\ndetection:\n%s"
                .formatted(name, logSource, String.join("\n", detection).indent(4));
    }

    private static String filter(String logSource, String rules, String selection) {
        return "title: Filter\nlogsource: %s\nfilter:\n    rules: %s\n    s: {%s}\n    condition: not s\n"
                .formatted(logSource, rules, selection);
    }

    private String meaning(String... documents) {
        List<SigmaRule> linked = link(documents);
        assertThat(problems).isEmpty();
        assertThat(linked).hasSize(1);
        return WrittenRule.meaning(linked.get(0).when());
    }

    private List<String> reasons() {
        return problems.stream().map(SigmaProblem::reason).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product: kubernetes, service: audit|kubernetes-audit",
                "product: kubernetes, category: application, service: audit|kubernetes-audit",
                "product: kubernetes, service: events|kubernetes-event",
                "product: kubernetes, service: container|container-log",
                "product: kubernetes, service: authenticator|eks-authenticator",
                "product: aws, service: eks-authenticator|eks-authenticator",
                "product: aws, service: cloudtrail|cloudtrail",
                "category: webserver|access-log",
                "category: proxy|access-log",
                "category: webserver, product: nginx|access-log",
                "category: process_creation, product: linux|auditd falco tetragon",
                "category: network_connection, product: linux|hubble tetragon",
                "category: file_event, product: linux|auditd falco tetragon",
                "product: linux, service: auditd|auditd",
                "product: linux|auditd falco journald syslog tetragon",
                "product: tocsin, service: runtime|auditd falco tetragon",
                "product: linux, service: sshd|journald syslog",
                "product: linux, service: sudo|journald syslog",
                "product: linux, service: auth|journald syslog",
                "product: linux, service: syslog|journald syslog",
                "product: falco|falco",
                "product: cilium, service: hubble|hubble",
                "product: cilium, service: tetragon|tetragon"
            })
    void sigmasLogSourcesAreTheseLogs(String logSource, String sources) {
        List<SigmaRule> linked = link(rule("a", "{" + logSource + "}", "s: {outcome: success}", "condition: not s"));
        Set<String> ids = new TreeSet<>();
        if (linked.isEmpty()) {
            // Logs that tell no outcome.
            linked = link(rule("a", "{" + logSource + "}", "s: {cluster: c1}", "condition: s"));
        }
        assertThat(problems).isEmpty();
        linked.get(0).sources().forEach(source -> ids.add(source.id()));
        assertThat(ids).containsExactly(sources.split(" "));
    }

    @Test
    void everyFormatIsALogSourceOfTocsin() {
        for (Source source : Source.values()) {
            List<SigmaRule> linked = link(rule(
                    "a", "{product: tocsin, service: %s}".formatted(source.id()), "s: {cluster: c}", "condition: s"));
            assertThat(linked).singleElement().satisfies(rule -> assertThat(rule.sources())
                    .containsExactly(source));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "product: windows, category: process_creation|windows writes no log of a Kubernetes platform",
                "product: okta, service: okta|okta writes no log of a Kubernetes platform",
                "product: kubernetes, service: audits|service of product kubernetes must be one of audit, authenticator, container, events: audit?",
                "product: kubernetes|service of product kubernetes must be one of",
                "category: antivirus|category antivirus is no log that is read; there are product kubernetes",
                "product: linux, service: cron|service of product linux must be one of auditd, auth, sshd, sudo, syslog"
            })
    void otherLogSourcesAreRefusedWithWhatThereIs(String logSource, String reason) {
        assertThat(link(rule("a", "{" + logSource + "}", "s: {cluster: c}", "condition: s")))
                .isEmpty();
        assertThat(reasons()).singleElement().asString().contains(reason);
    }

    @Test
    void aCategoryMeansOnlyRecordsOfItsKind() {
        assertThat(meaning(rule(
                        "a",
                        "{category: process_creation, product: linux}",
                        "s: {CommandLine|contains: evil}",
                        "condition: s")))
                .startsWith("(event.action ")
                .contains("'exec'")
                .contains("process.command_line contains");
        assertThat(meaning(rule("a", "{product: linux, service: sshd}", "s: {message|contains: evil}", "condition: s")))
                .contains("'/sshd-session'");
    }

    @Test
    void everyFieldGetsItsOwnName() {
        String rule = rule(
                        "a",
                        AUDIT,
                        "s:",
                        "    kubernetes.audit.verb: create",
                        "    requestObject.rules[]:",
                        "        verbs: get",
                        "        a[].b: x",
                        "    user.name|fieldref: ka.target.name",
                        "t: {ka.target.subresource: exec}",
                        "condition: s and not t")
                + "fields:\n    - resource\n    - pod.containers[].image\n"
                + "tocsin:\n    levels: {high: t}\n";
        List<SigmaRule> linked = link(rule);
        assertThat(problems).isEmpty();
        SigmaRule only = linked.get(0);
        assertThat(WrittenRule.meaning(only.when()))
                .contains("verb is 'create'")
                .contains("requestObject.rules[(verbs is 'get' & a.b is 'x')]")
                .contains("user.username")
                .contains("objectRef.name")
                .contains("!objectRef.subresource");
        assertThat(only.fields()).containsExactly("objectRef.resource", "pod.containers.image");
        assertThat(WrittenRule.meaning(only.grades().get(0).when())).startsWith("objectRef.subresource");
    }

    @Test
    void aFieldThatOneOfItsLogsHasIsEnough() {
        assertThat(link(rule(
                        "a",
                        "{category: process_creation, product: linux}",
                        "s: {ParentImage|endswith: /a}",
                        "condition: s")))
                .hasSize(1);
        assertThat(problems).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "capabilities: '*'|pod.containers.securityContext.capabilities.add",
                "hostPath: '*'|pod.volumes.hostPath.path",
                "privileged: true|pod.containers.securityContext.privileged",
                "objectref.resource: pods|probably objectRef.resource",
                "ObjectRef.uid: x|probably objectRef.uid",
                "usr.username: x|probably user.username",
                "Annotations.x: y|probably annotations.x",
                "stage: ResponseComplete|leave it out",
                "pod.name: a|objectRef.name",
                "pod.spec.hostPID: true|pod.hostPID",
                "pod.metadata.labels.a: b|object.metadata",
                "code: 403|responseStatus.code",
                "fileName: a|unknown field of kubernetes-audit: fileName"
            })
    void anUnknownFieldIsRefusedWithWhatWasMeant(String test, String meant) {
        List<SigmaRule> linked = link(rule("a", AUDIT, "s: {verb: create, " + test + "}", "condition: s"));
        assertThat(linked).isEmpty();
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.reason()).contains(meant);
            assertThat(problem.file()).isEqualTo("test.yml");
            assertThat(problem.line()).isEqualTo(6);
        });
    }

    @Test
    void onlyListsOfObjectsHaveElements() {
        link(rule("a", AUDIT, "s:", "    user.username[]: {a: b}", "condition: s"));
        assertThat(reasons()).singleElement().asString().contains("has no elements with names");
    }

    @Test
    void everyProblemIsToldAndSoundRulesAreLinked() {
        List<SigmaRule> linked = link(
                rule("a", AUDIT, "s: {nothing1: a}", "t: {verb: exec}", "condition: s and t"),
                rule("b", AUDIT, "s: {verb: get}", "condition: s"),
                rule("c", "{product: windows}", "s: {verb: get}", "condition: s"));
        assertThat(problems).hasSize(3);
        assertThat(linked).extracting(SigmaRule::id).containsExactly("b");
    }

    @Test
    void twoRulesOfOneNameOrIdAreAProblem() {
        String id = "id: 7b6d2a39-3d2c-4b0c-9f4e-55a9a1f0c001\n";
        List<SigmaRule> rules = new ArrayList<>();
        rules.addAll(SigmaDocuments.read(id + rule("a", AUDIT, "s: {verb: get}", "condition: s"), "1.yml", Map.of())
                .rules());
        rules.addAll(SigmaDocuments.read(rule("a", AUDIT, "s: {verb: list}", "condition: s"), "2.yml", Map.of())
                .rules());
        rules.addAll(SigmaDocuments.read(id + rule("b", AUDIT, "s: {verb: list}", "condition: s"), "3.yml", Map.of())
                .rules());
        assertThat(RuleLinker.link(rules, List.of(), problems)).hasSize(1);
        assertThat(problems)
                .extracting(SigmaProblem::toString)
                .containsExactly(
                        "2.yml:1: name a is that of another rule: 1.yml:1",
                        "3.yml:1: id 7b6d2a39-3d2c-4b0c-9f4e-55a9a1f0c001 is that of another rule: 1.yml:1");
    }

    @Test
    void anUnknownFieldIsToldOnce() {
        link(rule("a", AUDIT, "s:", "    nothing1:", "        - a", "        - b", "condition: s"));
        assertThat(problems).hasSize(1);
    }

    @Test
    void aFilterIsAddedToTheRulesItNames() {
        String[] files = {
            "id: 7b6d2a39-3d2c-4b0c-9f4e-55a9a1f0c001\n" + rule("a", AUDIT, "s: {verb: get}", "condition: s"),
            rule("b", AUDIT, "s: {verb: get}", "condition: s"),
            filter(AUDIT, "[b, 7B6D2A39-3D2C-4B0C-9F4E-55A9A1F0C001]", "ka.user.name: alice")
        };
        List<SigmaRule> linked = link(files);
        assertThat(problems).isEmpty();
        assertThat(linked).hasSize(2).allSatisfy(rule -> assertThat(WrittenRule.meaning(rule.when()))
                .isEqualTo("(verb is 'get' & !user.username is 'alice')"));
        linked = link(files[0], files[1], filter(AUDIT, "[b]", "user.username: alice"));
        assertThat(WrittenRule.meaning(linked.get(0).when())).isEqualTo("verb is 'get'");
    }

    @Test
    void aFilterForNoRuleIsAProblem() {
        String rule = rule("exec-in-pod", AUDIT, "s: {verb: get}", "condition: s");
        link(rule, filter(AUDIT, "[exec-in-pods]", "user.username: alice"));
        assertThat(reasons())
                .containsExactly("filter names a rule that there isn't: exec-in-pods; probably exec-in-pod");
        link(rule, filter("{product: falco}", "[exec-in-pod]", "output|contains: alice"));
        assertThat(reasons())
                .containsExactly(
                        "logsource must be that of the rule it is added to: exec-in-pod reads kubernetes-audit, and the filter falco");
        link(rule, filter(AUDIT, "[exec-in-pod]", "nothing1: alice"));
        assertThat(reasons()).singleElement().asString().startsWith("unknown field of kubernetes-audit: nothing1");
        link(rule, filter(AUDIT, "[exec-in-pod]", "source.new: true"));
        assertThat(reasons()).singleElement().asString().contains("source.new can't be asked in a filter");
    }

    @Test
    void aNewAddressIsTakenOutOfTheCondition() {
        List<SigmaRule> linked = link(
                rule("a", AUDIT, "s: {verb: get, source.new: true}", "t: {outcome: success}", "condition: s and t"),
                rule("b", AUDIT, "s: {verb: get}", "n: {source.new: true}", "condition: s and n"),
                rule("c", AUDIT, "s: {verb: get}", "condition: s"));
        assertThat(problems).isEmpty();
        assertThat(linked).extracting(SigmaRule::asksNewAddress).containsExactly(true, true, false);
        assertThat(WrittenRule.meaning(linked.get(0).when())).isEqualTo("(verb is 'get' & outcome is 'success')");
        assertThat(WrittenRule.meaning(linked.get(1).when())).isEqualTo("verb is 'get'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"t and (s or n)", "s and t and not n", "t and not s and not n", "s and (n or t)"})
    void aNewAddressMayOnlyNarrow(String condition) {
        assertThat(link(rule(
                        "a",
                        AUDIT,
                        "s: {verb: get}",
                        "t: {verb: get}",
                        "n: {source.new: true}",
                        "condition: " + condition)))
                .isEmpty();
        assertThat(reasons()).singleElement().asString().startsWith("source.new can't be asked in");
    }

    @Test
    void aNewAddressAloneOrAsALevelIsRefused() {
        link(rule("a", AUDIT, "n: {source.new: true}", "condition: n"));
        assertThat(reasons()).singleElement().asString().contains("must stand beside others");
        link(rule("a", AUDIT, "s: {verb: get, source.new: false}", "condition: s"));
        assertThat(reasons()).isNotEmpty();
        link(rule("a", AUDIT, "s: {verb: get}", "n: {source.new: true}", "condition: s")
                + "tocsin:\n    levels: {high: n}\n");
        assertThat(reasons()).singleElement().asString().contains("a level's condition");
    }

    @Test
    void keywordsAreLeftAsTheyAre() {
        assertThat(meaning(rule("a", AUDIT, "k: [evil]", "condition: k")).toLowerCase(Locale.ROOT))
                .contains("* contains 'evil'");
    }
}
