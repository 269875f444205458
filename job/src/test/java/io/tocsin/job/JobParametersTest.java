package io.tocsin.job;

import static io.tocsin.job.TestingParameters.parse;
import static io.tocsin.job.TestingParameters.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Configured;
import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.sink.Location;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The command line, checked as a whole. */
class JobParametersTest {
    private static final DetectionCatalog CATALOG = DetectionCatalog.load();

    @TempDir
    Path folder;

    @Test
    void suggestsTheKeyThatWasMeant() {
        assertThat(problems("--detections.forbidden-then-success.min-forbiden", "3", file()))
                .containsExactly("no such parameter: detections.forbidden-then-success.min-forbiden; did you mean"
                        + " detections.forbidden-then-success.min-forbidden?");
        assertThat(problems("--folow", file())).containsExactly("no such parameter: folow; did you mean follow?");
        assertThat(problems("--nothing-of-the-kind-here", "1", file()))
                .containsExactly("no such parameter: nothing-of-the-kind-here");
    }

    @Test
    void tellsEveryProblemAtOnce() {
        assertThat(problems(
                        "--detections.forbidden-then-success.min-forbiden",
                        "3",
                        "--detections.forbidden-then-success.min-forbidden",
                        "three",
                        "--detections.delete-burst.window",
                        "soon",
                        "--max-record-bytes",
                        "10",
                        "--idle-after",
                        "0 s",
                        "--from",
                        "yesterday",
                        "--min-severity",
                        "bad",
                        "--fail-on",
                        "worse",
                        "--format",
                        "xml",
                        "--network.cluster",
                        "10.0.0.0/99",
                        "--detections.disabled",
                        "delete-brust",
                        "--alerts",
                        "no/such/folder/alerts.jsonl",
                        "--inputs",
                        "kubernets-audit=" + file() + ",kafka:audit",
                        folder.resolve("missing.log").toString()))
                .satisfiesExactlyInAnyOrder(
                        each("no such parameter: detections.forbidden-then-success.min-forbiden"),
                        each("detections.forbidden-then-success.min-forbidden must be a whole number: three"),
                        each("detections.delete-burst.window must be a duration such as 10 min: soon"),
                        each("max-record-bytes must be at least 1024: 10"),
                        each("idle-after must be more than 0: PT0S"),
                        each("from must be a time such as 2026-03-02T00:00:00Z: yesterday"),
                        each("min-severity must be one of "),
                        each("fail-on must be one of "),
                        each("format must be one of json, table: xml"),
                        each("network.cluster: "),
                        each("detections.disabled: no detection is called delete-brust; did you mean delete-burst?"),
                        each("alerts must name a file in a folder that exists: no/such/folder/alerts.jsonl"),
                        each("inputs: no such format: kubernets-audit (did you mean kubernetes-audit?)"),
                        each("inputs: a Kafka topic needs --kafka.bootstrap-servers"),
                        each("inputs: " + folder.resolve("missing.log") + ": no such file or folder"));
    }

    @ParameterizedTest
    @CsvSource({
        "detections.forbidden-then-success.min-forbidden, 0, must be at least 1: 0",
        "detections.forbidden-then-success.window, 1 s, must be at least 10 s: PT1S",
        "detections.forbidden-then-success.known-after, -1 h, must",
        "detections.forbidden-then-success.suppress-for, 0 s, must be more than 0: PT0S",
        "detections.forbidden-then-success.severity, awful, must be one of",
        "history.addresses, 1, must be at least 2: 1",
        "history.retention, 1 h, must be at least 2 d: PT1H",
        "lateness.kubernetes-audit, -5 s, must",
        "follow, perhaps, must be true or false: perhaps",
        "max-record-bytes, 1e6, must be a whole number: 1e6",
    })
    void namesTheValueThatIsOutOfBounds(String key, String value, String says) {
        assertThat(problems("--" + key + "=" + value, file()))
                .singleElement()
                .asString()
                .startsWith(key + " " + says);
    }

    @Test
    void refusesATimeThatEndsBeforeItBegins() {
        assertThat(problems("--from", "2026-03-02T01:00:00Z", "--to", "2026-03-02T01:00:00Z", file()))
                .containsExactly("from must be before to: 2026-03-02T01:00:00Z, 2026-03-02T01:00:00Z");
    }

    @Test
    void readsTimes() {
        JobParameters parameters = parse(
                "--from",
                "2026-03-02T00:00:00z",
                "--to",
                "2026-03-03T00:00:00.5Z",
                "--alert-from",
                "2026-03-02T12:00:00Z",
                file());
        assertThat(parameters.from()).isEqualTo(Instant.parse("2026-03-02T00:00:00Z"));
        assertThat(parameters.to()).isEqualTo(Instant.parse("2026-03-03T00:00:00.5Z"));
        assertThat(parameters.alertFrom()).isEqualTo(Instant.parse("2026-03-02T12:00:00Z"));
        assertThat(parse("--from", "2026-03-02T02:00:00+02:00", file()).from())
                .isEqualTo(Instant.parse("2026-03-02T00:00:00Z"));
    }

