package io.tocsin.job.decode.ebpf;

import io.tocsin.event.Digest;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of one type.
 *
 * <ul>
 *   <li>{@code verb}: {@code exec}, {@code exit}, {@code load}, {@code connect}, {@code accept}, {@code listen}, {@code close}; a
 *       probe's is that of the function, see {@link KernelFunctions}.
 *   <li>{@code outcome}: an exec has happened; a call that a policy ended (Sigkill, Override, the enforcer) was DENIED; otherwise
 *       the return value tells, and where there is none it is UNKNOWN.
 *   <li>{@code reason} is the policy's name. A process that may be a probe of the kubelet has {@code maybe_exec_probe} there,
 *       behind the policy's name if there is one.
 *   <li>{@code userUid} is the effective uid; {@code user} only where Tetragon tells a name.
 *   <li>{@code peer} and {@code flow} are seen from who opened the connection: for {@code accept} that is the other end. A closed
 *       connection does not tell who opened it.
 * </ul>
 */
final class TetragonEvent extends JsonFormat {
    private static final String EXEC = "process_exec";
    private static final String EXIT = "process_exit";
    private static final String PROBE_MARK = "maybe_exec_probe";
    private static final String NO_CLUSTER = "default";
    private static final List<String> ACTIONS = List.of(
            "UNKNOWN",
            "POST",
            "FOLLOWFD",
            "SIGKILL",
            "UNFOLLOWFD",
            "OVERRIDE",
            "COPYFD",
            "GETURL",
            "DNSLOOKUP",
            "NOPOST",
            "SIGNAL",
            "TRACKSOCK",
            "UNTRACKSOCK",
            "NOTIFYENFORCER",
            "CLEANUPENFORCERNOTIFICATION");
    private static final String ACTION_START = "KPROBE_ACTION_";
    private static final int EPERM = -1;
    private static final int EACCES = -13;

    private final String type;
    private final Map<ProcessField, String> paths;
    private final Networks networks;
    private final JsonValues values;
    private final ProbeArguments arguments;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    TetragonEvent(DecoderOptions options, JsonValues values, String type) {
        super(options, values, ProcessField.of(type).values().toArray(String[]::new));
        this.type = type;
        this.paths = ProcessField.of(type);
        this.networks = options.networks();
        this.values = values;
        this.arguments = new ProbeArguments(options, values);
    }

    @Override
    public String name() {
        return Source.TETRAGON.id();
    }

    @Override
    public About about() {
        return TetragonFormat.ABOUT;
    }

