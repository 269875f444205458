package io.tocsin.job.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What stood between values that vary when objects of one kind were read before: names, and values that are nearly always the same.
 * Programs write members in one order, so few such steps lead from each to the next; where the bytes of one stand again it is
 * taken without reading any of them.
 *
 * <p>Bounded: whoever makes more than {@value #MAX_STEPS} makes it forget them all. Belongs to one thread.
 *
 * @param <P> what the members that were passed told: immutable, and told by their bytes alone
 */
public final class KnownSteps<P> {
    private static final int MAX_STEPS = 256;
    private static final int MAX_LENGTH = 256;
    /** So many steps that follow one are found at once. */
    private static final int FOLLOWERS = 64;

    private static final int START = 0;
    private static final int NOWHERE = -1;
    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final long MIX_TOO = 0xc2b2ae3d27d4eb4fL;

    /**
     * A step.
     *
     * @param text all that stands between the end of one value and the start of the next
     * @param member what the reader calls the member at whose value it ends
     * @param passed what was passed
     */
    public record Step<P>(byte[] text, int member, P passed) {}

    private final @Nullable Step<P>[] steps;
    /** Of each step, the shortest step that follows it: those are told apart by their last bytes up to there. */
    private final int[] shortest = new int[MAX_STEPS];

    private final int[][] followers = new int[MAX_STEPS][];
    private int size = START + 1;
    private int last = NOWHERE;

    @SuppressWarnings({"unchecked", "rawtypes"})
    public KnownSteps() {
        steps = new Step[MAX_STEPS];
        followers[START] = new int[FOLLOWERS];
    }

    /** Starts with another object. */
    void begin() {
        last = START;
    }

    /** The step that stands here, behind the one that was found or kept last; null if it isn't known. */
    @Nullable
    Step<P> find(byte[] bytes, int at, int end) {
        int before = last;
        if (before == NOWHERE) {
            return null;
        }
        int depth = shortest[before];
        if (depth == 0 || depth > end - at) {
            return null;
        }
        int[] known = followers[before];
        int slot = slot(bytes, at, depth);
        int likely = known[slot];
        Step<P> step = steps[likely];
        if (step == null || !stands(step, bytes, at, end)) {
            likely = known[slot + 1];
            step = steps[likely];
            if (step == null || !stands(step, bytes, at, end)) {
                return null;
            }
        }
        last = likely;
        return step;
    }

    private static boolean stands(Step<?> step, byte[] bytes, int at, int end) {
        return step.text.length <= end - at && Words.equal(bytes, at, step.text, step.text.length);
    }

    /** The first of two slots. Told by the last sixteen bytes up to there: the names behind values such as verbs are the same. */
    private static int slot(byte[] bytes, int at, int depth) {
        int to = at + depth;
        int middle = Math.max(at, to - Long.BYTES);
        long last = Words.upTo(bytes, middle, to);
        long before = Words.upTo(bytes, Math.max(at, middle - Long.BYTES), middle);
        return (int) (((last ^ (before * MIX_TOO)) * MIX) >>> 59) << 1;
    }

    /** Keeps the step between {@code from} and {@code to}, behind the one that was found or kept last. */
    void keep(byte[] bytes, int from, int to, int member, P passed) {
        int before = last;
        last = NOWHERE;
        if (to - from > MAX_LENGTH) {
            return;
        }
        int step = START + 1;
        while (step < size && !isAt(step, bytes, from, to)) {
            step++;
        }
        if (step == MAX_STEPS) {
            forget();
            before = NOWHERE;
            step = size;
        }
        if (step == size) {
            steps[step] = new Step<>(Arrays.copyOfRange(bytes, from, to), member, passed);
            followers[step] = new int[FOLLOWERS];
            size++;
        }
        if (before != NOWHERE) {
            follow(before, step, bytes, from, to - from);
        }
        last = step;
    }

    private boolean isAt(int step, byte[] bytes, int from, int to) {
        Step<P> known = steps[step];
        return known != null && Arrays.equals(known.text, 0, known.text.length, bytes, from, to);
    }

    private void follow(int before, int step, byte[] bytes, int from, int length) {
        int[] known = followers[before];
        if (shortest[before] == 0 || length < shortest[before]) {
            shortest[before] = length;
            Arrays.fill(known, START);
        }
        int slot = slot(bytes, from, shortest[before]);
        known[slot + 1] = known[slot];
        known[slot] = step;
    }

    private void forget() {
        Arrays.fill(steps, null);
        Arrays.fill(shortest, 0);
        Arrays.fill(followers[START], START);
        size = START + 1;
    }
}