    @Test
    void wantsSomethingToRead() {
        assertThat(problems()).containsExactly("inputs: nothing to read: name files, or give --inputs");
        assertThat(problems("--follow")).containsExactly("inputs: nothing to read: name files, or give --inputs");
    }

    @Test
    void readsEveryFormOfAnInput() {
        String file = file();
        String kafka = "--kafka.bootstrap-servers=127.0.0.1:9";
        assertThat(parse(file).inputs()).containsExactly(new InputSpec("auto", null, file));
        assertThat(parse("--inputs", file).inputs()).containsExactly(new InputSpec("auto", null, file));
        assertThat(parse("--inputs", "auto=" + file).inputs()).containsExactly(new InputSpec("auto", null, file));
        assertThat(parse("--inputs", "=" + file).inputs()).containsExactly(new InputSpec("auto", null, file));
        assertThat(parse("--inputs", "@prod=" + file).inputs()).containsExactly(new InputSpec("auto", "prod", file));
        assertThat(parse("--inputs", "eks-authenticator=" + file).inputs())
                .containsExactly(new InputSpec("eks-authenticator", null, file));
        assertThat(parse("--inputs=kubernetes-audit@prod=" + file + " , kafka:a+b", kafka)
                        .inputs())
                .containsExactly(
                        new InputSpec("kubernetes-audit", "prod", file), new InputSpec("auto", null, "kafka:a+b"));
        assertThat(parse("--inputs", "@eks/eu=kafka:audit", kafka).inputs())
                .containsExactly(new InputSpec("auto", "eks/eu", "kafka:audit"));
        assertThat(parse("-").inputs()).containsExactly(new InputSpec("auto", null, "-"));
        assertThat(parse(folder.toString()).inputs()).hasSize(1);
        assertThat(parse(folder + "/*.log").inputs()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "kubernetes-audti=x.log, inputs: no such format: kubernetes-audti (did you mean kubernetes-audit?)",
        "xml@prod=x.log, inputs: no such format: xml; known are",
        "auto=, inputs: a location must follow the = sign: auto=",
        "@prod=, inputs: a location must follow the = sign: @prod=",
    })
    void refusesAnInputOfAnotherForm(String spec, String says) {
        assertThat(problems("--inputs", spec)).singleElement().asString().startsWith(says);
    }

    @Test
    void readsFilesWhoseNamesLookLikeOptionsBehindTwoDashes() throws Exception {
        String odd = TestingRun.write(folder, "a=b.log", List.of("x"));
        assertThat(parse(odd).inputs()).containsExactly(InputSpec.bare(odd));
        assertThat(parse("--follow", "--", odd).inputs()).containsExactly(InputSpec.bare(odd));
        assertThat(problems("--", "--follow")).containsExactly("inputs: --follow: no such file or folder");
    }

    @Test
    void namesEveryInputThatIsNotThere() {
        String one = folder.resolve("one.log").toString();
        String other = folder.resolve("other.log").toString();
        assertThat(problems(one, "--inputs", "@prod=" + other))
                .containsExactlyInAnyOrder(
                        "inputs: " + one + ": no such file or folder", "inputs: " + other + ": no such file or folder");
    }

    @Test
    void takesFollowAsAFlag() {
        assertThat(follow(file())).isFalse();
        assertThat(follow("--follow", file())).isTrue();
        assertThat(follow(file(), "--follow")).isTrue();
        assertThat(follow("--follow", "--format", "table", file())).isTrue();
        assertThat(follow("--follow", "false", file())).isFalse();
        assertThat(follow("--follow=true", file())).isTrue();
        assertThat(parse("--follow", file()).inputs()).hasSize(1);
    }

    @Test
    void refusesAKeyWithoutItsValueAndAKeyGivenTwice() {
        assertThat(problems(file(), "--format")).containsExactly("format needs a value");
        assertThat(problems(file(), "--format", "--follow")).containsExactly("format needs a value");
        assertThat(problems(file(), "--format", "json", "--format", "table")).containsExactly("format is given twice");
    }

    @Test
    void refusesOutputsThatWouldOverwriteSomething() {
        String file = file();
        String out = folder.resolve("out.jsonl").toString();
        assertThat(problems(file, "--alerts", out, "--late", folder + "/./out.jsonl"))
                .singleElement()
                .asString()
                .contains("alerts and late must not name the same file");
        assertThat(problems(file, "--alerts", out, "--summary", out))
                .singleElement()
                .asString()
                .contains("must not name the same file");
        assertThat(problems(file, "--alerts", file))
                .singleElement()
                .asString()
                .contains("inputs")
                .contains(file);
        assertThat(problems(folder.toString(), "--dead-letters", file))
                .singleElement()
                .asString()
                .contains("inputs")
                .contains(file);
        assertThat(problems(file, "--summary", "no/such/folder/summary.json"))
                .containsExactly("summary must name a file in a folder that exists: no/such/folder/summary.json");
    }

