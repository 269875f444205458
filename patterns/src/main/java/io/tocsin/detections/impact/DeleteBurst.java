package io.tocsin.detections.impact;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.detection.RateDetection;
import io.tocsin.detections.Requests;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity deletes many different objects in a short time, more than is usual for it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1485/">T1485</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class DeleteBurst implements RateDetection<DeleteBurst.Params> {
    private static final long serialVersionUID = 1L;
    private static final int COLLECTION = 10;
    private static final int CONTAINER = 20;

    private static final DetectionInfo INFO = new DetectionInfo(
            "delete-burst",
            1,
            "Many objects deleted in a short time",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1485"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "An identity successfully deletes many distinct objects (evictions too). A deletecollection weighs 10, a namespace or a"
                    + " CustomResourceDefinition 20. Where the identity has a history of closed days, the weight must also"
                    + " exceed the median of their largest counts.",
            "delete · delete · … · delete (distinct objects, weight at least the threshold within the window)",
            "Deletions spread over a longer time; deletions below what the identity does on its usual days; deletions by a listed"
                    + " deployer from where it is listed; deletions of etcd or of the cloud's resources, which no audit event shows.",
            "Ask the identity's owner. If nobody meant it: remove its rights, stop controllers that would propagate the loss, and"
                    + " restore from backup or from the deployer's repository.",
            "An environment taken down on purpose, a node drained by hand, an operator that replaces many"
                    + " objects at once. List deployers in identities.cd with where they run; of a clean-up account"
                    + " exempt this detection in the namespaces it owns; raise detections.delete-burst.min-weight where"
                    + " everybody deletes in bulk.");

    public static final ConfigOption<Integer> MIN_WEIGHT = ConfigOptions.key(INFO.optionKey("min-weight"))
            .intType()
            .defaultValue(20)
            .withDescription(
                    "Weight of distinct deleted objects within the window: an object weighs 1, a deletecollection 10,"
                            + " a namespace or CustomResourceDefinition 20; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("Event time within which deletions count together; at least 10 s.");

    static final String DELETIONS = "deletions";

    private static final Set<String> TRANSIENT = Set.of("jobs", "pods", "events");
    private static final Set<String> CONTAINERS = Set.of("namespaces", "customresourcedefinitions");

    /** Its parameters. */
    public record Params(int minWeight, Duration window) implements Detection.Params {
        public Params {
            check(minWeight >= 1, "%s must be at least 1: %s", MIN_WEIGHT.key(), minWeight);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_WEIGHT, WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(MIN_WEIGHT), config.get(WINDOW));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(SignalRule.rate(
                        DELETIONS,
                        Entity.IDENTITY,
                        event -> deletes(event) && !isRoutine(event, identities),
                        DeleteBurst::deleted,
                        params.minWeight(),
                        params.window())
                .weighing(DeleteBurst::weight)
                .aboveBaseline());
    }

    private static boolean deletes(SecurityEvent event) {
        if (!Requests.succeeded(event) || event.resource() == null) {
            return false;
        }
        if ("create".equals(event.verb())) {
            return "eviction".equals(event.subresource()) && "pods".equals(event.resource());
        }
        return event.subresource() == null
                && ("delete".equals(event.verb()) || "deletecollection".equals(event.verb()));
    }

    /** What the platform deletes all day: controllers and nodes from inside, jobs cleaning up behind themselves, deployers. */
    private static boolean isRoutine(SecurityEvent event, Identities identities) {
        if (identities.isPlatformAtHome(event)) {
            return true;
        }
        String home = Identities.serviceAccountNamespace(event.user());
        boolean ownLeftovers = home != null
                && event.impersonator() == null
                && event.zone().insideOrUnknown()
                && home.equals(event.namespace())
                && event.resource() != null
                && TRANSIENT.contains(event.resource());
        return ownLeftovers || identities.isDeployer(event);
    }

    private static int weight(SecurityEvent event) {
        if (event.resource() != null && CONTAINERS.contains(event.resource())) {
            return CONTAINER;
        }
        return "deletecollection".equals(event.verb()) ? COLLECTION : 1;
    }

    /** What is gone; evicting a pod and deleting it are one. */
    private static String deleted(SecurityEvent event) {
        return Objects.toString(event.apiGroup(), "") + "/" + event.resource() + " "
                + Objects.toString(event.namespace(), "") + "/" + Objects.toString(event.name(), "");
    }

    @Override
    public Crossing crossing(Signal crossing, Params params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        String message = "%s deleted many objects in %d s from %s (weight %d, threshold %d), the last one %s"
                .formatted(
                        last.who(),
                        Math.max(
                                1,
                                Duration.between(crossing.since(), crossing.time())
                                        .toSeconds()),
                        last.where(),
                        crossing.count(),
                        params.minWeight(),
                        last.object());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
