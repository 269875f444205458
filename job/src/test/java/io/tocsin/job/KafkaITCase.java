package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import io.tocsin.job.kafka.KafkaConnection;
import io.tocsin.job.sink.KafkaDelivery;
import io.tocsin.job.sink.Line;
import io.tocsin.job.sink.LineOutput;
import io.tocsin.job.sink.Location;
import io.tocsin.job.source.KafkaInput;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Kafka in and out, against a real broker. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class KafkaITCase {
    @RegisterExtension
    static final TestingKafka KAFKA = new TestingKafka();

    private static final Duration QUIET = Duration.ofSeconds(2);
    private static final AtomicBoolean FAILED = new AtomicBoolean();

    @Test
    void readsWhatIsThereAndWritesEachLineOnce() throws Exception {
        KAFKA.createTopic("logs", 2, Map.of());
        KAFKA.createTopic("alerts", 1, Map.of());
        List<String> lines = IntStream.range(0, 500).mapToObj(i -> "line " + i).toList();
        KAFKA.sendLines("logs", 2, lines);
        StreamExecutionEnvironment environment = environment(1);

        copy(environment, input("logs", false), "alerts", false);
        environment.execute();

        assertThat(values("alerts")).containsExactlyInAnyOrderElementsOf(lines);
        assertThat(KAFKA.readCommitted("alerts", QUIET))
                .allSatisfy(message -> assertThat(new String(message.key(), StandardCharsets.UTF_8))
                        .isEqualTo(new String(message.value(), StandardCharsets.UTF_8)));
    }

    @Test
    void writesEachLineOnceAlthoughTheJobFailsInBetween() throws Exception {
        KAFKA.createTopic("failing-in", 2, Map.of());
        KAFKA.createTopic("failing-out", 1, Map.of());
        List<String> lines = IntStream.range(0, 600).mapToObj(i -> "line " + i).toList();
        KAFKA.sendLines("failing-in", 2, lines);
        FAILED.set(false);
        StreamExecutionEnvironment environment = environment(2);

        copy(environment, input("failing-in", false), "failing-out", true);
        environment.execute();

        assertThat(FAILED).isTrue();
        assertThat(values("failing-out")).containsExactlyInAnyOrderElementsOf(lines);
    }

    @Test
    void endsBehindTheMarkersOfTransactions() throws Exception {
        KAFKA.createTopic("first", 1, Map.of());
        KAFKA.createTopic("second", 1, Map.of());
        KAFKA.createTopic("third", 1, Map.of());
        KAFKA.sendLines("first", 1, List.of("a", "b"));
        StreamExecutionEnvironment environment = environment(1);
        copy(environment, input("first", false), "second", false);
        environment.execute();

        StreamExecutionEnvironment again = environment(1);
        copy(again, input("second", false), "third", false);
        again.execute();

        assertThat(values("third")).containsExactly("a", "b");
    }

    @Test
    void goesOnReadingWhenItFollows() throws Exception {
        KAFKA.createTopic("followed", 1, Map.of());
        KAFKA.createTopic("followed-out", 1, Map.of());
        KAFKA.sendLines("followed", 1, List.of("before"));
        StreamExecutionEnvironment environment = environment(1);
        copy(environment, input("followed", true), "followed-out", false);

        JobClient job = environment.executeAsync();
        assertThat(values("followed-out", 1)).containsExactly("before");
        KAFKA.sendLines("followed", 1, List.of("after"));

        assertThat(values("followed-out", 2)).containsExactly("before", "after");
        assertThat(job.getJobStatus().get()).isEqualTo(JobStatus.RUNNING);
        job.cancel().get();
    }

    @Test
    void tellsWhereEachDocumentComesFromAndWhenItWasAppended() throws Exception {
        KAFKA.createTopic("provenance", 1, Map.of());
        KAFKA.createTopic("provenance-out", 1, Map.of());
        KAFKA.send("provenance", 0, 1_000L, bytes("one\ntwo\n"));
        KAFKA.send("provenance", 0, 2_000L, null);
        KAFKA.send("provenance", 0, 3_000L, bytes(""));
        KAFKA.send("provenance", 0, 4_000L, bytes("{\n  \"a\": 1\n}"));
        StreamExecutionEnvironment environment = environment(1);
        write(
                input("provenance", false)
                        .read(environment, WatermarkStrategy.noWatermarks(), "in")
                        .map(decoded ->
                                new Line(null, bytes(decoded.deadLetter().reason())))
                        .returns(Line.class)
                        .uid("describe"),
                "provenance-out");
        environment.execute();

        assertThat(values("provenance-out"))
                .containsExactly(
                        "kafka:provenance-0 0 1970-01-01T00:00:01Z one",
                        "kafka:provenance-0 0 1970-01-01T00:00:01Z two",
                        "kafka:provenance-0 3 1970-01-01T00:00:04Z {|  \"a\": 1|}");
    }

    @Test
    void givesTheTimestampAssignerTheTimeOfTheMessage() throws Exception {
        KAFKA.createTopic("stamped", 1, Map.of());
        KAFKA.createTopic("stamped-out", 1, Map.of());
        KAFKA.send("stamped", 0, 1_234L, bytes("x"));
        StreamExecutionEnvironment environment = environment(1);
        WatermarkStrategy<Decoded> clock =
                WatermarkStrategy.<Decoded>noWatermarks().withTimestampAssigner((decoded, given) -> given + 1);
        write(
                input("stamped", false)
                        .read(environment, clock, "in")
                        .process(new StampPrinter())
                        .uid("print"),
                "stamped-out");
        environment.execute();

        assertThat(values("stamped-out")).containsExactly("1235");
    }

    @Test
    void namesTheBrokerThatDoesNotAnswer() throws Exception {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        long start = System.nanoTime();
        assertThatThrownBy(() -> KafkaConnection.of("127.0.0.1:" + port).check(List.of("logs")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kafka.bootstrap-servers: no broker answers within 10 s at 127.0.0.1:" + port);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
    }

    @Test
    void namesTheHostThatDoesNotResolve() {
        assertThatThrownBy(() -> KafkaConnection.of("nowhere.invalid:9092").check(List.of("logs")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(
                        "kafka.bootstrap-servers: no Kafka client can be made for nowhere.invalid:9092: ");
    }

    @Test
    void namesTheTopicsThatAreMissing() throws Exception {
        KAFKA.createTopic("present", 1, Map.of());
        KAFKA.connection().check(List.of("present"));
        assertThatThrownBy(() -> KAFKA.connection().check(List.of("present", "missing", "absent")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kafka topic must exist at " + KAFKA.bootstrapServers() + ": absent, missing");
    }

    private static KafkaInput input(String topic, boolean follow) {
        return new KafkaInput(KAFKA.connection(), List.of(topic), "tocsin-test", follow, TestingDecoder::new);
    }

    private static void copy(StreamExecutionEnvironment environment, KafkaInput input, String topic, boolean fail) {
        write(
                input.read(environment, WatermarkStrategy.noWatermarks(), "in")
                        .map(new FailingOnce(fail))
                        .uid("copy"),
                topic);
    }

    private static void write(DataStream<Line> lines, String topic) {
        KafkaDelivery delivery =
                new KafkaDelivery(KAFKA.connection(), DeliveryGuarantee.EXACTLY_ONCE, "tocsin-" + topic);
        LineOutput.of(Location.parse("alerts", "kafka:" + topic), "out", delivery)
                .attachTo(lines);
    }

    private static StreamExecutionEnvironment environment(int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(PipelineOptions.GENERIC_TYPES, false);
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 1);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(100));
        return StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
    }

    private static List<String> values(String topic) {
        return KAFKA.readCommitted(topic, QUIET).stream()
                .map(message -> new String(message.value(), StandardCharsets.UTF_8))
                .toList();
    }

    private static List<String> values(String topic, int count) {
        List<String> values = values(topic);
        for (int i = 0; i < 10 && values.size() < count; i++) {
            values = values(topic);
        }
        return values;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Makes every document a dead letter that tells its provenance. */
    private static final class TestingDecoder implements DocumentDecoder {
        @Override
        public void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out) {
            String text = new String(bytes, offset, length, StandardCharsets.UTF_8).replace('\n', '|');
            String reason =
                    provenance.location() + " " + provenance.position() + " " + provenance.fallbackTime() + " " + text;
            byte[] copy = Arrays.copyOfRange(bytes, offset, offset + length);
            DeadLetter letter = new DeadLetter(provenance.location(), provenance.position(), reason, copy);
            out.accept(Decoded.deadLetter(letter, bytes, offset, length));
        }
    }

    private static final class StampPrinter extends ProcessFunction<Decoded, Line> {
        @Override
        public void processElement(Decoded decoded, Context context, Collector<Line> out) {
            out.collect(new Line(null, bytes(String.valueOf(context.timestamp()))));
        }
    }

    /** Hands the documents on; fails once, some records after a checkpoint. */
    private static final class FailingOnce extends RichMapFunction<Decoded, Line> implements CheckpointListener {
        private final boolean fail;
        private int afterCheckpoint = -1;

        FailingOnce(boolean fail) {
            this.fail = fail;
        }

        @Override
        public Line map(Decoded decoded) throws Exception {
            if (fail) {
                TimeUnit.MILLISECONDS.sleep(5);
                if (afterCheckpoint >= 0 && ++afterCheckpoint > 20 && FAILED.compareAndSet(false, true)) {
                    throw new IOException("planned");
                }
            }
            byte[] text = Arrays.copyOfRange(decoded.document(), decoded.offset(), decoded.offset() + decoded.length());
            return new Line(new String(text, StandardCharsets.UTF_8), text);
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            if (afterCheckpoint < 0) {
                afterCheckpoint = 0;
            }
        }
    }
}
