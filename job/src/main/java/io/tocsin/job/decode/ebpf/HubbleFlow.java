package io.tocsin.job.decode.ebpf;

import io.tocsin.event.Digest;
import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Hubble flow, whatever is around it. The actor is the source, who opened the connection: {@code peer} is its address, {@code
 * place} its pod. Replies and responses are skipped, since in them source and destination are the wrong way round.
 *
 * <ul>
 *   <li>Whether a packet is a reply may be unknown. A dropped SYN was no reply; a segment with ACK or RST could be either and is
 *       skipped, so that a server whose answers are dropped does not look like a scanner of ports.
 *   <li>{@code place.node} is the recording node where the source runs there: for egress, and for a source that is no pod
 *       (the host itself; the outside, seen where it comes in), but not for other nodes and the API server.
 *   <li>Whoever is no pod has Cilium's reserved label as its workload: {@code Reserved/world}, {@code Reserved/host}, {@code
 *       Reserved/remote-node}, {@code Reserved/kube-apiserver} ({@code world-ipv4} is {@code world}).
 *   <li>The cluster is the source pod's, else that in front of the slash of {@code node_name}; {@code default}, which is what
 *       Cilium calls a cluster that nobody named, names none.
 *   <li>FORWARDED, REDIRECTED and AUDIT went through. {@code reason} is why a packet was dropped; where that isn't told, the
 *       policy that denied it.
 * </ul>
 */
abstract class HubbleFlow extends JsonFormat {
    private static final String NO_CLUSTER = "default";
    private static final String RESERVED = "reserved:";
    private static final String KUBE_APISERVER = "kube-apiserver";
    private static final String REMOTE_NODE = "remote-node";
    private static final int MAX_HEADERS = 128;
    static final String LACKS =
            "who opened a connection in a packet whose is_reply is unknown; responses and their status codes";

    private final Map<FlowField, String> paths;
    private final Networks networks;
    private final JsonValues values;
    private final ObjectList named;
    private final ObjectList headers;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    HubbleFlow(DecoderOptions options, JsonValues values, String prefix, String... around) {
        super(options, values, with(FlowField.under(prefix).values(), around));
        this.paths = FlowField.under(prefix);
        this.networks = options.networks();
        this.values = values;
        this.named = new ObjectList(options, values, "name", "kind", "namespace");
        this.headers = new ObjectList(options, values, "key", "value");
    }

    private static String[] with(Collection<String> some, String... more) {
        List<String> all = new ArrayList<>(some);
        all.addAll(Arrays.asList(more));
        return all.toArray(String[]::new);
    }

    @Override
    public final String name() {
        return Source.HUBBLE.id();
    }

    /** The time that stands beside the flow. */
    @Nullable
    Instant outerTime(Projection object) throws BadRecord {
        return null;
    }

    /** The node that stands beside the flow. */
    @Nullable
    String outerNode(Projection object) throws BadRecord {
        return null;
    }

    static BadRecord notHubble(RecordBytes record) {
        return new BadRecord("not a hubble record: " + Excerpt.of(record.bytes(), record.start(), record.end()));
    }

    /** Hands on the flow that was read. */
    final void flow(Projection p, RecordBytes record, Document document) throws BadRecord {
        String skipped = uselessness(p);
        if (skipped != null) {
            document.skip(skipped);
            return;
        }
        if (p.truncated() && !p.has(at(FlowField.IS_REPLY))) {
            throw new BadRecord("cut off before is_reply");
        }
        Instant own = p.time(at(FlowField.TIME));
        Instant time = document.timeOf(record, own == null ? outerTime(p) : own, p.truncated());
        String outerNode = outerNode(p);
        String node = outerNode == null ? p.name(at(FlowField.NODE_NAME)) : outerNode;
        Origin origin = origin(p, record.origin(), node);
        RecordBytes placed = new RecordBytes(record.bytes(), record.start(), record.end(), record.cut(), origin);
        String uuid = p.text(at(FlowField.UUID));
        if (uuid == null) {
            Document.begin(event, Source.HUBBLE, time, placed);
        } else {
            Document.begin(
                    event, Source.HUBBLE, time, placed, new Digest().add(uuid).hex());
        }
        Network network = networks.of(origin.cluster());
        Network.Address source = network.address(p.text(at(FlowField.IP_SOURCE)));
        if (source != null) {
            event.peer = source.canonical();
            event.zone = source.zone();
        }
        String direction = EnumNames.of(p.scalar(at(FlowField.DIRECTION)), EnumNames.DIRECTIONS);
        event.place = place(p, direction, node, event.peer);
        event.namespace = p.name(at(FlowField.SOURCE_NAMESPACE));
        outcome(p);
        String url = p.text(at(FlowField.HTTP_URL), 2 * HttpUrl.MAX_LENGTH);
        HttpUrl http = url == null ? new HttpUrl(null, null) : HttpUrl.of(url);
        event.flow = new Flow(
                protocol(p),
                canonical(network, p.text(at(FlowField.IP_DESTINATION))),
                port(p),
                hostName(p, http),
                Place.pod(p.name(at(FlowField.DESTINATION_NAMESPACE)), p.name(at(FlowField.DESTINATION_POD))),
                workload(
                        p,
                        FlowField.DESTINATION_POD,
                        FlowField.DESTINATION_WORKLOADS,
                        FlowField.DESTINATION_LABELS,
                        FlowField.DESTINATION_IDENTITY),
                direction.equals("INGRESS") || direction.equals("EGRESS") ? direction.toLowerCase(Locale.ROOT) : null);
        request(p, http);
        event.message = p.text(at(FlowField.SUMMARY));
        event.truncated = p.truncated();
        if (event.peer == null
                && event.place.equals(Place.NONE)
                && event.namespace == null
                && event.flow.equals(Flow.NONE)) {
            if (p.truncated()) {
                throw new BadRecord("cut off before its endpoints");
            }
            document.skip("no-endpoints");
            return;
        }
        document.event(event, record);
    }

