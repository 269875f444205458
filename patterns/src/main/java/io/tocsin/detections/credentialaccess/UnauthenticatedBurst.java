package io.tocsin.detections.credentialaccess;

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
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An address calls the API again and again with credentials that are none; worse if it then has one that is.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1110/">T1110</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class UnauthenticatedBurst implements RateDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "unauthenticated-burst",
            1,
            "Many requests without a valid credential from one address",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1110"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES),
            "Requests from one address are answered with 401. A second alert, of high severity, is raised if meanwhile an identity"
                    + " to which that address is new succeeds on a resource from there: a guessed or stolen credential was"
                    + " the right one.",
            "401 · 401 · … · 401 (one address, within the window) [──▶ success of an identity new to the address: high]",
            "Guesses from many addresses or spread over a longer time; 401s on the paths of health probes (/healthz, /livez,"
                    + " /readyz), which are not counted; a success after the window, or of an identity that has called from"
                    + " that address before or has no address that is known yet; a guessed token of a service account, or a"
                    + " node's or the control plane's identity, used from inside the cluster, which is taken for the restart"
                    + " of a workload and leaves the alert at medium; a service account's token used where nodes call from,"
                    + " which is taken for inside (network.learn-egress). Requests that fail in TLS leave no record.",
            "Find out who is behind the address. A workload with an expired token is put right by restarting its pod. If nobody"
                    + " knows it: block the address at the API server's endpoint; if an identity got in from there, revoke"
                    + " its credential and read what it did.",
            "A workload or a person with a token or certificate that has expired retries for ever; a load"
                    + " balancer that probes with no credential. The path and the client in the evidence show which."
                    + " What nobody authenticated has no identity to exempt: fix the client, or raise"
                    + " detections.unauthenticated-burst.min-requests.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO, "min-requests", 10, "Requests from one address answered with 401", Duration.ofMinutes(5));

    static final String UNAUTHENTICATED = "unauthenticated";
    static final String SUCCESS = "success";

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
        return OPTIONS.read(config);
    }

    @Override
    public List<SignalRule> signals(Threshold params, Identities identities) {
        return List.of(
                SignalRule.events(
                        UNAUTHENTICATED,
                        Entity.ADDRESS,
                        UnauthenticatedBurst::isRefused,
                        params.least(),
                        params.window()),
                // Of all successes only those are looked at whose address is new to the identity; the others are all
                // the
                // traffic there is. New for as long as a burst counts: the first may come amid it. A service account
                // inside
                // is new with each token: that its pod gets in with a fresh one is what ends most bursts.
                SignalRule.match(
                                SUCCESS,
                                Entity.ADDRESS,
                                event -> Requests.countedSuccess(event)
                                        && !Requests.isMachineAtHome(event)
                                        && !identities.isImpersonator(event))
                        .whereNew(new Newness(Recall.SUCCESS, params.window())));
    }

    private static boolean isRefused(SecurityEvent event) {
        return Requests.isRequest(event)
                && event.outcome() == Outcome.UNAUTHENTICATED
                && !(event.resource() == null && Requests.isHealthPath(Requests.path(event.uri())));
    }

    @Override
    public Crossing crossing(Signal crossing, Threshold params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        String burst = "%d requests from %s were answered with 401 (threshold %d)"
                .formatted(crossing.count(), last.where(), params.least());
        if (crossing.stage().equals(UNAUTHENTICATED)) {
            return new Crossing(burst + ", the last one " + last.action(), List.of(crossing.key()), null);
        }
        return new Crossing(
                "%s; then %s, to whom the address is new, was let in from there: %s"
                        .formatted(burst, last.who(), last.action()),
                List.of(Keys.of(crossing.key(), SUCCESS)),
                Severity.HIGH);
    }
}
