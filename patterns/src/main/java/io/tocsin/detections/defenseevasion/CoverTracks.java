package io.tocsin.detections.defenseevasion;

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
import io.tocsin.detection.Within;
import io.tocsin.detections.Requests;
import io.tocsin.detections.SensitiveActions;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * An identity does something sensitive, and then deletes Events, or the very pod it had entered.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1070/">T1070</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class CoverTracks implements SequenceDetection<Within> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "cover-tracks",
            1,
            "Tracks deleted after a sensitive action",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1070"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.AUDITED_EVENTS),
            "An identity does something sensitive (exec, attach, port-forward, an ephemeral container, a command through the"
                    + " kubelet's proxy, reading secrets, writing RBAC, webhooks or admission policies, requesting a token,"
                    + " approving a certificate), and then deletes Events: high. If it only deletes the pod it had entered: low."
                    + " Of a service account inside the cluster only what it has not done before counts as sensitive: operators read the same secrets all day."
                    + " The platform's own identities at home don't count, nor do pods deleted by listed deployers; Events are"
                    + " nobody's to delete.",
            "exec, secrets, RBAC, webhook, token or CSR approval ──▶ the same identity deletes Events, or the pod it entered",
            "An attacker who deletes with another identity, after the window, or has a controller delete (scaling a Deployment to"
                    + " none, deleting a Job, a namespace, or pods by selector, which names none); who lets Events expire; who"
                    + " uses a service account in the cluster to do only what its workload has done in the two weeks before; who"
                    + " goes through a privileged pod, since the bodies of pods are not read; logs deleted on nodes or in the"
                    + " store they are shipped to. Where the audit policy leaves out requests about Events, as on EKS and"
                    + " GKE, only the deleted pod is seen.",
            "Read what the identity did in the minutes before: the audit log still has it. Collect the container's image, node and"
                    + " runtime events before they rotate, revoke the credential, and ask its owner.",
            "Whoever debugs a workload enters its pod and then restarts it by deleting it, which is why that"
                    + " alone is low; an operator's or administrator's script that tidies up Events. List deployers in"
                    + " identities.cd; exempt a tidying account from where it runs.");

    public static final ConfigOption<Duration> WINDOW =
            Within.option(INFO, "Longest event time from the sensitive action to the deletion", Duration.ofMinutes(10));

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String SENSITIVE = "sensitive-action";
    static final String COVERED = "tracks-deleted";

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW);
    }

    @Override
    public Within params(ReadableConfig config) {
        return Within.read(WINDOW, config);
    }

    @Override
    public Set<EventField> fields() {
        return Set.of(EventField.BODY);
    }

    /** Whoever did it, and whoever entered this pod: each pod is a sequence of its own, so that no other action hides it. */
    @Override
    public List<SignalRule> signals(Within params, Identities identities) {
        return List.of(
                SignalRule.match(
                                SENSITIVE,
                                CoverTracks::opened,
                                event -> SensitiveActions.isSensitive(event, identities))
                        .oncePerSlot(SensitiveActions::alike)
                        .onlyNewTo(Requests::machineAtHome),
                SignalRule.match(
                        COVERED,
                        CoverTracks::covered,
                        event -> Requests.succeeded(event)
                                && (deletesEvents(event) || (deletesPod(event) && !identities.isDeployer(event)))
                                && !identities.isPlatformAtHome(event)));
    }

    private static List<String> opened(SecurityEvent event) {
        String identity = event.identity();
        if (identity == null) {
            return List.of();
        }
        String actor = actor(event.scope(), identity);
        // What goes through a forwarded port leaves no trace in the container that its end would hide.
        boolean inside = SensitiveActions.entersContainer(event) && !"portforward".equals(event.subresource());
        String pod = inside ? podOf(event, identity) : null;
        return pod == null ? List.of(actor) : List.of(actor, pod);
    }

    private static List<String> covered(SecurityEvent event) {
        String identity = event.identity();
        if (identity == null) {
            return List.of();
        }
        if (deletesEvents(event)) {
            return List.of(actor(event.scope(), identity));
        }
        String pod = podOf(event, identity);
        return pod == null ? List.of() : List.of(pod);
    }

    private static String actor(String scope, String identity) {
        return Keys.of(scope, "identity", identity);
    }

    private static @Nullable String podOf(SecurityEvent event, String identity) {
        return event.namespace() == null || event.name() == null
                ? null
                : Keys.of(event.scope(), "identity-and-pod", identity, event.namespace(), event.name());
    }

    private static boolean deletesEvents(SecurityEvent event) {
        return "events".equals(event.resource())
                && event.subresource() == null
                && ("delete".equals(event.verb()) || "deletecollection".equals(event.verb()));
    }

    /** Evicting a pod deletes it too. */
    private static boolean deletesPod(SecurityEvent event) {
        return event.is("delete", "pods", null) || event.is("create", "pods", "eviction");
    }

    @Override
    public Pattern<Signal, ?> pattern(Within params) {
        return Pattern.<Signal>begin(SENSITIVE)
                .where(Stage.is(SENSITIVE))
                .followedBy(COVERED)
                .where(Stage.is(COVERED));
    }

    @Override
    public Duration window(Within params) {
        return params.window();
    }

    @Override
    public @Nullable Severity severity(Match match) {
        return "events".equals(match.completing().resource()) ? null : Severity.LOW;
    }

    /** Pods or Events, it is one story of one identity. */
    @Override
    public List<String> stories(Match match) {
        Evidence deleted = match.completing();
        String identity = deleted.identity();
        return List.of(
                identity == null ? match.last().key() : actor(match.last().scope(), identity));
    }

    @Override
    public String message(Match match, Within params) {
        Evidence sensitive = match.signal(SENSITIVE).evidence().get(0);
        Evidence deleted = match.completing();
        return "%s did something sensitive from %s (%s) and %d s later deleted %s: %s"
                .formatted(
                        deleted.who(),
                        sensitive.where(),
                        sensitive.action(),
                        Duration.between(sensitive.time(), deleted.time()).toSeconds(),
                        "events".equals(deleted.resource()) ? "Events" : "the pod it had entered",
                        deleted.action());
    }
}
