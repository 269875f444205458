package io.tocsin.detections.credentialaccess;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Match;
import io.tocsin.detection.Need;
import io.tocsin.detection.SequenceDetection;
import io.tocsin.detection.Stage;
import io.tocsin.detection.Threshold;
import io.tocsin.detections.Requests;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.Uses;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * A token bound to a pod is used from two addresses: somebody has it who is not that pod.
 *
 * <p>Nodes' own calls teach where each node calls from, since a pod's calls may come from its node's address too.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1550/001/">T1550.001</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class TokenUsedOffNode implements SequenceDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "token-used-off-node",
            1,
            "A pod's token was used from a second address",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1550.001", "T1528"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES, Need.CREDENTIAL_IDS, Need.BOUND_CREDENTIALS),
            "One service account token that is bound to a pod calls from two peer addresses within the window, at the same time or"
                    + " one after the other, let in or refused. The token is followed by its credential id, which the API server"
                    + " signs and no client can choose. The addresses from which the token's node itself calls (as"
                    + " system:node:NAME) count for nothing, so that a pod whose calls leave through its node, and nodes that"
                    + " leave through one egress, are quiet. It is high if one of the addresses is outside, else medium.",
            "token X from the pod's address ──▶ token X from another address (or at the same time)",
            "A token used only after its pod is gone or silent for the window, or only where the pod or its node calls from: on the"
                    + " node itself, in the pod, behind the egress they share. A token bound to no pod (legacy Secrets, a"
                    + " TokenRequest without bound object). Clusters before Kubernetes 1.30, whose logs hold no credential ids;"
                    + " whoever holds a node's own certificate can make an address one of that node by calling from it first."
                    + " Of a pod that has used its tokens at one address in two hours of its first ones, or on two days, that address"
                    + " counts as in use for two days; of a younger one the earliest use of each hour counts. An address that its tokens are used from for a day"
                    + " is the pod's from then on.",
            "Find the process behind the second address. If it is outside, or no part of that pod, delete the pod: its token ends"
                    + " with it. Read everything the credential id did, look in the pod for how the token was taken (exec, a"
                    + " flaw in the application, a mounted host path), and rotate what the account could read.",
            "A pod with several networks or addresses of both families, an egress gateway, several NAT"
                    + " addresses for one node; a proxy in front of the API server whose addresses vary. Put such"
                    + " proxies in network.trusted-proxies; exempt the account from the egress ranges for this"
                    + " detection.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO,
            "min-addresses",
            2,
            "Peer addresses of one token (2 or more), that of its node not counted,",
            Duration.ofMinutes(60));

    static final String ELSEWHERE = "elsewhere";
    /** Where nodes call from; no stage. */
    static final String NODES = "nodes";

    /** How long after its first use an address is that of the pod. */
    private static final Duration KNOWN_AFTER = Duration.ofDays(1);

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return OPTIONS.all();
    }

    @Override
    public Threshold params(ReadableConfig config) {
        Threshold params = OPTIONS.read(config);
        check(params.least() >= 2, "%s must be at least 2: %s", OPTIONS.least().key(), params.least());
        return params;
    }

    @Override
    public List<SignalRule> signals(Threshold params, Identities identities) {
        return List.of(
                SignalRule.match(
                                ELSEWHERE,
                                Entity.CREDENTIAL,
                                event -> Requests.isRequest(event) && isPodsToken(event) && !isItsPlace(event))
                        .whereUsedElsewhere(TokenUsedOffNode::use, KNOWN_AFTER),
                SignalRule.lesson(
                        NODES,
                        Entity.CALLING_NODE,
                        event -> Requests.isRequest(event)
                                && Identities.isNode(event.user())
                                && event.impersonator() == null));
    }

    /** Followed by its node, whose own addresses say nothing. */
    private static Uses.@Nullable Use use(SecurityEvent event) {
        String credential = event.credentialId();
        if (credential == null || event.peer() == null) {
            return null;
        }
        String carrier = event.credentialPodUid() == null ? credential : event.credentialPodUid();
        List<String> node = Entity.CREDENTIAL_NODE.of(event);
        String owner = node.isEmpty() ? Keys.of(event.scope(), "credential-places", carrier) : node.get(0);
        return new Uses.Use(owner, carrier, credential, event.peer());
    }

    private static boolean isPodsToken(SecurityEvent event) {
        return event.credentialPod() != null
                && event.credentialId() != null
                && event.credentialId().startsWith("JTI=");
    }

    /** Whether the record itself tells that the peer is a further address of that pod, or its node. */
    private static boolean isItsPlace(SecurityEvent event) {
        String peer = event.peer();
        if (peer == null) {
            return false;
        }
        boolean pod = event.credentialPod() != null
                && event.credentialPod().equals(event.place().pod());
        boolean node = event.credentialNode() != null
                && event.credentialNode().equals(event.place().node());
        return (pod && peer.equals(event.place().podAddress()))
                || ((pod || node) && peer.equals(event.place().nodeAddress()));
    }

    @Override
    public Pattern<Signal, ?> pattern(Threshold params) {
        return Pattern.<Signal>begin(ELSEWHERE).where(Stage.atLeast(ELSEWHERE, params.least()));
    }

    @Override
    public Duration window(Threshold params) {
        return params.window();
    }

    @Override
    public @Nullable Severity severity(Match match) {
        for (Evidence use : match.last().evidence()) {
            if (use.zone() == Zone.OUTSIDE) {
                return null;
            }
        }
        return Severity.MEDIUM;
    }

    /** A pod's tokens change every hour, and who takes one takes the next: one account at one address is one story. */
    @Override
    public List<String> stories(Match match) {
        Evidence last = match.completing();
        return List.of(match.last().key(), Keys.of(match.last().scope(), "identity-at", last.who(), last.where()));
    }

    @Override
    public String message(Match match, Threshold params) {
        Evidence last = match.completing();
        Set<String> addresses = new LinkedHashSet<>();
        match.last().evidence().forEach(use -> addresses.add(use.where()));
        return "The token %s of %s, bound to one pod, was used from %d addresses (%s), the last time for %s"
                .formatted(
                        last.credentialId(),
                        last.who(),
                        match.last().count(),
                        String.join(", ", addresses),
                        last.action());
    }
}
