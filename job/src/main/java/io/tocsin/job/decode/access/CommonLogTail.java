package io.tocsin.job.decode.access;

import io.tocsin.job.decode.BadRecord;

/**
 * What stands behind the time in the lines of nginx, Apache, ingress-nginx and Traefik: the request, how it ended, and what the
 * server adds. What is added elsewhere is passed over.
 */
final class CommonLogTail {
    static final String AMBIGUOUS = "ambiguous-fields";

    private CommonLogTail() {}

    /**
     * Reads a line written by a server that escapes quotes, as nginx and Apache do.
     *
     * @param chain tells whether a field is a chain of addresses
     */
    static void escaped(String text, AccessRecord told, ForwardedChain chain) throws BadRecord {
        FieldLexer fields = new FieldLexer(text, true);
        told.request(fields.quoted(), fields.open());
        status(fields, told);
        if (fields.on('"')) {
            fields.quoted(); // the referrer
        }
        if (fields.on('"')) {
            told.userAgent = fields.quoted();
        }
        if (fields.on('"')) {
            String forwarded = fields.quoted();
            if (!fields.open() && chain.endsInAddress(forwarded)) {
                told.forwarded = forwarded;
            }
            return;
        }
        ingress(fields, told);
    }

    /** The status and the bytes sent. */
    private static void status(FieldLexer fields, AccessRecord told) throws BadRecord {
        String status = fields.word();
        if (fields.atEnd() && told.truncated) {
            // Perhaps not all of its digits.
            return;
        }
        told.truncated |= status.isEmpty();
        told.code = AccessEvents.code("status", status);
        fields.word();
    }

    /** {@code length time [upstream] [alternative] addresses lengths times statuses id}. */
    private static void ingress(FieldLexer fields, AccessRecord told) {
        fields.word();
        fields.word();
        if (!fields.on('[')) {
            return;
        }
        String service = fields.bracketed();
        if (fields.on('[')) {
            fields.bracketed();
        }
        if (fields.open() || fields.atEnd()) {
            return;
        }
        told.workload = service.isEmpty() || service.equals("-") ? null : "Service/" + service;
        told.upstream = fields.list();
        fields.list();
        fields.list();
        told.reason = AccessEvents.upstreamReason(fields.list(), told.code);
    }

    /**
     * Where Traefik's part begins, {@code count "router" "server" 5ms}, -1 if it is not there. Found from the end, where no client
     * writes: Traefik escapes nothing.
     */
    static int traefik(String text) {
        int i = text.length() - 3;
        if (!text.endsWith("ms") || i < 0 || !isDigit(text.charAt(i))) {
            return -1;
        }
        while (i >= 0 && isDigit(text.charAt(i))) {
            i--;
        }
        int server = quoteStart(text, i);
        int router = quoteStart(text, server - 1);
        if (router < 1 || text.charAt(router - 1) != ' ') {
            return -1;
        }
        i = router - 2;
        while (i >= 0 && (isDigit(text.charAt(i)) || text.charAt(i) == '-')) {
            i--;
        }
        return i < router - 2 && i > 0 && text.charAt(i) == ' ' && text.charAt(i - 1) == '"' ? i : -1;
    }

    /** Where the text in quotes starts that ends in front of the space at {@code space}, -1 if there is none. */
    private static int quoteStart(String text, int space) {
        if (space < 2 || text.charAt(space) != ' ' || text.charAt(space - 1) != '"') {
            return -1;
        }
        return text.lastIndexOf('"', space - 2);
    }

    /**
     * Reads a line of Traefik.
     *
     * @param end what {@link #traefik} found
     */
    static void ofTraefik(String text, int end, AccessRecord told) throws BadRecord {
        int close = UnescapedRequest.end(text.substring(0, end));
        if (close < 0) {
            throw new BadRecord("status must follow the request");
        }
        told.request(text.substring(1, close), false);
        FieldLexer fields = new FieldLexer(text.substring(close + 1, end), false);
        status(fields, told);
        String clients = text.substring(Math.min(end, close + 1 + fields.position()), end);
        int between = clients.indexOf("\" \"");
        if (between < 0) {
            return;
        }
        if (clients.indexOf("\" \"", between + 2) >= 0) {
            told.reason = AMBIGUOUS;
        }
        told.userAgent = clients.substring(between + 3, Math.max(between + 3, clients.length() - 1));
        int server = quoteStart(text, text.lastIndexOf(' '));
        told.upstream = text.substring(server + 1, text.lastIndexOf(' ') - 1);
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
