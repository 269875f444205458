package io.tocsin.job;

import static io.tocsin.job.TestingAuditLines.anonymous;
import static io.tocsin.job.TestingAuditLines.home;
import static io.tocsin.job.TestingAuditLines.letIn;
import static io.tocsin.job.TestingAuditLines.quiet;
import static io.tocsin.job.TestingAuditLines.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tocsin.job.decode.FormatFixtures;
import io.tocsin.job.generate.Attack;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The whole job, from files to alerts, on the Flink that {@code tocsin detect} starts in its process. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class DetectITCase {
    private static final List<String> ALL_ATTACKS = TestingRun.traffic(8_000, 7, TestingRun.API_ATTACKS);
    /**
     * Without watches and sessions: until a decoder has seen a start of one it counts their ends too, with the time of their
     * start, so that events and late depend on which decoder reads which line.
     */
    private static final List<String> SHORT_REQUESTS =
            ALL_ATTACKS.stream().filter(line -> !isLongRunning(line)).toList();

    private static final Pattern TIME = Pattern.compile("\"stageTimestamp\":\"([^\"]*)\"|^time=\"([^\"]*)\"");

    @TempDir
    Path folder;

    @Test
    void findsEachHiddenAttackOnceAndNothingElse() {
        TestingRun run = detect(file("traffic.jsonl", ALL_ATTACKS));

        assertThat(run.code()).as(run.err()).isZero();
        List<String> expected = new ArrayList<>(
                TestingRun.API_ATTACKS.stream().map(Attack::detection).toList());
        // The stranger reads two kinds of things, and each is told.
        expected.add(Attack.ANONYMOUS_ACCESS.detection());
        // What is low on a benign day too: a developer in a pod, roles that nobody has mapped.
        expected.addAll(List.of("exec-in-pod", "authenticator-unmapped-arn", "authenticator-unmapped-arn"));
        // What rules say of single steps of these attacks.
        expected.addAll(List.of("aws-auth-changed", "token-requested", "service-account-from-outside"));
        // Critical alerts and several tactics of one identity are incidents.
        expected.addAll(List.of("incident", "incident", "incident"));
        assertThat(severe(run)).containsExactlyInAnyOrderElementsOf(expected);
        assertBooks(run);
        assertThat(run.figure("records")).isEqualTo(ALL_ATTACKS.size());
        assertThat(run.figure("late")).isZero();
        assertThat(run.figure("deadLetters")).isZero();
    }

    @Test
    void raisesNothingAboveLowWithoutAnAttack() {
        TestingRun run = detect(file("traffic.jsonl", TestingRun.traffic(10_000, 3, Set.of())));

        assertThat(run.code()).isZero();
        assertThat(run.alerts()).allMatch(alert -> alert.path("severity_id").asInt() <= 2);
        assertThat(severe(run))
                .containsExactlyInAnyOrder("exec-in-pod", "exec-in-pod", "exec-in-pod", "authenticator-unmapped-arn");
    }

    @Test
    void givesTheSameAlertsHoweverTheLinesAreSplitAndOrdered() {
        TestingRun one = detect(file("one.jsonl", SHORT_REQUESTS));
        assertThat(one.lines()).hasSizeGreaterThanOrEqualTo(TestingRun.API_ATTACKS.size());

        List<String> five = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            int part = i;
            List<String> lines = IntStream.range(0, SHORT_REQUESTS.size())
                    .filter(line -> line % 5 == part)
                    .mapToObj(SHORT_REQUESTS::get)
                    .toList();
            five.add(file("part" + (7 - i) + (i % 2 == 0 ? ".jsonl" : ".jsonl.gz"), lines));
        }
        Collections.rotate(five, 2);
        assertSame(one, detect(five.toArray(new String[0])), SHORT_REQUESTS.size());

        assertSame(one, detect(file("shuffled.jsonl", shuffled(SHORT_REQUESTS, 30_000))), SHORT_REQUESTS.size());

        List<String> twice =
                SHORT_REQUESTS.stream().flatMap(line -> Stream.of(line, line)).toList();
        TestingRun repeated = detect(file("twice.jsonl", twice));
        assertSame(one, repeated, twice.size());
        assertThat(repeated.figure("duplicates")).isPositive();
        assertThat(repeated.figure("signals")).isGreaterThanOrEqualTo(one.figure("signals"));
        assertThat(repeated.figures("alerts")).isEqualTo(one.figures("alerts"));
    }

    @Test
    void keepsTwentyClustersApart() {
        List<String> specs = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            List<String> lines = new ArrayList<>(quiets(0, 20));
            if (i % 2 == 0) {
                lines.addAll(attack(30, 3));
                expected.add("forbidden-then-success c" + i + " mallory");
            } else {
                // One refusal here, two in the next: together they would do.
                lines.addAll(attack(30, i % 4 == 1 ? 1 : 2));
            }
            lines.addAll(quiets(200, 20));
            specs.add("auto@c" + i + "=" + file("c" + i + ".log", lines));
        }
        Collections.sort(expected);

        TestingRun run = detect("--inputs", String.join(",", specs));

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.found()).isEqualTo(expected);
        assertThat(run.figures("alerts")).isEqualTo(Map.of("forbidden-then-success", 10L));
    }

    @Test
    void accountsForBadInput() throws Exception {
        List<byte[]> records = new ArrayList<>();
        quiets(0, 15).forEach(line -> records.add(bytes(line)));
        records.add(bytes("not JSON"));
        records.add(bytes("{\"kind\": 0}"));
        records.add(bytes(
                "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"x\":\"" + "y".repeat(10 << 20) + "\"}"));
        records.add(new byte[] {'{', '"', 'k', '"', ':', '"', (byte) 0xC3, (byte) 0x28, '"', '}'});
        records.add(new byte[] {'a', 0, 'b'});
        records.add(new byte[0]);
        attack(30, 3).forEach(line -> records.add(bytes(line)));
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] record : records) {
            all.write(record);
            all.write('\n');
        }
        String bad = TestingRun.write(folder, "bad.log", all.toByteArray());
        String empty = TestingRun.write(folder, "empty.log", new byte[0]);
        Path letters = folder.resolve("letters.jsonl");

        TestingRun run = detect(bad, empty, "--dead-letters", letters.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.found()).containsExactly("forbidden-then-success default mallory");
        assertBooks(run);
        assertThat(run.figure("records")).isEqualTo(15 + 5 + 5);
        List<JsonNode> dead =
                Files.readAllLines(letters).stream().map(TestingRun::json).toList();
        assertThat(dead).hasSize((int) run.figure("deadLetters"));
        assertThat(dead).allSatisfy(letter -> {
            assertThat(letter.path("location").asText()).isEqualTo(bad);
            assertThat(letter.path("reason").asText()).isNotBlank();
        });
        Map<Long, JsonNode> byPosition = new TreeMap<>();
        dead.forEach(letter -> byPosition.put(letter.path("position").asLong(), letter));
        assertThat(byPosition).hasSize(dead.size());
        assertThat(dead)
                .extracting(letter -> letter.path("record").asText())
                .contains("not JSON", "{\"kind\": 0}", "a\0b");
        assertThat(dead)
                .extracting(letter -> letter.path("record_base64").asText())
                .contains(Base64.getEncoder().encodeToString(records.get(18)));
    }

    @Test
    void tellsTheFirstDeadLettersWithoutAPlaceForThem() {
        List<String> lines = new ArrayList<>(quiets(0, 3));
        IntStream.range(0, 9).forEach(i -> lines.add("not JSON " + i));

        TestingRun run = detect(file("bad.log", lines));

        assertThat(run.code()).isZero();
        assertThat(run.figure("deadLetters")).isEqualTo(9);
        assertThat(run.err().lines().filter(line -> line.startsWith("dead letter: ")))
                .hasSize(5);
    }

    @Test
    void readsWhatThereIsOfACutGzipFile() throws Exception {
        List<String> lines = new ArrayList<>(attack(0, 3));
        lines.addAll(quiets(100, 400));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(bytes(String.join("\n", lines)));
        }
        Path cut = folder.resolve("cut.log.gz");
        Files.write(cut, Arrays.copyOf(bytes.toByteArray(), bytes.size() / 2));

        TestingRun run = detect(cut.toString());

        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err())
                .startsWith("tocsin: the run failed: " + cut + ": can't be read beyond byte ")
                .endsWith(" (uncompressed): Unexpected end of ZLIB input stream\n");
    }

    /** All formats interleaved in one file, and a file of each: every record is accounted for alike. */
    @Test
    void readsAFileOfMixedFormatsLikeTheFilesOfEach() {
        List<String> files = new ArrayList<>();
        ByteArrayOutputStream mixed = new ByteArrayOutputStream();
        List<List<byte[]>> documents = new ArrayList<>();
        for (FormatFixtures.File fixture : FormatFixtures.all()) {
            files.add(TestingRun.write(folder, files.size() + "-" + fixture.name(), fixture.bytes()));
            documents.add(fixture.documents());
        }
        for (int i = 0; i < 100; i++) {
            for (List<byte[]> each : documents) {
                if (i < each.size()) {
                    mixed.writeBytes(each.get(i));
                    mixed.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
                }
            }
        }

        TestingRun apart = detect(files.toArray(String[]::new));
        TestingRun together = detect(TestingRun.write(folder, "mixed.log", mixed.toByteArray()));

        assertThat(together.code()).as(together.err()).isZero();
        assertThat(together.figure("records")).isGreaterThan(300).isEqualTo(apart.figure("records"));
        assertThat(together.figure("deadLetters")).isEqualTo(apart.figure("deadLetters"));
        assertThat(together.figure("events")).isEqualTo(apart.figure("events"));
        assertThat(together.figures("skipped")).isEqualTo(apart.figures("skipped"));
        assertBooks(together);
    }

    @Test
    void keepsLateRecordsWhereTheirSequencesCanBeFoundLater() throws Exception {
        List<String> late = new ArrayList<>(attack(10, 3));
        late.add(anonymous(60));
        List<String> lines = new ArrayList<>(quiets(0, 5));
        IntStream.range(1, 60).forEach(i -> lines.add(quiet(60 + i * 10)));
        lines.addAll(late);
        lines.addAll(quiets(700, 20));
        Path kept = folder.resolve("late.jsonl");

        TestingRun run =
                detect("--inputs", "kubernetes-audit=" + file("disordered.log", lines), "--late", kept.toString());

        assertThat(run.code()).as(run.err()).isZero();
        assertThat(run.figure("late")).isEqualTo(late.size());
        assertThat(run.found())
                .containsExactly("anonymous-success default system:anonymous", "incident default system:anonymous");
        assertThat(Files.readAllLines(kept)).containsExactlyInAnyOrderElementsOf(late);
        assertBooks(run);

        TestingRun again = detect(kept.toString());
        assertThat(again.found())
                .containsExactly(
                        "anonymous-success default system:anonymous",
                        "forbidden-then-success default mallory",
                        "incident default system:anonymous");
        assertThat(again.figure("late")).isZero();
        String anonymous = run.lines().get(0);
        assertThat(again.lines()).contains(anonymous);
    }

    @Test
    void learnsFromEarlierRecordsWithoutAlertingBeforeTheTimeGiven() {
        List<String> lines = new ArrayList<>(quiets(0, 15));
        lines.add(home(20));
        lines.add(anonymous(30));
        lines.addAll(attack(100, 3).subList(1, 5));
        lines.addAll(quiets(200, 15));
        String file = file("taught.log", lines);

        TestingRun all = detect(file);
        assertThat(all.found())
                .containsExactly(
                        "anonymous-success default system:anonymous",
                        "forbidden-then-success default mallory",
                        "incident default system:anonymous");

        TestingRun taught = detect(file, "--alert-from", at(90));
        assertThat(taught.found()).containsExactly("forbidden-then-success default mallory");
        assertThat(taught.figure("events")).isEqualTo(lines.size());
        assertThat(taught.figures("alerts")).isEqualTo(Map.of("forbidden-then-success", 1L));

        // The same without what came before: then the first address is home, and nothing is new.
        TestingRun cut = detect(file, "--from", at(90));
        assertThat(cut.found()).isEmpty();
        assertThat(cut.figures("skipped")).isEqualTo(Map.of("before-from", 17L));
        assertBooks(cut);

        TestingRun before = detect(file, "--to", at(90));
        assertThat(before.found())
                .containsExactly("anonymous-success default system:anonymous", "incident default system:anonymous");
        assertThat(before.figure("events")).isEqualTo(17);
        assertBooks(before);
    }

    @Test
    void endsWithThreeWhereTheWorstAlertIsReachedThoughItIsNotWritten() {
        List<String> lines = new ArrayList<>(quiets(0, 5));
        lines.addAll(attack(10, 3));
        String file = file("attack.log", lines);

        TestingRun reached = detect(file, "--fail-on", "high");
        assertThat(reached.code()).isEqualTo(3);
        assertThat(reached.lines()).hasSize(1);
        assertThat(detect(file, "--fail-on", "critical").code()).isZero();

        TestingRun quiet = detect(file, "--min-severity", "critical", "--fail-on", "high");
        assertThat(quiet.code()).isEqualTo(3);
        assertThat(quiet.lines()).isEmpty();
        assertThat(quiet.figures("alerts")).isEqualTo(Map.of("forbidden-then-success", 1L));

        TestingRun disabled = detect(file, "--detections.disabled", "forbidden-*", "--fail-on", "low");
        assertThat(disabled.code()).isZero();
        assertThat(disabled.figures("alerts")).isEmpty();
    }

    @Test
    void writesTheSummaryAsDesigned() {
        List<String> lines = new ArrayList<>(quiets(0, 5));
        lines.add(quiet(6).replace("ResponseComplete", "RequestReceived")
                .replaceAll(",\"responseStatus\":\\{.*?}.*?}", ""));
        lines.add("");
        lines.addAll(attack(10, 3));

        TestingRun run = detect(file("some.log", lines));

        assertThat(run.code()).as(run.err()).isZero();
        List<String> names = new ArrayList<>();
        run.summary().fieldNames().forEachRemaining(names::add);
        assertThat(names)
                .containsExactly(
                        "records",
                        "events",
                        "deadLetters",
                        "skipped",
                        "truncated",
                        "late",
                        "duplicates",
                        "signals",
                        "signalsOf",
                        "alerts",
                        "silenced",
                        "expired",
                        "learnedEgress",
                        "controlPlaneAssumed",
                        "blind",
                        "seconds");
        assertBooks(run);
        assertThat(run.figure("records")).isEqualTo(11);
        assertThat(run.figures("skipped")).isEqualTo(Map.of("stage", 1L));
        assertThat(run.figures("alerts")).isEqualTo(Map.of("forbidden-then-success", 1L));
        assertThat(run.summary().at("/blind/default").has("denied-then-granted"))
                .isTrue();
        assertThat(run.summary().path("seconds").isNumber()).isTrue();
        assertThat(run.err()).contains("11 records").contains("1 alerts");
    }

    private TestingRun detect(String... arguments) {
        return TestingRun.detect(folder, arguments);
    }

    private String file(String name, List<String> lines) {
        return TestingRun.write(folder, name, lines);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String at(long second) {
        return TestingAuditLines.START.plusSeconds(second).toString();
    }

    private static List<String> quiets(long from, int count) {
        return IntStream.range(0, count).mapToObj(i -> quiet(from + i)).toList();
    }

    /** Home, refusals elsewhere, and let in there. */
    private static List<String> attack(long from, int refusals) {
        List<String> lines = new ArrayList<>(List.of(home(from)));
        IntStream.range(0, refusals).forEach(i -> lines.add(refused(from + 11 + 11L * i)));
        lines.add(letIn(from + 22 + 11L * refusals));
        return lines;
    }

    private static boolean isLongRunning(String line) {
        return line.contains("\"verb\":\"watch\"")
                || Stream.of("exec", "attach", "portforward", "proxy", "log")
                        .anyMatch(subresource -> line.contains("\"subresource\":\"" + subresource + "\""));
    }

    private static List<String> shuffled(List<String> lines, int millis) {
        Random random = new Random(1);
        long last = 0;
        List<Map.Entry<Long, String>> entries = new ArrayList<>();
        for (String line : lines) {
            Matcher matcher = TIME.matcher(line);
            if (matcher.find()) {
                String time = matcher.group(1) == null ? matcher.group(2) : matcher.group(1);
                last = Instant.parse(time).toEpochMilli();
            }
            entries.add(Map.entry(last + random.nextInt(millis), line));
        }
        entries.sort(Comparator.comparingLong(Map.Entry::getKey));
        return entries.stream().map(Map.Entry::getValue).toList();
    }

    /** The detections of alerts above informational. */
    private static List<String> severe(TestingRun run) {
        return run.alerts().stream()
                .filter(alert -> alert.path("severity_id").asInt() > 1)
                .filter(alert -> alert.path("activity_id").asInt() == 1)
                .map(TestingRun::detection)
                .toList();
    }

    private static void assertSame(TestingRun one, TestingRun other, int records) {
        assertThat(other.code()).as(other.err()).isZero();
        assertThat(other.lines()).isEqualTo(one.lines());
        assertThat(other.figure("records")).isEqualTo(records);
        assertThat(other.figure("late")).isZero();
        assertBooks(other);
    }

    private static void assertBooks(TestingRun run) {
        long skipped = run.figures("skipped").values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(run.figure("records")).isEqualTo(run.figure("events") + run.figure("deadLetters") + skipped);
    }
}
