package io.tocsin.job.redaction;

/** The values of Kubernetes Secrets in JSON that no parser reads: all between the braces behind {@code "data":}. */
final class BrokenJson {
    private static final String DATA = "ata";

    private BrokenJson() {}

    static void find(String text, Edits edits) {
        if (!mentionsSecret(text)) {
            return;
        }
        TextScanner scan = new TextScanner(text);
        for (int at = text.indexOf(DATA); at >= 0; at = text.indexOf(DATA, at)) {
            at += DATA.length();
            int quote = scan.skipQuote(at);
            int colon = scan.skipSpaces(quote);
            if (quote == at || !text.startsWith(":", colon)) {
                continue;
            }
            int open = colon + 1;
            while (open < text.length() && (text.charAt(open) <= ' ' || text.charAt(open) == '\\')) {
                open++;
            }
            if (open < text.length() && text.charAt(open) == '{') {
                int close = close(text, open);
                edits.redact(open + 1, close);
                at = close;
            }
        }
    }

    private static int close(String text, int open) {
        int depth = 0;
        for (int i = open; i < text.length(); i++) {
            char c = text.charAt(i);
            depth += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (depth == 0) {
                return i;
            }
        }
        return text.length();
    }

    static boolean mentionsSecret(String text) {
        for (int i = text.indexOf("ecret"); i > 0; i = text.indexOf("ecret", i + 1)) {
            char c = text.charAt(i - 1);
            if (c == 's' || c == 'S') {
                return true;
            }
        }
        return false;
    }
}
