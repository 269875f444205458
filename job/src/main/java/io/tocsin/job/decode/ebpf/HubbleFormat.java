package io.tocsin.job.decode.ebpf;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What Hubble's exporter and {@code hubble observe -o jsonpb} write: a flow with its node and time, or a note of the agent. */
public final class HubbleFormat extends HubbleFlow {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new HubbleFormat(options, values);
        }
    }

    private static final String PREFIX = "flow/";
    private static final String FLOW = "flow";
    private static final String TIME = "time";
    private static final String NODE_NAME = "node_name";
    private static final byte[] FLOW_NAME = ObjectOutline.name(FLOW);
    private static final byte[] TIME_NAME = ObjectOutline.name(TIME);
    /** What else comes in a flow's stead, and how it is counted. */
    private static final Map<String, String> NOTES = Map.of(
            "lost_events", "lost-events",
            "agent_event", "agent-event",
            "debug_event", "debug-event",
            "node_status", "node-status");

    HubbleFormat(DecoderOptions options, JsonValues values) {
        super(
                options,
                values,
                PREFIX,
                FLOW,
                TIME,
                NODE_NAME,
                "lost_events",
                "agent_event",
                "debug_event",
                "node_status");
    }

    @Override
    public About about() {
        return new About(
                "Hubble exporter, hubble observe -o jsonpb: one flow a line; lost_events and other notes are skipped",
                "flow, lost_events, agent_event, debug_event or node_status with node_name or time",
                LACKS);
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of(FLOW, NODE_NAME),
                Set.of(FLOW, TIME),
                Set.of("lost_events", NODE_NAME),
                Set.of("lost_events", TIME),
                Set.of("agent_event", NODE_NAME),
                Set.of("agent_event", TIME),
                Set.of("debug_event", NODE_NAME),
                Set.of("debug_event", TIME),
                Set.of("node_status", NODE_NAME),
                Set.of("node_status", TIME));
    }

    @Override
    public String usualStart() {
        return "{\"flow\":{\"";
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        for (Map.Entry<String, String> note : NOTES.entrySet()) {
            if (object.isObject(note.getKey())) {
                document.skip(note.getValue());
                return;
            }
        }
        // Of a flow that is cut its members may be there, though it has not ended.
        if (!object.truncated() && object.object(FLOW) == null) {
            throw notHubble(record);
        }
        flow(object, record, document);
    }

    @Override
    @Nullable
    Instant outerTime(Projection object) throws BadRecord {
        return object.time(TIME);
    }

    @Override
    @Nullable
    String outerNode(Projection object) throws BadRecord {
        return object.name(NODE_NAME);
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        ObjectOutline outline = times.outline();
        int flow = outline.find(FLOW_NAME);
        return flow < 0 ? DocumentDecoder.UNTOLD : outline.time(outline.find(flow, TIME_NAME));
    }
}