    /** Why the flow says nothing about who opened a connection; null if it does. */
    private @Nullable String uselessness(Projection p) throws BadRecord {
        if (EnumNames.of(p.scalar(at(FlowField.L7_TYPE)), EnumNames.L7_TYPES).equals("RESPONSE")) {
            return "response";
        }
        if (p.flag(at(FlowField.IS_REPLY))
                || p.flag(at(FlowField.REPLY))
                || EnumNames.of(p.scalar(at(FlowField.SOCKET_POINT)), EnumNames.SOCKET_POINTS)
                        .endsWith("_REV")) {
            return "reply";
        }
        boolean answers = p.flag(at(FlowField.TCP_ACK)) || p.flag(at(FlowField.TCP_RST));
        if (!p.has(at(FlowField.IS_REPLY)) && answers) {
            return p.flag(at(FlowField.TCP_SYN)) ? "reply" : "direction-unknown";
        }
        return null;
    }

    private Origin origin(Projection p, Origin origin, @Nullable String node) throws BadRecord {
        String cluster = p.name(at(FlowField.SOURCE_CLUSTER));
        if (cluster == null || cluster.equals(NO_CLUSTER)) {
            int slash = node == null ? -1 : node.indexOf('/');
            cluster = node == null || slash < 0 ? null : values.recurring().of(node.substring(0, slash));
        }
        return NO_CLUSTER.equals(cluster) ? origin : origin.cluster(cluster);
    }

    private Place place(Projection p, String direction, @Nullable String recorder, @Nullable String address)
            throws BadRecord {
        String pod = Place.pod(p.name(at(FlowField.SOURCE_NAMESPACE)), p.name(at(FlowField.SOURCE_POD)));
        String workload = workload(
                p,
                FlowField.SOURCE_POD,
                FlowField.SOURCE_WORKLOADS,
                FlowField.SOURCE_LABELS,
                FlowField.SOURCE_IDENTITY);
        boolean elsewhere = pod != null
                || workload == null
                || workload.endsWith("/" + REMOTE_NODE)
                || workload.endsWith("/" + KUBE_APISERVER);
        boolean here = direction.equals("EGRESS") || !elsewhere;
        String node =
                !here || recorder == null ? null : values.recurring().of(recorder.substring(recorder.indexOf('/') + 1));
        if (pod == null && workload == null) {
            return Place.onNode(node);
        }
        return new Place(node, null, pod, null, pod == null ? null : address, null, null, workload);
    }

    /** {@code Kind/name} of a pod, {@code Reserved/label} of whoever is none. */
    private @Nullable String workload(
            Projection p, FlowField pod, FlowField workloads, FlowField labels, FlowField identity) throws BadRecord {
        if (p.has(at(pod)) || p.has(at(workloads))) {
            Projection first = named.first(at(workloads), p.array(at(workloads)));
            String name = first == null ? null : first.name("name");
            String kind = first == null ? null : first.name("kind");
            return name == null || kind == null ? null : values.recurring().of(kind + "/" + name);
        }
        String reserved = null;
        for (String label : p.texts(at(labels))) {
            if (label.startsWith(RESERVED)) {
                String tail = label.substring(RESERVED.length());
                boolean first = reserved == null || tail.equals(KUBE_APISERVER);
                reserved = first ? (tail.startsWith("world-") ? "world" : tail) : reserved;
            }
        }
        if (reserved == null) {
            int number = (int) p.integer(at(identity), 0, 0xffff_ffffL, 0);
            reserved = number > 0 && number < EnumNames.RESERVED_IDENTITIES.size()
                    ? EnumNames.RESERVED_IDENTITIES.get(number)
                    : null;
        }
        return reserved == null ? null : values.recurring().of("Reserved/" + reserved);
    }

