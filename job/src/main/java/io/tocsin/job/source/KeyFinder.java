package io.tocsin.job.source;

import io.tocsin.job.decode.Words;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Finds one key in JSON, eight bytes a step: it looks for the key's first capital letter, of which there are few. */
final class KeyFinder {
    private final byte[] key;
    private final int rare;
    private final long rares;

    /**
     * @param name the key without its quotes
     */
    KeyFinder(String name) {
        key = ('"' + name + '"').getBytes(StandardCharsets.US_ASCII);
        int capital = 1;
        while (capital < key.length && !Character.isUpperCase(key[capital])) {
            capital++;
        }
        rare = capital < key.length ? capital : 1;
        rares = key[rare] * Words.ONES;
    }

    /** The key's length, with its quotes. */
    int length() {
        return key.length;
    }

    /** Where the key first stands, -1 if it does not. */
    int first(byte[] bytes, int from, int to) {
        int last = to - key.length + rare;
        int i = from + rare;
        while (i <= last) {
            if (i <= to - Long.BYTES) {
                long found = Words.zeros(Words.at(bytes, i) ^ rares);
                if (found == 0) {
                    i += Long.BYTES;
                    continue;
                }
                i += Long.numberOfTrailingZeros(found) >>> 3;
            }
            if (i <= last && isAt(bytes, i - rare)) {
                return i - rare;
            }
            i++;
        }
        return -1;
    }

    /** Where the key last stands, -1 if it does not. */
    int last(byte[] bytes, int from, int to) {
        int first = from + rare;
        int i = to - key.length + rare;
        while (i >= first) {
            if (i - first >= Long.BYTES - 1) {
                long found = Words.allZeros(Words.at(bytes, i - Long.BYTES + 1) ^ rares);
                if (found == 0) {
                    i -= Long.BYTES;
                    continue;
                }
                i -= Long.numberOfLeadingZeros(found) >>> 3;
            }
            if (isAt(bytes, i - rare)) {
                return i - rare;
            }
            i--;
        }
        return -1;
    }

    private boolean isAt(byte[] bytes, int at) {
        return Arrays.equals(bytes, at, at + key.length, key, 0, key.length);
    }
}
