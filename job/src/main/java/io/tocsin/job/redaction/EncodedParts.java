package io.tocsin.job.redaction;

import org.jspecify.annotations.Nullable;

/** The parts of a text that stand for another: percent-encoded, base64, hexadecimal digits, JSON in a string within text. */
final class EncodedParts {
    static final int SHORTEST_BASE64 = 12;
    private static final int SHORTEST_HEX = 12;

    private final SecretSearch search;
    private final String text;
    private final TextScanner scan;
    private final int depth;
    private final Edits edits;

    EncodedParts(SecretSearch search, String text, int depth, Edits edits) {
        this.search = search;
        this.text = text;
        this.scan = new TextScanner(text);
        this.depth = depth;
        this.edits = edits;
    }

    void find() {
        addresses();
        words();
        escapedJson();
    }

    /** Words with a percent sign before two digits. */
    private void addresses() {
        int from = 0;
        boolean encoded = false;
        for (int at = 0; at <= text.length(); at++) {
            boolean ends = at == text.length() || text.charAt(at) <= ' ' || scan.isQuote(at);
            if (ends) {
                if (encoded) {
                    search.decoded(Encoding.PERCENT, text, from, at, depth, false, edits);
                }
                from = at + 1;
                encoded = false;
            } else if (text.charAt(at) == '%' && at + 2 < text.length()) {
                encoded |= Encoding.areHex(text, at + 1, 2);
            }
        }
    }

    private void words() {
        int from = 0;
        for (int at = 0; at <= text.length(); at++) {
            if (at < text.length() && isBase64(text.charAt(at))) {
                continue;
            }
            if (at - from >= SHORTEST_HEX) {
                word(from, at);
            }
            from = at + 1;
        }
    }

    private void word(int from, int end) {
        boolean assigned = from == 0 || text.charAt(from - 1) == '=';
        int digits = from;
        while (assigned && digits < end && Encoding.areHex(text, digits, 1)) {
            digits++;
        }
        boolean ends = digits == end || text.charAt(digits) == '/' || text.charAt(digits) == '+';
        if (ends && digits - from >= SHORTEST_HEX) {
            digits -= (digits - from) % 2; // a record may be cut amid a byte
            if (Encoding.HEX.decode(text, from, digits).chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                search.decoded(Encoding.HEX, text, from, digits, depth, false, edits);
            }
            return;
        }
        if (end - from < SHORTEST_BASE64) {
            return;
        }
        int to = end;
        while (to < text.length() && to - end < 2 && text.charAt(to) == '=') {
            to++;
        }
        String clean = search.packed().withoutEncoded(text.substring(from, to), depth + 1);
        if (clean != null) {
            edits.replace(from, to, clean);
        }
    }

    /** {@code {\"name\":...}} up to the quote that ends the string it stands in. */
    private void escapedJson() {
        int at = 0;
        while (at >= 0 && at < text.length()) {
            int start = text.indexOf("{\\\"", at);
            if (start < 0) {
                return;
            }
            int end = start;
            while (end < text.length() && text.charAt(end) != '"' && text.charAt(end) != '\n') {
                end += text.charAt(end) == '\\' && end + 1 < text.length() ? 2 : 1;
            }
            search.decoded(Encoding.JSON, text, start, end, depth, false, edits);
            at = end;
        }
    }

    private static boolean isBase64(char c) {
        return TextScanner.isTokenCharacter(c) || c == '+' || c == '/';
    }

    /** Whether base64 text is that of {@code user:password}. */
    static boolean isUserAndPassword(@Nullable String base64) {
        String text = base64 == null ? null : PackedSecrets.decoded(base64);
        return text != null && text.indexOf(':') > 0 && text.chars().allMatch(c -> c >= ' ' && c < 0x7f);
    }
}
