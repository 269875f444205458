package io.tocsin.detections.privilegeescalation;

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
import io.tocsin.detections.Requests;
import io.tocsin.event.EventField;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * An IAM role that the cluster did not know is denied again and again, then the mapping of roles changes, then that role is let in
 * with broad rights.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1098/006/">T1098.006</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class DeniedThenGranted implements SequenceDetection<DeniedThenGranted.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "denied-then-granted",
            1,
            "A denied IAM role got itself mapped with broad rights",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1098.006", "T1078.004"),
            Set.of(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR),
            Set.of(Need.AUDIT_EVENTS, Need.AUTHENTICATOR_EVENTS),
            "The EKS authenticator denies one IAM role several times; then the aws-auth ConfigMap changes (a change whose body the"
                    + " audit policy does not log counts for every role denied in the cluster); then the same role is granted"
                    + " system:masters, or uses broad rights for the first time: an allow whose reason names cluster-admin or"
                    + " AmazonEKSClusterAdminPolicy, all secrets, or a change of RBAC.",
            "denied · denied · denied (one role) ──▶ aws-auth changes ──▶ that role in system:masters, or its broad use",
            "A role that is mapped without being denied first, or only with narrow rights; a mapping changed through an EKS access"
                    + " entry, which shows in CloudTrail and not in these logs; more than 4,096 roles denied within the"
                    + " window, of which the one not denied for longest is forgotten for changes that name no role.",
            "Undo the change of aws-auth (its author is in the evidence), end the role's sessions in IAM, and read what the role"
                    + " did after it was let in.",
            "Onboarding: a new administrator's role tries, is refused, and is then mapped by a colleague with"
                    + " broad rights. The author of the change in the evidence can say so; map new roles before they are"
                    + " handed out, or exempt the role that the pipeline maps.");

    public static final ConfigOption<Integer> MIN_DENIED = ConfigOptions.key(INFO.optionKey("min-denied"))
            .intType()
            .defaultValue(3)
            .withDescription("Denials of one role by the authenticator needed before the change; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofHours(1))
            .withDescription("Longest event time from the first denial counted to the broad use; at least 10 s.");

    static final String DENIALS = "denials";
    static final String MAPPED = "mapping-changed";
    static final String GRANTED = "granted";

    private static final String MASTERS = "system:masters";

    /** Its parameters. */
    public record Params(int minDenied, Duration window) implements Detection.Params {
        public Params {
            check(minDenied >= 1, "%s must be at least 1: %s", MIN_DENIED.key(), minDenied);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_DENIED, WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(MIN_DENIED), config.get(WINDOW));
    }

    @Override
    public Set<EventField> fields() {
        return Set.of(EventField.MENTIONED_ARNS);
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.events(
                                DENIALS,
                                Entity.ARN,
                                event ->
                                        event.source() == Source.EKS_AUTHENTICATOR && event.outcome() == Outcome.DENIED,
                                params.minDenied(),
                                params.window())
                        .relaying(Relay.MADE_KNOWN),
                SignalRule.match(MAPPED, Entity.MENTIONED_ARNS, DeniedThenGranted::changesMapping)
                        .relaying(Relay.EVERY_KNOWN),
                SignalRule.match(GRANTED, Entity.ARN, DeniedThenGranted::isBroad)
                        .relaying(Relay.FIRST_PER_SLOT));
    }

    private static boolean changesMapping(SecurityEvent event) {
        return Requests.succeeded(event)
                && event.subresource() == null
                && "configmaps".equals(event.resource())
                && "aws-auth".equals(event.name())
                && "kube-system".equals(event.namespace())
                && ("create".equals(event.verb()) || "update".equals(event.verb()) || "patch".equals(event.verb()));
    }

    private static boolean isBroad(SecurityEvent event) {
        if (event.source() == Source.EKS_AUTHENTICATOR) {
            return event.outcome() == Outcome.SUCCESS && event.groups().contains(MASTERS);
        }
        return Requests.succeeded(event) && (namesAdmin(event.reason()) || isAllSecrets(event) || isRbacWrite(event));
    }

    private static boolean namesAdmin(@Nullable String reason) {
        return reason != null
                && (reason.contains("ClusterRole \"cluster-admin\"") || reason.contains("AmazonEKSClusterAdminPolicy"));
    }

    private static boolean isAllSecrets(SecurityEvent event) {
        return "secrets".equals(event.resource())
                && event.namespace() == null
                && ("list".equals(event.verb()) || "watch".equals(event.verb()));
    }

    private static boolean isRbacWrite(SecurityEvent event) {
        return "rbac.authorization.k8s.io".equals(event.apiGroup())
                && ("create".equals(event.verb()) || "update".equals(event.verb()) || "patch".equals(event.verb()));
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(DENIALS)
                .where(Stage.is(DENIALS))
                .followedBy(MAPPED)
                .where(Stage.is(MAPPED))
                .followedBy(GRANTED)
                .where(Stage.is(GRANTED));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Evidence changed = match.signal(MAPPED).evidence().get(0);
        Evidence granted = match.completing();
        return "%s was denied %d times; then %s changed aws-auth from %s; then the role was let in with broad rights: %s"
                .formatted(
                        granted.arn() == null ? granted.who() : granted.arn(),
                        match.signal(DENIALS).count(),
                        changed.who(),
                        changed.where(),
                        granted.groups().contains(MASTERS) ? "system:masters" : granted.operation());
    }
}
