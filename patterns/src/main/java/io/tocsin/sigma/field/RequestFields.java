package io.tocsin.sigma.field;

import io.tocsin.enrich.ExploitAttempt;
import io.tocsin.enrich.Percent;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Field.Varies;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What HTTP requests are: those of access logs and flows, and the path and query of all that have a URI. */
final class RequestFields {
    private static final int ROUNDS = 3;
    private static final Set<Source> WEB = Set.of(Source.ACCESS_LOG, Source.HUBBLE);
    private static final Set<Source> URIS =
            Set.of(Source.KUBERNETES_AUDIT, Source.ACCESS_LOG, Source.HUBBLE, Source.FALCO);

    private RequestFields() {}

    static void define(FieldTable fields) {
        fields.field("request.path", URIS, "The path of the URI, as received, without the query")
                .also("url.path", "http_request.url.path", "cs-uri-stem", "c-uri-stem")
                .is(event -> path(event.uri()));
        fields.field("request.query", URIS, "The query of the URI, as received, without the question mark")
                .also("url.query", "http_request.url.query_string", "cs-uri-query", "c-uri-query")
                .varies(Varies.WITH_QUERY)
                .is(event -> query(event.uri()));
        fields.field("requestURI", Set.of(Source.ACCESS_LOG, Source.HUBBLE, Source.FALCO), "Path and query as received")
                .also("cs-uri", "c-uri", "url", "url.original", "http_request.url.url_string", "request_uri")
                .is(SecurityEvent::uri);
        fields.field("http.method", WEB, "The HTTP method")
                .also("cs-method", "http.request.method", "http_request.http_method", "request_method", "verb")
                .is(event -> event.verb() == null ? null : event.verb().toUpperCase(Locale.ROOT));
        fields.field("http.status", WEB, "The HTTP status of the answer")
                .also("sc-status", "http.response.status_code", "http_response.code", "status", "response")
                .is(event -> event.code() == 0 ? null : Integer.toString(event.code()));
        fields.field(
                        "client.user_agent",
                        Set.of(Source.ACCESS_LOG, Source.HUBBLE, Source.CLOUDTRAIL, Source.FALCO),
                        "The client's name for itself, which it chooses")
                .also(
                        "cs-user-agent",
                        "c-useragent",
                        "user_agent.original",
                        "http_request.user_agent",
                        "userAgent",
                        "http_user_agent")
                .is(SecurityEvent::userAgent);
        fields.field(
                        "url.decoded",
                        WEB,
                        "Path and query in lower case, percent escapes resolved until nothing changes, at most 3 times")
                .is(event -> decoded(event.uri()));
        fields.field("attack.kind", WEB, "What kinds of attack on the program behind it the request holds the marks of")
                .values(ExploitAttempt.KINDS)
                .are(event -> ExploitAttempt.kinds(event.uri(), event.userAgent()));
    }

    private static @Nullable String path(@Nullable String uri) {
        int query = uri == null ? -1 : uri.indexOf('?');
        return uri == null || query < 0 ? uri : uri.substring(0, query);
    }

    private static @Nullable String query(@Nullable String uri) {
        int query = uri == null ? -1 : uri.indexOf('?');
        return uri == null || query < 0 ? null : uri.substring(query + 1);
    }

    static @Nullable String decoded(@Nullable String uri) {
        if (uri == null) {
            return null;
        }
        String text = uri;
        for (int i = 0; i < ROUNDS; i++) {
            String next = i == 0 ? Percent.query(text) : Percent.decode(text);
            if (next.equals(text)) {
                break;
            }
            text = next;
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
