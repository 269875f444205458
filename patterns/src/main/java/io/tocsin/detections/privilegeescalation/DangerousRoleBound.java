package io.tocsin.detections.privilegeescalation;

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
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Somebody is bound to a role that is remembered as dangerous, or in all of the cluster to one that nothing is known of.
 *
 * <p>It is about one request, but judges it by what was seen of the role before, so it is a sequence of one stage.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1098/006/">T1098.006</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class DangerousRoleBound implements SequenceDetection<Within> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "dangerous-role-bound",
            1,
            "Dangerous role bound",
            Severity.HIGH,
            Duration.ofDays(14),
            List.of("T1098.006"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.RBAC_BODIES),
            "Somebody is bound to a role that has dangerous rights (everything, escalate, bind, impersonate, exec or attach, service"
                    + " account tokens, nodes/proxy, reading secrets), as it was last written or read; of the roles that Kubernetes"
                    + " brings along it is known. High in the whole cluster and in kube-system, critical where the role allows"
                    + " everything, medium in another namespace. In the whole cluster a role whose content was never seen counts"
                    + " too: medium. Each subject is told once for a role and where it holds. admin and edit in one namespace, which"
                    + " they are made for, are not told; cluster-admin is told by cluster-admin-bound, and what somebody does with"
                    + " what he was granted by rbac-grant-chain.",
            "a role is bound that was seen to be dangerous, or never seen",
            "A role that becomes dangerous after it was bound (dangerous-role-written). A role of one namespace, or bound in one, whose"
                    + " content was never seen. Secrets named one by one, and rights that are dangerous only in what a cluster makes"
                    + " of them, such as creating pods. Roles are learned when they are written or read one by one, not from lists."
                    + " Of more than 64 subjects of a binding, and more than 1,024 of a role, the rest are known as others.",
            "Ask who wrote the binding what it is for, and delete it if nobody knows; read what the subject did since. Give a role that"
                    + " names its resources, in the namespace that needs it.",
            "The installation of an operator whose account reads secrets everywhere; it is told once. Exempt deployers for this"
                    + " detection by identity and origin if what they deploy is reviewed elsewhere.");

    public static final ConfigOption<Duration> WINDOW = Within.option(
            INFO,
            "Longest event time from a change of the role to the binding for the change to be told with it",
            Duration.ofMinutes(10));

    private static final String CLUSTER_ADMIN = "ClusterRole/cluster-admin";

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String BOUND = "bound";

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
        return List.of(SignalRule.match(
                        BOUND,
                        DangerousRoleBound::grants,
                        event -> Requests.succeeded(event)
                                && RoleRights.isBinding(event, identities)
                                && !CLUSTER_ADMIN.equals(event.body().role()))
                .causedIn(RoleRights::role, RoleRights::binding, RoleRights::maybeDangerous));
    }

    /**
     * A key for each subject with the role and where it holds: were it the subject alone, a harmless grant could stand in for a grave
     * one that follows at once.
     */
    private static List<String> grants(SecurityEvent event) {
        String binding = RoleRights.binding(event);
        List<String> keys = new ArrayList<>();
        for (String subject : event.body().subjects()) {
            keys.add(Keys.of(event.scope(), "bound", binding, subject));
        }
        return keys;
    }

    @Override
    public List<SignalRule> causes(Within params, Identities identities) {
        return List.of(RbacGrantChain.roles(identities));
    }

    @Override
    public Pattern<Signal, ?> pattern(Within params) {
        return Pattern.<Signal>begin(BOUND).where(Stage.is(BOUND));
    }

    @Override
    public Duration window(Within params) {
        return params.window();
    }

    /** Not a role that is widened after it was bound, which is told of the role; nor what may be bound in one namespace every day. */
    @Override
    public boolean holds(Match match) {
        return match.completing().stage().equals(BOUND) && severity(match).compareTo(Severity.MEDIUM) >= 0;
    }

    @Override
    public Severity severity(Match match) {
        Signal bound = match.signal(BOUND);
        return grant(bound).severity(RbacGrantChain.isWritten(bound));
    }

    private static RoleRights.Grant grant(Signal bound) {
        return RoleRights.Grant.of(bound.value());
    }

    @Override
    public String message(Match match, Within params) {
        Signal bound = match.signal(BOUND);
        Evidence binding = match.completing();
        String subject = GrantSubjects.subject(bound.key());
        StringBuilder message = new StringBuilder();
        for (Evidence step : bound.evidence()) {
            if (RbacGrantChain.ROLE.equals(step.stage())) {
                message.append("; ")
                        .append(step.who())
                        .append(" wrote the role from ")
                        .append(step.where());
            }
        }
        return "%s bound %s to %s from %s (%s)%s"
                .formatted(
                        binding.who(),
                        subject.equals("*") ? "one of many" : subject,
                        grant(bound).text(),
                        binding.where(),
                        binding.action(),
                        message);
    }
}
