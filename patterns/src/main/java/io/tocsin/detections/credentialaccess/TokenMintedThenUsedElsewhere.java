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
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.signal.SignalRule.Relay;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.cep.pattern.conditions.IterativeCondition;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Somebody who is no kubelet requests a service account's token, and that very token is then used from another address.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1528/">T1528</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class TokenMintedThenUsedElsewhere implements SequenceDetection<TokenMintedThenUsedElsewhere.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "token-minted-then-used-elsewhere",
            1,
            "A token was minted by hand and used elsewhere",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1528", "T1550.001"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES, Need.CREDENTIAL_IDS, Need.ISSUED_CREDENTIAL_IDS),
            "A TokenRequest by anyone but a kubelet, the control plane or a listed token issuer returns the credential X; then X"
                    + " is used from another address than the minter's. The token is followed by its credential id, which"
                    + " the API server signs and no client can choose.",
            "TokenRequest issues X (not a kubelet) ──▶ X used from another address",
            "A token used only from the address that minted it, or only after the window; clusters before Kubernetes 1.30, whose"
                    + " logs hold no credential ids; a node's credentials used to mint as that kubelet from inside the cluster;"
                    + " a first use that one API server's clock puts before the minting by another's; a token bound to a running pod and"
                    + " used from the address that pod first called from; a token of a controller that the control plane runs, used"
                    + " from an address that this controller has called from: its tokens have one history.",
            "Find out who minted the token and why. Delete the service account or the bound object to invalidate it, and read"
                    + " everything the credential id did.",
            "A person or pipeline mints a token (kubectl create token) on one machine and uses it on another"
                    + " on purpose; an issuer that is not listed, such as External Secrets, Vault or a CI broker; a"
                    + " laptop that changes networks in between. List issuers in identities.token-issuers with where"
                    + " they run.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofHours(24))
            .withDescription("Longest event time from the minting to the use elsewhere; at least 10 s.");

    static final String MINTED = "minted";
    static final String USED = "used";

    /** Its parameters. */
    public record Params(Duration window) implements Detection.Params {
        public Params {
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(WINDOW));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.match(
                        MINTED,
                        Entity.ISSUED_CREDENTIAL,
                        event -> Requests.succeeded(event)
                                && event.is("create", "serviceaccounts", "token")
                                && !expected(event, identities)),
                SignalRule.match(USED, Entity.CREDENTIAL, event -> Requests.isRequest(event) && isToken(event))
                        .relaying(Relay.FIRST_PER_ADDRESS));
    }

    /** Kubelets mint for the pods of their node and the control plane for its controllers, from inside. */
    private static boolean expected(SecurityEvent event, Identities identities) {
        return identities.isPlatformAtHome(event) || identities.isTokenIssuer(event);
    }

    private static boolean isToken(SecurityEvent event) {
        return event.credentialId() != null && event.credentialId().startsWith("JTI=");
    }

    /** Use from an address that is not the minter's. */
    private static final class FromAnotherAddress extends IterativeCondition<Signal> {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean filter(Signal used, Context<Signal> context) throws Exception {
            for (Signal minted : context.getEventsForPattern(MINTED)) {
                return minted.address() != null
                        && used.address() != null
                        && !minted.address().equals(used.address());
            }
            return false;
        }
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(MINTED)
                .where(Stage.is(MINTED))
                .followedBy(USED)
                .where(Stage.is(USED))
                .where(new FromAnotherAddress());
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Evidence minted = match.signal(MINTED).evidence().get(0);
        Evidence used = match.completing();
        return "%s minted a token for service account %s/%s from %s; it was then used from %s: %s"
                .formatted(
                        minted.who(), minted.namespace(), minted.name(), minted.where(), used.where(), used.action());
    }
}
