package io.tocsin.detections.impact;

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
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Join;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Links;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * An identity creates many workloads in a namespace in a short time, and the namespace then runs into its quota or finds no room.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1496/001/">T1496.001</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class HijackToQuota implements SequenceDetection<HijackToQuota.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "hijack-to-quota",
            1,
            "Many workloads created until the quota was exceeded",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1496.001", "T1610"),
            Set.of(Source.KUBERNETES_AUDIT, Source.KUBERNETES_EVENT),
            Set.of(Need.AUDIT_EVENTS, Need.KUBERNETES_EVENTS),
            "One identity that is no listed deployer creates many distinct workloads (Pods, Deployments, Jobs, CronJobs, DaemonSets,"
                    + " StatefulSets, ReplicaSets, ReplicationControllers) in one namespace; then something is refused there"
                    + " because the quota is exceeded, or pods have found no node for longer than an autoscaler takes.",
            "create · create · … (workloads, one identity) ──▶ quota exceeded there, or FailedScheduling that lasts",
            "Workloads created slowly, by several identities or in several namespaces; one Deployment or Job with many replicas; few"
                    + " big pods; a namespace without quota in a cluster with room; a listed deployer's identity. Kubernetes"
                    + " Events tell of both: whoever may write Events can forge them, can use up the budget by which the same"
                    + " is not told again, and can delete them. The scheduler tells of a pod that keeps failing once or"
                    + " twice, and then only half an hour later, so lasting failure shows by other pods as a rule. Quota"
                    + " refusals in the audit log count only where the log's words for them are kept.",
            "Delete what was created and keep one image for analysis. Ask the identity's owner, revoke its credential, and look for the"
                    + " same image in other namespaces and clusters.",
            "A deployer that is not listed rolls out a whole environment into a quota that is too small; a"
                    + " batch system that fills the cluster by design. List deployers in identities.cd; exempt the batch"
                    + " system's account in its namespaces; raise detections.hijack-to-quota.min-workloads or"
                    + " pending-for where autoscaling is slow.");

    public static final ConfigOption<Integer> MIN_WORKLOADS = ConfigOptions.key(INFO.optionKey("min-workloads"))
            .intType()
            .defaultValue(20)
            .withDescription("Distinct workloads that one identity creates in one namespace; at least 1.");

    public static final ConfigOption<Duration> CREATED_WITHIN = ConfigOptions.key(INFO.optionKey("created-within"))
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("Event time within which they are created; at least 10 s.");

    public static final ConfigOption<Duration> PENDING_FOR = ConfigOptions.key(INFO.optionKey("pending-for"))
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription(
                    "How long scheduling must have failed in the namespace to count like an exceeded quota, so that an"
                            + " autoscaler has had its time; it must fit in the window; not negative.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(15))
            .withDescription(
                    "Longest event time from the first workload counted to the exceeded quota; at least 10 s.");

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String CREATED = "created";
    static final String PENDING = "pending";
    static final String EXHAUSTED = "exhausted";

    private static final String QUOTA = "quota";
    private static final String UNSCHEDULABLE = "unschedulable";
    private static final String FAILED_SCHEDULING = "FailedScheduling";

    private static final Set<String> WORKLOADS = Set.of(
            "pods",
            "deployments",
            "jobs",
            "cronjobs",
            "daemonsets",
            "statefulsets",
            "replicasets",
            "replicationcontrollers");

    /** Its parameters. */
    public record Params(int minWorkloads, Duration createdWithin, Duration pendingFor, Duration window)
            implements Detection.Params {
        public Params {
            check(minWorkloads >= 1, "%s must be at least 1: %s", MIN_WORKLOADS.key(), minWorkloads);
            check(
                    createdWithin.toMillis() >= Slots.SLOT_MILLIS,
                    "%s must be at least 10 s: %s",
                    CREATED_WITHIN.key(),
                    createdWithin);
            check(!pendingFor.isNegative(), "%s must not be negative: %s", PENDING_FOR.key(), pendingFor);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_WORKLOADS, CREATED_WITHIN, PENDING_FOR, WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(
                config.get(MIN_WORKLOADS), config.get(CREATED_WITHIN), config.get(PENDING_FOR), config.get(WINDOW));
    }

    /** What runs out names no creator: it counts for all who lately created workloads in that namespace. */
    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.rate(
                                CREATED,
                                HijackToQuota::creator,
                                event -> createsWorkload(event)
                                        && !identities.isPlatformAtHome(event)
                                        && !identities.isDeployer(event),
                                HijackToQuota::workload,
                                params.minWorkloads(),
                                params.createdWithin())
                        .relaying(Relay.MADE_KNOWN, Entity.NAMESPACE)
                        .lookingAtIds(),
                SignalRule.rate(
                                CREATED,
                                HijackToQuota::unknownCreator,
                                event -> createsWorkload(event) && identities.isPlatformAtHome(event),
                                HijackToQuota::workload,
                                params.minWorkloads(),
                                params.createdWithin())
                        .relaying(Relay.MADE_KNOWN, Entity.NAMESPACE)
                        .joining(new Join(Link.Kind.WORKLOAD_WRITER, HijackToQuota::owner))
                        .lookingAtIds(),
                SignalRule.match(PENDING, Entity.NOBODY, HijackToQuota::findsNoNode)
                        .relaying(Relay.EVERY_KNOWN, Entity.NAMESPACE)
                        .oncePerSlot(event -> UNSCHEDULABLE),
                SignalRule.match(EXHAUSTED, Entity.NOBODY, event -> exceedsQuota(event) || findsNoNode(event))
                        .relaying(Relay.EVERY_KNOWN, Entity.NAMESPACE)
                        .oncePerSlot(event -> findsNoNode(event) ? UNSCHEDULABLE : QUOTA));
    }

    private static List<String> creator(SecurityEvent event) {
        String identity = event.identity();
        return identity == null || event.namespace() == null
                ? List.of()
                : List.of(Keys.of(event.scope(), "identity-and-namespace", identity, event.namespace()));
    }

    /** What a controller creates is charged to whoever wrote what it belongs to. */
    private static List<String> unknownCreator(SecurityEvent event) {
        return event.namespace() == null
                ? List.of()
                : List.of(Keys.of(event.scope(), "identity-and-namespace", Join.UNKNOWN, event.namespace()));
    }

    private static @Nullable String owner(SecurityEvent event) {
        return Links.workload(event.namespace(), event.place().workload());
    }

    private static boolean createsWorkload(SecurityEvent event) {
        return Requests.succeeded(event)
                && "create".equals(event.verb())
                && event.subresource() == null
                && event.resource() != null
                && WORKLOADS.contains(event.resource());
    }

    /** Where the API server made up the name, the log lacks it: each such creation is another workload. */
    private static String workload(SecurityEvent event) {
        return event.resource() + " " + (event.name() == null ? event.id() : event.name());
    }

    private static boolean exceedsQuota(SecurityEvent event) {
        if (event.source() == Source.KUBERNETES_EVENT) {
            return "FailedCreate".equals(event.reason()) && saysQuota(event.message());
        }
        return Requests.isRequest(event)
                && event.code() == 403
                && (event.outcome() == Outcome.ADMISSION_DENIED || event.outcome() == Outcome.DENIED)
                && (saysQuota(event.message()) || saysQuota(event.reason()));
    }

    private static boolean saysQuota(@Nullable String words) {
        return words != null && words.contains("exceeded quota");
    }

    private static boolean findsNoNode(SecurityEvent event) {
        return event.source() == Source.KUBERNETES_EVENT && FAILED_SCHEDULING.equals(event.reason());
    }

    /** An exceeded quota at once; failed scheduling only if it failed so long before, too. */
    private static final class ForLongEnough extends IterativeCondition<Signal> {
        private static final long serialVersionUID = 1L;

        private final Duration pendingFor;

        ForLongEnough(Duration pendingFor) {
            this.pendingFor = pendingFor;
        }

        @Override
        public boolean filter(Signal exhausted, Context<Signal> context) throws Exception {
            if (QUOTA.equals(exhausted.value())) {
                return true;
            }
            for (Signal pending : context.getEventsForPattern(PENDING)) {
                return Duration.between(pending.time(), exhausted.time()).compareTo(pendingFor) >= 0;
            }
            return false;
        }
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(CREATED)
                .where(Stage.is(CREATED))
                .followedBy(PENDING)
                .where(Stage.is(PENDING))
                .optional()
                .followedBy(EXHAUSTED)
                .where(Stage.is(EXHAUSTED))
                .where(new ForLongEnough(params.pendingFor()));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Signal created = match.signal(CREATED);
        Evidence workload = created.evidence().get(created.evidence().size() - 1);
        return "%s created %d workloads in namespace %s from %s, the last one %s; then %s"
                .formatted(
                        workload.who(),
                        created.count(),
                        workload.namespace(),
                        workload.where(),
                        workload.object(),
                        FAILED_SCHEDULING.equals(match.completing().reason())
                                ? "pods there found no node for %d s or more"
                                        .formatted(params.pendingFor().toSeconds())
                                : "the namespace's quota was exceeded");
    }
}
