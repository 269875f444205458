package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.DetectionCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * State is found again by its operator's uid: a line of {@code operator-uids.txt} that goes or changes is state that is lost. The
 * graph is that of files, with every kind of output that needs no broker; {@code KafkaJobITCase} looks at Kafka's.
 */
class OperatorUidsTest {
    private static final String GOLDEN = "operator-uids.txt";
    private static final String[] OUTPUTS = {
        "--alerts",
        "-,target/alerts.jsonl,target/alerts/",
        "--dead-letters",
        "target/dead.jsonl",
        "--late",
        "target/late/"
    };

    @TempDir
    Path folder;

    private String file;

    @BeforeEach
    void makeFile() {
        file = TestingRun.write(folder, "audit.log", List.of(TestingAuditLines.quiet(0)));
    }

    @Test
    void stayAsTheyAre() throws Exception {
        String golden;
        try (var in = OperatorUidsTest.class.getResourceAsStream("/" + GOLDEN)) {
            assertThat(in).as("src/test/resources/" + GOLDEN).isNotNull();
            golden = new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        List<String> uids = uids(OUTPUTS);

        assertThat(String.join("\n", uids) + "\n")
                .as(
                        "A uid that goes or changes loses its operator's state on an upgrade. If that is meant, or one is new,"
                                + " change job/src/test/resources/%s and tell it in the changelog",
                        GOLDEN)
                .isEqualTo(golden);
    }

    @Test
    void areThereForEveryOperatorAndUnlike() {
        assertThat(uids(OUTPUTS)).doesNotContain("null").doesNotHaveDuplicates();
    }

    @Test
    void doNotDependOnWhatIsEnabled() {
        List<String> all = uids(OUTPUTS);
        assertThat(uids(and(OUTPUTS, "--detections.disabled", "*"))).isEqualTo(all);
        assertThat(uids(and(OUTPUTS, "--detections.enabled", "delete-burst"))).isEqualTo(all);
        assertThat(uids(and(OUTPUTS, "--detections.delete-burst.window", "1 h")))
                .isEqualTo(all);
    }

    @Test
    void doNotDependOnWhichFilesAreReadOrHow() throws Exception {
        List<String> all = uids(OUTPUTS);
        String other = TestingRun.write(folder, "other.log", List.of(TestingAuditLines.quiet(0)));
        assertThat(uids(and(OUTPUTS, "--inputs", "eks-authenticator@c1=" + other)))
                .isEqualTo(all);
        assertThat(uids(and(OUTPUTS, "--follow"))).isEqualTo(all);
        assertThat(uids(and(OUTPUTS, "--format", "table", "--min-severity", "high")))
                .isEqualTo(all);
        assertThat(Files.exists(Path.of("target/alerts.jsonl")))
                .as("building a graph writes nothing")
                .isFalse();
    }

    @Test
    void nameOutputsByTheirPlacesAndNotByTheirOrder() {
        List<String> all = uids("--alerts", "-,target/a.jsonl,target/b.jsonl");
        assertThat(uids("--alerts", "target/b.jsonl,target/a.jsonl,-")).isEqualTo(all);
        List<String> fewer = uids("--alerts", "target/b.jsonl,-");
        assertThat(all).containsAll(fewer).hasSizeGreaterThan(fewer.size());
    }

    @Test
    void keepOutputsApartWhoseNamesLookAlike() {
        assertThat(uids("--alerts", "target/a.jsonl,target-a.jsonl,target/a+jsonl"))
                .doesNotContain("null")
                .doesNotHaveDuplicates();
    }

    private List<String> uids(String... arguments) {
        List<String> all = new ArrayList<>(List.of(file));
        all.addAll(Arrays.asList(arguments));
        return uidsOf(JobParameters.parse(all, DetectionCatalog.load()));
    }

    /** The uids of all operators, sorted. */
    static List<String> uidsOf(JobParameters parameters) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(DetectCommand.contract());
        JobGraph.build(parameters, environment, null, "test");
        return environment.getStreamGraph().getStreamNodes().stream()
                .map(StreamNode::getTransformationUID)
                .map(String::valueOf)
                .sorted()
                .toList();
    }

    private static String[] and(String[] some, String... others) {
        List<String> all = new ArrayList<>(Arrays.asList(some));
        all.addAll(Arrays.asList(others));
        return all.toArray(new String[0]);
    }
}
