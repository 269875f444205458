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
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Makes alerts of what detections found. The one place that decides an alert's id: detection, key, completing event. */
final class Alerts {
    private static final int MATCH = 1;
    private static final int SEQUENCE = 2;
    static final int RATE = 3;

    private Alerts() {}

    static <P extends Detection.Params> Alert of(
            Configured<P> configured, SecurityEvent event, MatchDetection.Finding finding, Identities identities) {
        String id = event.id();
        String story = Keys.of(event.scope(), finding.object());
        Evidence evidence = Evidence.of(event, id, "match");
        Map<String, String> facts = new TreeMap<>(finding.facts());
        AlertFacts.addSensitiveApps(List.of(evidence), identities, facts);
        Severity severity =
                finding.severity() == null || configured.overridden() ? configured.severity() : finding.severity();
        return alert(
                configured,
                MATCH,
                event.dryRun() ? Severity.INFORMATIONAL : severity, // nothing was done
                finding.message(),
                story,
                event.scope(),
                event.time(),
                event.time(),
                id,
                1,
                List.of(evidence),
                List.of(story),
                facts);
    }

    static <P extends Detection.Params> Alert of(
            Configured<P> configured, Signal crossing, RateDetection.Crossing meaning, Map<String, String> facts) {
        Severity severity =
                meaning.severity() == null || configured.overridden() ? configured.severity() : meaning.severity();
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
            Configured<P> configured,
            SequenceDetection<P> detection,
            Match match,
            List<Evidence> evidence,
            Map<String, String> facts) {
        Signal last = match.last();
        @Nullable Severity own = detection.severity(match);
        List<String> stories = detection.stories(match);
        return alert(
                configured,
                SEQUENCE,
                own == null || configured.overridden() ? configured.severity() : own,
                detection.message(match, configured.params()),
                stories.get(0),
                last.scope(),
                last.time(),
                evidence.get(0).time(),
                last.eventId(),
                1,
                evidence,
                stories,
                facts);
    }

    /**
     * Of something missing.
     *
     * @param account cloud account of the cluster, where known
     * @param completing what tells this absence from others of the same thing
     * @param stories what else tells this again; the first is the key
     */
    static <P extends Detection.Params> Alert of(
            Configured<P> configured,
            AbsenceDetection<P> detection,
            Missing missing,
            String scope,
            @Nullable String account,
            String completing,
            List<String> stories) {
        Severity own = detection.severity(missing);
        return alert(
                configured,
                RATE,
                own == null || configured.overridden() ? configured.severity() : own,
                detection.message(missing, configured.params()),
                stories.get(0),
                scope,
                missing.time(),
                missing.since(),
                completing,
                missing.count(),
                missing.changes(),
                stories,
                missing.facts(),
                missing.cluster(),
                account);
    }

    /** Of what is new to somebody. */
    static <P extends Detection.Params> Alert of(Configured<P> configured, NewnessDetection<P> detection, Signal news) {
        return alert(
                configured,
                MATCH,
                configured.severity(),
                detection.message(news, configured.params()),
                news.key(),
                news.scope(),
                news.time(),
                news.since(),
                news.eventId(),
                news.count(),
                news.evidence(),
                List.of(news.key()),
                Map.of("counted", Long.toString(news.count())));
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
        Evidence last = evidence.get(evidence.size() - 1);
        return alert(
                configured,
                kind,
                severity,
                message,
                key,
                scope,
                time,
                start,
                completing,
                count,
                evidence,
                stories,
                facts,
                last.cluster(),
                last.account());
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
            Map<String, String> facts,
            String cluster,
            @Nullable String account) {
        DetectionInfo info = configured.info();
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
                cluster,
                account,
                count,
                evidence,
                info.remediation(),
                stories,
                configured.suppressMillis(),
                facts,
                info.falsePositives(),
                List.of());
    }
}
