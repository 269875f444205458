package io.tocsin.detections.initialaccess;

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
import io.tocsin.enrich.ExploitAttempt;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Join;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * A workload is attacked through the ingress, a shell runs in its pod, the pod's account asks the API what it may do, and something
 * new is called outside: three of these, in this order, within minutes.
 *
 * <p>Four things can be told in four ways by three of them. Each way is a key of its own, of which every stage is one kind of thing:
 * so the pattern stays three plain stages, and no combination can hide another. All ways are one story.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1190/">T1190</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class IngressToCluster implements SequenceDetection<IngressToCluster.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "ingress-to-cluster",
            1,
            "From the ingress into the cluster",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1190", "T1059.004", "T1613"),
            Set.of(Source.ACCESS_LOG, Source.TETRAGON, Source.FALCO, Source.KUBERNETES_AUDIT, Source.HUBBLE),
            Set.of(Need.AUDIT_EVENTS, Need.PROCESSES),
            "Of these, three in this order concern one pod: a request at the ingress that tries to break the workload (traversal,"
                    + " commands, JNDI, SQL, templates, a metadata service); a shell or a tool run there by a command line that"
                    + " is new to the workload, or an exec that opens a shell; the pod's token used for secrets, for a question"
                    + " about its own rights, or refused; a connection to a public address that is new to the workload.",
            "exploit attempt ──▶ shell in its pod ──▶ its token at the API ──▶ egress to a new destination: any 3, in order",
            "An attack whose steps are further apart than the window, that needs no shell and stays silent at the API, that runs a"
                    + " command line the workload runs itself, or asks at the API only for what its account has asked for in the two weeks before, or calls home through a destination it uses anyway, or inside"
                    + " private ranges. An access log that tells neither the pod nor the upstream's address, or an address of"
                    + " which no other record tells whose it is within joins.wait. A workload has no new"
                    + " destination in its first minutes, and hardly any once it has more than 64. Bodies of requests are not"
                    + " logged.",
            "Isolate the pod with a NetworkPolicy and keep it for forensics; delete its token by deleting the pod afterwards."
                    + " Read what its service account did, and patch what the request at the ingress tried.",
            "A penetration test; a scanner's request that happens to hit a workload while somebody debugs it"
                    + " through a shell and the workload calls out for the first time after a deployment. Compare the"
                    + " three times and the pod's last rollout; raise known-after where workloads find new destinations"
                    + " long after their start.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Longest event time from the first to the third; at least 10 s.");

    public static final ConfigOption<Duration> KNOWN_AFTER = ConfigOptions.key(INFO.optionKey("known-after"))
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription(
                    "How long after the first connection seen of a workload no destination is new to it; not negative.");

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String FIRST = "first";
    static final String SECOND = "second";
    static final String THIRD = "third";

    // So are the ways: they are parts of keys.
    private static final String ATTEMPT_SHELL_API = "attempt-shell-api";
    private static final String ATTEMPT_SHELL_EGRESS = "attempt-shell-egress";
    private static final String ATTEMPT_API_EGRESS = "attempt-api-egress";
    private static final String SHELL_API_EGRESS = "shell-api-egress";

    /** What no service needs to answer requests. */
    private static final Set<String> TOOLS = Set.of(
            "sh",
            "bash",
            "ash",
            "dash",
            "zsh",
            "ksh",
            "busybox",
            "curl",
            "wget",
            "nc",
            "ncat",
            "netcat",
            "socat",
            "telnet",
            "python",
            "python2",
            "python3",
            "perl",
            "ruby",
            "php",
            "lua",
            "id",
            "whoami",
            "uname",
            "hostname",
            "ifconfig",
            "ip",
            "netstat",
            "ss",
            "ps",
            "cat",
            "base64",
            "nmap",
            "masscan",
            "dig",
            "nslookup",
            "chmod",
            "kubectl",
            "openssl",
            "ssh",
            "scp",
            "tftp",
            "apt",
            "apt-get",
            "apk",
            "yum",
            "env",
            "find",
            "mount",
            "nsenter",
            "unshare",
            "chroot",
            "capsh");

    /** Its parameters. */
    public record Params(Duration window, Duration knownAfter) implements Detection.Params {
        public Params {
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
            check(!knownAfter.isNegative(), "%s must not be negative: %s", KNOWN_AFTER.key(), knownAfter);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW, KNOWN_AFTER);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(WINDOW), config.get(KNOWN_AFTER));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        Newness newCommand = new Newness(Recall.FIRST_USE, Duration.ZERO).butAlways(event -> !isTool(event));
        Newness newDestination = new Newness(Recall.NEW_USE, params.knownAfter());
        return List.of(
                SignalRule.match(
                                FIRST,
                                event -> {
                                    List<String> keys = new ArrayList<>(3);
                                    add(keys, event, attemptedPod(event), ATTEMPT_SHELL_API, ATTEMPT_SHELL_EGRESS);
                                    add(keys, event, attemptedPod(event), ATTEMPT_API_EGRESS);
                                    add(keys, event, shellPod(event), SHELL_API_EGRESS);
                                    return keys;
                                },
                                event -> attemptedPod(event) != null || shellPod(event) != null)
                        .whereNew(newCommand)
                        .relaying(Relay.FIRST_PER_SLOT),
                SignalRule.match(
                                FIRST,
                                event -> {
                                    List<String> keys = new ArrayList<>(3);
                                    add(keys, event, Join.UNKNOWN, ATTEMPT_SHELL_API, ATTEMPT_SHELL_EGRESS);
                                    add(keys, event, Join.UNKNOWN, ATTEMPT_API_EGRESS);
                                    return keys;
                                },
                                IngressToCluster::isAttemptAtAddress)
                        .oncePerSlot(event -> Objects.toString(event.flow().destination()))
                        .joining(new Join(
                                Link.Kind.POD_ADDRESS, event -> event.flow().destination())),
                SignalRule.match(
                                SECOND,
                                event -> {
                                    List<String> keys = new ArrayList<>(2);
                                    add(keys, event, shellPod(event), ATTEMPT_SHELL_API, ATTEMPT_SHELL_EGRESS);
                                    return keys;
                                },
                                event -> shellPod(event) != null)
                        .whereNew(newCommand)
                        .relaying(Relay.FIRST_PER_SLOT),
                calls(SECOND, ATTEMPT_API_EGRESS, SHELL_API_EGRESS),
                calls(THIRD, ATTEMPT_SHELL_API),
                SignalRule.match(
                                THIRD,
                                event -> {
                                    List<String> keys = new ArrayList<>(3);
                                    add(keys, event, egressPod(event), ATTEMPT_SHELL_EGRESS, ATTEMPT_API_EGRESS);
                                    add(keys, event, egressPod(event), SHELL_API_EGRESS);
                                    return keys;
                                },
                                IngressToCluster::isEgress)
                        .whereNew(newDestination)
                        .relaying(Relay.FIRST_PER_SLOT));
    }

    /** The pod's token at the API: inside, only for what its account has not done before. */
    private static SignalRule calls(String stage, String... ways) {
        return SignalRule.match(
                        stage,
                        event -> {
                            List<String> keys = new ArrayList<>(ways.length);
                            add(keys, event, callingPod(event), ways);
                            return keys;
                        },
                        event -> callingPod(event) != null)
                .oncePerSlot(Requests::distinct)
                .onlyNewTo(Requests::machineAtHome);
    }

    private static void add(List<String> keys, SecurityEvent event, @Nullable String pod, String... ways) {
        if (pod != null) {
            for (String way : ways) {
                keys.add(Keys.of(event.scope(), "pod", pod, way));
            }
        }
    }

    private static @Nullable String attemptedPod(SecurityEvent event) {
        return event.source() == Source.ACCESS_LOG
                        && event.flow().pod() != null
                        && ExploitAttempt.isIn(event.uri(), event.userAgent())
                ? event.flow().pod()
                : null;
    }

    /** The log tells only the address of whoever answered: which pod that was, others know. */
    private static boolean isAttemptAtAddress(SecurityEvent event) {
        return event.source() == Source.ACCESS_LOG
                && event.flow().pod() == null
                && event.flow().destination() != null
                && ExploitAttempt.isIn(event.uri(), event.userAgent());
    }

    private static @Nullable String shellPod(SecurityEvent event) {
        if (isTool(event)) {
            return event.place().pod();
        }
        return event.source() == Source.KUBERNETES_AUDIT
                        && "exec".equals(event.subresource())
                        && PodEntry.isEntry(event)
                        && ExecCommand.of(event).opensShell()
                        && event.namespace() != null
                        && event.name() != null
                ? event.namespace() + "/" + event.name()
                : null;
    }

    private static boolean isTool(SecurityEvent event) {
        if ((event.source() != Source.TETRAGON && event.source() != Source.FALCO)
                || event.place().pod() == null
                || PodEntry.isProbe(event)
                || (event.source() == Source.TETRAGON && !"exec".equals(event.verb()))) {
            return false;
        }
        String binary = event.process().binary();
        return binary != null && TOOLS.contains(binary.substring(binary.lastIndexOf('/') + 1));
    }

    private static @Nullable String callingPod(SecurityEvent event) {
        return event.source() == Source.KUBERNETES_AUDIT
                        && event.credentialPod() != null
                        && (event.outcome() == Outcome.DENIED
                                || "secrets".equals(event.resource())
                                || Requests.asksAboutItself(event))
                ? event.credentialPod()
                : null;
    }

    private static @Nullable String egressPod(SecurityEvent event) {
        return isEgress(event) ? event.place().pod() : null;
    }

    private static boolean isEgress(SecurityEvent event) {
        return event.source() == Source.HUBBLE
                && event.place().pod() != null
                && event.flow().pod() == null
                && event.flow().workload() == null
                && !"ingress".equals(event.flow().direction())
                && event.outcome() != Outcome.DENIED
                && isPublic(event.flow().destination());
    }

    /** Whether a canonical address is of no private, shared, local or multicast range. */
    private static boolean isPublic(@Nullable String address) {
        if (address == null) {
            return false;
        }
        if (address.indexOf(':') >= 0) {
            return address.length() > 4
                    && (address.charAt(0) == '2' || address.charAt(0) == '3')
                    && address.charAt(4) == ':';
        }
        int dot = address.indexOf('.');
        int next = address.indexOf('.', dot + 1);
        if (dot <= 0 || next < 0) {
            return false;
        }
        int first = number(address, 0, dot);
        int second = number(address, dot + 1, next);
        return first > 0
                && first != 10
                && first != 127
                && first < 224
                && !(first == 100 && second >= 64 && second < 128)
                && !(first == 169 && second == 254)
                && !(first == 172 && second >= 16 && second < 32)
                && !(first == 192 && second == 168);
    }

    private static int number(String text, int start, int end) {
        int value = 0;
        for (int i = start; i < end; i++) {
            value = value * 10 + Character.digit(text.charAt(i), 10);
        }
        return value;
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(FIRST)
                .where(Stage.is(FIRST))
                .followedBy(SECOND)
                .where(Stage.is(SECOND))
                .followedBy(THIRD)
                .where(Stage.is(THIRD));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    /** The pod, however it was told. */
    @Override
    public List<String> stories(Match match) {
        String key = match.last().key();
        return List.of(key.substring(0, key.lastIndexOf('|')));
    }

    @Override
    public String message(Match match, Params params) {
        String story = stories(match).get(0);
        String way = match.last().key().substring(story.length() + 1);
        String[] kinds = way.split("-", -1);
        return "pod %s: %s, then %s, then %s"
                .formatted(
                        story.substring(story.lastIndexOf('|') + 1),
                        told(kinds[0], match.signal(FIRST).evidence().get(0)),
                        told(kinds[1], match.signal(SECOND).evidence().get(0)),
                        told(kinds[2], match.completing()));
    }

    private static String told(String kind, Evidence record) {
        return switch (kind) {
            case "attempt" -> "an exploit attempt at the ingress from " + record.where();
            case "shell" -> "a shell or a tool run in it (" + record.source() + ")";
            case "api" -> "its token used at the API as " + record.who() + ": " + record.action();
            default -> "a connection to a destination new to it";
        };
    }
}
