package io.tocsin.detections.lateralmovement;

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
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.network.Network;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringTokenizer;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Somebody guesses a login to a node, gets in, and then uses what the node is: its identity, its kubelet, its container runtime.
 *
 * <p>Failures and login are one address's; what follows names no address, so it counts for every address that lately logged in to
 * that node. A node's journal, its syslog and its audit log may each tell of one attempt, so each log's story is its own.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1021/004/">T1021.004</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NodeLoginToKubelet implements SequenceDetection<NodeLoginToKubelet.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "node-login-to-kubelet",
            1,
            "A guessed login to a node, then its kubelet misused",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1110", "T1021.004", "T1552.001"),
            Set.of(Source.JOURNALD, Source.SYSLOG, Source.AUDITD, Source.KUBERNETES_AUDIT),
            Set.of(Need.HOST_LOGINS, Need.AUDIT_EVENTS),
            "Logins to a node fail from one address, then one from that address succeeds, then the node is used unusually: its"
                    + " identity (system:node:NAME) calls the API with a client that is none of the usual ones, or somebody"
                    + " logged in runs a container runtime's or a kubelet's tool there (crictl, ctr, nerdctl, kubectl, kubeadm"
                    + " and so on, by sudo or seen by auditd), stops them, or touches their credentials and sockets. The node of"
                    + " the API is matched with the host of the log by the first part of the name.",
            "failed login · failed login · failed login ──▶ login from there ──▶ node identity, kubelet or runtime misused",
            "A login that works at once or with a stolen key (keys that are refused are no failed guesses), a guess from one"
                    + " address and the login from another, or a listed bastion; use of the node's identity by a client that"
                    + " calls itself kubelet, or that gives no name; work as root without sudo where auditd sees no commands; a"
                    + " tool under another name; more than the window between first guess and misuse. Whoever works on that node"
                    + " at the time completes the story, not only the one who logged in. A node whose host name is not the first"
                    + " part of its name in Kubernetes is blind for the API's part.",
            "Isolate the node (cordon it and cut its network), end the session, and take everything on it for stolen: delete its"
                    + " kubelet certificate's node object and CSRs, rotate the tokens and secrets of the pods it ran, replace the"
                    + " node. Find out how its sshd could be reached, and block the address.",
            "An administrator who mistypes a password, logs in and works with crictl or kubectl on the node,"
                    + " as in every incident. Say where people log in from in detections.node-login-to-kubelet.bastions,"
                    + " and which agents use the node's identity in usual-clients.");

    public static final ConfigOption<Integer> MIN_FAILURES = ConfigOptions.key(INFO.optionKey("min-failures"))
            .intType()
            .defaultValue(3)
            .withDescription("Failed logins to the node from the address before the one that succeeds; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(30))
            .withDescription("Longest event time from the first failure counted to the misuse; at least 10 s.");

    public static final ConfigOption<String> BASTIONS = ConfigOptions.key(INFO.optionKey("bastions"))
            .stringType()
            .defaultValue("")
            .withDescription(
                    "Address ranges from which people log in to nodes, comma-separated; failures from there are"
                            + " mistakes. Whoever comes through a bastion is not seen.");

    public static final ConfigOption<String> USUAL_CLIENTS = ConfigOptions.key(INFO.optionKey("usual-clients"))
            .stringType()
            .defaultValue(
                    "kubelet,kube-proxy,kubeadm,k3s,rke2,node-problem-detector,calico,calico-node,cilium-agent,flanneld,"
                            + "kube-router,antrea-agent,ovnkube,aws-k8s-agent")
            .withDescription("Clients that use a node's identity: the user agent up to its first slash or space,"
                    + " comma-separated.");

    static final String FAILURES = "failures";
    static final String LOGIN = "login";
    static final String MISUSED = "node-misused";

    private static final int LONGEST_COMMAND = 4_096;
    private static final Set<String> TOOLS =
            Set.of("crictl", "ctr", "nerdctl", "docker", "podman", "kubectl", "kubeadm", "kubeletctl");
    private static final Set<String> SERVICES =
            Set.of("kubelet", "containerd", "crio", "cri-o", "docker", "kube-proxy", "k3s", "k3s-agent", "rke2-agent");
    private static final Set<String> CONTROLS = Set.of("systemctl", "service", "initctl");
    private static final Set<String> STOPS = Set.of("stop", "restart", "disable", "mask", "kill", "edit");
    private static final String UNIT = ".service";
    private static final List<String> SENSITIVE = List.of(
            "/var/lib/kubelet/pki",
            "/var/lib/kubelet/kubeconfig",
            "/var/lib/kubelet/config.yaml",
            "/var/lib/kubelet/pods",
            "/etc/kubernetes",
            "/etc/rancher",
            "/var/lib/rancher",
            "/run/containerd/containerd.sock",
            "/run/crio/crio.sock",
            "/run/docker.sock",
            "/run/k3s/containerd");

    /** Its parameters. */
    public record Params(int minFailures, Duration window, List<String> bastions, List<String> usualClients)
            implements Detection.Params {
        public Params {
            check(minFailures >= 1, "%s must be at least 1: %s", MIN_FAILURES.key(), minFailures);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
            bastions = List.copyOf(bastions);
            usualClients = List.copyOf(usualClients);
            for (String range : bastions) {
                try {
                    Network.range(range);
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("%s: %s".formatted(BASTIONS.key(), e.getMessage()), e);
                }
            }
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_FAILURES, WINDOW, BASTIONS, USUAL_CLIENTS);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(
                config.get(MIN_FAILURES),
                config.get(WINDOW),
                entries(config.get(BASTIONS)),
                entries(config.get(USUAL_CLIENTS)));
    }

    private static List<String> entries(String text) {
        List<String> entries = new ArrayList<>();
        for (String entry : text.split(",", -1)) {
            if (!entry.isBlank()) {
                entries.add(entry.trim());
            }
        }
        return entries;
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        // A network whose inside is the bastions.
        Network bastions = new Network(params.bastions(), List.of(), List.of());
        return List.of(
                SignalRule.events(
                                FAILURES,
                                NodeLoginToKubelet::knocking,
                                event -> isLogin(event) && failed(event) && !isFrom(bastions, event),
                                params.minFailures(),
                                params.window())
                        .weighing(SecurityEvent::count),
                SignalRule.match(
                                LOGIN,
                                NodeLoginToKubelet::knocking,
                                event -> isLogin(event) && event.outcome() == Outcome.SUCCESS)
                        .relaying(Relay.MADE_KNOWN, NodeLoginToKubelet::host),
                SignalRule.match(
                                MISUSED,
                                Entity.NOBODY,
                                event -> event.source() == Source.KUBERNETES_AUDIT
                                        ? isUnusualClient(event, params.usualClients())
                                        : isHost(event) && isMisuse(event))
                        .relaying(Relay.EVERY_KNOWN, NodeLoginToKubelet::host));
    }

    private static boolean isHost(SecurityEvent event) {
        return event.source() == Source.JOURNALD || event.source() == Source.SYSLOG || event.source() == Source.AUDITD;
    }

    private static boolean isLogin(SecurityEvent event) {
        return "login".equals(event.verb()) && isHost(event);
    }

    private static boolean failed(SecurityEvent event) {
        return event.outcome() == Outcome.UNAUTHENTICATED || event.outcome() == Outcome.DENIED;
    }

    private static boolean isFrom(Network bastions, SecurityEvent event) {
        Network.Address address = bastions.address(event.peer());
        return address != null && address.zone() == Zone.CLUSTER;
    }

    /** Who knocks at which node, as one log tells it. */
    private static List<String> knocking(SecurityEvent event) {
        String host = hostName(event);
        return host == null || event.peer() == null
                ? List.of()
                : List.of(Keys.of(
                        event.scope(),
                        "node-login",
                        host,
                        event.peer(),
                        event.source().id()));
    }

    private static List<String> host(SecurityEvent event) {
        String host = hostName(event);
        return host == null ? List.of() : List.of(Keys.of(event.scope(), "host", host));
    }

    /** A node by the name that its logs and the API have in common. */
    private static @Nullable String hostName(SecurityEvent event) {
        String name = event.place().node();
        if (event.source() == Source.KUBERNETES_AUDIT) {
            String user = event.user();
            name = user == null || !Identities.isNode(user) ? null : user.substring("system:node:".length());
        }
        if (name == null || name.isEmpty()) {
            return null;
        }
        int dot = name.indexOf('.');
        // An address has no first part that would tell it from others.
        boolean isAddress = name.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        return (dot <= 0 || isAddress ? name : name.substring(0, dot)).toLowerCase(Locale.ROOT);
    }

    private static boolean isUnusualClient(SecurityEvent event, List<String> usualClients) {
        String client = event.userAgent();
        if (!Identities.isNode(event.user()) || event.impersonator() != null || client == null || client.isEmpty()) {
            return false;
        }
        for (String usual : usualClients) {
            boolean ends = client.length() == usual.length()
                    || (client.length() > usual.length()
                            && (client.charAt(usual.length()) == '/' || client.charAt(usual.length()) == ' '));
            if (ends && client.startsWith(usual)) {
                return false;
            }
        }
        return true;
    }

    /** Somebody who logged in, not a daemon, at the kubelet, the runtime, or what belongs to them. */
    private static boolean isMisuse(SecurityEvent event) {
        String verb = event.verb();
        if (verb == null || event.user() == null) {
            return false;
        }
        return switch (verb) {
            case "sudo" ->
                event.outcome() == Outcome.SUCCESS
                        && isMisuse(event.process().binary(), event.process().command());
            case "exec" -> isMisuse(event.process().binary(), event.process().command());
            case "open", "write" ->
                isSensitive(event.process().file())
                        && !SERVICES.contains(lastPart(event.process().binary()));
            default -> false;
        };
    }

    private static boolean isMisuse(@Nullable String binary, @Nullable String command) {
        String program = lastPart(binary);
        if (TOOLS.contains(program)) {
            return true;
        }
        if (command == null) {
            return false;
        }
        String bounded = command.length() > LONGEST_COMMAND ? command.substring(0, LONGEST_COMMAND) : command;
        boolean steers = CONTROLS.contains(program);
        boolean stops = false;
        boolean service = false;
        StringTokenizer words = new StringTokenizer(bounded, " \"'=");
        while (words.hasMoreTokens()) {
            String word = words.nextToken();
            String last = lastPart(word);
            if (TOOLS.contains(last) || isSensitive(word)) {
                return true;
            }
            steers |= CONTROLS.contains(last);
            stops |= STOPS.contains(last);
            service |= SERVICES.contains(last.endsWith(UNIT) ? last.substring(0, last.length() - UNIT.length()) : last);
        }
        return steers && stops && service;
    }

    private static boolean isSensitive(@Nullable String path) {
        if (path == null) {
            return false;
        }
        for (String sensitive : SENSITIVE) {
            if (path.contains(sensitive)) {
                return true;
            }
        }
        return false;
    }

    private static String lastPart(@Nullable String path) {
        return path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(FAILURES)
                .where(Stage.is(FAILURES))
                .followedBy(LOGIN)
                .where(Stage.is(LOGIN))
                .followedBy(MISUSED)
                .where(Stage.is(MISUSED));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    /** Whichever log tells it, it is one story: the key without the log, whose name has nothing to escape. */
    @Override
    public List<String> stories(Match match) {
        String key = match.last().key();
        return List.of(key.substring(0, key.lastIndexOf('|')));
    }

    @Override
    public String message(Match match, Params params) {
        Evidence login = match.signal(LOGIN).evidence().get(0);
        Evidence misuse = match.completing();
        return "%d logins to a node failed from %s, then %s logged in from there, then the node was misused by %s: %s"
                .formatted(match.signal(FAILURES).count(), login.where(), login.who(), misuse.who(), misuse.action());
    }
}