    @Test
    void readsPlacesForOutputs() {
        JobParameters parameters =
                parse(file(), "--alerts", "-," + folder + "/alerts/", "--late", folder + "/late.jsonl");
        assertThat(parameters.alerts())
                .containsExactly(Location.STANDARD_OUTPUT, new Location(Location.Kind.FOLDER, folder + "/alerts/"));
        assertThat(parameters.late()).isEqualTo(new Location(Location.Kind.FILE, folder + "/late.jsonl"));
        assertThat(parameters.deadLetters()).isNull();
        assertThat(problems(file(), "--alerts", "kafka:alerts"))
                .containsExactly("alerts: a Kafka topic needs --kafka.bootstrap-servers");
        assertThat(problems(file(), "--dead-letters", ""))
                .singleElement()
                .asString()
                .startsWith("dead-letters must be");
    }

    @Test
    void switchesDetectionsOnAndOffByGlobs() {
        int all = CATALOG.all().size();
        assertThat(enabled(file())).hasSize(all);
        assertThat(enabled(file(), "--detections.enabled", "forbidden-*, delete-burst"))
                .containsExactlyInAnyOrder("forbidden-then-success", "forbidden-burst", "delete-burst");
        assertThat(enabled(file(), "--detections.enabled", "forbidden-*", "--detections.disabled", "*-burst"))
                .containsExactly("forbidden-then-success");
        assertThat(parse(file()).incidents().enabled()).isTrue();
        assertThat(parse(file(), "--detections.disabled", "incident")
                        .incidents()
                        .enabled())
                .isFalse();
        assertThat(parse(file(), "--detections.incident.quiet", "2 h")
                        .incidents()
                        .quiet())
                .hasHours(2);
        assertThat(enabled(file(), "--detections.disabled", "*")).isEmpty();
        assertThat(parse(file(), "--detections.disabled", "*").detections()).hasSize(all);
        assertThat(problems(file(), "--detections.enabled", "nothing-*"))
                .singleElement()
                .asString()
                .startsWith("detections.enabled: no detection is called nothing-*");
    }

    @Test
    void handsKafkaPropertiesOn() {
        assertThat(parse(file(), "--kafka.properties.security.protocol", "SASL_SSL")
                        .kafkaProperties())
                .isEqualTo(Map.of("security.protocol", "SASL_SSL"));
    }

    @Test
    void commitsTransactionsBeforeBrokersGiveThemUp() {
        String[] kafka = {file(), "--alerts", "kafka:alerts", "--kafka.bootstrap-servers=127.0.0.1:9"};
        assertThat(checkpoints(kafka)).hasValue(Duration.ofMinutes(1));
        assertThat(checkpoints(and(kafka, "--kafka.delivery", "at-least-once"))).isEmpty();
        assertThat(checkpoints(and(kafka, "--follow"))).hasValue(Duration.ofSeconds(10));
        assertThat(checkpoints(file())).isEmpty();
    }

    private Optional<Duration> checkpoints(String... arguments) {
        return DetectCommand.checkpointInterval(parse(arguments));
    }

    private static String[] and(String[] some, String... others) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "-h", "help"})
    void printsHowItIsUsed(String verb) {
        TestingRun run = TestingRun.of(verb);
        assertThat(run.code()).isZero();
        assertThat(run.out()).startsWith("Usage: tocsin detect");
        assertThat(TestingRun.of("detect", verb.equals("--help") ? verb : "--help")
                        .out())
                .startsWith("Usage: ");
    }

    @Test
    void answersVerbs() {
        assertThat(TestingRun.of("--version").out()).startsWith("tocsin ");
        assertThat(TestingRun.of("detections").out()).contains("forbidden-then-success");
        assertThat(TestingRun.of("parameters").out()).contains("`detections.forbidden-then-success.min-forbidden`");
        assertThat(TestingRun.of("demo", "x").code()).isEqualTo(2);
        assertThat(TestingRun.of("generate", "--events", "few").code()).isEqualTo(2);
        assertThat(TestingRun.of("generate", "x").code()).isEqualTo(2);
    }

    @Test
    void endsWithTwoAndEveryProblemOnALineOfItsOwn() {
        TestingRun run = TestingRun.of("detect", "--folow", "--max-record-bytes", "1", "nothing.log");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err().lines())
                .containsExactlyInAnyOrder(
                        "tocsin: no such parameter: folow; did you mean follow?",
                        "tocsin: max-record-bytes must be at least 1024: 1",
                        "tocsin: inputs: nothing.log: no such file or folder",
                        "tocsin --help tells how it is used");
        assertThat(run.out()).isEmpty();
        // Without a verb it is detect.
        assertThat(TestingRun.of("nothing.log").code()).isEqualTo(2);
    }

    private static Consumer<String> each(String start) {
        return problem -> assertThat(problem).startsWith(start);
    }

    private boolean follow(String... arguments) {
        return parse(arguments).config().get(JobOptions.FOLLOW);
    }

    private List<String> enabled(String... arguments) {
        return parse(arguments).detections().stream()
                .filter(Configured::enabled)
                .map(detection -> detection.info().id())
                .toList();
    }

    private String file() {
        return TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
    }
}
