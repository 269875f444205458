package io.tocsin.job;

import io.tocsin.job.kafka.KafkaConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.test.KafkaClusterTestKit;
import org.apache.kafka.common.test.TestKitNodes;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A real Kafka broker in the test's own JVM, from Maven's jars; started once for all test classes of a run (about 9 s). Use it as
 * {@code @RegisterExtension static final TestingKafka KAFKA = new TestingKafka();} and give each test topics of its own.
 */
@SuppressWarnings({"FutureReturnValueIgnored", "try"}) // the broker ends with the JVM
public final class TestingKafka implements BeforeAllCallback {
    private Broker broker;

    @Override
    public void beforeAll(ExtensionContext context) {
        broker = context.getRoot()
                .getStore(Namespace.create(TestingKafka.class))
                .getOrComputeIfAbsent(Broker.class, key -> new Broker(), Broker.class);
    }

    /** {@code host:port}. */
    public String bootstrapServers() {
        return broker.cluster.bootstrapServers();
    }

    /** How the job reaches the broker. */
    public KafkaConnection connection() {
        return KafkaConnection.of(bootstrapServers());
    }

    /** Makes a topic; {@code settings} such as {@code message.timestamp.type}. */
    public void createTopic(String topic, int partitions, Map<String, String> settings) throws Exception {
        try (Admin admin = Admin.create(broker.cluster.clientProperties())) {
            NewTopic wanted = new NewTopic(topic, Optional.of(partitions), Optional.empty()).configs(settings);
            admin.createTopics(List.of(wanted)).all().get();
        }
    }

    /** Sends one value to a partition; null is a tombstone. */
    public void send(String topic, int partition, Long timestamp, byte[] value) throws Exception {
        send(List.of(new ProducerRecord<>(topic, partition, timestamp, null, value)));
    }

    /** Sends lines, taking turns among the partitions. */
    public void sendLines(String topic, int partitions, List<String> lines) throws Exception {
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (String line : lines) {
            byte[] value = line.getBytes(StandardCharsets.UTF_8);
            records.add(new ProducerRecord<>(topic, records.size() % partitions, null, null, value));
        }
        send(records);
    }

    /** Everything of a topic that a reader of committed messages sees, until there was nothing for {@code quiet}. */
    public List<ConsumerRecord<byte[], byte[]>> readCommitted(String topic, Duration quiet) {
        Properties settings = broker.cluster.clientProperties();
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "earliest");
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = new ArrayList<>();
            for (PartitionInfo partition : consumer.partitionsFor(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            long last = System.nanoTime();
            while (System.nanoTime() - last < quiet.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                    all.add(message);
                    last = System.nanoTime();
                }
            }
        }
        return all;
    }

    private void send(List<ProducerRecord<byte[], byte[]>> records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                broker.cluster.clientProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            for (ProducerRecord<byte[], byte[]> message : records) {
                producer.send(message);
            }
            producer.flush();
        }
    }

    private static final class Broker implements AutoCloseable {
        private final KafkaClusterTestKit cluster;

        Broker() {
            Map<String, String> settings = new HashMap<>();
            for (String topic : List.of("offsets.topic", "transaction.state.log", "share.coordinator.state.topic")) {
                settings.put(topic + ".replication.factor", "1");
                settings.put(topic + ".num.partitions", "1");
                settings.put(topic + ".min.isr", "1");
            }
            settings.remove("offsets.topic.min.isr");
            settings.put("group.initial.rebalance.delay.ms", "0");
            settings.put("auto.create.topics.enable", "false");
            try {
                TestKitNodes nodes = new TestKitNodes.Builder()
                        .setCombined(true)
                        .setNumBrokerNodes(1)
                        .setNumControllerNodes(1)
                        .build();
                KafkaClusterTestKit.Builder builder = new KafkaClusterTestKit.Builder(nodes);
                settings.forEach(builder::setConfigProp);
                cluster = builder.build();
                cluster.format();
                cluster.startup();
                cluster.waitForReadyBrokers();
            } catch (Exception e) {
                throw new IllegalStateException("broker", e);
            }
        }

        @Override
        public void close() throws Exception {
            cluster.close();
        }
    }
}
