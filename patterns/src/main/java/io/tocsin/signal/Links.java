package io.tocsin.signal;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Link.Kind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The links that single events tell. Only what collectors, kernels and the API server say counts, never what a client claims; a pod
 * without its namespace is not told apart from others and gives none.
 */
public final class Links {
    private static final String NODE = "system:node:";

    private Links() {}

    /** What this event tells, each link once; usually nothing. */
    public static List<Link> of(SecurityEvent event) {
        Told told = new Told(event);
        ofPlace(event.place(), told);
        ofFlow(event.flow(), told);
        if (event.source() == Source.KUBERNETES_AUDIT) {
            ofRequest(event, told);
        }
        return told.links;
    }

    private static void ofPlace(Place place, Told told) {
        // A pod in its node's network has its node's address, with many others.
        boolean shared = place.podAddress() != null && place.podAddress().equals(place.nodeAddress());
        if (!shared) {
            told.ofPod(Kind.POD_ADDRESS, place.podAddress(), place.pod());
        }
        told.add(Kind.NODE_ADDRESS, place.nodeAddress(), place.node());
        if (isPod(place.pod())) {
            told.add(Kind.POD_NODE, place.pod(), place.node());
            told.add(Kind.POD_WORKLOAD, place.pod(), place.workload());
        }
    }

    private static void ofFlow(Flow flow, Told told) {
        told.ofPod(Kind.POD_ADDRESS, flow.destination(), flow.pod());
    }

    private static void ofRequest(SecurityEvent event, Told told) {
        if (event.impersonator() != null) {
            return; // then the identity is not that of who calls
        }
        boolean direct = event.claimed().isEmpty();
        String user = event.user();
        if (direct
                && user != null
                && user.startsWith(NODE)
                && user.length() > NODE.length()
                && event.outcome() == Outcome.SUCCESS
                && event.zone().inside()
                && !isLoopback(event.peer())) {
            told.add(Kind.NODE_ADDRESS, event.peer(), user.substring(NODE.length()));
        }
        if (isPod(event.credentialPod())) {
            told.add(Kind.POD_NODE, event.credentialPod(), event.credentialNode());
            if (direct && event.zone() == Zone.CLUSTER) {
                told.add(Kind.CREDENTIAL_POD_PEER, event.peer(), event.credentialPod());
            }
        }
    }

    /** What every node has. */
    private static boolean isLoopback(@Nullable String address) {
        return address != null && (address.startsWith("127.") || address.equals("::1"));
    }

    private static boolean isPod(@Nullable String pod) {
        return pod != null && pod.indexOf('/') > 0;
    }

    /** Collects the links of one event. */
    private static final class Told {
        private final SecurityEvent event;
        private List<Link> links = List.of();

        Told(SecurityEvent event) {
            this.event = event;
        }

        void ofPod(Kind kind, @Nullable String key, @Nullable String pod) {
            if (isPod(pod)) {
                add(kind, key, pod);
            }
        }

        void add(Kind kind, @Nullable String key, @Nullable String value) {
            if (key == null || key.isEmpty() || value == null || value.isEmpty()) {
                return;
            }
            Link link = new Link(kind, event.scope(), key, value, event.time());
            if (links.isEmpty()) {
                links = new ArrayList<>(4);
            }
            if (!links.contains(link)) {
                links.add(link);
            }
        }
    }
}
