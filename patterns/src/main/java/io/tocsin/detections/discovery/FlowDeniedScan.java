package io.tocsin.detections.discovery;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.detection.RateDetection;
import io.tocsin.detection.Threshold;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Network policies drop what one pod sends to many different places: it looks for what it can reach.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1046/">T1046</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class FlowDeniedScan implements RateDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "flow-denied-scan",
            1,
            "Many destinations of one pod denied by network policy",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1046"),
            Set.of(Source.HUBBLE),
            Set.of(Need.FLOWS),
            "Flows from one pod, or from one address that is no pod, to many distinct destinations (pod or address, and port) are"
                    + " dropped by network policy. Each destination counts once, however many packets and whichever node"
                    + " tells. Drops for other reasons than a policy are not counted.",
            "drop · drop · … · drop (distinct destination and port, one source, within the window)",
            "A scan that is slower, or shared among pods; a scan where no policy forbids it, since only what is dropped is seen;"
                    + " policies in audit mode; flows that Hubble lost, samples, or does not export.",
            "Look at the pod: processes, image, who started it. A wrong policy after a deployment shows the same destinations from"
                    + " all pods of the workload. If it is a scan: isolate the pod with a policy, keep it for study, and revoke"
                    + " its service account's tokens.",
            "A new network policy that forgets what a workload needs, shown by the same destinations from all"
                    + " pods of the workload since the policy was applied; monitoring that scrapes everything; a"
                    + " security scanner. Flows name no identity, so no exemption holds: raise"
                    + " detections.flow-denied-scan.min-destinations, or let the policy allow what is meant.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO,
            "min-destinations",
            20,
            "Distinct destinations (pod or address, and port) of one pod dropped by policy",
            Duration.ofMinutes(5));

    static final String DROPS = "drops";

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return OPTIONS.all();
    }

    @Override
    public Threshold params(ReadableConfig config) {
        return OPTIONS.read(config);
    }

    @Override
    public List<SignalRule> signals(Threshold params, Identities identities) {
        return List.of(SignalRule.rate(
                DROPS,
                FlowDeniedScan::source,
                event -> event.source() == Source.HUBBLE
                        && event.outcome() == Outcome.DENIED
                        && isPolicy(event.reason()),
                FlowDeniedScan::destination,
                params.least(),
                params.window()));
    }

    private static List<String> source(SecurityEvent event) {
        return event.place().pod() == null ? Entity.ADDRESS.of(event) : Entity.POD.of(event);
    }

    /**
     * Whether the reason of a drop is a policy. Hubble's own reasons are in capitals, and some are the network's troubles; the
     * name of a policy, as all names of Kubernetes, has none.
     */
    private static boolean isPolicy(@Nullable String reason) {
        if (reason == null || reason.contains("POLICY") || reason.contains("AUTH_REQUIRED")) {
            return true;
        }
        for (int i = 0; i < reason.length(); i++) {
            if (Character.isUpperCase(reason.charAt(i))) {
                return reason.startsWith("Policy");
            }
        }
        return true;
    }

    /** Where it goes; null where the record doesn't tell. */
    private static @Nullable String destination(SecurityEvent event) {
        String to =
                event.flow().pod() != null ? event.flow().pod() : event.flow().destination();
        return to == null ? null : to + ":" + event.flow().port();
    }

    @Override
    public Crossing crossing(Signal crossing, Threshold params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        List<String> source = Keys.parts(crossing.key());
        String message = "Flows of %s %s to %d different destinations were dropped by policy (threshold %d), %s"
                .formatted(
                        source.get(1),
                        source.get(2),
                        crossing.count(),
                        params.least(),
                        last.reason() == null ? "for no reason told" : "the last one because of " + last.reason());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
