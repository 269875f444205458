package io.tocsin.job.decode.audit;

import io.tocsin.job.decode.QueryString;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a REST path of the API server is about: {@code /api/v1/namespaces/NS/RESOURCE/NAME/SUBRESOURCE}, {@code
 * /apis/GROUP/VERSION/…}, the old {@code watch} and {@code proxy} prefixes.
 *
 * @param apiGroup API group; absent for the core group
 * @param resource resource; absent for a path that is about none
 */
record RequestPath(
        @Nullable String apiGroup,
        @Nullable String resource,
        @Nullable String subresource,
        @Nullable String namespace,
        @Nullable String name) {
    private static final RequestPath NONE = new RequestPath(null, null, null, null, null);
    /** Deeper paths say no more of the object. */
    private static final int MAX_SEGMENTS = 12;

    static RequestPath of(@Nullable String uri) {
        if (uri == null) {
            return NONE;
        }
        List<String> segments = segments(uri);
        if (segments.size() < 3) {
            return NONE;
        }
        String group = null;
        int at;
        if (segments.get(0).equals("api")) {
            at = 2;
        } else if (segments.get(0).equals("apis") && segments.size() > 3) {
            group = segments.get(1);
            at = 3;
        } else {
            return NONE;
        }
        if (segments.get(at).equals("watch") || segments.get(at).equals("proxy")) {
            at++;
        }
        String namespace = null;
        if (at + 1 < segments.size() && segments.get(at).equals("namespaces")) {
            namespace = segments.get(at + 1);
            boolean ofNamespace = at + 2 >= segments.size()
                    || segments.get(at + 2).equals("status")
                    || segments.get(at + 2).equals("finalize");
            at = ofNamespace ? at : at + 2;
        }
        String resource = get(segments, at);
        return resource == null
                ? NONE
                : new RequestPath(group, resource, get(segments, at + 2), namespace, get(segments, at + 1));
    }

    private static @Nullable String get(List<String> segments, int at) {
        return at < segments.size() ? segments.get(at) : null;
    }

    private static List<String> segments(String uri) {
        int question = uri.indexOf('?');
        int end = question < 0 ? uri.length() : question;
        List<String> segments = new ArrayList<>(8);
        int at = 0;
        while (at < end && segments.size() < MAX_SEGMENTS) {
            int slash = uri.indexOf('/', at);
            int to = slash < 0 || slash > end ? end : slash;
            if (to > at) {
                segments.add(uri.indexOf('%', at) < 0 ? uri.substring(at, to) : QueryString.decode(uri, at, to));
            }
            at = to + 1;
        }
        return segments;
    }
}
