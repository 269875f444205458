package io.tocsin.detections.baseline;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.KnownFor;
import io.tocsin.detection.Need;
import io.tocsin.detection.NewnessDetection;
import io.tocsin.enrich.ClientFamily;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity with a history calls with a client it has not used in it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/">T1078</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NewClient implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "new-client",
            1,
            "Client new to this identity",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1078"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "An identity, or a service account, calls the API with a client of another family than before: the "
                    + "name by which the client calls itself, up to its version (kubectl, Go-http-client, curl, helm). "
                    + "Whoever impersonates uses the client. It counts only what is let in, and only for who has a history: "
                    + "known for long enough and seen on several days. What was not seen for history.retention (in whole "
                    + "days) is new again. Several news of an identity within a day are one alert, counted. The platform's "
                    + "own identities at home and listed deployers are not asked.",
            "known for a week ──▶ let in with a client that it did not use in these two weeks",
            "The client chooses what it calls itself: an attacker who uses the same tool as the owner, or its "
                    + "name, is not seen. Many programs share a name (Go-http-client, python-requests). A new identity, "
                    + "which has no history; whoever does it slowly for long enough to make it usual, though the first time "
                    + "is told.",
            "Ask the owner whether the tool is theirs. A service account that suddenly uses kubectl or curl is "
                    + "somebody in its pod, or somebody with its token: look at its other requests.",
            "An upgrade to another tool, a plugin, a browser where there was a command line. A report, not an alarm.");

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
                "with-client",
                Caller.ENTITY,
                event -> Caller.acts(event, identities),
                event -> ClientFamily.of(event.userAgent()),
                params.minHistory()));
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(news, "called with", "a client", "clients", record -> ClientFamily.of(record.userAgent()));
    }
}
