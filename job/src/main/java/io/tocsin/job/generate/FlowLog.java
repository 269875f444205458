package io.tocsin.job.generate;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Flows that Hubble exports: connections as they are opened, and DNS queries. */
final class FlowLog extends SourceLog {
    private static final byte[] WORLD = ascii("{\"identity\":2,\"labels\":[\"reserved:world\"]}");
    private static final byte[] HOST = ascii("{\"identity\":1,\"labels\":[\"reserved:host\"]}");
    private static final byte[] API =
            ascii("{\"identity\":7,\"labels\":[\"reserved:kube-apiserver\",\"reserved:remote-node\"]}");

    /** Where the API server's endpoint is in the cluster's network. */
    static final String API_ADDRESS = "10.0.3.15";

    FlowLog(Timeline timeline, Chance chance) {
        super(timeline, Source.HUBBLE, chance);
    }

    /** A pod connects to another one. */
    void toPod(Pod from, Pod to, int port, long at) {
        flow(from.address(), endpoint(from), to.address(), endpoint(to), port, null, true, from.node(), at);
    }

    /** The same, and a network policy is against it. */
    void dropped(Pod from, Pod to, int port, long at) {
        flow(from.address(), endpoint(from), to.address(), endpoint(to), port, null, false, from.node(), at);
    }

    /** A pod connects to an address outside, which it may have asked DNS for by this name. */
    void toWorld(Pod from, String address, @Nullable String name, int port, long at) {
        flow(from.address(), endpoint(from), address, WORLD, port, name, true, from.node(), at);
    }

    /** A pod connects to the API server. */
    void toApi(Pod from, long at) {
        flow(from.address(), endpoint(from), API_ADDRESS, API, 443, null, true, from.node(), at);
    }

    /** The kubelet of its node probes a pod. */
    void fromHost(Pod to, int port, long at) {
        Node node = to.node();
        flow(node.address(), HOST, to.address(), endpoint(to), port, null, true, node, at);
    }

    /** Somebody outside connects to a pod. */
    void fromWorld(String address, Pod to, int port, long at) {
        flow(address, WORLD, to.address(), endpoint(to), port, null, true, to.node(), at);
    }

    /** A pod asks the cluster's DNS. */
    void query(Pod from, Pod dns, String name, long at) {
        if (!wanted()) {
            return;
        }
        begin(from.address(), dns.address(), true, at);
        line.ascii("\"l4\":{\"UDP\":{\"source_port\":").number(chance.between(32_768, 60_999));
        line.ascii(",\"destination_port\":53}},\"source\":").raw(endpoint(from));
        line.ascii(",\"destination\":").raw(endpoint(dns)).ascii(",\"Type\":\"L7\",\"node_name\":");
        line.json(from.node().name)
                .ascii(",\"l7\":{\"type\":\"REQUEST\",\"dns\":{\"query\":")
                .json(name + ".");
        line.ascii(",\"observation_source\":\"proxy\",\"qtypes\":[\"A\"]}},\"event_type\":{\"type\":129},");
        end("EGRESS", "DNS Query " + name + ". A", true, from.node(), at);
    }

    private void flow(
            String source,
            byte[] from,
            String destination,
            byte[] to,
            int port,
            @Nullable String name,
            boolean forwarded,
            Node node,
            long at) {
        if (!wanted()) {
            return;
        }
        begin(source, destination, forwarded, at);
        line.ascii("\"l4\":{\"TCP\":{\"source_port\":").number(chance.between(32_768, 60_999));
        line.ascii(",\"destination_port\":")
                .number(port)
                .ascii(",\"flags\":{\"SYN\":true}}},\"source\":")
                .raw(from);
        line.ascii(",\"destination\":")
                .raw(to)
                .ascii(",\"Type\":\"L3_L4\",\"node_name\":")
                .json(node.name)
                .ascii(",");
        if (name != null) {
            line.ascii("\"destination_names\":[").json(name).ascii("],");
        }
        line.ascii("\"event_type\":{\"type\":4,\"sub_type\":3},");
        boolean inwards = from == WORLD || from == HOST;
        end(inwards ? "INGRESS" : "EGRESS", "TCP Flags: SYN", forwarded, node, at);
    }

    private void begin(String source, String destination, boolean forwarded, long at) {
        line.clear()
                .ascii("{\"flow\":{\"time\":\"")
                .nanos(at, chance.below(1_000))
                .ascii("\",\"uuid\":\"");
        line.uuid(chance.bits(), chance.bits()).ascii("\",\"verdict\":\"").ascii(forwarded ? "FORWARDED" : "DROPPED");
        line.ascii(forwarded ? "\"," : "\",\"drop_reason\":133,");
        line.ascii("\"IP\":{\"source\":")
                .json(source)
                .ascii(",\"destination\":")
                .json(destination);
        line.ascii(",\"ipVersion\":\"IPv4\"},");
    }

    private void end(String direction, String summary, boolean forwarded, Node node, long at) {
        line.ascii("\"traffic_direction\":\"").ascii(direction);
        line.ascii(forwarded ? "\",\"is_reply\":false" : "\",\"drop_reason_desc\":\"POLICY_DENIED\"");
        line.ascii(",\"Summary\":").json(summary).ascii("},\"node_name\":").json(node.name);
        line.ascii(",\"time\":\"").nanos(at, 0).ascii("\"}");
        log(at);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] endpoint(Pod pod) {
        byte[] kept = pod.rendered(Pod.View.ENDPOINT);
        if (kept != null) {
            return kept;
        }
        Workload workload = pod.workload;
        int identity = 20_000 + Math.floorMod(workload.key().hashCode(), 40_000);
        LineBuffer buffer = new LineBuffer()
                .ascii("{\"ID\":")
                .number(Math.floorMod(pod.uid().hashCode(), 4_000));
        buffer.ascii(",\"identity\":").number(identity).ascii(",\"cluster_name\":\"default\",\"namespace\":");
        buffer.json(workload.namespace()).ascii(",\"labels\":[").json("k8s:app=" + workload.name());
        buffer.ascii(",").json("k8s:io.kubernetes.pod.namespace=" + workload.namespace());
        buffer.ascii("],\"pod_name\":")
                .json(pod.name())
                .ascii(",\"workloads\":[{\"name\":")
                .json(workload.name());
        buffer.ascii(",\"kind\":").json(workload.kind()).ascii("}]}");
        return pod.keep(Pod.View.ENDPOINT, buffer.copy());
    }
}
