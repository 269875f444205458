package io.tocsin.job.decode.host;

import org.jspecify.annotations.Nullable;

/**
 * An address, with or without {@code " port N"}, at the end of some text: where sshd writes it, behind a name that whoever knocked
 * chose.
 *
 * @param start where the address starts
 * @param address the word that stands for an address
 * @param port whether a port follows
 */
record Endpoint(int start, String address, boolean port) {
    private static final String PORT = " port ";

    /** The endpoint that ends at {@code end}; null if there is no word. */
    static @Nullable Endpoint before(String text, int end) {
        int digits = end;
        while (digits > 0 && isDigit(text.charAt(digits - 1))) {
            digits--;
        }
        boolean port = digits < end && digits >= PORT.length() && text.startsWith(PORT, digits - PORT.length());
        int to = port ? digits - PORT.length() : end;
        int start = text.lastIndexOf(' ', to - 1) + 1;
        return to <= start ? null : new Endpoint(start, text.substring(start, to), port);
    }

    /**
     * The end of {@code <address> port <number>} that starts at {@code start}; -1 if that is none.
     */
    static int endAfter(String text, int start) {
        int space = text.indexOf(' ', start);
        if (space <= start || !text.startsWith(PORT, space)) {
            return -1;
        }
        int digits = space + PORT.length();
        int end = digits;
        while (end < text.length() && isDigit(text.charAt(end))) {
            end++;
        }
        return end == digits ? -1 : end;
    }

    static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
