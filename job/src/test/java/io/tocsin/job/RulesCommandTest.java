package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.DetectionCatalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The verb {@code rules}: what it says and how it ends. */
class RulesCommandTest {
    private static final String RULE =
            """
            title: A secret is read
            name: secret-read
            logsource: {product: kubernetes, service: audit}
            detection:
                read: {verb: get, objectRef.resource: secrets, outcome: success}
                deployer: {actor.deployer: true}
                inside: {source.zone: cluster}
                condition: read and not deployer
            level: high
            tocsin: {levels: {low: inside}, suppress-for: 1 h}
            """;

    private static final DetectionCatalog CATALOG = DetectionCatalog.load();

    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void aRule() throws IOException {
        write("secret-read.yml", RULE);
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name), text);
    }

    private int run(String... arguments) {
        DetectCommand.Terminal terminal = new DetectCommand.Terminal(print(out), print(err), false);
        try {
            return new RulesCommand(CATALOG, terminal).run(List.of(arguments));
        } catch (ArgumentException e) {
            e.problems().forEach(terminal.err()::println);
            return 2;
        }
    }

    private static PrintStream print(ByteArrayOutputStream to) {
        return new PrintStream(to, true, StandardCharsets.UTF_8);
    }

    private List<String> lines() {
        return out.toString(StandardCharsets.UTF_8)
                .replace(folder + "/", "")
                .lines()
                .toList();
    }

    private static String record(String user, String address, String time, String name) {
        return """
                {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata",
                "auditID":"2f7d6c1e-5d6f-4a53-9f0a-6f2f1c3b7a10","stage":"ResponseComplete",
                "requestURI":"/api/v1/namespaces/shop/secrets/%s","verb":"get","user":{"username":"%s"},
                "sourceIPs":["%s"],"userAgent":"kubectl/v1.31.2",
                "objectRef":{"resource":"secrets","namespace":"shop","name":"%s","apiVersion":"v1"},
                "responseStatus":{"code":200},"requestReceivedTimestamp":"2026-03-02T%s:00.000000Z",
                "stageTimestamp":"2026-03-02T%s:00.100000Z"}
                """
                .formatted(name, user, address, name, time, time)
                .indent(12);
    }

    private static String test(String name, String alerts, String more, String... records) {
        StringBuilder text =
                new StringBuilder("    - name: %s\n      alerts: %s\n%s      records:\n".formatted(name, alerts, more));
        for (String record : records) {
            text.append("        - >-\n").append(record);
        }
        return text.toString();
    }

    @Test
    void lintTellsNothingOfSoundRules() {
        assertThat(run("lint", folder.toString())).isZero();
        assertThat(lines()).containsExactly("1 sound rules and 0 filters, 0 problems");
    }

    @Test
    void lintTellsEveryProblemOfEveryFileWithItsLine() throws IOException {
        write("deep/broken.yml", RULE.replace("verb: get", "verb|contain: get").replace("secret-read", "broken-one"));
        write(
                "other.yaml",
                RULE.replace("read and not", "red and not")
                        .replace("secret-read", "other-one")
                        .replace("high", "hgih"));
        write("ignored.test.yml", "not: a rule");
        write(".hidden/broken.yml", "not: a rule");
        assertThat(run("lint", folder.toString())).isEqualTo(1);
        assertThat(lines())
                .containsExactly(
                        "deep/broken.yml:5: there is no modifier contain; did you mean contains?",
                        "other.yaml:8: condition: there is no search identifier red; did you mean read?",
                        "other.yaml:9: level must be one of informational, low, medium, high, critical: hgih; did you mean high?",
                        "1 sound rules and 0 filters, 3 problems");
    }

    @Test
    void lintTellsOfFieldsThatTheLogDoesNotHave() throws IOException {
        write("secret-read.yml", RULE.replace("objectRef.resource", "CommandLin"));
        assertThat(run("lint", folder.toString())).isEqualTo(1);
        assertThat(lines().get(0)).startsWith("secret-read.yml:5: ").contains("CommandLin");
    }

    @Test
    void lintRefusesAnIdThatADetectionHas() throws IOException {
        String taken = CATALOG.all().get(0).info().id();
        write("secret-read.yml", RULE.replace("secret-read", taken));
        assertThat(run("lint", folder.toString())).isEqualTo(1);
        assertThat(lines().get(0)).startsWith("secret-read.yml:1: the id " + taken + " is taken by ");
    }

    @Test
    void aFilterIsLintedWithTheRulesItNames() throws IOException {
        write(
                "filter.yml",
                """
                title: Our own
                logsource: {product: kubernetes, service: audit}
                filter:
                    rules: [secret-reed]
                    alice: {user.username: alice}
                    condition: not alice
                """);
        assertThat(run("lint", folder.toString())).isEqualTo(1);
        assertThat(lines().get(0))
                .startsWith("filter.yml:1: ")
                .contains("secret-reed")
                .contains("secret-read");
        write("filter.yml", Files.readString(folder.resolve("filter.yml")).replace("secret-reed", "secret-read"));
        out.reset();
        assertThat(run("lint", folder.toString())).isZero();
        assertThat(lines()).containsExactly("1 sound rules and 1 filters, 0 problems");
    }

    @Test
    void placeholdersAreGivenByParameters() throws IOException {
        write("secret-read.yml", RULE.replace("verb: get", "user.username|expand: '%admins%'"));
        assertThat(run("lint", folder.toString())).isEqualTo(1);
        assertThat(lines().get(0)).contains("no values are given for the placeholder %admins%");
        assertThat(run("lint", folder.toString(), "--rules.placeholders.admins", "alice,bob"))
                .isZero();
    }

    @Test
    void passingTestsAreCounted() throws IOException {
        String outside = record("alice", "203.0.113.7", "08:00", "db");
        write(
                "secret-read.test.yml",
                "tests:\n"
                        + test("from outside", "[high]", "", outside)
                        + test("from inside", "low", "", record("alice", "10.0.0.9", "08:00", "db"))
                        + test(
                                "again within the hour",
                                "[high]",
                                "",
                                outside,
                                record("alice", "203.0.113.7", "08:59", "db"))
                        + test("after it", "[high, high]", "", outside, record("alice", "203.0.113.7", "09:01", "db"))
                        + test(
                                "graver is no repeat",
                                "[low, high]",
                                "",
                                record("alice", "10.0.0.9", "07:59", "db"),
                                outside)
                        + test(
                                "in the order of their times",
                                "[low, high]",
                                "",
                                outside,
                                record("alice", "10.0.0.9", "07:59", "db"))
                        + test(
                                "another secret",
                                "[high, high]",
                                "",
                                outside,
                                record("alice", "203.0.113.7", "08:01", "mail"))
                        + test(
                                "a deployer",
                                "[]",
                                "      parameters: {identities.cd: alice from 203.0.113.0/24}\n",
                                outside)
                        + test(
                                "a list of parameters",
                                "[low]",
                                "      parameters: {network: {cluster: [203.0.113.0/24]}}\n",
                                outside)
                        + test("in a format", "[high]", "      format: kubernetes-audit\n", outside));
        assertThat(run("test", folder.toString()))
                .as(out.toString(StandardCharsets.UTF_8))
                .isZero();
        assertThat(lines()).containsExactly("10 passed, 0 failed of 1 rules");
        out.reset();
        assertThat(run("test", folder.resolve("secret-read.test.yml").toString()))
                .isZero();
        assertThat(lines()).containsExactly("10 passed, 0 failed of 1 rules");
    }

    @Test
    void failingTestsSayWhatWasExpectedAndRaised() throws IOException {
        write(
                "secret-read.test.yml",
                "tests:\n"
                        + test("too grave", "[critical]", "", record("alice", "203.0.113.7", "08:00", "db"))
                        + test("nothing", "[]", "", record("alice", "203.0.113.7", "08:00", "db"))
                        + test(
                                "cut",
                                "[high]",
                                "",
                                "            {\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\"}\n")
                        + test("passes", "[high]", "", record("alice", "203.0.113.7", "08:00", "db"))
                        + test(
                                "no event",
                                "[]",
                                "",
                                record("alice", "203.0.113.7", "08:00", "db")
                                        .replace("ResponseComplete", "RequestReceived")));
        assertThat(run("test", folder.toString())).isEqualTo(1);
        assertThat(lines())
                .contains(
                        "secret-read.test.yml:2: too grave: expected [critical], raised [high]",
                        "1 passed, 4 failed of 1 rules")
                .anyMatch(line -> line.endsWith("nothing: expected none, raised [high]"))
                .anyMatch(line -> line.endsWith("cut: a record can't be read"))
                .anyMatch(line -> line.startsWith("  record 1 can't be read: "))
                .anyMatch(line -> line.endsWith("no event: no record is an event"))
                .anyMatch(line -> line.startsWith("  record 1 is skipped: "));
    }

    @Test
    void whatIsWrongWithTestFilesIsTold() throws IOException {
        write(
                "secret-read.test.yml",
                """
                rules: secret-read
                tests:
                  - name: one
                    alerts: [hihg]
                    record: x
                  - alerts: []
                    records: [{"kind": "Event"}]
                    format: audit
                  - name: three
                    records: x
                    parameters: y
                """);
        write("other.test.yml", "tests: [{name: a, alerts: [], records: [x]}]");
        assertThat(run("test", folder.toString())).isEqualTo(1);
        assertThat(lines())
                .contains(
                        "secret-read.test.yml:1: there is no key rules here; there are rule, tests",
                        "secret-read.test.yml:4: alerts are informational, low, medium, high or critical, [] for none: hihg",
                        "secret-read.test.yml:5: there is no key record here; there are alerts, format, name, parameters, records",
                        "secret-read.test.yml:3: a test needs records: lines as they stand in a log",
                        "secret-read.test.yml:6: a test needs a name: what happens in its records, in a few words",
                        "secret-read.test.yml:7: a record is a line of a log as a text: quote it, or put it behind >- : keys and values",
                        "secret-read.test.yml:9: a test needs alerts: a list of levels, [] for none",
                        "secret-read.test.yml:11: parameters must be keys and values, such as {identities.cd: deployer}: a text",
                        "other.test.yml: there is no sound rule other here");
    }

    @Test
    void parametersThatRulesCanNotAskAboutAreRefused() throws IOException {
        write(
                "secret-read.test.yml",
                "tests:\n"
                        + test(
                                "one",
                                "[high]",
                                "      parameters: {identities.dc: alice}\n",
                                record("alice", "203.0.113.7", "08:00", "db"))
                        + test(
                                "two",
                                "[high]",
                                "      parameters: {network.cluster: here}\n",
                                record("alice", "203.0.113.7", "08:00", "db")));
        assertThat(run("test", folder.toString())).isEqualTo(1);
        assertThat(lines())
                .contains("secret-read.test.yml:2: one: a test can't set identities.dc; did you mean identities.cd?")
                .anyMatch(line -> line.contains("network.cluster: expected an address range"));
    }

    @Test
    void rulesWithoutTestsAreNotedOnly() {
        assertThat(run("test", folder.toString())).isZero();
        assertThat(lines())
                .containsExactly(
                        "note: secret-read.yml: rule secret-read has no tests", "0 passed, 0 failed of 0 rules");
    }

    @Test
    void brokenRulesFailTheirTests() throws IOException {
        write("secret-read.yml", RULE.replace("verb: get", "verb|contain: get"));
        write(
                "secret-read.test.yml",
                "tests:\n" + test("one", "[high]", "", record("alice", "203.0.113.7", "08:00", "db")));
        assertThat(run("test", folder.toString())).isEqualTo(1);
        assertThat(lines())
                .containsExactly(
                        "secret-read.yml:5: there is no modifier contain; did you mean contains?",
                        "0 passed, 0 failed of 0 rules; 1 problems");
    }

    @Test
    void listShowsLevelLogsAndTitle() {
        assertThat(run("list", folder.toString())).isZero();
        assertThat(lines()).containsExactly("secret-read  high           kubernetes-audit: A secret is read");
        out.reset();
        assertThat(run("list")).isZero();
        assertThat(lines()).hasSize(RuleShelf.shipped(CATALOG).size());
    }

    @Test
    void fieldsShowsTheFieldsOfALog() {
        assertThat(run("fields", "kubernetes-audit")).isZero();
        assertThat(lines())
                .anyMatch(line -> line.startsWith("  objectRef.resource "))
                .noneMatch(line -> line.startsWith("  cloudtrail"));
        out.reset();
        assertThat(run("fields")).isZero();
        assertThat(lines()).anyMatch(line -> line.startsWith("falco "));
    }

    @Test
    void wrongArgumentsAreRefused() {
        assertThat(run("lnit", "x")).isEqualTo(2);
        assertThat(run("lint")).isEqualTo(2);
        assertThat(run("lint", "--fix", "x")).isEqualTo(2);
        assertThat(run("fields", "kubernetes-adit")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8).lines())
                .containsExactly(
                        "rules takes lint, test, list or fields: lnit; did you mean lint?",
                        "rules lint needs files or folders",
                        "rules takes files, folders and --rules.placeholders.NAME VALUE: --fix",
                        "no log is called kubernetes-adit; did you mean kubernetes-audit?");
        assertThat(run("--help")).isZero();
        assertThat(run("lint", folder.resolve("nowhere").toString())).isEqualTo(1);
    }
}
