package io.tocsin.job.decode.access;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** JSON that nginx or ingress-nginx was told to write, with nginx's own names of its variables or those of its documentation. */
public final class NginxJsonFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new NginxJsonFormat(options, values);
        }
    }

    private static final String[] TIME = {
        "time_iso8601", "msec", "time_epoch", "time", "@timestamp", "timestamp", "time_local"
    };
    private static final byte[][] TIME_NAMES = ObjectOutline.names(TIME);
    private static final String[] METHOD = {"request_method", "method"};
    private static final String[] PATH = {"path", "uri", "request_path"};
    private static final String[] QUERY = {"request_query", "args", "query_string"};
    private static final String[] PROTOCOL = {"server_protocol", "request_proto", "protocol"};
    private static final String[] HOST = {"http_host", "vhost", "server_name"};
    private static final String[] AGENT = {"http_user_agent", "user_agent"};
    /** {@code $proxy_add_x_forwarded_for}: the header, and behind it who connected. */
    private static final String[] EXTENDED = {
        "proxy_add_x_forwarded_for", "x_forwarded_for", "x_forward_for", "x-forward-for"
    };
    /** {@code $http_x_forwarded_for}: the header as it came. */
    private static final String[] HEADER = {"http_x_forwarded_for", "x-forwarded-for"};

    private final AccessEvents events;
    private final AccessRecord told = new AccessRecord();

    NginxJsonFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "time_iso8601",
                "msec",
                "time_epoch",
                "time",
                "@timestamp",
                "timestamp",
                "time_local",
                "remote_addr",
                "remote_user",
                "request",
                "request_uri",
                "request_method",
                "method",
                "path",
                "uri",
                "request_path",
                "request_query",
                "args",
                "query_string",
                "server_protocol",
                "request_proto",
                "protocol",
                "status",
                "http_host",
                "host",
                "vhost",
                "server_name",
                "http_user_agent",
                "user_agent",
                "proxy_add_x_forwarded_for",
                "x_forwarded_for",
                "x_forward_for",
                "x-forward-for",
                "http_x_forwarded_for",
                "x-forwarded-for",
                "upstream_addr",
                "upstream_status",
                "proxy_upstream_name",
                "namespace",
                "service_name");
        this.events = new AccessEvents(options, values);
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "JSON of nginx and ingress-nginx with the names of nginx's variables",
                "remote_addr with another variable, such as http_user_agent or request_time",
                "lines written without escape=json or with a bare - for a number, which are no JSON then");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("remote_addr", "http_user_agent"),
                Set.of("remote_addr", "body_bytes_sent"),
                Set.of("remote_addr", "request_time"),
                Set.of("remote_addr", "request_length"),
                Set.of("remote_addr", "request_method"),
                Set.of("remote_addr", "server_protocol"),
                Set.of("remote_addr", "time_local"),
                Set.of("remote_addr", "time_iso8601"),
                Set.of("remote_addr", "upstream_addr"));
    }

    @Override
    public boolean fromAnyContainer() {
        return true;
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        told.clear();
        told.truncated = object.truncated();
        told.time = JsonFields.time(object, TIME);
        String extended = JsonFields.text(object, EXTENDED);
        String header = JsonFields.text(object, HEADER);
        told.direct = JsonFields.text(object, "remote_addr");
        // Without remote_addr, as in the documentation's example, only what nginx extended tells who connected.
        told.forwarded = extended != null || told.direct == null ? extended : header;
        told.user = JsonFields.text(object, "remote_user");
        request(object);
        // Collectors put an object of their own here.
        String host = object.isText("host") ? JsonFields.text(object, "host") : null;
        told.host = host == null ? JsonFields.text(object, HOST) : host;
        told.code = JsonFields.code(object, "status");
        told.userAgent = JsonFields.text(object, AGENT);
        told.upstream = JsonFields.text(object, "upstream_addr");
        told.reason = AccessEvents.upstreamReason(JsonFields.scalar(object, "upstream_status"), told.code);
        told.workload = workload(object);
        told.requireClient();
        events.hand(told, record, document);
    }

    private void request(Projection object) throws BadRecord {
        String line = JsonFields.text(object, "request");
        String method = JsonFields.text(object, METHOD);
        String uri = uri(object);
        String protocol = JsonFields.text(object, PROTOCOL);
        if (line != null && (method == null || uri == null)) {
            told.request(line, false);
        } else {
            told.request(method, uri);
        }
        told.protocol = protocol == null ? told.protocol : RequestLine.protocol(protocol);
    }

    private static @Nullable String uri(Projection object) throws BadRecord {
        String uri = JsonFields.text(object, "request_uri");
        String path = JsonFields.text(object, PATH);
        String query = JsonFields.text(object, QUERY);
        String target = uri == null ? path : uri;
        return target == null || query == null || target.indexOf('?') >= 0 ? target : target + "?" + query;
    }

    private static @Nullable String workload(Projection object) throws BadRecord {
        String upstream = JsonFields.text(object, "proxy_upstream_name");
        String namespace = JsonFields.text(object, "namespace");
        String service = JsonFields.text(object, "service_name");
        if (service != null && namespace != null) {
            return "Service/" + namespace + "/" + service;
        }
        return upstream == null ? null : "Service/" + upstream;
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return JsonFields.toldTime(times.outline(), TIME_NAMES);
    }
}
