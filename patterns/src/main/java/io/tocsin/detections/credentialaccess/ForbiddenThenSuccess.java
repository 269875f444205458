package io.tocsin.detections.credentialaccess;

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
import io.tocsin.detections.Requests;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Newness;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity is refused several different requests from an address it never used, and is then let in from that address.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/">T1078</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class ForbiddenThenSuccess implements SequenceDetection<ForbiddenThenSuccess.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "forbidden-then-success",
            1,
            "Let in from a new address after refusals",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1078.004", "T1528"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES),
            "An identity is refused several different requests (403) from an address that is new to it, and then succeeds on a"
                    + " resource from that same address: somebody else is trying out its credentials. The first address of"
                    + " an identity is its home; any other is new until its first counted success is old enough. To service"
                    + " accounts and system identities any address outside the cluster is new, and inside it only one from"
                    + " which a credential is used that was used elsewhere before. Where a node calls from outside, as at a public"
                    + " API endpoint, is inside for tokens bound to that node, and, if two nodes do, for all service accounts."
                    + " What listed impersonators do for others, from an address of their own, is left out.",
            "403 · 403 · 403 (distinct, new address) ──▶ success from that address, all within the window",
            "An attacker who is never refused, who changes identity or address between refusals and success, who waits out the"
                    + " window, or whose address has been used by that identity before (behind the same NAT or VPN). Until"
                    + " an identity has a first address nothing is new to it. A service account's token used from two"
                    + " addresses inside the cluster is followed per task: if one task saw only the one address and another"
                    + " only the other, successes that came more than a moment after the first are not looked at until a"
                    + " request is refused there. Behind the cluster's own NAT a stolen token is not new; and whoever holds a"
                    + " node's identity can make an address inside for the tokens bound to that node, by calling from it as"
                    + " the node first, and with two nodes' identities for every service account"
                    + " (network.learn-egress).",
            "Ask the identity's owner whether the address is theirs. If not: revoke the credential (delete the service account"
                    + " token, or end the IAM sessions), read what the address did since, and rotate the secrets it read.",
            "A person on a journey or behind a new VPN exit tries what they may not and then works on; a"
                    + " deployer whose runners change addresses and whose role lacks a right. A network of offices has"
                    + " one exit each: their addresses are known a day after first use (known-after). List impersonating"
                    + " proxies in identities.impersonators and exempt runners by their ranges.");

    public static final ConfigOption<Integer> MIN_FORBIDDEN = ConfigOptions.key(INFO.optionKey("min-forbidden"))
            .intType()
            .defaultValue(3)
            .withDescription("Distinct refused requests (HTTP 403) needed before the success; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Longest event time from the first refusal counted to the success; at least 10 s.");

    public static final ConfigOption<Duration> KNOWN_AFTER = ConfigOptions.key(INFO.optionKey("known-after"))
            .durationType()
            .defaultValue(Duration.ofHours(24))
            .withDescription(
                    "How long after its first counted success an address stays new to an identity; not negative.");

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String DENIALS = "denials";
    static final String SUCCESS = "success";

    /** Its parameters. */
    public record Params(int minForbidden, Duration window, Duration knownAfter) implements Detection.Params {
        public Params {
            check(minForbidden >= 1, "%s must be at least 1: %s", MIN_FORBIDDEN.key(), minForbidden);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
            check(!knownAfter.isNegative(), "%s must not be negative: %s", KNOWN_AFTER.key(), knownAfter);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_FORBIDDEN, WINDOW, KNOWN_AFTER);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(MIN_FORBIDDEN), config.get(WINDOW), config.get(KNOWN_AFTER));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.rate(
                                DENIALS,
                                Entity.IDENTITY_AT_ADDRESS,
                                event -> Requests.denied(event) && !identities.isImpersonator(event),
                                Requests::distinct,
                                params.minForbidden(),
                                params.window())
                        .whereNew(new Newness(Recall.REFUSAL, params.knownAfter())),
                // Behind a listed impersonator the address is its own and tells nothing of whom it stands for.
                SignalRule.match(
                                SUCCESS,
                                Entity.IDENTITY_AT_ADDRESS,
                                event -> Requests.countedSuccess(event) && !identities.isImpersonator(event))
                        .whereNew(new Newness(Recall.SUCCESS, params.knownAfter())));
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(DENIALS)
                .where(Stage.is(DENIALS))
                .followedBy(SUCCESS)
                .where(Stage.is(SUCCESS));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Evidence success = match.completing();
        return "%s was refused %d different requests from %s, an address new to it, and was then let in from there: %s"
                .formatted(success.who(), match.signal(DENIALS).count(), success.where(), success.action());
    }
}
