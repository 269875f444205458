package io.tocsin.job.bench.kafka;

import io.tocsin.job.JobParameters;
import io.tocsin.job.RunningJob;
import io.tocsin.job.bench.AuditLine;
import io.tocsin.job.bench.Measure;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * How long it takes from the broker's append of the record that completes an attack until somebody who reads committed alerts has its
 * alert. Normal traffic is sent at a steady rate as if it happened now, and every second somebody is refused three requests from a
 * new address and is then let in.
 */
final class Latency {
    private static final Duration STEP = Duration.ofMillis(20);
    /** The attackers have their homes, and the job is warm by then. */
    private static final Duration BEFORE = Duration.ofSeconds(20);

    private final KafkaProcess kafka;
    private final String input;
    private final int partitions;
    private final String alerts;
    private final double perSecond;
    private final int attacks;
    private final Duration after;

    /**
     * A measurement over topics that are there and empty.
     *
     * @param perSecond normal records a second
     * @param attacks how many, one a second
     * @param after how long normal traffic goes on behind them, since it is what moves the clock
     */
    Latency(
            KafkaProcess kafka,
            String input,
            int partitions,
            String alerts,
            double perSecond,
            int attacks,
            Duration after) {
        this.kafka = kafka;
        this.input = input;
        this.partitions = partitions;
        this.alerts = alerts;
        this.perSecond = perSecond;
        this.attacks = attacks;
        this.after = after;
    }

    /** Measures: p50 and p99 in seconds, and how many attacks were not told of. */
    Measure measure(JobParameters parameters, Configuration cluster, Path normal) throws Exception {
        Map<Integer, Long> told;
        try (RunningJob job = RunningJob.start(parameters, cluster, null);
                AlertReader reader = new AlertReader(kafka, alerts)) {
            send(normal);
            job.awaitRecords(1, Duration.ofMinutes(1));
            told = reader.told();
        }
        Map<Integer, Long> completed = completions();
        long[] millis = completed.entrySet().stream()
                .filter(each -> told.containsKey(each.getKey()))
                .mapToLong(each -> told.get(each.getKey()) - each.getValue())
                .sorted()
                .toArray();
        return new Measure(
                0,
                0,
                0,
                Map.of(
                        "p50, seconds",
                        quantile(millis, 0.5),
                        "p99, seconds",
                        quantile(millis, 0.99),
                        "attacks without an alert",
                        (double) (attacks - millis.length),
                        "normal records a second",
                        perSecond));
    }

    private static double quantile(long[] sorted, double q) {
        return sorted.length == 0 ? Double.NaN : sorted[(int) Math.ceil(q * sorted.length) - 1] / 1e3;
    }

    private void send(Path normal) throws IOException {
        try (LinesToTopic lines = new LinesToTopic(kafka, input, partitions)) {
            for (int i = 0; i < attacks; i++) {
                lines.send(line(Instant.now(), i, "203.0.113.10", "pods", "home", 200));
            }
            BufferedReader in = Files.newBufferedReader(normal, StandardCharsets.UTF_8);
            try {
                long start = System.nanoTime();
                long end = BEFORE.plusSeconds(attacks).plus(after).toNanos();
                long sent = 0;
                int attack = 0;
                for (long now = 0; now < end; now = System.nanoTime() - start) {
                    Instant time = Instant.now();
                    for (long due = (long) (perSecond * now / 1e9); sent < due; sent++) {
                        String line = in.readLine();
                        if (line == null) {
                            in.close();
                            in = Files.newBufferedReader(normal, StandardCharsets.UTF_8);
                            line = in.readLine();
                        }
                        lines.send(AuditLine.at(time, line));
                    }
                    if (attack < attacks && now > BEFORE.toNanos() + TimeUnit.SECONDS.toNanos(attack)) {
                        int attacker = attack++;
                        IntStream.range(0, 3)
                                .forEach(
                                        i -> lines.send(line(time, attacker, "198.51.100.7", "secrets", "s" + i, 403)));
                        lines.send(line(time.plusMillis(1), attacker, "198.51.100.7", "configmaps", "in", 200));
                    }
                    LockSupport.parkNanos(STEP.toNanos());
                }
            } finally {
                in.close();
            }
        }
    }

    private static String line(Instant time, int i, String address, String resource, String name, int code) {
        return AuditLine.of(time, "attacker-" + i, address, resource, name, code);
    }

    /** Attackers, and when the broker appended the record that lets them in. */
    private Map<Integer, Long> completions() {
        Map<Integer, Long> completions = new HashMap<>();
        Properties settings = kafka.client();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> each = IntStream.range(0, partitions)
                    .mapToObj(partition -> new TopicPartition(input, partition))
                    .toList();
            consumer.assign(each);
            Map<TopicPartition, Long> ends = consumer.endOffsets(each);
            consumer.seekToBeginning(each);
            while (each.stream().anyMatch(one -> consumer.position(one) < ends.get(one))) {
                for (ConsumerRecord<byte[], byte[]> message : consumer.poll(Duration.ofMillis(200))) {
                    String text = new String(message.value(), StandardCharsets.UTF_8);
                    Matcher attacker = AlertReader.ATTACKER.matcher(text);
                    if (text.contains("configmaps") && attacker.find()) {
                        completions.put(Integer.parseInt(attacker.group(1)), message.timestamp());
                    }
                }
            }
        }
        return completions;
    }
}
