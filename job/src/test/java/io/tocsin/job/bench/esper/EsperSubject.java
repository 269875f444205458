package io.tocsin.job.bench.esper;

import io.tocsin.job.bench.Measure;
import io.tocsin.job.bench.Subject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Jackson's tree and Esper over a file. The engine stays from round to round, with what it has learnt and what the JVM has compiled of
 * it: each round is the same log a month later.
 */
public final class EsperSubject implements Subject {
    private static final long ROUND_MILLIS = Duration.ofDays(30).toMillis();

    private final EsperEngine engine;
    private final Path file;
    private final int threads;
    private long rounds;

    private EsperSubject(EsperEngine engine, Path file, int threads) {
        this.engine = engine;
        this.file = file;
        this.threads = threads;
    }

    /** Engines with the same statements, each with that many threads that parse and send. */
    public static List<EsperSubject> of(Path audit, int... threads) throws Exception {
        EsperEngine.Statements statements = EsperEngine.Statements.compile();
        List<EsperSubject> subjects = new ArrayList<>();
        for (int each : threads) {
            subjects.add(new EsperSubject(EsperEngine.of("bench-" + each, statements), audit, each));
        }
        return subjects;
    }

    @Override
    public Measure round() throws Exception {
        long later = rounds++ * ROUND_MILLIS;
        long cpu = Measure.processCpuNanos();
        long start = System.nanoTime();
        EsperRun.Result result = EsperRun.of(engine, file, threads, later);
        return new Measure(result.events(), Measure.processCpuNanos() - cpu, System.nanoTime() - start, Map.of());
    }

    /** What it runs and has found. */
    public String note() {
        return "Esper: " + engine.words() + ". Found: " + engine.matches();
    }

    @Override
    public void close() {
        engine.close();
    }
}
