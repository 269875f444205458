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
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Many logins to a node fail from one address: somebody is guessing.
 *
 * <p>A node's journal, its syslog and its audit log may tell of one attempt each, so they are counted apart.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1110/001/">T1110.001</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class SshBruteForce implements RateDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "ssh-brute-force",
            1,
            "Many failed logins to a node from one address",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1110.001", "T1110.003"),
            Set.of(Source.JOURNALD, Source.SYSLOG, Source.AUDITD),
            Set.of(Need.HOST_LOGINS),
            "Logins to one node fail from one address, whatever names are tried. A line that stands for several attempts"
                    + " (message repeated 5 times) counts as many. Journal, syslog and audit log are counted apart, since each"
                    + " may tell of the same attempt.",
            "failed login · failed login · … · failed login (one node, one address, within the window)",
            "Guesses from many addresses, or spread over many nodes or a longer time; keys that are offered and refused, which"
                    + " sshd does not call failures of a guess; attempts that end before a password is tried; a guess that"
                    + " is right before the threshold; names written so that the line's address can be read in two ways,"
                    + " which then has none.",
            "Look for a success from that address (Accepted). If there is none: block the address, and see why the node's sshd"
                    + " can be reached from there. If there is one: isolate the node, end the session, change the account's"
                    + " keys and password, and take the node's kubelet credential for stolen.",
            "A script or a monitor with an old password, an administrator behind a shared address, a vulnerability"
                    + " scanner. Fix the script and keep the internet away from the nodes; exempt a scanner by its address"
                    + " ranges (identity *), or raise detections.ssh-brute-force.min-failures.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO, "min-failures", 10, "Failed logins on a node from one address", Duration.ofMinutes(5));

    static final String JOURNAL = "failures-in-journal";
    static final String SYSLOG = "failures-in-syslog";
    static final String AUDIT = "failures-in-audit";

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
                failures(JOURNAL, Source.JOURNALD, params),
                failures(SYSLOG, Source.SYSLOG, params),
                failures(AUDIT, Source.AUDITD, params));
    }

    private static SignalRule failures(String stage, Source source, Threshold params) {
        return SignalRule.events(
                        stage,
                        Entity.NODE_AND_ADDRESS,
                        event -> event.source() == source && failed(event),
                        params.least(),
                        params.window())
                .weighing(SecurityEvent::count);
    }

    private static boolean failed(SecurityEvent event) {
        return "login".equals(event.verb())
                && (event.outcome() == Outcome.UNAUTHENTICATED || event.outcome() == Outcome.DENIED);
    }

    @Override
    public Crossing crossing(Signal crossing, Threshold params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        String node = Keys.parts(crossing.key()).get(2);
        String message = "%d logins to node %s failed from %s (threshold %d), the last one as %s"
                .formatted(
                        crossing.count(),
                        node,
                        last.where(),
                        params.least(),
                        last.user() == null ? "nobody that can be read" : last.user());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
