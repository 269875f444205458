package io.tocsin.job.decode;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.EventField;
import io.tocsin.event.Source;
import io.tocsin.network.Networks;
import java.io.Serializable;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder of one input needs to know.
 *
 * @param format a format's name ({@code kubernetes-audit}, {@code eks-authenticator}), or {@code auto}
 * @param cluster the cluster's name as the user gave it for the input; it wins over what an envelope names
 * @param networks what is inside each cluster
 * @param fields the costly fields that some enabled detection reads
 * @param maxRecordBytes a longer record is cut here and treated as truncated
 * @param zones the zone of times that name none, by source; UTC for those that are missing
 * @param platformNamespaces globs: what containers of these namespaces write may be records of the platform's own logs
 * @param content what some enabled rule reads of records beyond the flat event
 */
public record DecoderOptions(
        String format,
        @Nullable String cluster,
        Networks networks,
        Set<EventField> fields,
        int maxRecordBytes,
        Map<Source, ZoneId> zones,
        List<String> platformNamespaces,
        ContentPlan content)
        implements Serializable {
    public static final String AUTO = "auto";
    public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;
    /** Where platforms run what writes logs of others: API server, ingress controllers, meshes, eBPF agents, exporters. */
    public static final List<String> PLATFORM_NAMESPACES = List.of(
            "kube-system",
            "ingress-nginx",
            "istio-system",
            "istio-ingress",
            "envoy-gateway-system",
            "projectcontour",
            "traefik",
            "traefik-system",
            "falco",
            "falco-system",
            "tetragon",
            "cilium",
            "monitoring",
            "observability",
            "logging",
            "kube-logging",
            "kube-events",
            "amazon-cloudwatch",
            "openshift-*");

    public DecoderOptions {
        fields = Set.copyOf(fields);
        zones = Map.copyOf(zones);
        platformNamespaces = List.copyOf(platformNamespaces);
    }

    /** All fields, default networks, no content. */
    public static DecoderOptions of(String format) {
        return new DecoderOptions(
                format,
                null,
                Networks.defaults(),
                Set.of(EventField.values()),
                DEFAULT_MAX_RECORD_BYTES,
                Map.of(),
                PLATFORM_NAMESPACES,
                ContentPlan.NONE);
    }

    /** The same for an input of another format and cluster. */
    public DecoderOptions in(String otherFormat, @Nullable String otherCluster) {
        return new DecoderOptions(
                otherFormat, otherCluster, networks, fields, maxRecordBytes, zones, platformNamespaces, content);
    }

    /** The same for records up to another length, such as envelopes of records. */
    public DecoderOptions upTo(int otherMaxRecordBytes) {
        return new DecoderOptions(
                format, cluster, networks, fields, otherMaxRecordBytes, zones, platformNamespaces, content);
    }

    /** The same, with content read besides. */
    public DecoderOptions reading(ContentPlan otherContent) {
        return new DecoderOptions(
                format, cluster, networks, fields, maxRecordBytes, zones, platformNamespaces, otherContent);
    }

    /** The zone of a source's times that name none. */
    public ZoneId zone(Source source) {
        return zones.getOrDefault(source, ZoneOffset.UTC);
    }
}
