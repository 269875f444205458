package io.tocsin.job.source;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Provenance;
import io.tocsin.job.kafka.KafkaConnection;
import java.io.Serializable;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.KafkaSourceBuilder;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Topics as an input. Each message's value is decoded in the source's own task chain; a message without a value is no record.
 * The first start reads from the earliest message, a restore goes on where the checkpoint stands. Each partition has its own
 * clock; the watermark strategy's timestamp assigner is given the message's timestamp ({@code -1} where it has none) beside the
 * record. That timestamp is the producer's own unless the topic says {@code message.timestamp.type=LogAppendTime}.
 *
 * @param connection the brokers
 * @param topics what to read
 * @param groupId the consumer group that offsets are committed to at checkpoints, for people to see the lag
 * @param follow whether to go on after what is there now; without, the input ends there
 * @param decoder makes a decoder for each task
 */
public record KafkaInput(
        KafkaConnection connection,
        List<String> topics,
        String groupId,
        boolean follow,
        SerializableSupplier<DocumentDecoder> decoder)
        implements Serializable {

    public KafkaInput {
        if (topics.isEmpty()) {
            throw new IllegalArgumentException("kafka input must name a topic");
        }
        topics = List.copyOf(topics);
    }

    /**
     * Asks the brokers whether the topics are there; at submission.
     *
     * @throws IllegalArgumentException names the broker or the topics
     */
    public void check() {
        connection.check(topics);
    }

    /** Adds the input to the job. */
    public SingleOutputStreamOperator<Decoded> read(
            StreamExecutionEnvironment environment, WatermarkStrategy<Decoded> clock, String uid) {
        return environment.fromSource(source(uid), clock, uid).uid(uid);
    }

    /** The source, its consumers named after {@code uid}. */
    public KafkaSource<Decoded> source(String uid) {
        Properties properties = connection.clientProperties();
        // Messages of aborted transactions were never sent.
        properties.putIfAbsent(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        KafkaSourceBuilder<Decoded> builder = KafkaSource.<Decoded>builder()
                .setProperties(properties)
                .setBootstrapServers(connection.bootstrapServers())
                .setTopics(topics)
                .setGroupId(groupId)
                .setClientIdPrefix(uid)
                .setStartingOffsets(OffsetsInitializer.earliest())
                .setDeserializer(new Decoding(decoder));
        // Not setUnbounded(stop): that never ends a job (connector 5.0.0).
        return follow
                ? builder.build()
                : builder.setBounded(OffsetsInitializer.latest()).build();
    }

    private static final class Decoding implements KafkaRecordDeserializationSchema<Decoded> {
        private static final long serialVersionUID = 1L;

        private final SerializableSupplier<DocumentDecoder> supplier;
        private transient @Nullable DocumentDecoder decoder;
        private transient @Nullable Documents documents;
        private transient @Nullable Map<TopicPartition, String> locations;

        Decoding(SerializableSupplier<DocumentDecoder> supplier) {
            this.supplier = supplier;
        }

        @Override
        public void open(DeserializationSchema.InitializationContext context) {
            decoder = supplier.get();
            documents = new Documents(Decoders.framing());
            locations = new HashMap<>();
        }

        @Override
        public void deserialize(ConsumerRecord<byte[], byte[]> message, Collector<Decoded> out) {
            byte[] value = message.value();
            if (value == null || value.length == 0) {
                return;
            }
            if (decoder == null || documents == null || locations == null) {
                throw new IllegalStateException("not open");
            }
            String location = locations.computeIfAbsent(
                    new TopicPartition(message.topic(), message.partition()), partition -> "kafka:" + partition);
            Instant appended = message.timestamp() < 0 ? null : Instant.ofEpochMilli(message.timestamp());
            Provenance provenance =
                    new Provenance(location, message.offset(), appended, appended == null ? Instant.now() : appended);
            if (isGzip(value)) {
                // One document: its line breaks are none.
                decoder.decode(value, 0, value.length, provenance, out::collect);
                return;
            }
            documents.over(value, 0, value.length);
            while (documents.next()) {
                decoder.decode(value, documents.start(), documents.length(), provenance, out::collect);
            }
        }

        private static boolean isGzip(byte[] value) {
            return value.length > 2 && value[0] == (byte) 0x1F && value[1] == (byte) 0x8B;
        }

        @Override
        public TypeInformation<Decoded> getProducedType() {
            return TypeInformation.of(Decoded.class);
        }
    }
}
