package io.tocsin.signal;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Link.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The links that single events tell. Only what collectors, kernels and the API server say counts, never what a client claims; a pod
 * without its namespace is not told apart from others and gives none.
 */
public final class Links {
    private static final String NODE = "system:node:";

    private Links() {}

    private static final String SERVICE_ACCOUNT = "system:serviceaccount:";
    /** A CronJob's Jobs are named after it and the minute. */
    private static final int MINUTES = 8;

    private static final Set<Kind> ALL = Collections.unmodifiableSet(EnumSet.allOf(Kind.class));

    /** What this event tells, each link once; usually nothing. */
    public static List<Link> of(SecurityEvent event) {
        return of(event, ALL);
    }

    /** The same, of these kinds. */
    public static List<Link> of(SecurityEvent event, Set<Kind> wanted) {
        Told told = new Told(event, wanted);
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
            if (user != null && user.startsWith(SERVICE_ACCOUNT)) {
                told.add(Kind.POD_SERVICE_ACCOUNT, event.credentialPod(), user);
            }
        }
        if (event.outcome() == Outcome.SUCCESS && !event.dryRun()) {
            ofWrite(event, told);
        }
    }

    private static void ofWrite(SecurityEvent event, Told told) {
        String resource = event.resource();
        if (resource == null || event.namespace() == null || event.verb() == null) {
            return;
        }
        boolean requestsToken = event.is("create", "serviceaccounts", "token");
        if (requestsToken && event.name() != null && isPod(event.place().pod())) {
            told.add(
                    Kind.POD_SERVICE_ACCOUNT,
                    event.place().pod(),
                    SERVICE_ACCOUNT + event.namespace() + ":" + event.name());
        }
        String kind = workloadKind(resource);
        boolean written = event.verb().equals("create")
                || event.verb().equals("update")
                || event.verb().equals("patch");
        if (kind != null && written && event.subresource() == null && event.name() != null && !isPlatform(event)) {
            told.add(Kind.WORKLOAD_WRITER, workload(event.namespace(), kind + "/" + event.name()), event.identity());
        }
    }

    /** Controllers and nodes: they carry out what others wrote. */
    private static boolean isPlatform(SecurityEvent event) {
        String user = event.user();
        boolean account = user != null && user.startsWith(SERVICE_ACCOUNT);
        return user == null
                || (user.startsWith("system:") && !account)
                || user.startsWith(SERVICE_ACCOUNT + "kube-system:");
    }

    private static @Nullable String workloadKind(String resource) {
        return switch (resource) {
            case "deployments" -> "Deployment";
            case "statefulsets" -> "StatefulSet";
            case "daemonsets" -> "DaemonSet";
            case "replicasets" -> "ReplicaSet";
            case "replicationcontrollers" -> "ReplicationController";
            case "cronjobs", "jobs" -> "Job";
            default -> null;
        };
    }

    /** A workload as links name it: of a Job that a CronJob made, the CronJob, since that was written by somebody. */
    public static @Nullable String workload(@Nullable String namespace, @Nullable String workload) {
        if (namespace == null || workload == null) {
            return null;
        }
        int dash = workload.lastIndexOf('-');
        boolean minutes = workload.startsWith("Job/")
                && dash > 0
                && workload.length() - dash - 1 >= MINUTES
                && workload.chars().skip(dash + 1L).allMatch(c -> c >= '0' && c <= '9');
        return Keys.of(namespace, minutes ? workload.substring(0, dash) : workload);
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
        private final Set<Kind> wanted;
        private List<Link> links = List.of();

        Told(SecurityEvent event, Set<Kind> wanted) {
            this.event = event;
            this.wanted = wanted;
        }

        void ofPod(Kind kind, @Nullable String key, @Nullable String pod) {
            if (isPod(pod)) {
                add(kind, key, pod);
            }
        }

        void add(Kind kind, @Nullable String key, @Nullable String value) {
            if (!wanted.contains(kind) || key == null || key.isEmpty() || value == null || value.isEmpty()) {
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
