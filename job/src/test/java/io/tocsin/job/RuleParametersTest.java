package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Users' rules on the command line, and switching detections by tag. */
class RuleParametersTest {
    private static final DetectionCatalog CATALOG = DetectionCatalog.load();

    @TempDir
    Path folder;

    private String file;
    private Path rules;

    @BeforeEach
    void make() throws Exception {
        file = TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
        rules = Files.createDirectories(folder.resolve("rules"));
    }

    private static String rule(String name) {
        return """
                title: Mine
                name: %s
                logsource: {product: kubernetes, service: audit}
                tags: [attack.exfiltration, attack.t1537]
                detection:
                    read: {verb: get, requestObject.spec.mine: x}
                    condition: read
                level: low
                """
                .formatted(name);
    }

    private void write(String name, String text) throws IOException {
        Path path = rules.resolve(name);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    private JobParameters parse(String... arguments) {
        List<String> all = new ArrayList<>(List.of(file, "--rules", rules.toString()));
        all.addAll(Arrays.asList(arguments));
        return JobParameters.parse(all, CATALOG);
    }

    private List<String> problems(String... arguments) {
        return catchThrowableOfType(ArgumentException.class, () -> parse(arguments))
                .problems();
    }

    private static List<String> enabled(JobParameters parameters) {
        return parameters.detections().stream()
                .filter(Configured::enabled)
                .map(detection -> detection.info().id())
                .toList();
    }

    @Test
    void becomeDetectionsWithParametersOfTheirOwn() throws Exception {
        write("one.yml", rule("one"));
        write("deep/er/two.yaml", rule("two"));
        write("one.test.yml", "tests: []");
        write("notes.txt", "no rule");
        write(".hidden/one.yml", rule("one"));
        JobParameters parameters = parse("--detections.two.severity", "high", "--detections.two.suppress-for", "1 h");
        assertThat(enabled(parameters)).contains("one", "two", "anonymous-success", "forbidden-then-success");
        assertThat(parameters.detections())
                .filteredOn(detection -> detection.info().id().equals("two"))
                .singleElement()
                .satisfies(two -> {
                    assertThat(two.severity()).isEqualTo(Severity.HIGH);
                    assertThat(two.suppressMillis()).isEqualTo(3_600_000);
                });
    }

    @Test
    void mayBeFilesAndFoldersAndComeFromTheConfigFile() throws Exception {
        write("a/one.yml", rule("one"));
        write("b/two.yml", rule("two"));
        Path config = Files.writeString(
                folder.resolve("config.yaml"),
                "rules: [%s, %s, %s]\ndetections.two.severity: medium\n"
                        .formatted(rules.resolve("a"), rules.resolve("a/one.yml"), rules.resolve("b/two.yml")));
        assertThat(enabled(JobParameters.parse(List.of(file, "--config", config.toString()), CATALOG)))
                .contains("one", "two");
    }

    @Test
    void areReadThroughTheLinksOfAMountedConfigMap() throws Exception {
        Path data = Files.createDirectories(rules.resolve("..2026_11_23"));
        Files.writeString(data.resolve("one.yml"), rule("one"));
        Files.createSymbolicLink(rules.resolve("..data"), Path.of("..2026_11_23"));
        Files.createSymbolicLink(rules.resolve("one.yml"), Path.of("..data/one.yml"));
        assertThat(enabled(parse())).containsOnlyOnce("one");
    }

    @Test
    void areRefusedWithEveryProblemOfEveryFile() throws Exception {
        write("a.yml", rule("one").replace("verb: get", "vreb: get"));
        write("b.yml", rule("anonymous-success"));
        write("c.yml", rule("sound"));
        write("d.yml", "title: [");
        write("e.yml", rule("e").replace("level: low", "level: extreme").replace("condition: read", "condition: raed"));
        assertThat(problems("--detections.disabled", "sonud", "--rules.placeholders.x", ""))
                .anySatisfy(problem -> assertThat(problem)
                        .startsWith("rules: " + rules.resolve("a.yml") + ":6: ")
                        .contains("vreb"))
                .anySatisfy(problem -> assertThat(problem)
                        .isEqualTo("rules: " + rules.resolve("b.yml")
                                + ":1: the id anonymous-success is taken by the rule of"
                                + " sigma/kubernetes-audit/anonymous-success.yml"))
                .anySatisfy(problem -> assertThat(problem).startsWith("rules: " + rules.resolve("d.yml")))
                .anySatisfy(problem -> assertThat(problem).startsWith("rules: " + rules.resolve("e.yml") + ":8: "))
                .anySatisfy(problem -> assertThat(problem).startsWith("rules: " + rules.resolve("e.yml") + ":7: "))
                .contains(
                        "detections.disabled: no detection is called sonud; did you mean sound?",
                        "rules.placeholders.x needs at least one value")
                .noneMatch(problem -> problem.contains("c.yml"));
    }

    @Test
    void areRefusedWhereThereAreNone() throws Exception {
        assertThat(problems()).containsExactly("rules: " + rules + ": the folder holds no rule: no *.yml or *.yaml");
        String missing = folder.resolve("missing").toString();
        assertThat(catchThrowableOfType(
                                ArgumentException.class,
                                () -> JobParameters.parse(
                                        List.of(file, "--rules", missing, "--rules.placeholders.x=y"), CATALOG))
                        .problems())
                .containsExactly("rules: " + missing + ": no such file or folder");
        assertThat(catchThrowableOfType(
                                ArgumentException.class,
                                () -> JobParameters.parse(List.of(file, "--rules.placeholders.x", "y"), CATALOG))
                        .problems())
                .containsExactly("rules.placeholders.x: there are no rules: give --rules");
        write("big.yml", "#".repeat(1 << 20) + "\n");
        assertThat(problems()).singleElement().asString().endsWith("big.yml: longer than 1 MiB: is it a rule?");
        Files.write(rules.resolve("big.yml"), new byte[] {(byte) 0xff, (byte) 0xfe});
        assertThat(problems()).singleElement().asString().endsWith("big.yml: is no text in UTF-8");
    }

    @Test
    void takePlaceholders() throws Exception {
        write(
                "one.yml",
                rule("one").replace("verb: get", "user.username|expand: '%admins%', userAgent|expand: '%tools%'"));
        assertThat(problems("--rules.placeholders.admins", "alice, bob"))
                .singleElement()
                .asString()
                .startsWith("rules: " + rules.resolve("one.yml") + ":6: ")
                .contains("tools");
        Path config = Files.writeString(folder.resolve("config.yaml"), "rules.placeholders.tools: [curl, wget]\n");
        JobParameters parameters = parse("--config", config.toString(), "--rules.placeholders.admins", "alice, bob");
        assertThat(enabled(parameters)).contains("one");
        assertThat(parameters.effective()).containsKey("rules");
    }

    @Test
    void areNamedByExemptions() throws Exception {
        write("one.yml", rule("one"));
        Path exemptions = Files.writeString(
                folder.resolve("exemptions.yaml"),
                """
                exemptions:
                  - {identity: alice, origin: any, detections: [one, privileged-container], owner: me, reason: may, expires: 2030-01-01}
                """);
        assertThat(parse("--exemptions", exemptions.toString()).exemptions().all())
                .anySatisfy(exemption ->
                        assertThat(exemption.detections()).extracting("text").contains("one", "privileged-container"));
        Files.writeString(exemptions, Files.readString(exemptions).replace("[one,", "[oen,"));
        assertThat(problems("--exemptions", exemptions.toString()))
                .singleElement()
                .asString()
                .contains("no detection is called oen");
    }

    @Test
    void areSwitchedByTag() throws Exception {
        write("one.yml", rule("one"));
        assertThat(enabled(parse("--detections.enabled", "tag:attack.t1537"))).containsExactly("one");
        assertThat(enabled(parse("--detections.enabled", "tag:attack.T153*,delete-burst")))
                .containsExactly("delete-burst", "one");
        assertThat(enabled(parse("--detections.disabled", "tag:attack.exfiltration")))
                .doesNotContain("one")
                .contains("delete-burst");
        assertThat(enabled(parse("--detections.disabled", "tag:attack.credential-access")))
                .doesNotContain("forbidden-then-success", "secret-sweep")
                .contains("one");
        assertThat(problems("--detections.disabled", "tag:attack.t15377"))
                .containsExactly("detections.disabled: no detection has the tag attack.t15377; did you mean"
                        + " tag:attack.t1537?");
    }

    @Test
    void haveTheDecodersReadWhatTheyAskAndOnlyThat() throws Exception {
        write("one.yml", rule("one"));
        DecoderOptions on = parse("--detections.enabled", "one").decoding();
        assertThat(on.content().paths(Source.KUBERNETES_AUDIT, "get", "pods"))
                .containsExactly("requestObject.spec.mine");
        assertThat(on.content().paths(Source.KUBERNETES_AUDIT, "create", "pods"))
                .isEmpty();
        assertThat(on.content().paths(Source.CLOUDTRAIL, "get", "pods")).isEmpty();
        DecoderOptions off = parse("--detections.enabled", "delete-burst").decoding();
        assertThat(off.content().wishes()).isEmpty();
        assertThat(off.fields()).isEmpty();
    }

    @Test
    void addNoMoreThanASuppressorWhereNothingElseReadsTheirLog() throws Exception {
        write("one.yml", rule("one"));
        List<String> before = OperatorUidsTest.uidsOf(parse());
        write(
                "two.yml",
                """
                title: Line of a node
                name: node-line
                logsource: {product: tocsin, service: syslog}
                detection:
                    line: {message|contains: x}
                    condition: line
                level: low
                """);
        List<String> added = new ArrayList<>(OperatorUidsTest.uidsOf(parse()));
        before.forEach(added::remove);
        assertThat(added).containsExactly("syslog-suppress");
        assertThat(before).doesNotHaveDuplicates().doesNotContain("null");
    }
}