    private void outcome(Projection p) throws BadRecord {
        String verdict = EnumNames.of(p.scalar(at(FlowField.VERDICT)), EnumNames.VERDICTS);
        switch (verdict) {
            case "FORWARDED", "REDIRECTED" -> event.outcome = Outcome.SUCCESS;
            case "AUDIT" -> {
                event.outcome = Outcome.SUCCESS;
                event.reason = verdict;
            }
            case "DROPPED" -> {
                event.outcome = Outcome.DENIED;
                event.reason = dropped(p);
            }
            case "ERROR" -> {
                event.outcome = Outcome.ERROR;
                event.reason = dropped(p);
            }
            default -> event.outcome = Outcome.UNKNOWN;
        }
    }

    private @Nullable String dropped(Projection p) throws BadRecord {
        String described = EnumNames.dropReason(p.scalar(at(FlowField.DROP_REASON_DESC)));
        String reason = described == null ? EnumNames.dropReason(p.scalar(at(FlowField.DROP_REASON))) : described;
        return reason != null ? reason : policy(p);
    }

    private @Nullable String policy(Projection p) throws BadRecord {
        for (FlowField deniedBy : List.of(FlowField.EGRESS_DENIED_BY, FlowField.INGRESS_DENIED_BY)) {
            Projection first = named.first(at(deniedBy), p.array(at(deniedBy)));
            if (first != null) {
                return Place.pod(first.name("namespace"), first.name("name"));
            }
        }
        return null;
    }

    private @Nullable String protocol(Projection p) throws BadRecord {
        if (p.has(at(FlowField.HTTP))) {
            String version = p.name(at(FlowField.HTTP_PROTOCOL));
            return version == null ? "http" : version.toLowerCase(Locale.ROOT);
        }
        return p.has(at(FlowField.TCP))
                ? "tcp"
                : p.has(at(FlowField.UDP))
                        ? "udp"
                        : p.has(at(FlowField.SCTP))
                                ? "sctp"
                                : p.has(at(FlowField.ICMPV4))
                                        ? "icmpv4"
                                        : p.has(at(FlowField.ICMPV6)) ? "icmpv6" : null;
    }

    private int port(Projection p) throws BadRecord {
        for (FlowField field : List.of(FlowField.TCP_PORT, FlowField.UDP_PORT, FlowField.SCTP_PORT)) {
            int port = (int) p.integer(at(field), 0, 65_535, 0);
            if (port > 0) {
                return port;
            }
        }
        return 0;
    }

    private @Nullable String hostName(Projection p, HttpUrl http) throws BadRecord {
        String query = p.name(at(FlowField.DNS_QUERY));
        if (query != null) {
            return query.length() > 1 && query.endsWith(".") ? query.substring(0, query.length() - 1) : query;
        }
        if (http.host() != null) {
            return http.host();
        }
        List<String> names = p.texts(at(FlowField.DESTINATION_NAMES));
        return names.isEmpty() ? null : names.get(0);
    }

    private void request(Projection p, HttpUrl http) throws BadRecord {
        event.verb = "connect";
        if (p.has(at(FlowField.DNS))) {
            event.verb = "resolve";
        } else if (p.has(at(FlowField.HTTP))) {
            String method = p.name(at(FlowField.HTTP_METHOD));
            event.verb = method == null ? null : values.recurring().of(method.toLowerCase(Locale.ROOT));
            event.code = (int) p.integer(at(FlowField.HTTP_CODE), 0, 999, 0);
            event.uri = http.target();
            headers.over(at(FlowField.HTTP_HEADERS), p.array(at(FlowField.HTTP_HEADERS)));
            int read = 0;
            for (Projection h = headers.next(); h != null && read < MAX_HEADERS; h = headers.next()) {
                read++;
                if ("user-agent".equalsIgnoreCase(h.name("key"))) {
                    event.userAgent = h.name("value");
                    break;
                }
            }
        }
    }

    private static @Nullable String canonical(Network network, @Nullable String text) {
        Network.Address address = network.address(text);
        return address == null ? null : address.canonical();
    }

    private String at(FlowField field) {
        return Objects.requireNonNull(paths.get(field));
    }
}
