package io.tocsin.detections.defenseevasion;

import static io.tocsin.detections.Requests.check;

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
import io.tocsin.event.Digest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
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
 * A client gives different requests one audit id, so that tools which know a request by its id see only one of them.
 *
 * <p>Only ids that are no UUIDs are followed: the API server makes UUIDs, so all others were chosen, and they are rare.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1036/">T1036</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class AuditIdReused implements RateDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "audit-id-reused",
            1,
            "One audit id for different requests",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1036"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "Requests that differ in user or URI carry the same audit id, and the id is none the API server makes. A client may"
                    + " choose it (header Audit-ID), and tools that tell deliveries of one request by it drop all requests but"
                    + " one. Stages of one request, and the same request delivered twice, count once; so does what an"
                    + " aggregated API server logs of a request that was passed on to it.",
            "request (audit id X) · another user or URI (audit id X), within the window",
            "An id that is used again in the form of a UUID, as nearly all are: to follow these as well, every request would"
                    + " have to be counted. This one drops no request of the same id, so what is done under it is found all the"
                    + " same. A chosen id that is used for one request only is audit-id-chosen.",
            "Find the client by its address and user agent in the evidence, and read all of its requests: those that other"
                    + " tools did not show, above all.",
            "A proxy or a gateway in front of the API server that hands on an id of its own, such as that of a trace. Take the"
                    + " header away there, or exempt the identity that it calls as.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO,
            "min-requests",
            2,
            "Requests of one audit id that differ in user or URI (2 or more)",
            Duration.ofHours(1));

    static final String REQUESTS = "requests";

    /** Where a UUID has its dashes. */
    private static final int UUID_LENGTH = 36;

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
        Threshold params = OPTIONS.read(config);
        check(params.least() >= 2, "%s must be at least 2: %s", OPTIONS.least().key(), params.least());
        return params;
    }

    @Override
    public List<SignalRule> signals(Threshold params, Identities identities) {
        return List.of(SignalRule.rate(
                        REQUESTS,
                        AuditIdReused::chosenId,
                        event -> Requests.isRequest(event) && isChosen(event.auditId()),
                        AuditIdReused::request,
                        params.least(),
                        params.window())
                .lookingAtIds());
    }

    private static List<String> chosenId(SecurityEvent event) {
        return event.auditId() == null ? List.of() : List.of(Keys.of(event.scope(), "audit-id", event.auditId()));
    }

    private static boolean isChosen(@Nullable String id) {
        if (id == null || id.isEmpty()) {
            return false;
        }
        if (id.length() != UUID_LENGTH) {
            return true;
        }
        for (int i = 0; i < UUID_LENGTH; i++) {
            boolean dash = i == 8 || i == 13 || i == 18 || i == 23;
            char c = id.charAt(i);
            if (dash ? c != '-' : c > 'f' || Character.digit(c, 16) < 0) {
                return true;
            }
        }
        return false;
    }

    /** Not the verb: one request to an aggregated API server is told by both in their own words. */
    private static String request(SecurityEvent event) {
        return new Digest()
                .add(event.user())
                .add(event.impersonator())
                .add(event.uri() == null ? Requests.distinct(event) : event.uri())
                .hex();
    }

    @Override
    public Crossing crossing(Signal crossing, Threshold params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        String message = "%d different requests carry the audit id %s (threshold %d), the last one %s by %s from %s"
                .formatted(
                        crossing.count(),
                        Keys.parts(crossing.key()).get(2),
                        params.least(),
                        last.action(),
                        last.who(),
                        last.where());
        // One client that uses one id after the other is one story, too.
        return new Crossing(
                message,
                List.of(crossing.key(), Keys.of(crossing.scope(), "identity-at", last.who(), last.where())),
                null);
    }
}
