package io.tocsin.detections.baseline;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.KnownFor;
import io.tocsin.detection.Need;
import io.tocsin.detection.NewnessDetection;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A person with a history works in a namespace where they did not in it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/">T1078</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NewNamespace implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "new-namespace",
            1,
            "Namespace new to this person",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1078"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "A person (whoever is neither the platform nor a service account) reads or writes in a namespace "
                    + "where they did nothing before. Whoever impersonates is who works there. It counts only what is let "
                    + "in, and only for who has a history: known for long enough and seen on several days. What was not "
                    + "seen for history.retention (in whole days) is new again. Several news of an identity within a day "
                    + "are one alert, counted. The platform's own identities at home and listed deployers are not asked.",
            "known for a week ──▶ let in to a namespace where it did nothing in these two weeks",
            "Requests for all namespaces at once, which name none. People who work everywhere: nothing is new to "
                    + "them. A new identity, which has no history; whoever does it slowly for long enough to make it usual, "
                    + "though the first time is told.",
            "Ask whether the person has business there. Look at what was read, secrets above all, and whether the "
                    + "address or the client is new too.",
            "A person who changes teams or helps out, a namespace that was just created. A report, not an alarm: raise"
                    + " min-history, or exempt administrators from their networks.");

    public static final ConfigOption<Duration> MIN_HISTORY = KnownFor.option(INFO);

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_HISTORY);
    }

    @Override
    public KnownFor params(ReadableConfig config) {
        return KnownFor.read(MIN_HISTORY, config);
    }

    @Override
    public List<SignalRule> signals(KnownFor params, Identities identities) {
        return List.of(SignalRule.news(
                "in-namespace",
                Caller.ENTITY,
                event -> event.namespace() != null && Caller.isPerson(event) && Caller.acts(event, identities),
                event -> Objects.toString(event.namespace()),
                params.minHistory()));
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(
                news, "worked in", "a namespace", "namespaces", record -> Objects.toString(record.namespace()));
    }
}
