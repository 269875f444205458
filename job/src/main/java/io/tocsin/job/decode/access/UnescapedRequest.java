package io.tocsin.job.decode.access;

/** Where the request ends in lines of servers that escape nothing: Envoy and Traefik. */
final class UnescapedRequest {
    private UnescapedRequest() {}

    /**
     * The position of the quote that closes the request that {@code text} starts with: the first one that a response code or a
     * dash follows, or nothing. No target holds that, since it has no spaces; -1 if the text ends before.
     */
    static int end(String text) {
        for (int i = text.indexOf('"', 1); i >= 0; i = text.indexOf('"', i + 1)) {
            int from = i + 2;
            if (from >= text.length()) {
                return i;
            }
            int to = text.charAt(from) == '-' ? from + 1 : digits(text, from);
            boolean code = to > from && (to == text.length() || text.charAt(to) == ' ');
            if (text.charAt(i + 1) == ' ' && code) {
                return i;
            }
        }
        return -1;
    }

    private static int digits(String text, int from) {
        int to = from;
        while (to < text.length() && to < from + 4 && text.charAt(to) >= '0' && text.charAt(to) <= '9') {
            to++;
        }
        return to;
    }
}
