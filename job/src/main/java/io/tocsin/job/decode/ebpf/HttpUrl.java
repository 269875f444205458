package io.tocsin.job.decode.ebpf;

import io.tocsin.job.decode.JsonValues;
import org.jspecify.annotations.Nullable;

/**
 * A request's URL, taken apart as it is written: nothing is decoded, and a user before the host is dropped.
 *
 * @param host the host as the client named it, without port; null where the URL has none
 * @param target path and query; null where the URL has none
 */
record HttpUrl(@Nullable String host, @Nullable String target) {
    static final int MAX_LENGTH = 8 << 10;

    static HttpUrl of(String url) {
        int scheme = url.indexOf("://");
        if (scheme < 0 || url.charAt(0) == '/') {
            return new HttpUrl(null, JsonValues.cut(url, MAX_LENGTH));
        }
        int from = scheme + 3;
        int path = from;
        while (path < url.length() && "/?#".indexOf(url.charAt(path)) < 0) {
            path++;
        }
        String authority = url.substring(from, path);
        String host = withoutPort(authority.substring(authority.lastIndexOf('@') + 1));
        return new HttpUrl(
                host.isEmpty() ? null : JsonValues.cut(host, 253),
                path == url.length() ? null : JsonValues.cut(url.substring(path), MAX_LENGTH));
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
