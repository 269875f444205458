package io.tocsin.detections.persistence;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity asks for a certificate and approves its own request, or anybody approves one for a privileged name.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1098/">T1098</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class CsrSelfApproval implements SequenceDetection<Within> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "csr-self-approval",
            1,
            "A certificate request approved by its own creator, or for a privileged name",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1098", "T1649"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "An identity creates a CertificateSigningRequest and soon approves that very request itself: a client certificate outlives"
                    + " its role bindings, is hard to revoke and may carry any name. A request whose name the API server made up"
                    + " is not named in the log; after one, any approval by its creator counts. And whoever approves a request for"
                    + " a privileged name or group (system:masters and the like, system:kube-*, built-in administrators, a node by"
                    + " what is no node), where the approval's body, or that of a creation within the window, tells it. Signers"
                    + " whose certificates let nobody in, and denials, don't count where bodies tell them. The control plane's"
                    + " approvals at home never count, so kubelets' own requests are quiet.",
            "X creates a CertificateSigningRequest ──▶ X approves it; or anybody approves one for a privileged name",
            "A request for a name that is not privileged by itself, such as one that roles are bound to, approved by a second identity of"
                    + " the attacker's, or only after the window; an approver that is told to approve, such as a signing operator."
                    + " Without bodies neither signer, names nor denial are known: then a serving certificate, and a denial, by the"
                    + " creator are told too, and a privileged name approved by somebody else is not. That the certificate is then"
                    + " used is not looked at here.",
            "Read the request (kubectl get csr -o yaml): its signer, names and groups. A certificate can't be revoked: remove every"
                    + " binding of its name and groups, or rotate the signer's CA. Take the right to approve from its creator.",
            "An administrator who issues a certificate to a new colleague by hand, and signing operators such"
                    + " as cert-manager's approver, which create and approve requests as their work. Exempt the"
                    + " operator's account from inside the cluster for this detection; a person should be asked each"
                    + " time.");

    public static final ConfigOption<Duration> WINDOW = Within.option(
            INFO, "Longest event time from the request's creation to its approval", Duration.ofMinutes(5));

    static final String REQUESTED = "requested";
    static final String APPROVED = "approved";

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

    @Override
    public List<SignalRule> signals(Within params, Identities identities) {
        return List.of(
                SignalRule.match(
                                REQUESTED,
                                CsrSelfApproval::requested,
                                event -> Requests.succeeded(event)
                                        && AskedCertificate.maybeForClients(event.body())
                                        && (isCreation(event)
                                                || (isApproval(event, identities)
                                                        && AskedCertificate.isPrivileged(event.body()))))
                        .oncePerSlot(CsrSelfApproval::asked)
                        .lookingAtIds(),
                SignalRule.match(
                        APPROVED,
                        CsrSelfApproval::approved,
                        event -> Requests.succeeded(event)
                                && AskedCertificate.maybeForClients(event.body())
                                && isApproval(event, identities)));
    }

    private static boolean isCreation(SecurityEvent event) {
        return event.is("create", "certificatesigningrequests", null);
    }

    /** An approval, or a decision that isn't told, by anybody but the controller. */
    private static boolean isApproval(SecurityEvent event, Identities identities) {
        return SensitiveActions.approvesCertificate(event) && !isControllers(event, identities);
    }

    /** What is asked for, and by which request: none is like another. */
    private static String asked(SecurityEvent event) {
        String name = AskedCertificate.name(event.body());
        return name == null ? Keys.of(event.id()) : Keys.of(event.id(), name);
    }

    /** A node that approves its own request is no controller. */
    private static boolean isControllers(SecurityEvent event, Identities identities) {
        return !Identities.isNode(event.user()) && identities.isPlatformAtHome(event);
    }

    /** The request and its creator; and the request alone, if it is for a privileged name, as its approval may tell too. */
    private static List<String> requested(SecurityEvent event) {
        List<String> keys = new ArrayList<>();
        String identity = event.identity();
        if (identity != null && isCreation(event)) {
            keys.add(event.name() == null ? unnamed(event, identity) : named(event, identity, event.name()));
        }
        if (event.name() != null && AskedCertificate.isPrivileged(event.body())) {
            keys.add(privileged(event, event.name()));
        }
        return keys;
    }

    private static List<String> approved(SecurityEvent event) {
        String identity = event.identity();
        if (identity == null || event.name() == null) {
            return List.of();
        }
        return List.of(named(event, identity, event.name()), unnamed(event, identity), privileged(event, event.name()));
    }

    private static String privileged(SecurityEvent event, String name) {
        return Keys.of(event.scope(), "privileged-csr", name);
    }

    private static String named(SecurityEvent event, String identity, String name) {
        return Keys.of(event.scope(), "identity-and-csr", identity, name);
    }

    private static String unnamed(SecurityEvent event, String identity) {
        return Keys.of(event.scope(), "identity-and-unnamed-csr", identity);
    }

    @Override
    public Pattern<Signal, ?> pattern(Within params) {
        return Pattern.<Signal>begin(REQUESTED)
                .where(Stage.is(REQUESTED))
                .followedBy(APPROVED)
                .where(Stage.is(APPROVED));
    }

    @Override
    public Duration window(Within params) {
        return params.window();
    }

    /** Who approved what: the one story of a request that is found in both ways. */
    @Override
    public List<String> stories(Match match) {
        Evidence approved = match.completing();
        return List.of(Keys.of(
                match.last().scope(),
                "identity-and-csr",
                Objects.toString(approved.identity(), ""),
                Objects.toString(approved.name(), "")));
    }

    @Override
    public String message(Match match, Within params) {
        Signal request = match.signal(REQUESTED);
        Evidence requested = request.evidence().get(0);
        Evidence approved = match.completing();
        List<String> asked = Keys.parts(request.value() == null ? "" : request.value());
        String name = asked.size() < 2 ? "" : " for " + asked.get(1);
        if (!Objects.equals(requested.identity(), approved.identity())
                || requested.eventId().equals(approved.eventId())) {
            return "%s approved the certificate request %s%s from %s"
                    .formatted(approved.who(), approved.name(), name, approved.where());
        }
        return "%s asked for a certificate%s%s from %s and %d s later approved %s itself from %s"
                .formatted(
                        approved.who(),
                        name,
                        requested.name() == null ? " under a name that is not logged" : "",
                        requested.where(),
                        Duration.between(requested.time(), approved.time()).toSeconds(),
                        approved.name(),
                        approved.where());
    }
}
