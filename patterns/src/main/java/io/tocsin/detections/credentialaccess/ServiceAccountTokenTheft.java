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
import io.tocsin.enrich.MountedTokens;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Join;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Somebody reads the token mounted in a pod, or opens a shell there in which it could be read unseen; then that pod's token is used
 * from an address it was never used from.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1528/">T1528</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class ServiceAccountTokenTheft implements SequenceDetection<ServiceAccountTokenTheft.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "service-account-token-theft",
            1,
            "A pod's token was stolen and used elsewhere",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1528", "T1609", "T1550.001"),
            Set.of(Source.KUBERNETES_AUDIT, Source.TETRAGON, Source.FALCO),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES, Need.BOUND_CREDENTIALS),
            "Somebody enters a pod by exec, attach or an ephemeral container and reads the mounted service account token (or one"
                    + " for a cloud role) or opens a shell, after which nothing is audited; or Tetragon or Falco sees a shell or"
                    + " a tool open the token file. Then the token bound to that very pod is used from an address from which"
                    + " that pod never called. Opening shells is everyday work: only the whole story alerts.",
            "exec reads the token, or opens a shell ──▶ that pod's token used from an address new to it",
            "A token that is read by the application itself, or through a tool that neither the audit log nor Tetragon shows:"
                    + " the kubelet's own port, a shell under another name, a command that builds the path as it runs."
                    + " A token used only through the pod (a proxy, a tunnel) or from an address the pod used before, which"
                    + " behind NAT may be any pod's. A pod that was not heard of for two days has no usual address: its token"
                    + " used elsewhere is then found only where that is outside the cluster. The account used inside"
                    + " with a credential that is not bound to the pod, such as a legacy token Secret or one minted anew. The role a cloud token was exchanged for. Tokens used later than"
                    + " the window.",
            "Delete the pod: its tokens end with it. Then read what the credential did from the strange address, rotate the secrets"
                    + " it could read, and ask whoever opened the shell. If they didn't: their credential is the one to"
                    + " revoke first.",
            "Somebody debugs in a pod's shell, and the pod, which was not heard of for two days, calls from"
                    + " behind another NAT address than the one known; a pod whose egress gateway changes. Compare the"
                    + " address with the cluster's egress addresses, and put public ones that are the cluster's in"
                    + " network.cluster.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofHours(24))
            .withDescription("Longest event time from the entry into the pod to the use elsewhere; at least 10 s.");

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String TAKEN = "taken";
    static final String USED = "used-elsewhere";

    /** What people and their scripts read files with. An application reads its token under its own name. */
    private static final Set<String> TOOLS = Set.of(
            "sh", "bash", "ash", "dash", "zsh", "ksh", "fish", "busybox", "cat", "tac", "head", "tail", "less", "more",
            "cp", "mv", "dd", "tar", "gzip", "zip", "curl", "wget", "nc", "ncat", "netcat", "socat", "base64", "xxd",
            "od", "hexdump", "strings", "grep", "egrep", "fgrep", "rg", "awk", "gawk", "mawk", "sed", "cut", "find",
            "jq", "vi", "vim", "nano", "ed", "scp", "rsync", "ssh", "openssl", "tee", "sort", "diff", "paste", "nl",
            "xargs", "kubectl");

    /** Its parameters. */
    public record Params(Duration window) implements Detection.Params {
        public Params {
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(WINDOW));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.match(TAKEN, PodEntry.POD, ServiceAccountTokenTheft::mayTakeToken),
                SignalRule.match(
                                TAKEN, ServiceAccountTokenTheft::unknownAccount, ServiceAccountTokenTheft::mayTakeToken)
                        .joining(new Join(Link.Kind.POD_SERVICE_ACCOUNT, ServiceAccountTokenTheft::podOf)),
                SignalRule.match(USED, Entity.CREDENTIAL_POD, ServiceAccountTokenTheft::isUse)
                        .whereNew(new Newness(Recall.NEW_OR_OUTSIDE_USE, Duration.ZERO)),
                SignalRule.match(USED, Entity.IDENTITY, ServiceAccountTokenTheft::isUseFromOutside)
                        .whereNew(new Newness(Recall.NEW_OR_OUTSIDE_USE, Duration.ZERO)));
    }

    private static boolean mayTakeToken(SecurityEvent event) {
        return switch (event.source()) {
            case KUBERNETES_AUDIT -> PodEntry.isEntry(event) && entersForToken(event);
            case TETRAGON, FALCO -> event.place().pod() != null && readsToken(event);
            default -> false;
        };
    }

    private static boolean entersForToken(SecurityEvent event) {
        if (!"exec".equals(event.subresource())) {
            return true;
        }
        ExecCommand command = ExecCommand.of(event);
        return command.isUnknown() || command.readsToken() || command.opensShell();
    }

    private static boolean readsToken(SecurityEvent event) {
        if (PodEntry.isProbe(event)) {
            return false;
        }
        if (event.source() == Source.FALCO && "Terminal shell in container".equals(event.reason())) {
            return true;
        }
        return isTool(event.process().binary())
                && (MountedTokens.isIn(event.process().file())
                        || ("exec".equals(event.verb())
                                && MountedTokens.isIn(event.process().command())));
    }

    private static boolean isTool(@Nullable String binary) {
        return binary != null && TOOLS.contains(binary.substring(binary.lastIndexOf('/') + 1));
    }

    /** Any answer but "who are you" shows that the token was used, a refusal too. */
    private static boolean isUse(SecurityEvent event) {
        return Requests.isRequest(event) && event.credentialPod() != null;
    }

    /** The account with whatever credential: a legacy token, or one minted anew with the stolen one. */
    private static boolean isUseFromOutside(SecurityEvent event) {
        return Requests.isRequest(event)
                && Identities.isServiceAccount(event.user())
                && event.impersonator() == null
                && event.credentialId() != null
                && event.zone() == Zone.OUTSIDE;
    }

    private static List<String> unknownAccount(SecurityEvent event) {
        return List.of(Keys.of(event.scope(), "identity", Join.UNKNOWN));
    }

    private static @Nullable String podOf(SecurityEvent event) {
        List<String> pod = PodEntry.POD.of(event);
        return pod.isEmpty() ? null : Keys.parts(pod.get(0)).get(2);
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        // Any: an entry goes on telling of each further address, since later entries may have been held back.
        return Pattern.<Signal>begin(TAKEN)
                .where(Stage.is(TAKEN))
                .followedByAny(USED)
                .where(Stage.is(USED));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    /** The account, whichever way it was found. */
    @Override
    public List<String> stories(Match match) {
        return List.of(
                Keys.of(match.last().scope(), "identity", match.completing().who()));
    }

    @Override
    public String message(Match match, Params params) {
        Evidence taken = match.signal(TAKEN).evidence().get(0);
        Evidence used = match.completing();
        String how = taken.source().equals(Source.KUBERNETES_AUDIT.id())
                ? "%s entered pod %s/%s from %s (%s)"
                        .formatted(taken.who(), taken.namespace(), taken.name(), taken.where(), taken.operation())
                : "a shell or a tool was seen at the token of %s (%s)".formatted(pod(match), taken.source());
        return "%s; then the pod's token (%s) was used from %s, an address new to it: %s"
                .formatted(how, used.who(), used.where(), used.action());
    }

    private static String pod(Match match) {
        List<String> key = Keys.parts(match.first().key());
        return key.get(1).equals("pod") ? "pod " + key.get(2) : "a pod";
    }
}
