package io.tocsin.detection;

import inet.ipaddr.IPAddress;
import io.tocsin.event.SecurityEvent;
import io.tocsin.network.Network;
import java.io.Serializable;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What somebody is allowed without an alert: who, from where, of which detections. It binds identity and origin, so that whoever
 * takes the identity elsewhere gains nothing by it; an unknown address counts as the right one. It ends by itself.
 *
 * @param name what it is called in the summary
 * @param identity user name or canonical ARN
 * @param origins address ranges; empty means any, which the file must say
 * @param client the user agent, null for any; <b>a client chooses it</b>, so it narrows and never replaces the origin
 * @param clusters clusters
 * @param detections ids of detections
 * @param namespaces namespaces; empty means any and none
 * @param owner who answers for it
 * @param reason why
 * @param expires when it stops, by event time
 * @param fromControlPlane whether the origin is the control plane's network, as it is configured for the event's cluster; there are
 *     no ranges then
 */
public record Exemption(
        String name,
        Glob identity,
        List<String> origins,
        @Nullable Glob client,
        List<Glob> clusters,
        List<Glob> detections,
        List<Glob> namespaces,
        String owner,
        String reason,
        Instant expires,
        boolean fromControlPlane)
        implements Serializable {

    public Exemption {
        origins = List.copyOf(origins);
        clusters = List.copyOf(clusters);
        detections = List.copyOf(detections);
        namespaces = List.copyOf(namespaces);
    }

    /** Whether it is about anything that this detection looks at. */
    boolean isAbout(String detection) {
        return any(detections, detection);
    }

    /** Whether it is about this event, if it has not expired. */
    boolean covers(String detection, SecurityEvent event, Origins ranges, Identities identities) {
        return isAbout(detection)
                && (identity.matches(event.user()) || identity.matches(event.identity()))
                && (event.impersonator() == null || identity.matches(event.impersonator()))
                && (clusters.isEmpty() || any(clusters, event.cluster()))
                && (namespaces.isEmpty() || any(namespaces, event.namespace()))
                && (client == null || client.matches(event.userAgent()))
                && (fromControlPlane
                        ? identities.isFromControlPlane(event)
                        : origins.isEmpty() || event.peer() == null || ranges.contain(event.peer()));
    }

    private static boolean any(List<Glob> globs, @Nullable String name) {
        for (Glob glob : globs) {
            if (glob.matches(name)) {
                return true;
            }
        }
        return false;
    }

    /** The ranges of one exemption, parsed: a task's own. */
    static final class Origins {
        private final List<IPAddress> ranges;

        Origins(List<String> origins) {
            this.ranges = origins.stream().map(Network::range).toList();
        }

        boolean contain(String address) {
            IPAddress parsed = Network.range(address);
            for (IPAddress range : ranges) {
                if (range.getIPVersion() == parsed.getIPVersion() && range.contains(parsed)) {
                    return true;
                }
            }
            return false;
        }
    }
}
