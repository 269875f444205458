package io.tocsin.job.decode.access;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import org.jspecify.annotations.Nullable;

/** Makes events of what access logs tell, the same way for all of them. */
final class AccessEvents {
    static final String MALFORMED_REQUEST = "malformed-request";
    private static final int LONGEST_URI = 8 << 10;

    private final Networks networks;
    private final JsonValues values;
    private final int maxRecordBytes;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    AccessEvents(DecoderOptions options, JsonValues values) {
        this.networks = options.networks();
        this.values = values;
        this.maxRecordBytes = options.maxRecordBytes();
    }

    Network network(RecordBytes record) {
        return networks.of(record.origin().cluster());
    }

    /** Where the part of a record ends that is read. */
    int limit(RecordBytes record) {
        return (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
    }

    /**
     * Hands on an event.
     *
     * @throws BadRecord if the record was cut before it told what was asked for, or nothing tells its time
     */
    void hand(AccessRecord told, RecordBytes record, Document document) throws BadRecord {
        if (told.truncated && told.request.method() == null && told.malformed == null) {
            throw new BadRecord("cut off before the request");
        }
        Document.begin(event, Source.ACCESS_LOG, document.timeOf(record, told.time, told.truncated), record);
        Network network = network(record);
        new ForwardedChain(network).resolve(event, told.forwarded, present(told.direct), present(told.hearsay));
        event.user = recurring(told.user);
        event.verb = recurring(told.request.method());
        String uri = present(told.request.target());
        event.uri = uri == null ? null : JsonValues.cut(uri, LONGEST_URI);
        event.code = told.code;
        event.outcome = told.refused ? Outcome.DENIED : outcome(told.code);
        event.reason = recurring(told.malformed == null ? told.reason : MALFORMED_REQUEST);
        event.message = told.malformed == null ? null : JsonValues.cut(told.malformed, ValueReader.LONG);
        String agent = present(told.userAgent);
        event.userAgent = agent == null ? null : values.recurring().of(JsonValues.cut(agent, ValueReader.LONG));
        Endpoint upstream = Endpoint.last(told.upstream, network);
        event.flow = flow(told, upstream);
        event.truncated = told.truncated;
        document.event(event, record);
    }

    private Flow flow(AccessRecord told, Endpoint upstream) {
        Flow flow = new Flow(
                recurring(told.protocol),
                recurring(upstream.address()),
                upstream.port(),
                recurring(Endpoint.host(told.host)),
                null,
                recurring(told.workload),
                null);
        return flow.equals(Flow.NONE) ? Flow.NONE : flow;
    }

    private @Nullable String recurring(@Nullable String text) {
        String told = present(text);
        return told == null ? null : values.recurring().of(JsonValues.cut(told, ValueReader.SHORT));
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isEmpty() || text.equals("-") ? null : text;
    }

    private static Outcome outcome(int code) {
        if (code < 100) {
            return Outcome.UNKNOWN;
        }
        if (code < 400) {
            return Outcome.SUCCESS;
        }
        return switch (code) {
            case 401 -> Outcome.UNAUTHENTICATED;
            case 403 -> Outcome.DENIED;
            case 429 -> Outcome.THROTTLED;
            default -> Outcome.ERROR;
        };
    }

    /**
     * A status code; 0 for none and for {@code -}.
     *
     * @throws BadRecord if it is something else
     */
    static int code(String field, @Nullable String text) throws BadRecord {
        if (text == null || text.isEmpty() || text.equals("-")) {
            return 0;
        }
        int code = 0;
        for (int i = 0; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9 || text.length() > 3) {
                throw new BadRecord(field + " must be a whole number from 0 to 999: " + Excerpt.of(text));
            }
            code = code * 10 + digit;
        }
        return code;
    }

    /** What the servers behind answered, if that is not what the client got: {@code upstream 502, 200}. */
    static @Nullable String upstreamReason(@Nullable String statuses, int code) {
        String told = present(statuses);
        return told == null || told.equals("0") || told.equals(String.valueOf(code)) ? null : "upstream " + told;
    }
}
