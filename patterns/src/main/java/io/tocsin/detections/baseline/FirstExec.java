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
import io.tocsin.detections.PodEntry;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity with a history enters a container, which it did not in it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1609/">T1609</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class FirstExec implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "first-exec",
            1,
            "First exec by this identity",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1609"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "An identity that has been at work for long enough enters a container (exec, attach with an input, an "
                    + "ephemeral container), which it has not done before. Whoever impersonates is who enters. It counts "
                    + "only what is let in, and only for who has a history: known for long enough and seen on several days. "
                    + "What was not seen for history.retention (in whole days) is new again. Several news of an identity "
                    + "within a day are one alert, counted. The platform's own identities at home and listed deployers are "
                    + "not asked.",
            "known for a week, never entered a container ──▶ exec, attach or ephemeral container",
            "Whoever execs now and then: it is usual for them. Shells that come another way: the kubelet's own "
                    + "port, the node, a web console in the workload. A new identity, which has no history; whoever does it "
                    + "slowly for long enough to make it usual, though the first time is told.",
            "Ask why. Read the commands that follow in the runtime's log (Tetragon, Falco): the audit log has "
                    + "only the first one.",
            "An engineer who debugs in a container for the first time, somebody on call in a new team. A report, not an alarm:"
                    + " raise min-history, or exempt the team's identities from its own networks.");

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
        return List.of(
                SignalRule.news(
                        "entry",
                        Caller.ENTITY,
                        event -> PodEntry.isEntry(event) && Caller.acts(event, identities),
                        event -> "entry",
                        params.minHistory()),
                SignalRule.presence(
                        "work", Caller.ENTITY, event -> !PodEntry.isEntry(event) && Caller.acts(event, identities)));
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(news, "entered a container,", "which is", "times, which is", Evidence::action);
    }
}
