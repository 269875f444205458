package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Users, verbs, resources and agents come again and again: each is kept once, and a known one costs no allocation. Bounded: a
 * slot holds the last string that fell on it, so whoever floods it with new names only makes it useless, never large.
 */
public final class RecurringStrings {
    private static final int LIST_SLOTS = 1 << 10;
    /** Longer strings are not kept. */
    private static final int MAX_LENGTH = 256;

    private static final long MIX = 0x9e3779b97f4a7c15L;

    private final @Nullable String[] strings;
    /** What was read as bytes, as bytes and as the string it is. */
    private final byte[] @Nullable [] plainBytes;

    private final String[] plain;

    @SuppressWarnings({"unchecked", "rawtypes"})
    private final @Nullable List<String>[] lists = new List[LIST_SLOTS];

    /**
     * @param slots how many are kept, a power of two
     */
    public RecurringStrings(int slots) {
        strings = new String[slots];
        plainBytes = new byte[slots][];
        plain = new String[slots];
    }

    public String of(char[] text, int offset, int length) {
        if (length > MAX_LENGTH) {
            return new String(text, offset, length);
        }
        int hash = 0;
        for (int i = offset; i < offset + length; i++) {
            hash = 31 * hash + text[i];
        }
        int slot = slot(hash, strings.length);
        String known = strings[slot];
        if (known != null && equal(known, text, offset, length)) {
            return known;
        }
        String fresh = new String(text, offset, length);
        strings[slot] = fresh;
        return fresh;
    }

    /** A string of ASCII characters. */
    public String of(byte[] text, int offset, int length) {
        if (length > MAX_LENGTH) {
            return new String(text, offset, length, StandardCharsets.ISO_8859_1);
        }
        int slot = slot(hash(text, offset, length), strings.length);
        byte[] known = plainBytes[slot];
        if (known != null && known.length == length && Words.equal(text, offset, known, length)) {
            return plain[slot];
        }
        // Through the other table, so that a string read either way is one.
        String fresh = of(new String(text, offset, length, StandardCharsets.ISO_8859_1));
        plainBytes[slot] = Arrays.copyOfRange(text, offset, offset + length);
        plain[slot] = fresh;
        return fresh;
    }

    /** Eight bytes a step; the last step overlaps the one before. */
    private static int hash(byte[] text, int offset, int length) {
        long hash = length;
        if (length < Long.BYTES) {
            for (int i = offset; i < offset + length; i++) {
                hash = hash << 8 | text[i];
            }
            hash *= MIX;
        } else {
            int last = offset + length - Long.BYTES;
            for (int i = offset; i < last; i += Long.BYTES) {
                hash = (hash ^ Words.at(text, i)) * MIX;
                hash ^= hash >>> 29;
            }
            hash = (hash ^ Words.at(text, last)) * MIX;
        }
        return (int) (hash >>> 32);
    }

    public String of(String text) {
        if (text.length() > MAX_LENGTH) {
            return text;
        }
        int slot = slot(text.hashCode(), strings.length);
        String known = strings[slot];
        if (text.equals(known)) {
            return known;
        }
        strings[slot] = text;
        return text;
    }

    /** An immutable list of these strings. */
    public List<String> of(List<String> texts) {
        if (texts.isEmpty()) {
            return List.of();
        }
        int slot = slot(texts.hashCode(), LIST_SLOTS);
        List<String> known = lists[slot];
        if (known != null && known.equals(texts)) {
            return known;
        }
        List<String> fresh = List.copyOf(texts);
        if (fresh.size() <= 16) {
            lists[slot] = fresh;
        }
        return fresh;
    }

    private static int slot(int hash, int slots) {
        return (hash ^ (hash >>> 13) ^ (hash >>> 22)) & (slots - 1);
    }

    private static boolean equal(String known, char[] text, int offset, int length) {
        if (known.length() != length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (known.charAt(i) != text[offset + i]) {
                return false;
            }
        }
        return true;
    }
}
