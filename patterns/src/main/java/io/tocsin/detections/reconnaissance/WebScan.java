package io.tocsin.detections.reconnaissance;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.detection.RateDetection;
import io.tocsin.detection.Threshold;
import io.tocsin.detections.Requests;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * An address asks the ingress for many paths that are not there, or is refused many times.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1595/003/">T1595.003</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class WebScan implements RateDetection<WebScan.Params> {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_PATH = 256;

    private static final DetectionInfo INFO = new DetectionInfo(
            "web-scan",
            1,
            "An address scans what the ingress serves",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1595.002", "T1595.003"),
            Set.of(Source.ACCESS_LOG),
            Set.of(Need.ACCESS_LOGS, Need.PEER_ADDRESSES),
            "One address gets many error answers at the ingress, or asks for many distinct paths (without their query) that are"
                    + " not served to it: redirected, refused, missing or failing. What is served as asked for is"
                    + " not counted: every visitor asks for many paths. Nor are health checks from inside, and answers that"
                    + " are about the server or its load (429, 499, 502, 503, 504).",
            "404 · 403 · 400 · … (error answers, or distinct paths not served, to one address, within the window)",
            "A scan that is slower or spread over many addresses; a scan of a server that answers 200 to whatever it is asked"
                    + " for; paths that differ only in their query, or only behind their 256th character; whoever reaches"
                    + " the workload without the ingress. Where proxies in front are not given as trusted, all their clients"
                    + " are one address.",
            "See which paths the address asked for, and whether any of them was answered with 200 when it should not have been."
                    + " Block the address at the edge if it is nobody's. Then look at the workloads it reached for what"
                    + " came after.",
            "A broken link or a removed asset that every page asks for, a crawler, an uptime monitor or a"
                    + " contracted scanner; many visitors behind a proxy that is not listed in network.trusted-proxies"
                    + " and so look like one address. Visitors have no identity to exempt: raise"
                    + " detections.web-scan.min-errors or min-paths.");

    private static final Threshold.Options PATHS = Threshold.options(
            INFO, "min-paths", 50, "Distinct paths asked for by one address and not served", Duration.ofMinutes(10));
    private static final Threshold.Options ERRORS = new Threshold.Options(
            Threshold.options(INFO, "min-errors", 30, "Error answers to one address", Duration.ofMinutes(10))
                    .least(),
            PATHS.window());

    static final String PATHS_ASKED = "paths";
    static final String ERROR_ANSWERS = "errors";

    /** Its parameters: both have the same window. */
    public record Params(Threshold paths, Threshold errors) implements Detection.Params {}

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(PATHS.least(), ERRORS.least(), PATHS.window());
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(PATHS.read(config), ERRORS.read(config));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.rate(
                        PATHS_ASKED,
                        Entity.ADDRESS,
                        event -> event.source() == Source.ACCESS_LOG
                                && (isMoved(event) || isError(event))
                                && !isHealthCheck(event),
                        WebScan::path,
                        params.paths().least(),
                        params.paths().window()),
                SignalRule.events(
                        ERROR_ANSWERS,
                        Entity.ADDRESS,
                        event -> event.source() == Source.ACCESS_LOG && isError(event) && !isHealthCheck(event),
                        params.errors().least(),
                        params.errors().window()));
    }

    private static boolean isMoved(SecurityEvent event) {
        return event.code() >= 300 && event.code() < 400 && event.code() != 304;
    }

    /** Whether the answer says something about what was asked for. */
    private static boolean isError(SecurityEvent event) {
        if (event.code() == 0) {
            return event.outcome() == Outcome.DENIED;
        }
        return event.code() >= 400
                && switch (event.code()) {
                    case 408, 429, 499, 502, 503, 504 -> false;
                    default -> true;
                };
    }

    /** A probe, from inside only: a client chooses its path and its name. */
    private static boolean isHealthCheck(SecurityEvent event) {
        return event.zone().inside()
                && (Requests.isHealthPath(Requests.path(event.uri())) || isProber(event.userAgent()));
    }

    private static boolean isProber(@Nullable String client) {
        return client != null
                && (client.startsWith("kube-probe/")
                        || client.startsWith("ELB-HealthChecker/")
                        || client.startsWith("GoogleHC/")
                        || client.startsWith("Envoy/HC")
                        || client.startsWith("Blackbox Exporter/"));
    }

    private static @Nullable String path(SecurityEvent event) {
        String path = Requests.path(event.uri());
        if (path.isEmpty()) {
            return null;
        }
        return path.length() > LONGEST_PATH ? path.substring(0, LONGEST_PATH) : path;
    }

    @Override
    public Crossing crossing(Signal crossing, Params params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        boolean paths = crossing.stage().equals(PATHS_ASKED);
        String message = "%s %s %d %s (threshold %d), the last one %s (%d)"
                .formatted(
                        last.where(),
                        paths ? "asked for" : "got",
                        crossing.count(),
                        paths ? "different paths that were not served" : "error answers",
                        (paths ? params.paths() : params.errors()).least(),
                        last.action(),
                        last.code());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
