package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of members and what they stand for, found by the bytes of a name without making a string of it. The names are ours, never
 * those of a record.
 */
public final class NamesByBytes<T> {
    private static final long MIX = 0x9e3779b97f4a7c15L;
    private static final long MIX_TOO = 0xc2b2ae3d27d4eb4fL;

    private final byte[] @Nullable [] names;
    private final @Nullable T[] values;

    @SuppressWarnings({"unchecked", "rawtypes"})
    public NamesByBytes(Map<String, T> all) {
        // A quarter full at most, so that a name that is none of them is found to be none at once.
        int slots = Math.max(4, Integer.highestOneBit(all.size()) * 8);
        names = new byte[slots][];
        values = (T[]) new Object[slots];
        all.forEach((name, value) -> {
            byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            int slot = slot(bytes, 0, bytes.length);
            while (names[slot] != null) {
                slot = (slot + 1) & (slots - 1);
            }
            names[slot] = bytes;
            values[slot] = value;
        });
    }

    /** What the name between {@code from} and {@code to} stands for, null if it is none of these. */
    @Nullable
    T get(byte[] bytes, int from, int to) {
        int length = to - from;
        int slot = slot(bytes, from, length);
        for (byte[] name = names[slot]; name != null; name = names[slot]) {
            if (name.length == length && Words.equal(bytes, from, name, length)) {
                return values[slot];
            }
            slot = (slot + 1) & (names.length - 1);
        }
        return null;
    }

    /** Told by length, start and end. */
    private int slot(byte[] bytes, int from, int length) {
        int to = from + length;
        long hash = (length ^ Words.upTo(bytes, from, to)) * MIX;
        hash = (hash ^ hash >>> 32 ^ Words.upTo(bytes, Math.max(from, to - Long.BYTES), to)) * MIX_TOO;
        return (int) (hash >>> 40) & (names.length - 1);
    }
}
