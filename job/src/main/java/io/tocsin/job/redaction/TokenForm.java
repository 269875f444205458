package io.tocsin.job.redaction;

import java.util.List;

/**
 * A token that says by its first characters what it is.
 *
 * @param start its first characters
 * @param length how many more it has at least
 */
record TokenForm(String start, int length) {
    private static final int PEM_LINE = 64;
    private static final List<TokenForm> ALL = List.of(
            new TokenForm("ghp_", 20),
            new TokenForm("gho_", 20),
            new TokenForm("ghu_", 20),
            new TokenForm("ghs_", 20),
            new TokenForm("ghr_", 20),
            new TokenForm("github_pat_", 20),
            new TokenForm("glpat-", 16),
            new TokenForm("xoxb-", 16),
            new TokenForm("xoxp-", 16),
            new TokenForm("xoxa-", 16),
            new TokenForm("xoxr-", 16),
            new TokenForm("xoxs-", 16),
            new TokenForm("xapp-", 16),
            new TokenForm("AIza", 30),
            new TokenForm("ya29.", 16),
            new TokenForm("GOCSPX-", 16),
            new TokenForm("IQoJb3JpZ2lu", 16),
            new TokenForm("FwoGZXIvYXdz", 16),
            new TokenForm("FQoGZXIvYXdz", 16),
            new TokenForm("hvs.", 16),
            new TokenForm("hvb.", 16),
            new TokenForm("npm_", 30),
            new TokenForm("pypi-AgE", 16),
            new TokenForm("sk_live_", 16),
            new TokenForm("rk_live_", 16),
            new TokenForm("sk-", 40),
            new TokenForm("SG.", 40),
            new TokenForm("dop_v1_", 32),
            new TokenForm("dckr_pat_", 16),
            new TokenForm("AGE-SECRET-KEY-1", 16));

    /** Where a token ends that starts here; the same place if none does. */
    static int end(String text, int at) {
        char first = text.charAt(at);
        if (at > 0 && isLetter(text.charAt(at - 1))) {
            return at;
        }
        if ("gxAyGIFhnpsrSd".indexOf(first) >= 0) {
            for (TokenForm form : ALL) {
                if (form.start.charAt(0) == first && text.startsWith(form.start, at)) {
                    return form.endAt(text, at);
                }
            }
        }
        boolean startsWord = at == 0 || text.charAt(at - 1) == ' ' || text.charAt(at - 1) == '\n';
        return startsWord ? lineOfKey(text, at) : at;
    }

    private int endAt(String text, int at) {
        int end = at + start.length();
        while (end < text.length() && TextScanner.isBearerCharacter(text.charAt(end))) {
            end++;
        }
        return end - at - start.length() >= length ? end : at;
    }

    /** A line from the middle of a key whose other lines are other records: base64 of the length that keys are broken at. */
    private static int lineOfKey(String text, int at) {
        int end = at + PEM_LINE;
        if (end > text.length() || (end < text.length() && text.charAt(end) > ' ')) {
            return at;
        }
        boolean upper = false;
        boolean lower = false;
        boolean digit = false;
        for (int i = at; i < end; i++) {
            char c = text.charAt(i);
            if (!isLetter(c) && c != '+' && c != '/') {
                return at;
            }
            upper |= c >= 'G' && c <= 'Z';
            lower |= c >= 'g' && c <= 'z';
            digit |= c >= '0' && c <= '9';
        }
        return upper && lower && digit ? end : at;
    }

    private static boolean isLetter(char c) {
        return TextScanner.isTokenCharacter(c) && c != '-' && c != '_';
    }
}
