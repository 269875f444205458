package io.tocsin.event;

import org.jspecify.annotations.Nullable;

/**
 * A connection, seen from who opened it: the opener is {@link SecurityEvent#peer()}, and {@link SecurityEvent#place()} is where the
 * record's subject runs.
 *
 * @param protocol {@code tcp}, {@code udp}, {@code http/1.1}
 * @param destination address it goes to, canonical
 * @param port port it goes to; 0 where not known
 * @param name the destination's DNS or HTTP host name; <b>the client chooses an HTTP host</b>
 * @param pod the pod it goes to, {@code namespace/name}
 * @param workload the workload it goes to, {@code Kind/name}
 * @param direction {@code ingress} or {@code egress}, seen from the place that recorded it
 */
public record Flow(
        @Nullable String protocol,
        @Nullable String destination,
        int port,
        @Nullable String name,
        @Nullable String pod,
        @Nullable String workload,
        @Nullable String direction) {
    /** None known. */
    public static final Flow NONE = new Flow(null, null, 0, null, null, null, null);
}