    @Override
    protected void take(Projection p, RecordBytes record, Document document) throws BadRecord {
        if (!p.truncated()) {
            p.object(at(ProcessField.EVENT)); // must be an object, whichever
        }
        if (type.equals("process_throttle") || type.equals("rate_limit_info")) {
            document.skip(type.equals("process_throttle") ? "throttle" : "rate-limit-info");
            return;
        }
        String binary = p.text(at(ProcessField.BINARY));
        String execId = p.text(at(ProcessField.EXEC_ID));
        if (binary == null && execId == null) {
            throw new BadRecord(p.truncated() ? "cut off before the process" : type + "/process is missing");
        }
        Instant time = document.timeOf(record, time(p), p.truncated());
        Origin origin = record.origin();
        String cluster = p.name(at(ProcessField.CLUSTER_NAME));
        origin = NO_CLUSTER.equals(cluster) ? origin : origin.cluster(cluster);
        begin(new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin), time, execId);
        event.place = place(p, origin.place().node());
        event.namespace = p.name(at(ProcessField.POD_NAMESPACE));
        event.user = p.name(at(ProcessField.USER_NAME));
        long uid = p.integer(at(ProcessField.UID), 0, 0xffff_ffffL, -1);
        event.userUid = uid < 0 ? null : values.recurring().of(Long.toString(uid));
        event.count = (int) p.integer(at(ProcessField.COUNT), 0, Integer.MAX_VALUE, 1);
        event.truncated = p.truncated();
        String file = what(p, networks.of(origin.cluster()));
        String parentId = p.text(at(ProcessField.PARENT_EXEC_ID));
        event.process = new HostProcess(
                binary,
                p.text(at(ProcessField.ARGUMENTS)),
                p.name(at(ProcessField.CWD)),
                execId,
                parentId == null ? p.text(at(ProcessField.PARENT_ID)) : parentId,
                p.name(at(ProcessField.PARENT_BINARY)),
                file);
        if (p.flag(at(ProcessField.MAYBE_EXEC_PROBE))) {
            event.reason = event.reason == null ? PROBE_MARK : event.reason + " " + PROBE_MARK;
        }
        document.event(event, record);
    }

    private @Nullable Instant time(Projection p) throws BadRecord {
        Instant time = p.time(at(ProcessField.TIME));
        if (time == null) {
            time = p.time(at(ProcessField.EVENT_TIME));
        }
        return time == null && type.equals(EXEC) ? p.time(at(ProcessField.START_TIME)) : time;
    }

    /** A process starts and ends once; anything else it may do often, so its id is all that was written of it. */
    private void begin(RecordBytes record, Instant time, @Nullable String execId) {
        if (execId == null) {
            Document.begin(event, Source.TETRAGON, time, record);
            return;
        }
        Digest digest = new Digest().add(type).add(execId).add(time.toString());
        if (!type.equals(EXEC) && !type.equals(EXIT)) {
            digest.add(record.bytes(), record.start(), record.end() - record.start());
        }
        Document.begin(event, Source.TETRAGON, time, record, digest.hex());
    }

    private Place place(Projection p, @Nullable String collectorsNode) throws BadRecord {
        String named = p.name(at(ProcessField.NODE_NAME));
        // The agent tells of the node it runs on.
        String node = named == null ? collectorsNode : named;
        String pod = Place.pod(p.name(at(ProcessField.POD_NAMESPACE)), p.name(at(ProcessField.POD_NAME)));
        if (pod == null) {
            return Place.onNode(node);
        }
        String workload = p.name(at(ProcessField.WORKLOAD));
        String kind = p.name(at(ProcessField.WORKLOAD_KIND));
        return new Place(
                node,
                null,
                values.recurring().of(pod),
                p.name(at(ProcessField.POD_UID)),
                null,
                p.name(at(ProcessField.CONTAINER)),
                p.name(at(ProcessField.IMAGE)),
                workload == null || kind == null ? null : values.recurring().of(kind + "/" + workload));
    }

    /** Reads what the process did; gives the file it did it to. */
    private @Nullable String what(Projection p, Network network) throws BadRecord {
        switch (type) {
            case EXEC -> {
                event.verb = "exec";
                event.outcome = Outcome.SUCCESS;
                return null;
            }
            case EXIT -> {
                event.verb = "exit";
                String signal = p.name(at(ProcessField.SIGNAL));
                long status = p.integer(at(ProcessField.STATUS), 0, 0xffff_ffffL, 0);
                event.message = signal == null ? "status " + status : "signal " + signal;
                return null;
            }
            case "process_loader" -> {
                event.verb = "load";
                return p.text(at(ProcessField.PATH));
            }
            case "process_connect", "process_accept", "process_listen", "process_close" -> {
                connection(p, network);
                return null;
            }
            default -> {
                return probe(p, network);
            }
        }
    }

    private void connection(Projection p, Network network) throws BadRecord {
        event.verb = type.substring("process_".length());
        event.outcome = Outcome.SUCCESS;
        String protocol = p.name(at(ProcessField.PROTOCOL));
        String lower = protocol == null ? null : protocol.toLowerCase(Locale.ROOT);
        switch (type) {
            case "process_connect" -> {
                List<String> names = p.texts(at(ProcessField.DESTINATION_NAMES));
                int port = (int) p.integer(at(ProcessField.DESTINATION_PORT), 0, 65_535, 0);
                String destination = canonical(network, p.name(at(ProcessField.DESTINATION_IP)));
                opener(network, p.name(at(ProcessField.SOURCE_IP)));
                event.flow =
                        new Flow(lower, destination, port, names.isEmpty() ? null : names.get(0), null, null, "egress");
            }
            case "process_listen" -> {
                int port = (int) p.integer(at(ProcessField.LISTEN_PORT), 0, 65_535, 0);
                String address = canonical(network, p.name(at(ProcessField.LISTEN_IP)));
                event.flow = new Flow(lower, address, port, null, null, null, "ingress");
            }
            default -> event.flow = new Flow(lower, null, 0, null, null, null, null);
        }
    }

    private @Nullable String probe(Projection p, Network network) throws BadRecord {
        event.reason = p.name(at(ProcessField.POLICY));
        event.message = p.text(at(ProcessField.MESSAGE));
        event.outcome = outcome(p);
        if (type.equals("process_uprobe") || type.equals("process_usdt")) {
            String symbol = p.name(at(ProcessField.SYMBOL));
            event.verb = symbol == null ? p.name(at(ProcessField.PROBE_NAME)) : symbol;
            return p.text(at(ProcessField.PATH));
        }
        String function =
                p.name(at(type.equals("process_tracepoint") ? ProcessField.TRACEPOINT : ProcessField.FUNCTION));
        if (function == null) {
            if (p.truncated()) {
                throw new BadRecord("cut off before what was called");
            }
            return null;
        }
        arguments.read(at(ProcessField.ARGS), p.array(at(ProcessField.ARGS)));
        String verb = KernelFunctions.verb(function);
        if (verb.equals(KernelFunctions.OPEN) && arguments.writes(function)) {
            verb = KernelFunctions.WRITE;
        }
        event.verb = values.recurring().of(verb);
        String protocol = arguments.protocol() == null && function.startsWith("tcp_") ? "tcp" : arguments.protocol();
        if (verb.equals(KernelFunctions.CONNECT)) {
            opener(network, arguments.source());
            String destination = canonical(network, arguments.destination());
            event.flow = new Flow(protocol, destination, arguments.destinationPort(), null, null, null, "egress");
        } else if (verb.equals(KernelFunctions.ACCEPT)) {
            opener(network, arguments.destination());
            String address = canonical(network, arguments.source());
            event.flow = new Flow(protocol, address, arguments.sourcePort(), null, null, null, "ingress");
        }
        return arguments.file(verb);
    }

    private Outcome outcome(Projection p) throws BadRecord {
        if (prevents(p.scalar(at(ProcessField.ACTION))) || prevents(p.scalar(at(ProcessField.RETURN_ACTION)))) {
            return Outcome.DENIED;
        }
        for (ProcessField field :
                List.of(ProcessField.RETURN_INT, ProcessField.RETURN_LONG, ProcessField.RETURN_SIZE)) {
            if (p.has(at(field))) {
                long returned =
                        field == ProcessField.RETURN_SIZE ? 0 : p.integer(at(field), Long.MIN_VALUE, Long.MAX_VALUE, 0);
                return returned == EPERM || returned == EACCES
                        ? Outcome.DENIED
                        : returned < 0 ? Outcome.ERROR : Outcome.SUCCESS;
            }
        }
        return Outcome.UNKNOWN;
    }

    private static boolean prevents(@Nullable String action) {
        String name = EnumNames.of(action, ACTIONS);
        String bare = name.startsWith(ACTION_START) ? name.substring(ACTION_START.length()) : name;
        return bare.equals("SIGKILL") || bare.equals("OVERRIDE") || bare.equals("NOTIFYENFORCER");
    }

    private void opener(Network network, @Nullable String text) {
        Network.Address address = network.address(text);
        if (address != null) {
            event.peer = address.canonical();
            event.zone = address.zone();
        }
    }

    private static @Nullable String canonical(Network network, @Nullable String text) {
        Network.Address address = network.address(text);
        return address == null ? null : address.canonical();
    }

    private String at(ProcessField field) {
        return Objects.requireNonNull(paths.get(field));
    }
}
