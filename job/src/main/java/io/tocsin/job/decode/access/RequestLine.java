package io.tocsin.job.decode.access;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an HTTP request, whatever a client sent there.
 *
 * @param method in lower case
 * @param target path and query as received
 * @param protocol {@code http/1.1}; null where none was named, as in HTTP/0.9
 * @param malformed whether the client sent something that is no request
 */
record RequestLine(@Nullable String method, @Nullable String target, @Nullable String protocol, boolean malformed) {
    static final RequestLine NONE = new RequestLine(null, null, null, false);
    private static final RequestLine MALFORMED = new RequestLine(null, null, null, true);

    /** The longest method that is registered has 17 characters. */
    private static final int LONGEST_METHOD = 32;

    private static final int LONGEST_PROTOCOL = 8;
    private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

    /** Takes apart what stood between the quotes; a target may hold spaces, since some servers take that. */
    static RequestLine of(String request) {
        if (request.isBlank() || request.equals("-") || request.equals("- - -")) {
            return NONE;
        }
        int first = request.indexOf(' ');
        if (first <= 0) {
            return MALFORMED;
        }
        int last = request.lastIndexOf(' ');
        String protocol = protocol(request.substring(last + 1));
        boolean named = last > first && (protocol != null || request.endsWith(" -"));
        String target = request.substring(first + 1, named ? last : request.length());
        String method = request.substring(0, first);
        if (method.equals("-") && target.equals("-")) {
            return new RequestLine(null, null, protocol, false);
        }
        String verb = method(method);
        if (verb == null || !(named || isTarget(target))) {
            return MALFORMED;
        }
        return new RequestLine(verb, target, named ? protocol : null, false);
    }

    /** A method in lower case, null if the text is none. */
    static @Nullable String method(String text) {
        if (text.isEmpty() || text.length() > LONGEST_METHOD) {
            return null;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && TOKEN_MARKS.indexOf(c) < 0) {
                return null;
            }
        }
        return text.toLowerCase(Locale.ROOT);
    }

    /** A protocol in lower case such as {@code http/2}, null if the text is none. */
    static @Nullable String protocol(@Nullable String text) {
        if (text == null || text.length() > LONGEST_PROTOCOL || !text.regionMatches(true, 0, "HTTP/", 0, 5)) {
            return null;
        }
        for (int i = 5; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < '0' || c > '9') && c != '.') {
                return null;
            }
        }
        return text.length() == 5 ? null : text.toLowerCase(Locale.ROOT);
    }

    /** Without a protocol behind it, only this tells a target from words. */
    private static boolean isTarget(String text) {
        return text.startsWith("/") || text.contains("://");
    }
}
