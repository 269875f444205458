package io.tocsin.detections.defenseevasion;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Match;
import io.tocsin.detection.Need;
import io.tocsin.detection.SequenceDetection;
import io.tocsin.detection.Stage;
import io.tocsin.detection.Within;
import io.tocsin.detections.LoggingChanges;
import io.tocsin.detections.Requests;
import io.tocsin.detections.SensitiveActions;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A cluster's logging is turned off, or what ships its logs is changed, and then something sensitive is done there.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1562/008/">T1562.008</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class LoggingDisabled implements SequenceDetection<Within> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "logging-disabled",
            1,
            "Logging turned down, then a sensitive action",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1562.001", "T1562.008"),
            Set.of(Source.KUBERNETES_AUDIT, Source.CLOUDTRAIL),
            Set.of(Need.AUDIT_EVENTS),
            "Somebody other than a listed deployer deletes or scales to nothing a log collector or sensor (Fluent Bit, Fluentd, Vector, Filebeat,"
                    + " Promtail, Alloy, OpenTelemetry Collector, Falco, Tetragon, Cilium and Hubble, known by name), writes or deletes"
                    + " its ConfigMap, deletes its namespace, writes an AuditSink, or turns off an EKS cluster's audit,"
                    + " authenticator or api log; then anybody but the platform does something sensitive in that cluster"
                    + " (exec, secrets, RBAC, webhooks, tokens, certificates). Of a service account inside only what it has not done before counts."
                    + " What follows need not be the same identity's.",
            "collector deleted, scaled or reconfigured, or EKS logging off ──▶ exec, secrets, RBAC, webhook, token or CSR approval",
            "A collector under a name of the attacker's or the operator's choosing; a change of the DaemonSet or Deployment itself (a"
                    + " node selector that fits no node, another image), which looks like a restart, and without its body its"
                    + " scaling to nothing that way; a collector scaled to fewer than it needs; custom"
                    + " resources of logging operators; files and flags on control plane nodes; log groups and trails in the"
                    + " cloud; a collector changed by its own service account in its own namespace, or by a stolen deployer;"
                    + " an attacker who waits out the window, or then uses a service account in the cluster to do only what its"
                    + " workload has done in the two weeks before; and what is done once nothing is logged any more. That the"
                    + " source then goes quiet is not looked at here.",
            "Bring the collector or the cluster's logging back first. Then read who changed it, what that identity did before, and, from"
                    + " sources that were not touched, what happened while it was gone.",
            "A planned upgrade or move of the log collectors by hand or by a deployer that is not listed,"
                    + " with ordinary administration going on meanwhile. List deployers in identities.cd; do collectors'"
                    + " changes through them, so that a change by anybody else stays an alarm.");

    public static final ConfigOption<Duration> WINDOW =
            Within.option(INFO, "Longest event time from the change to the sensitive action", Duration.ofMinutes(30));

    static final String LOGGING_CHANGED = "logging-changed";
    static final String SENSITIVE = "sensitive-action";

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW);
    }

    @Override
    public Within params(ReadableConfig config) {
        return Within.read(WINDOW, config);
    }

    @Override
    public Set<EventField> fields() {
        return Set.of(EventField.BODY);
    }

    @Override
    public List<SignalRule> signals(Within params, Identities identities) {
        return List.of(
                SignalRule.match(
                        LOGGING_CHANGED,
                        Entity.CLUSTER,
                        event -> LoggingChanges.isOne(event) && !isExpected(event, identities)),
                SignalRule.match(SENSITIVE, Entity.CLUSTER, event -> SensitiveActions.isSensitive(event, identities))
                        .oncePerSlot(
                                event -> Keys.of(Objects.toString(event.identity(), ""), SensitiveActions.alike(event)))
                        .onlyNewTo(Requests::machineAtHome));
    }

    /** The platform at home, deployers, and a collector's own operator in its own namespace, short of deleting that. */
    private static boolean isExpected(SecurityEvent event, Identities identities) {
        return identities.isPlatformAtHome(event) || identities.isDeployer(event) || isOwnOperator(event);
    }

    private static boolean isOwnOperator(SecurityEvent event) {
        String home = Identities.serviceAccountNamespace(event.user());
        return home != null
                && event.impersonator() == null
                && event.zone().insideOrUnknown()
                && home.equals(event.namespace())
                && !"namespaces".equals(event.resource());
    }

    @Override
    public Pattern<Signal, ?> pattern(Within params) {
        return Pattern.<Signal>begin(LOGGING_CHANGED)
                .where(Stage.is(LOGGING_CHANGED))
                .followedBy(SENSITIVE)
                .where(Stage.is(SENSITIVE));
    }

    @Override
    public Duration window(Within params) {
        return params.window();
    }

    @Override
    public String message(Match match, Within params) {
        Evidence changed = match.signal(LOGGING_CHANGED).evidence().get(0);
        Evidence sensitive = match.completing();
        return "%s turned logging down from %s (%s); %d s later %s did something sensitive from %s: %s"
                .formatted(
                        changed.who(),
                        changed.where(),
                        changed.action(),
                        Duration.between(changed.time(), sensitive.time()).toSeconds(),
                        sensitive.who(),
                        sensitive.where(),
                        sensitive.action());
    }
}
