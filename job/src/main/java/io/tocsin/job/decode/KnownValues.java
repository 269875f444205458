package io.tocsin.job.decode;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the bytes of values stood for when they were read before: records repeat each other, and a value whose bytes are those of a
 * known one is that value, wherever it stands. Only whole JSON strings, arrays and objects may be kept, or members from one such
 * value to another, which end where their bytes say, so that a value is known without looking for its end.
 *
 * <p>Bounded: two slots hold the last two values that fell on them, and all together hold no more bytes than {@value #BYTES_A_SLOT}
 * a slot come to, so whoever varies bytes makes it useless, never large and never wrong. Belongs to one thread.
 *
 * @param <T> what a value stands for: immutable, and told by the value's bytes alone
 */
public final class KnownValues<T> {
    /** Longer values are not kept. */
    private static final int MAX_LENGTH = 1 << 11;

    private static final int BYTES_A_SLOT = 512;
    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final long MIX_TOO = 0xc2b2ae3d27d4eb4fL;

    /** A value. */
    static final class Known<T> {
        final byte[] text;
        final T value;

        Known(byte[] text, T value) {
            this.text = text;
            this.value = value;
        }
    }

    private final @Nullable Known<T>[] slots;
    private final long maxBytes;
    private long bytes;

    /**
     * @param slots how many are kept at most, a power of two
     */
    @SuppressWarnings({"unchecked", "rawtypes"})
    public KnownValues(int slots) {
        this.slots = new Known[slots];
        this.maxBytes = (long) slots * BYTES_A_SLOT;
    }

    /** The value that starts at {@code at}, null if it is not known. */
    @Nullable
    Known<T> find(byte[] input, int at, int end) {
        int slot = slot(input, at, end);
        Known<T> known = slots[slot];
        if (stands(known, input, at, end)) {
            return known;
        }
        known = slots[slot + 1];
        return stands(known, input, at, end) ? known : null;
    }

    private static boolean stands(@Nullable Known<?> known, byte[] input, int at, int end) {
        return known != null && known.text.length <= end - at && Words.equal(input, at, known.text, known.text.length);
    }

    /** Keeps the value between {@code from} and {@code to}. */
    void keep(byte[] input, int from, int to, T value) {
        if (to - from > MAX_LENGTH) {
            return;
        }
        int slot = slot(input, from, to);
        Known<T> oldest = slots[slot + 1];
        byte[] text = Arrays.copyOfRange(input, from, to);
        bytes += text.length;
        bytes -= oldest == null ? 0 : oldest.text.length;
        if (bytes > maxBytes) {
            Arrays.fill(slots, null);
            bytes = text.length;
        }
        slots[slot + 1] = slots[slot];
        slots[slot] = new Known<>(text, value);
    }

    /** How many bytes of values are kept. */
    long bytes() {
        return bytes;
    }

    /**
     * The first of two slots. Told by the bytes up to the first quote or bracket that may be the value's last. That of an empty object
     * is passed over: what tells values apart stands behind it.
     */
    private int slot(byte[] input, int at, int end) {
        long last = input[at] == '"' ? '"' : input[at] + 2;
        long close = Words.ONES * last;
        long even = MIX;
        long odd = MIX_TOO;
        int i = at + 1;
        int to = Math.min(end, at + MAX_LENGTH);
        while (i < to) {
            boolean whole = i <= to - 2 * Long.BYTES;
            long first = whole ? Words.at(input, i) : Words.upTo(input, i, to);
            long second = whole ? Words.at(input, i + Long.BYTES) : Words.upTo(input, i + Long.BYTES, to);
            long closes = Words.zeros(first ^ close);
            if (closes == 0) {
                even = (even ^ first) * MIX;
                even ^= even >>> 29;
                closes = Words.zeros(second ^ close);
                if (closes == 0) {
                    odd = (odd ^ second) * MIX_TOO;
                    odd ^= odd >>> 32;
                    i += 2 * Long.BYTES;
                    continue;
                }
                first = second;
                i += Long.BYTES;
            }
            int bits = Long.numberOfTrailingZeros(closes) & ~7;
            odd = (odd ^ (bits == 0 ? 0 : first << (Long.SIZE - bits))) * MIX_TOO;
            odd ^= odd >>> 32;
            i += bits >>> 3;
            if (input[i] != '}' || input[i - 1] != '{') {
                break;
            }
            i++;
        }
        long hash = (even ^ Long.rotateLeft(odd, 31)) * MIX;
        return (int) (hash >>> 40) & (slots.length - 2);
    }
}
