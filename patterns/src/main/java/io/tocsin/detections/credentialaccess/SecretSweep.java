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
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * Many different secrets are read by one identity from one address.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1552/007/">T1552.007</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class SecretSweep implements RateDetection<SecretSweep.Params> {
    private static final long serialVersionUID = 1L;
    /** Where Helm keeps its releases: helm list and helm upgrade read them all. */
    private static final String HELM = "sh.helm.release.";

    private static final DetectionInfo INFO = new DetectionInfo(
            "secret-sweep",
            1,
            "Many different secrets read",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1552.007"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES, Need.SECRET_READS),
            "One identity reads many distinct secrets from one address. Listing or watching the secrets of a namespace, or of the"
                    + " cluster, counts as one more. Service accounts have a threshold and a window of their own; inside the"
                    + " cluster only secrets count that they have not read from that address before, and their number must also"
                    + " exceed the median of the largest numbers of their closed days, if there are any."
                    + " Helm's releases are not counted, nor is what nodes and the control plane read where they belong.",
            "get secret a · get secret b · … (distinct secrets, one identity at one address, within the window)",
            "Secrets read one by one over a longer time, or from several addresses; one list of all secrets, which counts as one"
                    + " here and is a detection of its own; a stolen service account, used from"
                    + " its pod's address, that reads the secrets which its workload has read in the two weeks before, or no"
                    + " more new ones than on its usual days; secrets kept under a name"
                    + " that starts with sh.helm.release.; secrets read in pods, in etcd, or with a stolen kubelet's identity"
                    + " from inside; policies that do not log reads of secrets; records without a peer address.",
            "Ask the identity's owner. If nobody meant it: revoke the credential, take every secret in the evidence (and the others"
                    + " that it could read) for stolen, and rotate them, the most powerful ones first.",
            "An administrator who compares or rotates secrets; a deployer, a backup or a secrets operator"
                    + " that is new, or starts after its place changed, and reads all it manages once. Exempt the"
                    + " account by its namespaces and ranges; raise service-account-min-secrets for clusters whose"
                    + " operators manage many secrets.");

    private static final Threshold.Options PEOPLE = Threshold.options(
            INFO, "min-secrets", 3, "Distinct secrets read by whoever is no service account", Duration.ofMinutes(5));
    private static final Threshold.Options ACCOUNTS = Threshold.options(
            INFO,
            "service-account-min-secrets",
            15,
            "Distinct secrets read by a service account",
            "service-account-window",
            Duration.ofMinutes(30));

    static final String BY_PERSON = "reads-of-person";
    static final String BY_ACCOUNT = "reads-of-service-account";

    /** Its parameters: of service accounts, and of everybody else. */
    public record Params(Threshold people, Threshold accounts) implements Detection.Params {}

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return Stream.concat(PEOPLE.all().stream(), ACCOUNTS.all().stream()).toList();
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(PEOPLE.read(config), ACCOUNTS.read(config));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.rate(
                        BY_PERSON,
                        Entity.IDENTITY_AT_ADDRESS,
                        event -> reads(event, identities) && !Identities.isServiceAccount(event.user()),
                        SecretSweep::read,
                        params.people().least(),
                        params.people().window()),
                SignalRule.rate(
                                BY_ACCOUNT,
                                Entity.IDENTITY_AT_ADDRESS,
                                event -> reads(event, identities) && Identities.isServiceAccount(event.user()),
                                SecretSweep::read,
                                params.accounts().least(),
                                params.accounts().window())
                        .aboveBaseline()
                        .onlyNewTo(Requests::machineAtHome));
    }

    private static boolean reads(SecurityEvent event, Identities identities) {
        return "secrets".equals(event.resource())
                && event.subresource() == null
                && Requests.succeeded(event)
                && !identities.isPlatformAtHome(event);
    }

    /** What was read; null if it was nothing that counts. Listing and watching read alike. */
    private static @Nullable String read(SecurityEvent event) {
        String namespace = Objects.toString(event.namespace(), "");
        if ("list".equals(event.verb()) || "watch".equals(event.verb())) {
            return "all " + namespace;
        }
        String name = event.name();
        boolean counts = "get".equals(event.verb()) && name != null && !name.startsWith(HELM);
        return counts ? "one " + namespace + "/" + name : null;
    }

    @Override
    public Crossing crossing(Signal crossing, Params params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        Threshold threshold = crossing.stage().equals(BY_PERSON) ? params.people() : params.accounts();
        String message = "%s read %d different secrets from %s (threshold %d), the last one %s"
                .formatted(last.who(), crossing.count(), last.where(), threshold.least(), last.action());
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
