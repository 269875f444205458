package io.tocsin.job.bench.kafka;

import io.tocsin.job.JobParameters;
import io.tocsin.job.JobRun;
import io.tocsin.job.bench.Bar;
import io.tocsin.job.bench.Group;
import io.tocsin.job.bench.JobSubject;
import io.tocsin.job.bench.Measure;
import io.tocsin.job.bench.Ratio;
import io.tocsin.job.bench.Row;
import io.tocsin.job.bench.Setting;
import io.tocsin.job.bench.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;

/** From topic to topic: how much, beside a job that only reads; and how soon. */
public final class KafkaGroup implements Group {
    private static final String ATTACKS = "bench.attacks";
    private static final int DEFAULT_ATTACKS = 60;
    private static final String INPUT = "normal";
    /** The first messages of the same: what a job over them takes is its start and end. */
    private static final String START = "start";

    private static final int STARTING_MESSAGES = 20;
    private static final int PARTITIONS = 2;
    private static final Duration DISORDER = Duration.ofSeconds(10);
    private static final Duration SLOT = Duration.ofSeconds(10);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final String AT_LEAST_ONCE = "at-least-once";
    private static final String EXACTLY_ONCE = "exactly-once";

    private double capacity;
    private int topics;

    @Override
    public String id() {
        return "kafka";
    }

    @Override
    public String title() {
        return "audit log from a topic of %d partitions to a topic of alerts; the broker is another process"
                .formatted(PARTITIONS);
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        if (setting.quick()) {
            return List.of(); // a broker takes longer to start than all other rows together
        }
        Path audit = setting.inputs().audit();
        Configuration cluster = JobSubject.at(PARTITIONS, JobSubject.heap(setting));
        KafkaProcess kafka = KafkaProcess.start(setting.folder());
        kafka.createTopic(INPUT, PARTITIONS);
        try (LinesToTopic lines = new LinesToTopic(kafka, INPUT, PARTITIONS)) {
            lines.sendAll(audit, Long.MAX_VALUE);
        }
        kafka.createTopic(START, PARTITIONS);
        try (LinesToTopic lines = new LinesToTopic(kafka, START, PARTITIONS)) {
            lines.sendAll(audit, STARTING_MESSAGES);
        }
        double atOnce = DISORDER.plus(SLOT).toSeconds() + 1.0;
        return List.of(
                Row.reference("discard", "a Flink job that reads the topic and discards", new Subject() {
                    @Override
                    public Measure round() throws Exception {
                        Measure begun = Discarding.run(kafka, START, plain(cluster));
                        return Discarding.run(kafka, INPUT, plain(cluster)).without(begun);
                    }

                    @Override
                    public void close() {
                        kafka.close();
                    }
                }),
                Row.of(
                        "whole",
                        "whole job, at least once",
                        () -> {
                            Measure measure = whole(kafka, cluster, AT_LEAST_ONCE);
                            capacity = measure.perSecond();
                            return measure;
                        },
                        Ratio.perSecond("whole", "discard", "reading and discarding, by the clock"),
                        Ratio.perCore("whole", "discard", "reading and discarding")),
                Row.of(
                        "exactly",
                        "whole job, exactly once",
                        () -> whole(kafka, cluster, EXACTLY_ONCE),
                        Ratio.perSecond("exactly", "whole", "at least once, by the clock")),
                Row.of(
                        "latency",
                        "alert latency at half of that, at least once",
                        () -> latency(kafka, cluster, AT_LEAST_ONCE, audit),
                        Ratio.figure("latency", "p50, seconds"),
                        Ratio.figure("latency", "p99, seconds").with(Bar.atMost(atOnce)),
                        Ratio.figure("latency", "attacks without an alert").with(Bar.atMost(0)),
                        Ratio.figure("latency", "normal records a second")),
                Row.of(
                        "latency-exactly",
                        "alert latency at half of that, exactly once",
                        () -> latency(kafka, cluster, EXACTLY_ONCE, audit),
                        Ratio.figure("latency-exactly", "p50, seconds"),
                        Ratio.figure("latency-exactly", "p99, seconds")
                                .with(Bar.atMost(atOnce + INTERVAL.toSeconds() + 1)),
                        Ratio.figure("latency-exactly", "attacks without an alert")
                                .with(Bar.atMost(0))));
    }

    /** Not the job's contract: this one has no state. */
    private static Configuration plain(Configuration cluster) {
        Configuration plain = new Configuration(cluster);
        plain.set(PipelineOptions.OBJECT_REUSE, true);
        return plain;
    }

    private Measure whole(KafkaProcess kafka, Configuration cluster, String delivery) throws Exception {
        Measure begun = JobRun.whole(parameters(kafka, START, alerts(kafka), delivery), cluster)
                .measure();
        return JobRun.whole(parameters(kafka, INPUT, alerts(kafka), delivery), cluster)
                .measure()
                .without(begun);
    }

    private Measure latency(KafkaProcess kafka, Configuration cluster, String delivery, Path audit) throws Exception {
        String input = "live-" + topics;
        kafka.createTopic(input, PARTITIONS);
        String alerts = alerts(kafka);
        Duration after = DISORDER.plus(SLOT).plus(INTERVAL).plusSeconds(10);
        int attacks = Integer.getInteger(ATTACKS, DEFAULT_ATTACKS);
        return new Latency(kafka, input, PARTITIONS, alerts, capacity / 2, attacks, after)
                .measure(parameters(kafka, input, alerts, delivery, "--follow"), cluster, audit);
    }

    private String alerts(KafkaProcess kafka) throws Exception {
        String topic = "alerts-" + topics++;
        kafka.createTopic(topic, 1);
        return topic;
    }

    private static JobParameters parameters(
            KafkaProcess kafka, String input, String alerts, String delivery, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "--inputs",
                "kubernetes-audit@demo=kafka:" + input,
                "--alerts",
                "kafka:" + alerts,
                "--kafka.bootstrap-servers",
                kafka.servers(),
                "--kafka.delivery",
                delivery,
                "--kafka.group-id",
                "bench-" + alerts,
                "--lateness.kubernetes-audit",
                DISORDER.toSeconds() + " s",
                "--identities.cd",
                "cd-deployer"));
        arguments.addAll(List.of(more));
        return JobRun.parameters(arguments);
    }

    @Override
    public List<String> notes() {
        return List.of("Latency: from the broker's append of the record that"
                + " completes forbidden-then-success until a reader of committed alerts has it; the topics stamp at append."
                + " Disorder %d s, slot %d s, checkpoints every %d s; normal traffic at half of what the job got through"
                        .formatted(DISORDER.toSeconds(), SLOT.toSeconds(), INTERVAL.toSeconds())
                + " above, sent by the same process, and an attack a second. Left out of the quick run.");
    }
}
