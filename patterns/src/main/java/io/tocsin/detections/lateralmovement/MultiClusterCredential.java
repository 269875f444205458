package io.tocsin.detections.lateralmovement;

import static io.tocsin.detections.Requests.check;

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
import io.tocsin.detection.Threshold;
import io.tocsin.detections.Requests;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.Uses;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * One credential that belongs to one cluster is used in two: a service account's token, a certificate, what a node got from IAM.
 *
 * <p>Never a user name: the same names exist in every cluster.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1550/001/">T1550.001</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class MultiClusterCredential implements SequenceDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "multi-cluster-credential",
            1,
            "One cluster's credential was used in another",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1550.001", "T1078.004"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.CREDENTIAL_IDS),
            "One service account token (JTI) or client certificate (X509SHA256) is used in two clusters within the window; or an IAM"
                    + " access key that is a node's in one of them; or, medium, an IAM role that is a node's in one of them. Refused"
                    + " requests count: the credential was accepted. The alert's evidence names the clusters. Clusters are told"
                    + " apart by account, region and name where the envelope tells them, else by the input: one cluster that"
                    + " is read under two names looks like two.",
            "credential X in cluster A ──▶ credential X in cluster B (in any order)",
            "A credential used in the second cluster only, or more than the window after the first; one that is rejected there (401)"
                    + " has no id in the log. Access keys and roles of people and of workloads with IAM roles for service"
                    + " accounts are not looked at unless they call as a node in one of the clusters: the audit log does not tell"
                    + " such a role from a person's, and people use one session in many clusters. What has been used in a cluster"
                    + " in two hours of its first ones, or on two days, counts as in use there for two days; what is younger, by the"
                    + " earliest use of each hour; and what is used in a second cluster for a day belongs there too.",
            "Find out whether the clusters share a trust on purpose (one signing key, one certificate authority, one node role). If"
                    + " not: replace the credential where it belongs (delete the pod or service account, drain and replace the"
                    + " node, end the role's sessions), and read what it did in the other cluster.",
            "One cluster read under two names; clusters restored from one backup or built on one signing key,"
                    + " certificate authority or node role on purpose. Give each input its cluster's one name, and"
                    + " exempt the fleet's identities for this detection by their ranges.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO, "min-clusters", 2, "Clusters (2 or more) in which one credential is used", Duration.ofMinutes(60));

    static final String ELSEWHERE = "elsewhere";

    /** How long after its first use there a credential belongs to a second cluster too. */
    private static final Duration KNOWN_AFTER = Duration.ofDays(1);

    // They are parts of keys.
    private static final String ACCESS_KEY = "access-key";
    private static final String ARN = "arn";

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
        return List.of(
                clusters(
                        Entity.CREDENTIAL_ANYWHERE,
                        event -> Requests.isRequest(event) && isTokenOrCertificate(event.credentialId()),
                        MultiClusterCredential::carrier),
                clusters(
                        Entity.ACCESS_KEY_ANYWHERE,
                        event -> Requests.isRequest(event) && event.accessKeyId() != null,
                        SecurityEvent::accessKeyId),
                clusters(
                        Entity.ARN_ANYWHERE,
                        event -> Requests.isRequest(event) && event.arn() != null,
                        SecurityEvent::arn));
    }

    @Override
    public boolean comparesClusters() {
        return true;
    }

    private static SignalRule clusters(
            Entity credential, Predicate<SecurityEvent> when, Function<SecurityEvent, @Nullable String> carrier) {
        Uses uses = event -> {
            String carried = carrier.apply(event);
            List<String> used = credential.of(event);
            return carried == null || used.isEmpty()
                    ? null
                    : new Uses.Use(Keys.of("*", "clusters-of", carried), carried, used.get(0), event.scope());
        };
        return SignalRule.match(ELSEWHERE, credential, when).whereUsedElsewhere(uses, KNOWN_AFTER);
    }

    /** A pod's tokens come and go. */
    private static @Nullable String carrier(SecurityEvent event) {
        return event.credentialPodUid() == null ? event.credentialId() : event.credentialPodUid();
    }

    private static boolean isTokenOrCertificate(@Nullable String id) {
        return id != null && (id.startsWith("JTI=") || id.startsWith("X509SHA256="));
    }

    @Override
    public Pattern<Signal, ?> pattern(Threshold params) {
        return Pattern.<Signal>begin(ELSEWHERE).where(Stage.atLeast(ELSEWHERE, params.least()));
    }

    @Override
    public Duration window(Threshold params) {
        return params.window();
    }

    /** People use one session in many clusters; nodes don't. */
    @Override
    public boolean holds(Match match) {
        String kind = kind(match);
        if (!kind.equals(ACCESS_KEY) && !kind.equals(ARN)) {
            return true;
        }
        for (Evidence use : match.last().evidence()) {
            if (Identities.isNode(use.user()) && use.impersonator() == null) {
                return true;
            }
        }
        return false;
    }

    private static String kind(Match match) {
        return Keys.parts(match.last().key()).get(1);
    }

    @Override
    public Severity severity(Match match) {
        return kind(match).equals(ARN) ? Severity.MEDIUM : Severity.HIGH;
    }

    @Override
    public String message(Match match, Threshold params) {
        Evidence last = match.completing();
        Set<String> clusters = new TreeSet<>();
        for (Evidence use : match.last().evidence()) {
            clusters.add(use.account() == null ? use.cluster() : use.account() + "/" + use.cluster());
        }
        String credential =
                switch (kind(match)) {
                    case ACCESS_KEY -> "The access key " + last.accessKeyId() + " of a node";
                    case ARN -> "The node role " + last.arn();
                    default -> "The credential " + last.credentialId();
                };
        return "%s was used in %d clusters (%s), the last time as %s from %s for %s"
                .formatted(
                        credential,
                        match.last().count(),
                        String.join(", ", clusters),
                        last.who(),
                        last.where(),
                        last.action());
    }
}
