package io.tocsin.job.bench.kafka;

import io.tocsin.job.bench.Measure;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFilterFunction;
import org.apache.flink.api.common.serialization.AbstractDeserializationSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;

/** A Flink job that reads a topic to its end and throws the bytes away: what any job on Kafka costs at least. */
final class Discarding {
    private static final String MESSAGES = "messages";

    private Discarding() {}

    static Measure run(KafkaProcess kafka, String topic, Configuration cluster) throws Exception {
        long cpu = Measure.processCpuNanos();
        long start = System.nanoTime();
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(cluster);
        KafkaSource<byte[]> source = KafkaSource.<byte[]>builder()
                .setBootstrapServers(kafka.servers())
                .setTopics(topic)
                .setGroupId("discarding")
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setBounded(OffsetsInitializer.latest())
                .setValueOnlyDeserializer(new Bytes())
                .build();
        environment
                .fromSource(source, WatermarkStrategy.noWatermarks(), "Topic")
                .filter(new Counting())
                .sinkTo(new DiscardingSink<>());
        JobExecutionResult result = environment.execute("discarding");
        long messages = result.getAccumulatorResult(MESSAGES);
        return new Measure(messages, Measure.processCpuNanos() - cpu, System.nanoTime() - start, Map.of());
    }

    private static final class Bytes extends AbstractDeserializationSchema<byte[]> {
        private static final long serialVersionUID = 1;

        @Override
        public byte[] deserialize(byte[] message) {
            return message;
        }
    }

    private static final class Counting extends RichFilterFunction<byte[]> {
        private static final long serialVersionUID = 1;

        private final LongCounter messages = new LongCounter();

        @Override
        public void open(OpenContext context) {
            getRuntimeContext().addAccumulator(MESSAGES, messages);
        }

        @Override
        public boolean filter(byte[] message) {
            messages.add(1L);
            return false;
        }
    }
}
