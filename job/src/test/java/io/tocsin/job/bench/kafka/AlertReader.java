package io.tocsin.job.bench.kafka;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Somebody who waits for alerts: when each attacker is told of. Reads what is committed, and no sooner. */
final class AlertReader implements AutoCloseable {
    static final Pattern ATTACKER = Pattern.compile("attacker-(\\d+)");
    private static final String DETECTION = "\"forbidden-then-success\"";

    private final Map<Integer, Long> told = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean ended;

    AlertReader(KafkaProcess kafka, String topic) {
        Properties settings = kafka.client();
        settings.setProperty("isolation.level", "read_committed");
        thread = new Thread(() -> read(settings, topic), "alert-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private void read(Properties settings, String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = List.of(new TopicPartition(topic, 0));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            while (!ended) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(100))) {
                    String text = new String(message.value(), StandardCharsets.UTF_8);
                    Matcher attacker = ATTACKER.matcher(text);
                    if (text.contains(DETECTION) && attacker.find()) {
                        told.putIfAbsent(Integer.parseInt(attacker.group(1)), System.currentTimeMillis());
                    }
                }
            }
        }
    }

    /** Attackers, and when their alert was there, in ms since 1970. */
    Map<Integer, Long> told() {
        return Map.copyOf(told);
    }

    @Override
    public void close() {
        ended = true;
        try {
            thread.join(Duration.ofSeconds(10).toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
