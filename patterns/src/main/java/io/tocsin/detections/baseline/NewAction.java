package io.tocsin.detections.baseline;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.KnownFor;
import io.tocsin.detection.Need;
import io.tocsin.detection.NewnessDetection;
import io.tocsin.detections.Requests;
import io.tocsin.event.Digest;
import io.tocsin.event.SecurityEvent;
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
 * A service account with a history does something it has not done in it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/">T1078</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NewAction implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;
    /** Longer ones are remembered by their digest. */
    private static final int LONGEST = 200;

    private static final DetectionInfo INFO = new DetectionInfo(
            "new-action",
            1,
            "Action new to this service account",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1078"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "A service account uses a verb on a kind of resource in a namespace where it has not before. What is "
                    + "done in its name by whoever impersonates it neither counts nor teaches. Questions about what it may "
                    + "do are no actions. It counts only what is let in, and only for who has a history: known for long "
                    + "enough and seen on several days. What was not seen for history.retention (in whole days) is new "
                    + "again. Several news of an identity within a day are one alert, counted. The platform's own "
                    + "identities at home and listed deployers are not asked.",
            "known for a week ──▶ a verb, resource and namespace that it did not have in these two weeks",
            "A stolen token used only for what its workload does all day. Operators that serve every namespace do "
                    + "something new whenever one is made: look at the count. A new identity, which has no history; whoever "
                    + "does it slowly for long enough to make it usual, though the first time is told.",
            "Compare with the release history of the workload: a new version may do new things. If there was "
                    + "none, look who holds the token: its pods' shells, its addresses and clients, and what else it did.",
            "A new version of the workload, a namespace that was just created, a job that runs once a quarter. A report, not an"
                    + " alarm: exempt operators that serve every namespace, from inside.");

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
                "action",
                Caller.ENTITY,
                event -> Identities.isServiceAccount(event.user())
                        && event.impersonator() == null
                        && Caller.acts(event, identities),
                NewAction::action,
                params.minHistory()));
    }

    private static String action(SecurityEvent event) {
        String kind = event.verb() + " " + Requests.kind(event) + "/" + Objects.toString(event.subresource(), "");
        String action = kind + " " + Objects.toString(event.namespace(), "");
        return action.length() <= LONGEST ? action : new Digest().add(action).hex();
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(news, "did", "something", "things", NewAction::told);
    }

    private static String told(Evidence record) {
        return record.namespace() == null ? record.operation() : record.operation() + " in " + record.namespace();
    }
}
