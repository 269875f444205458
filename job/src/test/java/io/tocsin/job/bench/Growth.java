package io.tocsin.job.bench;

import io.tocsin.detection.MatchedRules;
import io.tocsin.event.Source;
import io.tocsin.job.JobParameters;
import io.tocsin.sigma.SigmaRule;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** What the document on scaling is drawn from: curves. */
final class Growth {
    private static final int ADDRESSES = 3;

    private Growth() {}

    static List<Group> curves() {
        return List.of(
                new Curve(
                        "growth-identities",
                        "the whole job; audit events of so many identities, each from 3 addresses, drawn evenly",
                        List.of(1_000, 10_000, 100_000, 1_000_000),
                        Growth::identities),
                new Curve(
                        "growth-rules",
                        "decoded and matched, one thread; so many rules",
                        List.of(10, 100, 500, 2_000, 10_000),
                        Growth::rules),
                new Curve(
                        "growth-sequences",
                        "the whole job; so many sequences enabled, and nothing else",
                        List.of(1, 2, 4, 8, 16),
                        (setting, count) -> whole(setting, setting.inputs().all(), SequencesGroup.enabled(count))),
                new Curve(
                        "growth-partitions",
                        "the whole job; the audit log dealt out to so many files, which are merged by time",
                        List.of(1, 16, 256, 1_024),
                        (setting, count) -> whole(setting, dealtOut(setting, count), JobSubject.Job.WHOLE)),
                new Curve(
                        "growth-lateness",
                        "the whole job; records of any log may be so many seconds late",
                        List.of(10, 60, 600, 3_600),
                        (setting, seconds) -> whole(setting, setting.inputs().all(), late(seconds))));
    }

    private static Subject whole(Setting setting, Path input, JobSubject.Job job) throws IOException {
        return JobSubject.whole(setting, input, JobSubject.heap(setting), job);
    }

    private static JobSubject.Job late(int seconds) {
        List<String> arguments = new ArrayList<>();
        for (Source source : Source.values()) {
            arguments.add("--lateness." + source.id());
            arguments.add(seconds + " s");
        }
        return JobSubject.Job.with(arguments.toArray(new String[0]));
    }

    private static Subject rules(Setting setting, int count) throws IOException {
        Path path = setting.inputs().all();
        JobParameters usual = JobSubject.parameters(setting, path, JobSubject.Job.WHOLE);
        List<SigmaRule> pack = MatchedRules.of(usual.detections(), usual.identities());
        return RulesGroup.matching(LogsInMemory.of(setting, path), usual, RuleVariants.rules(pack, count));
    }

    private static Subject identities(Setting setting, int identities) throws IOException {
        long events = setting.quick() ? 100 : Math.max(setting.events(), 2L * identities);
        Path folder = setting.inputs()
                .made(
                        "identities-%d-%d".formatted(identities, events),
                        made -> writeIdentities(setting, made.resolve("kubernetes-audit.log"), identities, events));
        return whole(setting, folder, JobSubject.Job.WHOLE);
    }

    private static void writeIdentities(Setting setting, Path file, int identities, long events) throws IOException {
        SplittableRandom random = new SplittableRandom(6);
        Instant start = setting.inputs().start();
        Duration span = setting.inputs().span();
        try (BufferedWriter out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            for (long i = 0; i < events; i++) {
                int identity = random.nextInt(identities);
                int address = identity * ADDRESSES + random.nextInt(ADDRESSES);
                out.write(AuditLine.of(
                        new UUID(7, i),
                        start.plusNanos((long) (span.toNanos() * ((double) i / events))),
                        "user-" + identity,
                        "198.%d.%d.%d".formatted(18 + (address >> 16) % 60, (address >> 8) & 255, address & 255),
                        "configmaps",
                        "settings-" + random.nextInt(1_000),
                        200));
                out.write('\n');
            }
        }
    }

    private static Path dealtOut(Setting setting, int files) throws IOException {
        Path audit = setting.inputs().audit();
        return setting.inputs().made("dealt-out-%d-%d".formatted(files, setting.events()), folder -> {
            List<BufferedWriter> outs = new ArrayList<>();
            try (BufferedReader in = Files.newBufferedReader(audit, StandardCharsets.UTF_8)) {
                for (int i = 0; i < files; i++) {
                    outs.add(Files.newBufferedWriter(
                            folder.resolve("audit-%04d.log".formatted(i)), StandardCharsets.UTF_8));
                }
                int next = 0;
                for (String line = in.readLine(); line != null; line = in.readLine()) {
                    outs.get(next).write(line);
                    outs.get(next).write('\n');
                    next = (next + 1) % files;
                }
            } finally {
                for (BufferedWriter out : outs) {
                    out.close();
                }
            }
        });
    }
}
