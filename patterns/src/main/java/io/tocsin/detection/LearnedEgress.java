package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Addresses outside that are the cluster's own way out. At a public API endpoint nodes and pods appear with public addresses: one
 * is as good as inside for a token bound to node N where N itself calls from it, and for all service accounts where two nodes or
 * more do (NAT). Histories decide, so that no answer depends on which task saw what: each address has one, which nodes teach by
 * their calls and which is asked about every call of a service account from there.
 *
 * <p>What a task itself has taught it need not ask: what it knows, the history knows too. On such a cluster every pod calls from
 * outside, so this is what keeps questions rare.
 */
final class LearnedEgress {
    /** The name under which lessons travel; no detection is called so. */
    static final String ID = "learned-egress";

    /** So many nodes make an address everybody's. */
    static final int NODES = 2;

    private static final String NODE = "system:node:";
    private static final int ADDRESSES = 10_000;
    /** Half of the shortest time that a history remembers: what was taught within it is not forgotten. */
    private static final Duration REFRESH = Duration.ofDays(1);

    private final SeenBefore taught = new SeenBefore(ADDRESSES);

    /** Whether the address of this event may be new unless it was learned: a service account's, outside. */
    static boolean isAsked(SecurityEvent event) {
        return event.zone() == Zone.OUTSIDE
                && event.peer() != null
                && event.impersonator() == null
                && Identities.isServiceAccount(event.user());
    }

    /** Whose history knows the nodes that call from the event's address. */
    static String owner(SecurityEvent event) {
        return Keys.of(event.scope(), "egress", String.valueOf(event.peer()));
    }

    /** Whether this task has taught so much of the event's address that the answer is known: it was learned. */
    boolean knows(SecurityEvent event) {
        SeenBefore.Owner nodes = taught.known(owner(event));
        String node = event.credentialNode();
        return nodes != null
                && (nodes.heardWithin(event.time(), REFRESH) >= NODES
                        || (node != null && nodes.heardWithin(node, event.time(), REFRESH)));
    }

    /** Says of an event whose address {@link #knows is known} from when until when it is. */
    void tellQuiet(SecurityEvent event, Quiet quiet) {
        SeenBefore.Owner nodes = taught.known(owner(event));
        if (nodes != null) {
            String node = event.credentialNode();
            boolean own = node != null && nodes.heardWithin(node, event.time(), REFRESH);
            nodes.tellHeard(own ? node : null, event.time(), REFRESH, quiet);
        }
    }

    /** Says of an event that teaches nothing from when until when it doesn't. */
    void tellNoLesson(SecurityEvent event, Quiet quiet) {
        String node = callingNode(event);
        SeenBefore.Owner nodes = node == null ? null : taught.known(owner(event));
        if (node == null) {
            quiet.always();
        } else if (nodes != null && nodes.heardWithin(event.time(), REFRESH) >= NODES) {
            nodes.tellHeard(null, event.time(), REFRESH, quiet);
        } else if (nodes != null) {
            nodes.tellQuiet(node, REFRESH, quiet);
        } else {
            quiet.spoke();
        }
    }

    /** What a call of a node teaches; null if it is none from outside, or if as much was taught within the day. */
    @Nullable
    Signal lesson(SecurityEvent event) {
        String node = callingNode(event);
        if (node == null) {
            return null;
        }
        String owner = owner(event);
        SeenBefore.Owner nodes = taught.owner(owner);
        Instant time = event.time();
        if (nodes.heardWithin(time, REFRESH) >= NODES || !nodes.hear(node, time, REFRESH)) {
            return null;
        }
        String id = event.id();
        return new Signal(
                ID,
                "node",
                0,
                event.scope(),
                owner,
                time,
                id,
                Recall.LESSON,
                owner,
                node,
                node,
                1,
                1,
                time,
                List.of(Evidence.of(event, id, "node")),
                0);
    }

    /** Only what succeeds teaches: a node that is refused everything has shown nothing but a name. */
    /** The node that calls from outside and is let in; null if it is none. */
    static @Nullable String callingNode(SecurityEvent event) {
        String user = event.user();
        return event.zone() == Zone.OUTSIDE
                        && event.peer() != null
                        && user != null
                        && user.startsWith(NODE)
                        && event.impersonator() == null
                        && event.source() == Source.KUBERNETES_AUDIT
                        && event.outcome() == Outcome.SUCCESS
                        && !event.dryRun()
                ? user.substring(NODE.length())
                : null;
    }
}
