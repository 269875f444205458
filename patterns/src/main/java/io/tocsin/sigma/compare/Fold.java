package io.tocsin.sigma.compare;

/**
 * Texts without regard to case: both sides in lower case, character by character, so that no position ever moves and no locale
 * has a say.
 */
public final class Fold {
    private Fold() {}

    /** A text in lower case, as long as before. */
    public static String fold(String text) {
        char[] chars = text.toCharArray();
        for (int i = 0; i < chars.length; i++) {
            chars[i] = Character.toLowerCase(chars[i]);
        }
        return new String(chars);
    }

    /**
     * Whether a text stands in a value at a position; false where it would reach beyond.
     *
     * @param text folded unless {@code cased}
     */
    public static boolean isAt(String value, int start, String text, boolean cased) {
        if (cased) {
            return value.startsWith(text, start);
        }
        int length = text.length();
        if (start < 0 || start > value.length() - length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            char c = value.charAt(start + i);
            if (c != text.charAt(i) && Character.toLowerCase(c) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** Where a text stands first in a value, from a position on; -1 if nowhere. */
    static int indexOf(String value, int from, String text, boolean cased) {
        if (cased) {
            return value.indexOf(text, from);
        }
        for (int i = from; i <= value.length() - text.length(); i++) {
            if (isAt(value, i, text, false)) {
                return i;
            }
        }
        return -1;
    }
}
