package io.tocsin.detections.impact;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.detection.RateDetection;
import io.tocsin.detection.Threshold;
import io.tocsin.detections.Workloads;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A workload suddenly writes many errors, or its containers fail again and again: several times what is usual for it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1499/">T1499</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class WorkloadErrorBurst implements RateDetection<WorkloadErrorBurst.Params> {
    private static final long serialVersionUID = 1L;
    /**
     * The count of an Event is all that happened since it was made, maybe days ago. A kubelet tells no more than so many of one
     * object in five minutes.
     */
    private static final int MOST_OF_ONE_EVENT = 25;

    private static final DetectionInfo INFO = new DetectionInfo(
            "workload-error-burst",
            1,
            "A workload fails far more often than usual",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1499"),
            Set.of(Source.CONTAINER_LOG, Source.KUBERNETES_EVENT),
            Set.of(Need.CONTAINER_LOGS, Need.KUBERNETES_EVENTS),
            "The pods of one workload write many lines of level error or worse, or Kubernetes Events tell again and again that its"
                    + " containers fail (BackOff, Unhealthy, OOMKilling and the like). Where the workload has a history of"
                    + " closed days, the count must also exceed a multiple of the median of their largest counts. Where nothing"
                    + " names the workload it is read from the pod's name, so that a new pod is known by its workload.",
            "error · error · … · error (lines, or failures of containers, of one workload, within the window)",
            "An attack that makes no errors, or few over a longer time; errors in lines that do not say their level; a workload"
                    + " that on its usual days fails as often as an attacker makes it fail, or so often that it is not counted"
                    + " to the end (over a thousand lines within the window). Whoever can write the log or the Events can"
                    + " raise this alert, and can teach a workload to be loud.",
            "Look at the errors, and at what was deployed or changed just before. Errors about input, memory or authentication"
                    + " that start with one client point to an attack: find that client at the ingress, and block it.",
            "A bad release, a dependency that is down, a load test: the commonest cause of errors is no"
                    + " attack. Several days teach what is usual for a workload; raise"
                    + " detections.workload-error-burst.baseline-factor or min-errors, or lower the severity, where"
                    + " releases are often noisy.");

    private static final Threshold.Options LINES = Threshold.options(
            INFO, "min-errors", 50, "Lines of level error or worse of one workload", Duration.ofMinutes(5));
    private static final Threshold.Options FAILURES = new Threshold.Options(
            Threshold.options(
                            INFO,
                            "min-failures",
                            20,
                            "Failures of containers of one workload, as Kubernetes Events count them,",
                            Duration.ofMinutes(5))
                    .least(),
            LINES.window());

    public static final ConfigOption<Integer> BASELINE_FACTOR = ConfigOptions.key(INFO.optionKey("baseline-factor"))
            .intType()
            .defaultValue(5)
            .withDescription("How many times what is usual for the workload the count must exceed; at least 1.");

    static final String ERROR_LINES = "error-lines";
    static final String CONTAINER_FAILURES = "container-failures";

    private static final Set<String> LEVELS =
            Set.of("error", "err", "critical", "crit", "fatal", "panic", "alert", "emergency", "emerg", "severe");

    private static final Set<String> REASONS = Set.of(
            "BackOff",
            "CrashLoopBackOff",
            "OOMKilling",
            "OOMKilled",
            "Unhealthy",
            "ProbeError",
            "Failed",
            "FailedPostStartHook");

    /** Its parameters: both thresholds have the same window. */
    public record Params(Threshold lines, Threshold failures, int baselineFactor) implements Detection.Params {
        public Params {
            check(baselineFactor >= 1, "%s must be at least 1: %s", BASELINE_FACTOR.key(), baselineFactor);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(LINES.least(), FAILURES.least(), LINES.window(), BASELINE_FACTOR);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(LINES.read(config), FAILURES.read(config), config.get(BASELINE_FACTOR));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.events(
                                ERROR_LINES,
                                Workloads::of,
                                WorkloadErrorBurst::isError,
                                params.lines().least(),
                                params.lines().window())
                        .weighing(SecurityEvent::count)
                        .aboveBaseline(params.baselineFactor()),
                SignalRule.events(
                                CONTAINER_FAILURES,
                                Workloads::of,
                                WorkloadErrorBurst::isFailure,
                                params.failures().least(),
                                params.failures().window())
                        .weighing(event -> Math.min(event.count(), MOST_OF_ONE_EVENT))
                        .aboveBaseline(params.baselineFactor()));
    }

    private static boolean isError(SecurityEvent event) {
        return event.source() == Source.CONTAINER_LOG && event.level() != null && LEVELS.contains(event.level());
    }

    private static boolean isFailure(SecurityEvent event) {
        return event.source() == Source.KUBERNETES_EVENT && event.reason() != null && REASONS.contains(event.reason());
    }

    @Override
    public Crossing crossing(Signal crossing, Params params) {
        boolean lines = crossing.stage().equals(ERROR_LINES);
        List<String> workload = Keys.parts(crossing.key());
        String message = "Workload %s/%s %s %d %s within %s (threshold %d, and %d times what is usual for it)"
                .formatted(
                        workload.get(2),
                        workload.get(3),
                        lines ? "wrote" : "had",
                        crossing.count(),
                        lines ? "lines of level error or worse" : "failures of containers",
                        params.lines().window().toString().substring(2),
                        (lines ? params.lines() : params.failures()).least(),
                        params.baselineFactor());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
