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

/** Traefik's JSON. Its ClientHost is the X-Forwarded-For header if Traefik believes it, and ClientAddr always who connected. */
public final class TraefikJsonFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new TraefikJsonFormat(options, values);
        }
    }

    private static final String[] TIME = {"StartUTC", "StartLocal", "time"};
    private static final byte[][] TIME_NAMES = ObjectOutline.names(TIME);

    private final AccessEvents events;
    private final AccessRecord told = new AccessRecord();

    TraefikJsonFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                "ClientAddr",
                "ClientHost",
                "ClientUsername",
                "DownstreamStatus",
                "OriginStatus",
                "RequestHost",
                "RequestMethod",
                "RequestPath",
                "RequestProtocol",
                "ServiceAddr",
                "ServiceName",
                "StartUTC",
                "StartLocal",
                "request_User-Agent",
                "time");
        this.events = new AccessEvents(options, values);
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "Traefik's JSON",
                "ClientAddr, ClientHost and their like",
                "the user agent, unless Traefik is told to keep that header");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("ClientAddr", "ClientHost"),
                Set.of("ClientAddr", "DownstreamStatus"),
                Set.of("ClientHost", "DownstreamStatus"),
                Set.of("ClientAddr", "RequestMethod"),
                Set.of("ClientHost", "RequestMethod"),
                Set.of("DownstreamStatus", "RequestMethod"));
    }

    @Override
    public String usualStart() {
        return "{\"ClientAddr\":\"";
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
        told.direct = JsonFields.text(object, "ClientAddr");
        told.forwarded = JsonFields.text(object, "ClientHost");
        told.user = JsonFields.text(object, "ClientUsername");
        told.request(JsonFields.text(object, "RequestMethod"), JsonFields.text(object, "RequestPath"));
        told.protocol = RequestLine.protocol(JsonFields.text(object, "RequestProtocol"));
        told.host = JsonFields.text(object, "RequestHost");
        int origin = JsonFields.code(object, "OriginStatus");
        int downstream = JsonFields.code(object, "DownstreamStatus");
        told.code = downstream == 0 ? origin : downstream;
        told.reason = AccessEvents.upstreamReason(String.valueOf(origin), told.code);
        told.upstream = JsonFields.text(object, "ServiceAddr");
        told.workload = service(JsonFields.text(object, "ServiceName"));
        told.userAgent = JsonFields.text(object, "request_User-Agent");
        told.requireClient();
        events.hand(told, record, document);
    }

    private static @Nullable String service(@Nullable String name) {
        return name == null ? null : "Service/" + name;
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return JsonFields.toldTime(times.outline(), TIME_NAMES);
    }
}
