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
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Somebody is bound to a dangerous role, or a role is made dangerous that somebody is bound to; then that somebody's token is taken,
 * or he acts from outside.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1098/006/">T1098.006</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class RbacGrantChain implements SequenceDetection<Within> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "rbac-grant-chain",
            1,
            "Dangerous rights granted, then taken up",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1098.006", "T1528", "T1078"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.RBAC_BODIES),
            "A role gets dangerous rights (everything, escalate, bind, impersonate, exec or attach, service account tokens, nodes/proxy,"
                    + " reading secrets) and somebody is bound to that role, in either order; then, of who is bound, a token is"
                    + " minted by anybody but kubelets and listed issuers, or a token Secret is made or read, or it is used from"
                    + " outside: a service account for anything, others for something sensitive. How dangerous a role is is"
                    + " remembered by its content, as it was written or read; of the roles that Kubernetes brings along it is"
                    + " known. Binding to a role that was dangerous before counts too, but not that people then act from"
                    + " outside. Critical where everything is granted in the whole cluster; medium in one namespace but"
                    + " kube-system, and where the content of a role bound in the whole cluster was never seen; low where it was"
                    + " never seen and is bound in one namespace; informational where admin or edit is.",
            "role gets dangerous rights · somebody is bound to it ──▶ his token taken, or he acts from outside",
            "Rights taken up only after the window, or by the subject from inside, such as a workload that is made to do it; a"
                    + " token read by listing all secrets of a namespace; an account's token in a Secret of another name, where"
                    + " bodies of Secrets are not logged, as they should not be. Rights that come to a role by aggregation. A"
                    + " person bound to a role that was dangerous for longer than the window, who then acts from where people do."
                    + " Creating workloads, webhooks or certificate requests, which lead to as much, is not among the rights."
                    + " Secrets named one by one don't count. A binding cut off before its role and subjects, and all where the"
                    + " audit policy logs roles and bindings without bodies; roles are learned when they are written or read one"
                    + " by one, not from lists. Of more than 64 subjects of a binding, and more than 1,024 of a role, the rest"
                    + " are known as others, for whom anybody's token counts. A grant follows within one 32nd of the window of"
                    + " a lesser one to the same subject in the same scope: then the lesser one's severity is told.",
            "Undo the binding and the role (their authors are in the evidence), revoke the subject's tokens (delete its token Secrets; if"
                    + " tokens were minted, delete the service account), and read what the subject did since.",
            "The installation of an operator by hand whose account gets broad rights and is used at once from outside; a"
                    + " platform engineer who repairs access. Deployers do such things too: exempt them by identity and origin"
                    + " for this detection, and keep roles free of wildcards.");

    public static final ConfigOption<Duration> WINDOW = Within.option(
            INFO,
            "Longest event time from the first of the role's change and the binding to the use",
            Duration.ofMinutes(10));

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String GRANTED = "granted";
    static final String USED = "used";
    static final String ROLE = "role";

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
                                GRANTED,
                                GrantSubjects::bound,
                                event -> Requests.succeeded(event) && RoleRights.isBinding(event, identities))
                        .causedIn(RoleRights::role, RoleRights::binding, RoleRights::maybeDangerous),
                SignalRule.match(
                                USED,
                                event -> GrantSubjects.used(event, identities),
                                event -> Requests.isRequest(event)
                                        && !GrantSubjects.used(event, identities)
                                                .isEmpty())
                        .oncePerSlot(event -> GrantSubjects.alike(event, identities))
                        .lookingAtIds());
    }

    @Override
    public List<SignalRule> causes(Within params, Identities identities) {
        return List.of(roles(identities));
    }

    /** What roles allow, and who made them so. */
    static SignalRule roles(Identities identities) {
        return SignalRule.cause(
                ROLE,
                RoleRights::role,
                event -> Requests.succeeded(event) && RoleRights.areTold(event),
                RoleRights::of,
                event -> RoleRights.isStanding(event, identities));
    }

    /** People act from outside all day: that they do is news only if what they got was made for it. */
    private static final class IsTakenUp extends IterativeCondition<Signal> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean filter(Signal used, Context<Signal> context) throws Exception {
            for (Signal granted : context.getEventsForPattern(GRANTED)) {
                // To write a role or a binding is no use of what it grants.
                return !used.eventId().equals(granted.eventId())
                        && (isWritten(granted) || !GrantSubjects.isPeople(GrantSubjects.subject(used.key())));
            }
            return false;
        }
    }

    /** Whether the role was written lately, and not only bound. */
    static boolean isWritten(Signal granted) {
        for (Evidence evidence : granted.evidence()) {
            if (ROLE.equals(evidence.stage())) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Pattern<Signal, ?> pattern(Within params) {
        return Pattern.<Signal>begin(GRANTED)
                .where(Stage.is(GRANTED))
                .followedBy(USED)
                .where(Stage.is(USED))
                .where(new IsTakenUp());
    }

    @Override
    public Duration window(Within params) {
        return params.window();
    }

    @Override
    public @Nullable Severity severity(Match match) {
        Signal granted = match.signal(GRANTED);
        return RoleRights.Grant.of(granted.value()).severity(isWritten(granted));
    }

    @Override
    public List<String> stories(Match match) {
        Signal used = match.last();
        return List.of(Keys.of(used.scope(), "granted", GrantSubjects.subject(used.key())));
    }

    @Override
    public String message(Match match, Within params) {
        Signal granted = match.signal(GRANTED);
        Evidence used = match.completing();
        String subject = GrantSubjects.subject(granted.key());
        StringBuilder message = new StringBuilder();
        for (Evidence step : granted.evidence()) {
            message.append(step.who())
                    .append(ROLE.equals(step.stage()) ? " wrote the role" : " bound it")
                    .append(" from ")
                    .append(step.where())
                    .append("; ");
        }
        return "%s was granted %s: %sthen %s from %s: %s"
                .formatted(
                        subject.equals("*") ? "one of many" : subject,
                        RoleRights.Grant.of(granted.value()).text(),
                        message,
                        used.who(),
                        used.where(),
                        used.action());
    }
}
