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
import io.tocsin.detections.PodEntry;
import io.tocsin.detections.Requests;
import io.tocsin.enrich.ExecCommand;
import io.tocsin.enrich.MetadataService;
import io.tocsin.enrich.Percent;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Join;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * A pod reaches the metadata service that hands out its node's cloud credentials; then that node's identity calls the API from an
 * address new to it, or with a client that no node uses.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1552/005/">T1552.005</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class MetadataToRole implements SequenceDetection<MetadataToRole.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "metadata-to-role",
            1,
            "A node's credentials were fetched by a pod and used",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1552.005", "T1078.004"),
            Set.of(Source.HUBBLE, Source.ACCESS_LOG, Source.KUBERNETES_AUDIT, Source.TETRAGON),
            Set.of(Need.AUDIT_EVENTS, Need.FLOWS),
            "A pod connects to the instance metadata service (169.254.169.254, fd00:ec2::254, 169.254.170.23), or a request or"
                    + " command names it in any spelling; then the identity of that pod's node, system:node:NAME, calls the"
                    + " Kubernetes API from an address from which it never called, or with a client that is neither kubelet,"
                    + " kube-proxy nor a network plugin. Programs ask the metadata service all day: only the whole story"
                    + " alerts.",
            "pod reaches the metadata service ──▶ its node's identity calls from a new address, or with another client",
            "Credentials that are used from the node itself under the name of kubelet: a client names itself. Pods with host"
                    + " networking, which Hubble takes for the host. A role used against the cloud's own API, which is not"
                    + " read here. A connection that is known only through a proxy in front of the pod: the node told is then the"
                    + " proxy's; and a pod of which no record tells its node within joins.wait. Where the first address a node is known by is"
                    + " the thief's. Use after the window.",
            "Drain the node and replace it, and revoke the sessions of its role (aws:TokenIssueTime). Require IMDSv2 with a hop limit"
                    + " of 1, or block the metadata service for pods. Find out what the pod runs and who got into it.",
            "A node that is replaced under its old name with another address; an agent with the node's"
                    + " identity that the list of clients lacks, while pods ask the metadata service as SDKs do all day."
                    + " Add such agents to detections.metadata-to-role.clients.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(60))
            .withDescription(
                    "Longest event time from the metadata service to the use of the node's identity; at least 10 s.");

    public static final ConfigOption<String> CLIENTS = ConfigOptions.key(INFO.optionKey("clients"))
            .stringType()
            .defaultValue(
                    "kubelet/,hyperkube/,kube-proxy/,kubeadm/,nodeadm/,node-problem-detector/,eks-node-monitoring-agent/,"
                            + "aws-k8s-agent/,aws-node/,aws-cni/,amazon-vpc-cni,cilium,calico,Calico,flannel,multus,antrea,kube-router,"
                            + "ovnkube,weave,azure-cns,azure-ipam,netd/")
            .withDescription(
                    "How the user agents begin that call as a node, comma-separated; each at least 3 characters long.");

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String REACHED = "metadata-reached";
    static final String USED = "node-used";

    private static final int SHOWN = 60;

    /** Its parameters. */
    public record Params(Duration window, List<String> clients) implements Detection.Params {
        public Params {
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
            clients = List.copyOf(clients);
            for (String client : clients) {
                check(client.length() >= 3, "%s must be at least 3 characters each: %s", CLIENTS.key(), client);
            }
        }

        private boolean isUsual(@Nullable String userAgent) {
            if (userAgent == null) {
                return true;
            }
            for (int i = 0; i < clients.size(); i++) {
                if (userAgent.startsWith(clients.get(i))) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW, CLIENTS);
    }

    @Override
    public Params params(ReadableConfig config) {
        List<String> clients = Arrays.stream(config.get(CLIENTS).split(",", -1))
                .map(String::trim)
                .toList();
        return new Params(config.get(WINDOW), clients);
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.match(REACHED, Entity.NODE, MetadataToRole::reachesMetadata)
                        .relaying(Relay.FIRST_PER_SLOT),
                SignalRule.match(REACHED, MetadataToRole::unknownNode, MetadataToRole::reachesFromPod)
                        .oncePerSlot(event -> Objects.toString(podOf(event)))
                        .joining(new Join(Link.Kind.POD_NODE, MetadataToRole::podOf)),
                SignalRule.match(USED, Entity.CALLING_NODE, MetadataToRole::isNodeCall)
                        .whereNew(new Newness(Recall.NEW_USE, Duration.ZERO)
                                .butAlways(event -> !params.isUsual(event.userAgent())))
                        .relaying(Relay.FIRST_PER_SLOT));
    }

    private static List<String> unknownNode(SecurityEvent event) {
        return List.of(Keys.of(event.scope(), "node", Join.UNKNOWN));
    }

    /** Which node the pod runs on, others know. */
    private static boolean reachesFromPod(SecurityEvent event) {
        return event.place().node() == null && podOf(event) != null && reaches(event);
    }

    private static @Nullable String podOf(SecurityEvent event) {
        if (event.source() != Source.KUBERNETES_AUDIT) {
            return event.place().pod();
        }
        return event.namespace() == null || event.name() == null ? null : event.namespace() + "/" + event.name();
    }

    private static boolean reachesMetadata(SecurityEvent event) {
        return event.place().node() != null && reaches(event);
    }

    private static boolean reaches(SecurityEvent event) {
        return switch (event.source()) {
            case HUBBLE -> isConnection(event);
            case TETRAGON ->
                isConnection(event)
                        || ("exec".equals(event.verb())
                                && event.place().pod() != null
                                && MetadataService.isIn(event.process().command()));
            case ACCESS_LOG ->
                MetadataService.isIn(event.flow().name())
                        || (event.uri() != null && MetadataService.isIn(Percent.decode(Percent.query(event.uri()))));
            case KUBERNETES_AUDIT ->
                "exec".equals(event.subresource())
                        && PodEntry.isEntry(event)
                        && ExecCommand.of(event).callsMetadata();
            default -> false;
        };
    }

    /** By a pod, and not dropped by a policy. */
    private static boolean isConnection(SecurityEvent event) {
        return MetadataService.isAt(event.flow().destination())
                && event.place().pod() != null
                && event.outcome() != Outcome.DENIED;
    }

    private static boolean isNodeCall(SecurityEvent event) {
        return Requests.isRequest(event) && Identities.isNode(event.user()) && event.impersonator() == null;
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(REACHED)
                .where(Stage.is(REACHED))
                .followedBy(USED)
                .where(Stage.is(USED));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Evidence reached = match.signal(REACHED).evidence().get(0);
        Evidence used = match.completing();
        return "the metadata service was reached from %s (%s) on the node of %s; then %s was used from %s %s: %s"
                .formatted(
                        reached.where(),
                        reached.source(),
                        used.who(),
                        used.who(),
                        used.where(),
                        params.isUsual(used.userAgent())
                                ? "(an address new to it)"
                                : "with a client that is no node's, " + shown(used.userAgent()),
                        used.action());
    }

    private static String shown(@Nullable String client) {
        return client == null ? "unnamed" : client.substring(0, Math.min(SHOWN, client.length()));
    }
}
