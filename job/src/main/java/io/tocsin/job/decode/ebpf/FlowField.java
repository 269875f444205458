package io.tocsin.job.decode.ebpf;

import java.util.EnumMap;
import java.util.Map;

/** What is read of a flow. */
enum FlowField {
    TIME("time"),
    UUID("uuid"),
    VERDICT("verdict"),
    DROP_REASON("drop_reason"),
    DROP_REASON_DESC("drop_reason_desc"),
    IP_SOURCE("IP/source"),
    IP_DESTINATION("IP/destination"),
    TCP("l4/TCP"),
    TCP_PORT("l4/TCP/destination_port"),
    TCP_SYN("l4/TCP/flags/SYN"),
    TCP_ACK("l4/TCP/flags/ACK"),
    TCP_RST("l4/TCP/flags/RST"),
    UDP("l4/UDP"),
    UDP_PORT("l4/UDP/destination_port"),
    SCTP("l4/SCTP"),
    SCTP_PORT("l4/SCTP/destination_port"),
    ICMPV4("l4/ICMPv4"),
    ICMPV6("l4/ICMPv6"),
    SOURCE_CLUSTER("source/cluster_name"),
    SOURCE_IDENTITY("source/identity"),
    SOURCE_NAMESPACE("source/namespace"),
    SOURCE_POD("source/pod_name"),
    SOURCE_LABELS("source/labels"),
    SOURCE_WORKLOADS("source/workloads"),
    DESTINATION_IDENTITY("destination/identity"),
    DESTINATION_NAMESPACE("destination/namespace"),
    DESTINATION_POD("destination/pod_name"),
    DESTINATION_LABELS("destination/labels"),
    DESTINATION_WORKLOADS("destination/workloads"),
    DESTINATION_NAMES("destination_names"),
    NODE_NAME("node_name"),
    DIRECTION("traffic_direction"),
    IS_REPLY("is_reply"),
    /** What {@code is_reply} was called before it could be unknown. */
    REPLY("reply"),
    SOCKET_POINT("sock_xlate_point"),
    L7_TYPE("l7/type"),
    DNS("l7/dns"),
    DNS_QUERY("l7/dns/query"),
    HTTP("l7/http"),
    HTTP_CODE("l7/http/code"),
    HTTP_METHOD("l7/http/method"),
    HTTP_URL("l7/http/url"),
    HTTP_PROTOCOL("l7/http/protocol"),
    HTTP_HEADERS("l7/http/headers"),
    EGRESS_DENIED_BY("egress_denied_by"),
    INGRESS_DENIED_BY("ingress_denied_by"),
    SUMMARY("Summary");

    private final String path;

    FlowField(String path) {
        this.path = path;
    }

    /** The paths of all of them where the flow stands under a prefix. */
    static Map<FlowField, String> under(String prefix) {
        Map<FlowField, String> paths = new EnumMap<>(FlowField.class);
        for (FlowField field : values()) {
            // The same string as those of its projection: found without looking at its characters.
            paths.put(field, (prefix + field.path).intern());
        }
        return paths;
    }
}
