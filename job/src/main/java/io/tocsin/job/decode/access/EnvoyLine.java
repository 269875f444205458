package io.tocsin.job.decode.access;

import io.tocsin.job.decode.BadRecord;
import java.util.ArrayList;
import java.util.List;

/**
 * What stands behind the time in Envoy's lines. Envoy escapes nothing: a header value with quotes in it looks like several fields.
 * So the headers are counted, what stands behind them is read from the end, and where the count is wrong nothing of them is
 * believed that a client could have moved.
 */
final class EnvoyLine {
    private static final String BETWEEN = "\" \"";
    /** X-Forwarded-For, user agent, request id, authority, upstream host. */
    private static final int QUOTED = 5;
    /** Upstream cluster, upstream local, downstream local, downstream remote. */
    private static final int REMOTE = 3;

    private static final int SERVER_NAME = 4;

    private EnvoyLine() {}

    static void read(String text, AccessRecord told) throws BadRecord {
        int close = UnescapedRequest.end(text);
        String request = text.substring(Math.min(1, text.length()), close < 0 ? text.length() : close);
        if (close < 0 && request.contains("\" ")) {
            throw new BadRecord("response code must follow the request");
        }
        told.request(request, close < 0);
        if (close < 0) {
            return;
        }
        FieldLexer fields = new FieldLexer(text.substring(close + 1), false);
        String code = fields.word();
        if (code.isEmpty() || (fields.atEnd() && told.truncated)) {
            told.truncated = true;
            return;
        }
        told.code = AccessEvents.code("response code", code);
        if (request.startsWith("- - ") && told.request.method() == null && told.code == 0) {
            told.protocol = "tcp";
        }
        int headers = response(fields, told);
        if (headers >= 0) {
            headers(text.substring(close + 1 + headers), told);
        }
        if (told.truncated && told.direct == null) {
            // Who connected may be what was cut off.
            told.forwarded = null;
        }
    }

    /**
     * Reads flags and details up to the four numbers that both formats have (bytes received and sent, duration, upstream's time).
     *
     * @return where the headers start, -1 if they don't
     */
    private static int response(FieldLexer fields, AccessRecord told) {
        String flags = fields.word();
        List<String> words = new ArrayList<>();
        int numbers = 0;
        while (!fields.atEnd()) {
            if (!fields.on('"')) {
                String word = fields.word();
                words.add(word);
                numbers = isNumber(word) || (numbers >= REMOTE && word.equals("-")) ? numbers + 1 : 0;
            } else if (numbers >= 4) {
                break;
            } else {
                fields.quoted();
                numbers = 0;
            }
        }
        boolean detailed = words.size() > 4;
        String details = detailed ? words.get(0) : null;
        String termination = detailed ? words.get(1) : null;
        told.reason = EnvoyResponse.reason(flags, details, words.size() > 5 ? termination : null);
        told.refused = EnvoyResponse.refused(told.code, details, termination);
        return fields.atEnd() ? -1 : fields.position();
    }

    private static void headers(String text, AccessRecord told) {
        int last = text.lastIndexOf('"');
        boolean open = last == 0 || (last < text.length() - 1 && text.startsWith(BETWEEN, last - 2));
        if (open) {
            told.truncated = true;
            return;
        }
        List<String> quoted = split(text.substring(1, last));
        int count = quoted.size();
        if (count == QUOTED) {
            told.forwarded = quoted.get(0);
            told.userAgent = quoted.get(1);
            told.host = quoted.get(3);
            told.upstream = quoted.get(4);
        } else if (count > QUOTED) {
            // Some header held quotes. A client's authority and request id are checked by Envoy, the upstream is its
            // own.
            told.reason = CommonLogTail.AMBIGUOUS;
            told.userAgent = String.join(BETWEEN, quoted.subList(1, count - 3));
            told.host = quoted.get(count - 2);
            told.upstream = quoted.get(count - 1);
        } else {
            return;
        }
        istio(text.substring(last + 1).trim(), told);
    }

    private static void istio(String text, AccessRecord told) {
        String[] words = text.split(" ", 7);
        if (words.length <= REMOTE || (told.truncated && words.length == REMOTE + 1)) {
            return;
        }
        told.workload = EnvoyCluster.service(words[0]);
        told.direct = words[REMOTE];
        if ("-".equals(told.host) && words.length > SERVER_NAME) {
            told.host = words[SERVER_NAME];
        }
    }

    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int from = 0;
        for (int i = text.indexOf(BETWEEN); i >= 0; i = text.indexOf(BETWEEN, from)) {
            parts.add(text.substring(from, i));
            from = i + BETWEEN.length();
        }
        parts.add(text.substring(from));
        return parts;
    }

    private static boolean isNumber(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (!isDigit(word.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
