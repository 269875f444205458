package io.tocsin.job.decode;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The names of an object's members that are read, each with a number, and the order in which such objects have them: programs write
 * members in one order, so the one that followed this one before is tried before any name is read. Belongs to one thread.
 */
public final class MemberNames {
    /** Stands for a name that is none of these. */
    public static final int OTHER = -1;
    /** Stands for no name: the object ends. */
    public static final int END = -2;

    /** So many ways to write a name are learned; who writes more makes it forget them all. */
    private static final int MAX_LEARNED = 256;

    private static final int MAX_LENGTH = 64;
    /** Where an object starts: what follows is written without a comma. */
    private static final int START = 0;

    private static final int NOWHERE = -1;

    private final Map<String, Integer> numbers = new HashMap<>();
    /** Names as they are written: with what stands between the value in front of it and its own. The first is none. */
    private final byte[][] written = new byte[MAX_LEARNED][];

    private final int[] number = new int[MAX_LEARNED];
    /** What came behind each when it was last met, and what else came. */
    private final int[] next = new int[MAX_LEARNED];

    private final int[] otherNext = new int[MAX_LEARNED];
    private int learned = 1;
    private int last = NOWHERE;

    /**
     * Numbers names from 0 on.
     *
     * @param names each with all its spellings
     */
    public MemberNames(String[]... names) {
        for (int i = 0; i < names.length; i++) {
            for (String spelling : names[i]) {
                numbers.put(spelling, i);
            }
        }
        written[START] = new byte[0];
    }

    /** The number of a name; {@link #OTHER} if it is none of these. */
    int number(String name) {
        return numbers.getOrDefault(name, OTHER);
    }

    /** Starts with another object. */
    void begin() {
        last = START;
    }

    /** Whether a name stands here as one did before; that is the {@linkplain #length last} then. */
    boolean expected(byte[] bytes, int at, int end) {
        if (last == NOWHERE) {
            return false;
        }
        int likely = next[last];
        if (!stands(likely, bytes, at, end)) {
            likely = otherNext[last];
            if (!stands(likely, bytes, at, end)) {
                return false;
            }
        }
        last = likely;
        return true;
    }

    /** How long the last name is as it is written. */
    int length() {
        return written[last].length;
    }

    /** The last name's number. */
    int number() {
        return number[last];
    }

    private boolean stands(int name, byte[] bytes, int at, int end) {
        byte[] text = written[name];
        return name != START && text.length < end - at && Words.equal(bytes, at, text, text.length);
    }

    /** Learns that a name stood here, written so. */
    void learn(byte[] bytes, int from, int to, int itsNumber) {
        int before = last;
        last = NOWHERE;
        if (to - from > MAX_LENGTH) {
            return;
        }
        int name = START + 1;
        while (name < learned && !Arrays.equals(written[name], 0, written[name].length, bytes, from, to)) {
            name++;
        }
        if (name == MAX_LEARNED) {
            Arrays.fill(next, START);
            Arrays.fill(otherNext, START);
            before = NOWHERE;
            name = START + 1;
            learned = name;
        }
        if (name == learned) {
            written[name] = Arrays.copyOfRange(bytes, from, to);
            number[name] = itsNumber;
            learned++;
        }
        if (before != NOWHERE) {
            otherNext[before] = next[before];
            next[before] = name;
        }
        last = name;
    }
}
