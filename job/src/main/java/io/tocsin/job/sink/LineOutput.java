package io.tocsin.job.sink;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.connector.base.DeliveryGuarantee;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.apache.flink.streaming.api.functions.sink.filesystem.rollingpolicies.OnCheckpointRollingPolicy;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/**
 * One place that lines go to. Alerts, dead letters and late records are written by the same code.
 *
 * @param location the place
 * @param uid the sink operator's uid: state, so it names the output and its location, never a position in a list
 * @param header written first on standard output, for a table
 * @param kafka how lines get into Kafka; needed for a topic only
 */
public record LineOutput(Location location, String uid, @Nullable String header, @Nullable KafkaDelivery kafka) {
    /** Below the 15 min that brokers allow by default; a checkpoint and a restart must fit in. */
    private static final int TRANSACTION_TIMEOUT_MILLIS = 14 * 60 * 1000;

    public LineOutput {
        if (location.kind() == Location.Kind.KAFKA && kafka == null) {
            throw new IllegalArgumentException("kafka.bootstrap-servers must be given to write to " + location);
        }
    }

    /** An output without a header. */
    public static LineOutput of(Location location, String uid, @Nullable KafkaDelivery kafka) {
        return new LineOutput(location, uid, null, kafka);
    }

    /** Puts the sink behind the lines. A file and standard output have one writer whatever the job's parallelism. */
    public DataStreamSink<Line> attachTo(DataStream<Line> lines) {
        DataStreamSink<Line> sink = lines.sinkTo(sink()).name(uid).uid(uid);
        boolean single = location.kind() == Location.Kind.FILE || location.kind() == Location.Kind.STANDARD_OUTPUT;
        return single ? sink.setParallelism(1) : sink;
    }

    private Sink<Line> sink() {
        return switch (location.kind()) {
            case STANDARD_OUTPUT -> new StandardOutputSink(header);
            case FILE -> new FileLineSink(location.target());
            case FOLDER -> folder();
            case KAFKA -> topic();
        };
    }

    private Sink<Line> folder() {
        return FileSink.<Line>forRowFormat(new Path(location.target()), LineOutput::write)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withRollingPolicy(OnCheckpointRollingPolicy.build())
                .withOutputFileConfig(OutputFileConfig.builder()
                        .withPartPrefix("part")
                        .withPartSuffix(".jsonl")
                        .build())
                .build();
    }

    private static void write(Line line, OutputStream out) throws IOException {
        out.write(line.bytes());
        out.write('\n');
    }

    private Sink<Line> topic() {
        KafkaDelivery delivery = kafka;
        if (delivery == null) {
            throw new IllegalStateException("checked when the output was made");
        }
        Properties properties = delivery.connection().clientProperties();
        properties.putIfAbsent(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, String.valueOf(TRANSACTION_TIMEOUT_MILLIS));
        return KafkaSink.<Line>builder()
                .setKafkaProducerConfig(properties)
                .setBootstrapServers(delivery.connection().bootstrapServers())
                .setDeliveryGuarantee(delivery.guarantee())
                .setTransactionalIdPrefix(delivery.transactionalIdPrefix() + "-" + uid)
                .setRecordSerializer(new LineSerializer(location.target()))
                .build();
    }

    /** Whether lines become visible to readers at checkpoints only, so that a job that follows its input needs them. */
    public boolean needsCheckpoints() {
        return location.kind() == Location.Kind.FOLDER
                || (location.kind() == Location.Kind.KAFKA
                        && kafka != null
                        && kafka.guarantee() == DeliveryGuarantee.EXACTLY_ONCE);
    }

    private static final class LineSerializer implements KafkaRecordSerializationSchema<Line> {
        private static final long serialVersionUID = 1L;

        private final String topic;

        LineSerializer(String topic) {
            this.topic = topic;
        }

        @Override
        public ProducerRecord<byte[], byte[]> serialize(Line line, KafkaSinkContext context, Long timestamp) {
            byte[] key = line.key() == null ? null : line.key().getBytes(StandardCharsets.UTF_8);
            return new ProducerRecord<>(topic, null, null, key, line.bytes());
        }
    }
}
