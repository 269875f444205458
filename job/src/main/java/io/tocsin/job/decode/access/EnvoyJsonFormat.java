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

/** Envoy's JSON with the names that Istio, Envoy Gateway and Contour give its fields. */
public final class EnvoyJsonFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new EnvoyJsonFormat(options, values);
        }
    }

    private static final String[] TIME = {"start_time", "@timestamp"};
    private static final byte[][] TIME_NAMES = ObjectOutline.names(TIME);
    private static final String[] PATH = {
        "x-envoy-origin-path", "x_envoy_origin_path", "x-envoy-original-path", "x_envoy_original_path", "path"
    };
    private static final String[] AUTHORITY = {":authority", "authority", "requested_server_name"};
    private static final String[] AGENT = {"user-agent", "user_agent"};
    private static final String[] FORWARDED = {"x-forwarded-for", "x_forwarded_for"};

    private final AccessEvents events;
    private final AccessRecord told = new AccessRecord();

    EnvoyJsonFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "start_time",
                "@timestamp",
                "method",
                "x-envoy-origin-path",
                "x_envoy_origin_path",
                "x-envoy-original-path",
                "x_envoy_original_path",
                "path",
                "protocol",
                ":authority",
                "authority",
                "requested_server_name",
                "response_code",
                "response_flags",
                "response_code_details",
                "connection_termination_details",
                "user-agent",
                "user_agent",
                "downstream_remote_address",
                "x-forwarded-for",
                "x_forwarded_for",
                "upstream_host",
                "upstream_cluster");
        this.events = new AccessEvents(options, values);
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "Envoy's JSON as Istio, Envoy Gateway and Contour configure it",
                "response_flags, downstream_remote_address and their like",
                "fields that the configuration gives other names");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("response_flags", "response_code"),
                Set.of("response_flags", "downstream_remote_address"),
                Set.of("response_flags", "start_time"),
                Set.of("downstream_remote_address", "start_time"),
                Set.of("downstream_remote_address", "response_code"),
                Set.of("downstream_remote_address", "duration"),
                Set.of("x-envoy-origin-path", "response_code"));
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
        String method = JsonFields.text(object, "method");
        told.request(method, JsonFields.text(object, PATH));
        told.code = JsonFields.code(object, "response_code");
        String protocol = JsonFields.text(object, "protocol");
        told.protocol = method == null && told.code == 0 && !told.truncated ? "tcp" : RequestLine.protocol(protocol);
        told.host = JsonFields.text(object, AUTHORITY);
        told.userAgent = JsonFields.text(object, AGENT);
        told.direct = JsonFields.text(object, "downstream_remote_address");
        String forwarded = JsonFields.text(object, FORWARDED);
        // Who connected may be what was cut off.
        told.forwarded = told.truncated && told.direct == null ? null : forwarded;
        told.upstream = JsonFields.text(object, "upstream_host");
        told.workload = EnvoyCluster.service(JsonFields.text(object, "upstream_cluster"));
        String details = JsonFields.text(object, "response_code_details");
        String termination = JsonFields.text(object, "connection_termination_details");
        told.reason = EnvoyResponse.reason(JsonFields.text(object, "response_flags"), details, termination);
        told.refused = EnvoyResponse.refused(told.code, details, termination);
        told.requireClient();
        events.hand(told, record, document);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return JsonFields.toldTime(times.outline(), TIME_NAMES);
    }
}
