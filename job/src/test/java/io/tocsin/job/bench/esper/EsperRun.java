package io.tocsin.job.bench.esper;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A file from bytes to matches with Jackson's tree and Esper: each thread takes the next block of whole lines, reads each line into a
 * tree, fills the bean and hands it in.
 */
final class EsperRun {
    private static final int BLOCK = 256 << 10;

    private final ObjectMapper mapper = new ObjectMapper();
    private final LongAdder records = new LongAdder();
    private final LongAdder events = new LongAdder();
    private final long laterMillis;

    /**
     * What a run came to.
     *
     * @param records lines read
     * @param events of these, those that count as a request
     * @param matches by statement
     */
    record Result(long records, long events, Map<String, Long> matches) {}

    /** Blocks of whole lines of a file. */
    private static final class Blocks {
        private final InputStream in;
        private byte[] rest = new byte[0];

        Blocks(InputStream in) {
            this.in = in;
        }

        synchronized byte @Nullable [] next() throws IOException {
            byte[] block = Arrays.copyOf(rest, rest.length + BLOCK);
            int read = in.readNBytes(block, rest.length, BLOCK);
            int length = rest.length + read;
            if (length == 0) {
                return null;
            }
            int end = length;
            while (read > 0 && end > 0 && block[end - 1] != '\n') {
                end--;
            }
            end = end == 0 ? length : end;
            rest = Arrays.copyOfRange(block, end, length);
            return Arrays.copyOf(block, end);
        }
    }

    private EsperRun(long laterMillis) {
        this.laterMillis = laterMillis;
    }

    /**
     * Runs a file through; the engine keeps what it knows.
     *
     * @param laterMillis how much later everything happens than the records say: an engine's clock does not go back
     */
    static Result of(EsperEngine engine, Path file, int threads, long laterMillis)
            throws IOException, InterruptedException, ExecutionException {
        EsperRun run = new EsperRun(laterMillis);
        try (InputStream in = Files.newInputStream(file)) {
            Blocks blocks = new Blocks(in);
            Callable<Void> work = () -> {
                for (byte[] block = blocks.next(); block != null; block = blocks.next()) {
                    run.send(block, engine);
                }
                return null;
            };
            ExecutorService pool = Executors.newFixedThreadPool(threads);
            try {
                List<Future<Void>> all = pool.invokeAll(
                        IntStream.range(0, threads).mapToObj(i -> work).toList());
                for (Future<Void> each : all) {
                    each.get();
                }
            } finally {
                pool.shutdownNow();
            }
        }
        return new Result(run.records.sum(), run.events.sum(), engine.matches());
    }

    private void send(byte[] block, EsperEngine engine) throws IOException {
        int start = 0;
        int lines = 0;
        int sent = 0;
        for (int i = 0; i < block.length; i++) {
            if (block[i] == '\n' || i == block.length - 1) {
                int end = block[i] == '\n' ? i : i + 1;
                if (end > start) {
                    JsonNode tree = mapper.readTree(block, start, end - start);
                    lines++;
                    if (!isEndOfWatch(tree)) {
                        sent++;
                        engine.send(new AuditRequest(tree, time(tree) + laterMillis));
                    }
                }
                start = i + 1;
            }
        }
        records.add(lines);
        events.add(sent);
    }

    /** A watch that was answered when it began. */
    private static boolean isEndOfWatch(JsonNode tree) {
        return "watch".equals(tree.path("verb").textValue())
                && "ResponseComplete".equals(tree.path("stage").textValue());
    }

    private static long time(JsonNode tree) {
        String text = tree.path("stageTimestamp").asText();
        long day = LocalDate.of(digits(text, 0, 4), digits(text, 5, 7), digits(text, 8, 10))
                .toEpochDay();
        long seconds = 3_600L * digits(text, 11, 13) + 60L * digits(text, 14, 16) + digits(text, 17, 19);
        return (day * 86_400 + seconds) * 1_000 + digits(text, 20, 23);
    }

    private static int digits(String text, int start, int end) {
        return Integer.parseInt(text, start, end, 10);
    }
}
