package io.tocsin.sigma.compare;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A regular expression that is a fixed number of characters, each of a set: {@code ^[0-9a-f]{8}-[0-9a-f]{4}$}. Ids are told by such
 * ones, of every event, and this costs next to nothing where the general engine costs as much as decoding.
 */
public final class FixedShape {
    private static final int LONGEST = 256;
    private static final String META = "\\.+*?()|[]{}^$";

    /** For each place, the ASCII characters that may stand there, as two sets of bits. */
    private final long[] low;

    private final long[] high;

    private FixedShape(List<long[]> places) {
        low = places.stream().mapToLong(set -> set[0]).toArray();
        high = places.stream().mapToLong(set -> set[1]).toArray();
    }

    /** The shape of an expression that is such; null of any other. */
    public static @Nullable FixedShape of(String pattern) {
        int end = pattern.length() - 1;
        if (end < 1 || pattern.charAt(0) != '^' || pattern.charAt(end) != '$') {
            return null;
        }
        List<long[]> places = new ArrayList<>();
        int at = 1;
        while (at < end) {
            long[] set = new long[2];
            char c = pattern.charAt(at++);
            if (c == '[') {
                int close = pattern.indexOf(']', at);
                if (close < 0 || close >= end || !addClass(pattern.substring(at, close), set)) {
                    return null;
                }
                at = close + 1;
            } else if (META.indexOf(c) >= 0 || !add(c, set)) {
                return null;
            }
            int times = 1;
            if (pattern.charAt(at) == '{') {
                int close = pattern.indexOf('}', at);
                times = close < 0 ? 0 : times(pattern.substring(at + 1, close));
                at = close + 1;
            }
            if (times == 0 || places.size() + times > LONGEST) {
                return null;
            }
            for (int i = 0; i < times; i++) {
                places.add(set);
            }
        }
        return new FixedShape(places);
    }

    /** Whether a value has it. */
    public boolean isOf(String value) {
        if (value.length() != low.length) {
            return false;
        }
        for (int i = 0; i < low.length; i++) {
            char c = value.charAt(i);
            long set = c < 64 ? low[i] : c < 128 ? high[i] : 0;
            if ((set >>> c & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean addClass(String members, long[] set) {
        if (members.isEmpty()) {
            return false;
        }
        for (int i = 0; i < members.length(); i++) {
            char c = members.charAt(i);
            if (META.indexOf(c) >= 0 || c == '-') {
                return false;
            }
            char last = c;
            if (i + 2 < members.length() && members.charAt(i + 1) == '-') {
                last = members.charAt(i + 2);
                i += 2;
            }
            if (META.indexOf(last) >= 0 || last == '-' || last < c) {
                return false;
            }
            for (int one = c; one <= last; one++) {
                if (!add((char) one, set)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static boolean add(char c, long[] set) {
        if (c < 128) {
            set[c >> 6] |= 1L << c;
        }
        return c < 128;
    }

    private static int times(String count) {
        int times = 0;
        for (int i = 0; i < count.length(); i++) {
            char digit = count.charAt(i);
            times = digit < '0' || digit > '9' || times > LONGEST ? LONGEST + 1 : 10 * times + digit - '0';
        }
        return times;
    }
}
