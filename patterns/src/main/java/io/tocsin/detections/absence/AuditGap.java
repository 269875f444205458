package io.tocsin.detections.absence;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.AbsenceDetection;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Missing;
import io.tocsin.detection.Need;
import io.tocsin.detection.Watch;
import io.tocsin.event.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Writes were received by an API server, and what became of them was never logged.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1562/006/">T1562.006</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class AuditGap implements AbsenceDetection<AuditGap.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "audit-gap",
            1,
            "Requests whose outcome was never logged",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1562.006"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.RECEIVED_REQUESTS),
            "Of the writes of one verb (create, update, patch, delete, deletecollection; no sessions) that an API server logged as"
                    + " received within ten seconds, more have no final stage after the patience than usual for that verb. Where a"
                    + " policy never logs the outcome of some, that share of all so far is usual, and the surplus must exceed it"
                    + " by four standard deviations and two; where every one was answered, one that is not is enough. The first"
                    + " twenty of a verb only teach. It closes when the verb's requests have been answered as usual for as long as"
                    + " the story is kept (suppress-for).",
            "RequestReceived · RequestReceived ──▶ no final stage, while the cluster's records go on for the patience",
            "Clusters whose policy omits RequestReceived, as is recommended for other reasons: there nothing can be missed. A"
                    + " request that leaves neither record. Answers of requests whose receipt the policy omits, and answers"
                    + " delivered twice, in the same ten seconds and of the same verb, make up for missing ones: sums know no"
                    + " single request; receipts delivered twice without their answers raise it. An API server that was killed"
                    + " leaves such requests too.",
            "See whether an API server crashed or was restarted then. If not, look for a filter between the API server and here"
                    + " that drops final stages, and read the objects those verbs write for what was changed.",
            "An API server that crashed, was restarted or lost its disk; an audit backend that drops batches when it is full"
                    + " (audit-webhook-batch metrics tell). Raise patience where records are shipped in pieces, min-requests"
                    + " where single ones are lost every day.");

    public static final ConfigOption<Duration> PATIENCE = ConfigOptions.key(INFO.optionKey("patience"))
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("Event time after which a request's outcome must have been logged; 10 s to 6 h.");

    public static final ConfigOption<Integer> MIN_REQUESTS = ConfigOptions.key(INFO.optionKey("min-requests"))
            .intType()
            .defaultValue(1)
            .withDescription(
                    "Requests of one verb, received within ten seconds, that must lack their outcome; at least 1.");

    /** Its parameters. */
    public record Params(Duration patience, int minRequests) implements Detection.Params {
        public Params {
            long millis = patience.toMillis();
            check(millis >= 10_000 && millis <= 21_600_000, "%s must be 10 s to 6 h: %s", PATIENCE.key(), patience);
            check(minRequests >= 1, "%s must be at least 1: %s", MIN_REQUESTS.key(), minRequests);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(PATIENCE, MIN_REQUESTS);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(PATIENCE), config.get(MIN_REQUESTS));
    }

    @Override
    public Watch watch(Params params) {
        return new Watch.Answers(params.patience(), params.minRequests());
    }

    @Override
    public String message(Missing missing, Params params) {
        if (missing.back()) {
            return "The outcomes of %s requests of cluster %s are logged as usual again, after %s"
                    .formatted(missing.what(), missing.cluster(), missing.lasted());
        }
        return "%s of %s %s requests that cluster %s received within ten seconds from %s have no final stage %s later;"
                        .formatted(
                                missing.fact("unanswered"),
                                missing.fact("received"),
                                missing.what(),
                                missing.cluster(),
                                missing.since(),
                                missing.fact("waited"))
                + " usually %s %% have none".formatted(missing.fact("usually-unanswered-percent"));
    }
}
