package io.tocsin.job.bench;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;

/**
 * How fast a corpus is gone through: only touched, read into trees, decoded. The three are measured in turn, round after round, so
 * that what else the machine does hits all alike; the median of the rounds counts. One thread.
 */
public final class Throughput {
    private static final int WARM_UP = 3;

    private final Corpus corpus;
    private final DocumentDecoder decoder;
    private final int rounds;
    private final long roundNanos;
    private final Set<String> formats = new TreeSet<>();
    private long events;
    private long others;
    private long consumed;

    /**
     * What was measured.
     *
     * @param formats the formats of the corpus's events
     * @param events how many events the corpus holds
     * @param others how many records of it are none
     * @param touched bytes a second, when only looking at each
     * @param tree bytes a second, when reading JSON into trees
     * @param ours bytes a second, when decoding
     * @param consumed a sum over everything, so that none of it can be optimised away
     */
    public record Result(
            Set<String> formats, long events, long others, double touched, double tree, double ours, long consumed) {}

    /**
     * @param rounds how often each is measured; at least 1
     * @param round how long a round takes at least
     */
    public Throughput(Corpus corpus, DocumentDecoder decoder, int rounds, Duration round) {
        this.corpus = corpus;
        this.decoder = decoder;
        this.rounds = rounds;
        this.roundNanos = round.toNanos();
    }

    /** Measures. */
    public Result measure() {
        double[] touched = new double[rounds];
        double[] tree = new double[rounds];
        double[] ours = new double[rounds];
        for (int i = -WARM_UP; i < rounds; i++) {
            int round = Math.max(i, 0);
            touched[round] = bytesPerSecond(this::touch);
            tree[round] = bytesPerSecond(this::tree);
            ours[round] = bytesPerSecond(this::decode);
        }
        return new Result(formats, events, others, median(touched), median(tree), median(ours), consumed);
    }

    private double bytesPerSecond(LongSupplier pass) {
        long start = System.nanoTime();
        long passes = 0;
        long elapsed;
        do {
            consumed += pass.getAsLong();
            passes++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < roundNanos);
        return corpus.bytes() * passes * 1e9 / Math.max(elapsed, 1);
    }

    private long touch() {
        long sum = 0;
        for (Corpus.Part part : corpus.documents()) {
            byte[] bytes = part.bytes();
            for (int i = part.offset(); i < part.offset() + part.length(); i++) {
                sum += bytes[i];
            }
        }
        return sum;
    }

    private long tree() {
        long values = 0;
        for (Corpus.Part part : corpus.documents()) {
            values += JsonTree.read(part.shipped(), part.shippedOffset(), part.shippedLength());
        }
        return values;
    }

    private long decode() {
        events = 0;
        others = 0;
        Instant written = Instant.ofEpochMilli(corpus.written());
        long position = 0;
        for (Corpus.Part part : corpus.documents()) {
            Provenance provenance = new Provenance(corpus.location(), position, null, written);
            decoder.decode(part.bytes(), part.offset(), part.length(), provenance, this::take);
            position += part.length() + 1;
        }
        return events;
    }

    private void take(Decoded record) {
        if (record.event() == null) {
            others++;
            return;
        }
        events++;
        formats.add(record.event().source().id());
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
