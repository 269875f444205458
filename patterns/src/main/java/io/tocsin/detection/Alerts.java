package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.event.Digest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Makes alerts of what detections found. The one place that decides an alert's id: detection, key, completing event. */
final class Alerts {
    private static final int MATCH = 1;
    private static final int SEQUENCE = 2;
    static final int RATE = 3;

    private Alerts() {}

    static <P extends Detection.Params> Alert of(
            Configured<P> configured, SecurityEvent event, MatchDetection.Finding finding) {
        String id = event.id();
        String story = Keys.of(event.scope(), finding.object());
        Evidence evidence = Evidence.of(event, id, "match");
        Severity severity =
                finding.severity() == null || overridden(configured) ? configured.severity() : finding.severity();
        return alert(
                configured,
                MATCH,
                severity,
                finding.message(),
                story,
                event.scope(),
                event.time(),
                event.time(),
                id,
                1,
                List.of(evidence),
                List.of(story),
                Map.of());
    }

    static <P extends Detection.Params> Alert of(
            Configured<P> configured, Signal crossing, RateDetection.Crossing meaning, Map<String, String> facts) {
        Severity severity =
                meaning.severity() == null || overridden(configured) ? configured.severity() : meaning.severity();
        return alert(
                configured,
                RATE,
                severity,
                meaning.message(),
                crossing.key(),
                crossing.scope(),
                crossing.time(),
                crossing.since(),
                crossing.eventId(),
                crossing.count(),
                crossing.evidence(),
                meaning.stories(),
                facts);
    }

    static <P extends Detection.Params> Alert of(
            Configured<P> configured, Match match, List<Evidence> evidence, String message, Map<String, String> facts) {
        Signal last = match.last();
        return alert(
                configured,
                SEQUENCE,
                configured.severity(),
                message,
                last.key(),
                last.scope(),
                last.time(),
                evidence.get(0).time(),
                last.eventId(),
                1,
                evidence,
                List.of(last.key()),
                facts);
    }

    private static boolean overridden(Configured<?> configured) {
        return configured.severity() != configured.info().severity();
    }

    private static <P extends Detection.Params> Alert alert(
            Configured<P> configured,
            int kind,
            Severity severity,
            String message,
            String key,
            String scope,
            Instant time,
            Instant start,
            String completing,
            long count,
            List<Evidence> evidence,
            List<String> stories,
            Map<String, String> facts) {
        DetectionInfo info = configured.info();
        @Nullable String account = evidence.get(evidence.size() - 1).account();
        return new Alert(
                new Digest().add(info.id()).add(key).add(completing).hex(),
                Alert.CREATE,
                info.id(),
                kind,
                info.title(),
                severity,
                message,
                info.techniques(),
                time,
                start,
                scope,
                evidence.get(evidence.size() - 1).cluster(),
                account,
                count,
                evidence,
                info.remediation(),
                stories,
                configured.suppressMillis(),
                facts);
    }
}
