package io.tocsin.job.bench.kafka;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends lines to a topic, taking turns among its partitions. */
final class LinesToTopic implements AutoCloseable {
    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private long sent;

    LinesToTopic(KafkaProcess kafka, String topic, int partitions) {
        Properties settings = kafka.client();
        settings.setProperty("linger.ms", "5");
        settings.setProperty("batch.size", "262144");
        this.producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        this.topic = topic;
        this.partitions = partitions;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the producer is flushed when it is closed
    void send(String line) {
        int partition = (int) (sent++ % partitions);
        producer.send(new ProducerRecord<>(topic, partition, null, line.getBytes(StandardCharsets.UTF_8)));
    }

    /** Sends the lines of a file, at most so many. */
    void sendAll(Path file, long most) throws IOException {
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            for (String line = in.readLine(); line != null && sent < most; line = in.readLine()) {
                send(line);
            }
        }
    }

    @Override
    public void close() {
        producer.flush();
        producer.close();
    }
}
