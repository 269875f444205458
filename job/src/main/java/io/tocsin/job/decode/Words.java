package io.tocsin.job.decode;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Bytes, eight at a time. The first byte is the lowest. */
public final class Words {
    /** A byte, times this, is eight of it. */
    public static final long ONES = 0x0101010101010101L;

    static final long HIGH_BITS = 0x8080808080808080L;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    /** From so many on, the call that compares many at a time is worth it. */
    private static final int MANY = 64;

    private Words() {}

    /** The eight bytes from {@code index} on. */
    public static long at(byte[] bytes, int index) {
        return (long) LONGS.get(bytes, index);
    }

    /** The bytes from {@code index} on, up to {@code end} and at most eight, as if zeros followed. */
    static long upTo(byte[] bytes, int index, int end) {
        int left = end - index;
        if (left <= 0) {
            return 0;
        }
        if (index <= bytes.length - Long.BYTES) {
            return left >= Long.BYTES ? at(bytes, index) : at(bytes, index) & ((1L << (left * Byte.SIZE)) - 1);
        }
        long word = 0;
        for (int i = end - 1; i >= index; i--) {
            word = (word << Byte.SIZE) | (bytes[i] & 0xff);
        }
        return word;
    }

    /**
     * The high bit of each byte that is zero. Only the lowest one set is exact: what borrows from a higher byte stands above it.
     */
    public static long zeros(long word) {
        return (word - ONES) & ~word & HIGH_BITS;
    }

    /** The high bit of each byte that is zero, and of no other. */
    public static long allZeros(long word) {
        return ~(((word & ~HIGH_BITS) + ~HIGH_BITS) | word | ~HIGH_BITS);
    }

    /** Whether the bytes from {@code from} on, of which there are enough, are the first ones of the other. */
    static boolean equal(byte[] bytes, int from, byte[] other, int length) {
        if (length >= MANY) {
            // Most that differ do so late.
            return Arrays.equals(bytes, from, from + length, other, 0, length);
        }
        if (length < Long.BYTES) {
            for (int i = 0; i < length; i++) {
                if (bytes[from + i] != other[i]) {
                    return false;
                }
            }
            return true;
        }
        int last = length - Long.BYTES;
        for (int i = 0; i < last; i += Long.BYTES) {
            if (at(bytes, from + i) != at(other, i)) {
                return false;
            }
        }
        return at(bytes, from + last) == at(other, last);
    }
}
