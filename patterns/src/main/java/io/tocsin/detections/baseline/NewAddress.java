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
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity with a history calls from an address it has not used in it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/">T1078</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NewAddress implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "new-address",
            1,
            "Address new to this identity",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1078"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.PEER_ADDRESSES),
            "An identity calls the API from an address it has not called from before. Whoever impersonates calls "
                    + "from where it is. Service accounts and the platform's identities have many addresses in the cluster, "
                    + "so of them only addresses outside are new. It counts only what is let in, and only for who has a "
                    + "history: known for long enough and seen on several days. What was not seen for history.retention (in "
                    + "whole days) is new again. Several news of an identity within a day are one alert, counted. The "
                    + "platform's own identities at home and listed deployers are not asked.",
            "known for a week ──▶ let in from an address that it did not use in these two weeks",
            "A stolen credential used from an address its owner uses: the same NAT, proxy, VPN or bastion, or the "
                    + "pod itself. Records without a peer address. A service account's token that is used elsewhere inside "
                    + "the cluster: token-used-off-node. A new identity, which has no history; whoever does it slowly for "
                    + "long enough to make it usual, though the first time is told.",
            "Ask the owner, or look where the address belongs: travel, a new office and a new NAT gateway are the "
                    + "usual answers. Look at what else the identity did from there.",
            "Travel, a new provider, a VPN with changing exits. A report, not an alarm: exempt people from the ranges of your"
                    + " VPN for this detection.");

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
                        "from-address",
                        Caller.ENTITY,
                        event -> Caller.acts(event, identities) && hasPlace(event),
                        event -> Objects.toString(event.peer()),
                        params.minHistory()),
                SignalRule.presence(
                        "at-home", Caller.ENTITY, event -> Requests.countedSuccess(event) && !hasPlace(event)));
    }

    /** Whether this address says something of who calls: pods and nodes come and go, people do not, and nobody does outside. */
    private static boolean hasPlace(SecurityEvent event) {
        return event.peer() != null && (Caller.isPerson(event) || event.zone() == Zone.OUTSIDE);
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(news, "called from", "an address", "addresses", Evidence::where);
    }
}
