package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.DetectionCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The whole job between topics of a real broker. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaJobITCase {
    @RegisterExtension
    static final TestingKafka KAFKA = new TestingKafka();

    private static final Duration QUIET = Duration.ofSeconds(2);

    @TempDir
    Path folder;

    @Test
    void findsInATopicWhatItFindsInAFileAndTellsItOnce() throws Exception {
        List<String> lines = TestingRun.traffic(5_000, 11, TestingRun.API_ATTACKS);
        KAFKA.createTopic("job-audit", 2, Map.of());
        KAFKA.createTopic("job-alerts", 2, Map.of());
        KAFKA.createTopic("job-dead", 1, Map.of());
        List<String> sent = new ArrayList<>(lines);
        sent.add(lines.size() / 2, "not JSON");
        KAFKA.sendLines("job-audit", 2, sent);
        TestingRun file = TestingRun.detect(folder, TestingRun.write(folder, "audit.log", sent));

        TestingRun kafka = TestingRun.detectInto(
                "kafka:job-alerts",
                folder,
                "--inputs",
                "kafka:job-audit",
                "--dead-letters",
                "kafka:job-dead",
                "--kafka.bootstrap-servers",
                KAFKA.bootstrapServers());

        assertThat(kafka.code()).as(kafka.err()).isZero();
        assertThat(values("job-alerts"))
                .isEqualTo(file.lines())
                .hasSizeGreaterThanOrEqualTo(TestingRun.API_ATTACKS.size());
        assertThat(kafka.figures("alerts")).isEqualTo(file.figures("alerts"));
        assertThat(kafka.figure("records")).isEqualTo(sent.size());
        assertThat(kafka.figure("deadLetters")).isEqualTo(1);
        assertThat(values("job-dead")).singleElement().satisfies(letter -> {
            assertThat(TestingRun.json(letter).path("record").asText()).isEqualTo("not JSON");
            assertThat(TestingRun.json(letter).path("location").asText()).startsWith("kafka:job-audit-");
        });
    }

    @Test
    void namesOperatorsByTheirTopics() throws Exception {
        KAFKA.createTopic("uids-one", 1, Map.of());
        KAFKA.createTopic("uids-other", 1, Map.of());
        KAFKA.createTopic("uids-alerts", 1, Map.of());
        List<String> both = uids("kafka:uids-one,kafka:uids-other");

        assertThat(uids("kafka:uids-other,kafka:uids-one")).isEqualTo(both);
        List<String> one = uids("@prod=kafka:uids-one");
        assertThat(both).containsAll(one).doesNotContain("null").doesNotHaveDuplicates();
        assertThat(one).contains("intake-kafka-uids-one", "classify-kafka-uids-one");
    }

    @Test
    void tellsWhichTopicIsMissing() {
        TestingRun in = TestingRun.detect(
                folder, "--inputs", "kafka:nowhere", "--kafka.bootstrap-servers", KAFKA.bootstrapServers());
        assertThat(in.code()).isEqualTo(2);
        assertThat(in.err()).contains("kafka topic must exist at " + KAFKA.bootstrapServers() + ": nowhere");

        TestingRun out = TestingRun.of(
                "detect",
                TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0))),
                "--alerts",
                "kafka:nowhere",
                "--kafka.bootstrap-servers",
                KAFKA.bootstrapServers());
        assertThat(out.code()).isEqualTo(2);
        assertThat(out.err()).contains("kafka topic must exist at " + KAFKA.bootstrapServers() + ": nowhere");
    }

    private static List<String> uids(String inputs) {
        return OperatorUidsTest.uidsOf(JobParameters.parse(
                List.of(
                        "--inputs",
                        inputs,
                        "--alerts",
                        "kafka:uids-alerts",
                        "--kafka.bootstrap-servers",
                        KAFKA.bootstrapServers()),
                DetectionCatalog.load()));
    }

    private static List<String> values(String topic) {
        return KAFKA.readCommitted(topic, QUIET).stream()
                .map(ConsumerRecord::value)
                .map(value -> new String(value, StandardCharsets.UTF_8))
                .sorted()
                .toList();
    }
}
