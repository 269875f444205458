package io.tocsin.job.decode.ebpf;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ToldTimes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What Tetragon exports: an event of a process under the name of its type, with node and time. */
public final class TetragonFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new TetragonFormat(options, values);
        }
    }

    static final About ABOUT = new About(
            "Tetragon's JSON export, legacy connection events too; process_throttle and the like are skipped",
            "a member process_exec, process_exit, process_kprobe and so on",
            "user names, mostly; the pod of a process that ended before the agent knew it; whether a probed call succeeded, "
                    + "unless the policy asks for its return value");

    private static final Set<String> TYPES = Set.of(
            "process_exec",
            "process_exit",
            "process_kprobe",
            "process_tracepoint",
            "process_lsm",
            "process_uprobe",
            "process_usdt",
            "process_loader",
            "process_connect",
            "process_accept",
            "process_listen",
            "process_close",
            "process_throttle");
    private static final String RATE_LIMIT_INFO = "rate_limit_info";
    private static final byte[] TIME = ObjectOutline.name("time");
    private static final String OTHER_TYPE = "process_";

    private final DecoderOptions options;
    private final JsonValues values;
    private final Map<String, TetragonEvent> byType = new HashMap<>();

    TetragonFormat(DecoderOptions options, JsonValues values) {
        this.options = options;
        this.values = values;
    }

    @Override
    public String name() {
        return Source.TETRAGON.id();
    }

    @Override
    public About about() {
        return ABOUT;
    }

    @Override
    public List<Set<String>> signatures() {
        return Stream.concat(TYPES.stream().sorted().map(Set::of), Stream.of(Set.of(RATE_LIMIT_INFO, "node_name")))
                .toList();
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        String type = type(record);
        if (type != null && (TYPES.contains(type) || type.equals(RATE_LIMIT_INFO))) {
            return byType.computeIfAbsent(type, t -> new TetragonEvent(options, values, t))
                    .decode(record, document);
        }
        int close = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
        RecordBytes object = record.to(close == JsonScanner.CUT ? record.end() : close);
        if (type == null) {
            document.deadLetter(
                    object, "not a tetragon record: " + Excerpt.of(object.bytes(), object.start(), object.end()));
        } else {
            document.skip("other-event");
        }
        return object.end();
    }

    /** The member that names the type; if it is none of ours, one that looks like it. */
    private static @Nullable String type(RecordBytes record) {
        JsonMembers members = new JsonMembers(record.bytes(), record.start(), record.end());
        String other = null;
        while (members.next()) {
            String name = members.name();
            if (TYPES.contains(name) || name.equals(RATE_LIMIT_INFO)) {
                return name;
            }
            if (name.startsWith(OTHER_TYPE) && record.bytes()[members.valueStart()] == '{') {
                other = name;
            }
        }
        return other;
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        return times.outline().timeOfFirst(TIME);
    }
}
