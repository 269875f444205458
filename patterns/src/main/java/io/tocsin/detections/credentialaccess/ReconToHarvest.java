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
import java.util.Objects;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity asks what it may do, lists what there is, and then reads secrets one by one.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1552/007/">T1552.007</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class ReconToHarvest implements SequenceDetection<ReconToHarvest.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "recon-to-harvest",
            1,
            "Secrets read after a look around",
            Severity.HIGH,
            Duration.ofHours(1),
            List.of("T1613", "T1069.003", "T1552.007"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS, Need.SECRET_READS),
            "An identity asks what it may do (SelfSubjectAccessReview or SelfSubjectRulesReview), then lists several kinds of"
                    + " resources, then reads several distinct secrets by name, all within the window and in this order."
                    + " Helm's releases (sh.helm.release.*) are no secrets here. Listing and the first look of a watch are"
                    + " alike. Nodes and the control plane at home are left out. Of a service"
                    + " account inside the cluster only kinds and secrets count that it has not listed or read before."
                    + " Dashboards, which ask and list all day, are quiet as long as they read no secret.",
            "self-review ──▶ list · list · list (distinct kinds) ──▶ secret · secret · secret (distinct)",
            "An attacker who does not ask what it may do, lists fewer kinds, takes longer than the window, or changes identity"
                    + " between the steps; who takes the secrets by listing them, which is one request and not several (the"
                    + " detections of single requests and of sweeps see that), or from a watch that goes on from an older"
                    + " version; who uses a service account in the cluster, and lists and reads only what its workload has listed"
                    + " and read in the two weeks before, or did so once before the self-review. What was listed or read shortly before the step it belongs to (up to a 16th of the window),"
                    + " and then again, is not counted again.",
            "Ask the identity's owner. If it was not them: revoke the credential, rotate every secret in the evidence and those the"
                    + " identity read since, and see what the secrets open (registries, clouds, databases).",
            "An administrator looks around in a console and opens some secrets while debugging; a backup or a"
                    + " scanner that begins with a self-review. Ask the person; exempt the tool's account from where it"
                    + " runs; raise min-kinds or min-secrets.");

    public static final ConfigOption<Integer> MIN_KINDS = ConfigOptions.key(INFO.optionKey("min-kinds"))
            .intType()
            .defaultValue(3)
            .withDescription("Distinct kinds of resources listed after the self-review; at least 1.");

    public static final ConfigOption<Integer> MIN_SECRETS = ConfigOptions.key(INFO.optionKey("min-secrets"))
            .intType()
            .defaultValue(3)
            .withDescription("Distinct secrets read after the lists; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("Longest event time from the self-review to the last secret counted; at least 10 s.");

    static final String REVIEW = "review";
    static final String KINDS = "kinds-listed";
    static final String SECRETS = "secrets-read";

    private static final String HELM = "sh.helm.release.";

    /** Its parameters. */
    public record Params(int minKinds, int minSecrets, Duration window) implements Detection.Params {
        public Params {
            check(minKinds >= 1, "%s must be at least 1: %s", MIN_KINDS.key(), minKinds);
            check(minSecrets >= 1, "%s must be at least 1: %s", MIN_SECRETS.key(), minSecrets);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_KINDS, MIN_SECRETS, WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(MIN_KINDS), config.get(MIN_SECRETS), config.get(WINDOW));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.match(
                                REVIEW,
                                Entity.IDENTITY,
                                event -> Requests.asksForItself(event) && !identities.isPlatformAtHome(event))
                        .relaying(Relay.FIRST_PER_SLOT),
                SignalRule.rate(
                                KINDS,
                                Entity.IDENTITY,
                                event -> Requests.lists(event) && !identities.isPlatformAtHome(event),
                                Requests::kind,
                                params.minKinds(),
                                params.window())
                        .onlyNewTo(Requests::machineAtHome),
                SignalRule.rate(
                                SECRETS,
                                Entity.IDENTITY,
                                event -> readsSecret(event) && !identities.isPlatformAtHome(event),
                                event -> Objects.toString(event.namespace(), "") + "/" + event.name(),
                                params.minSecrets(),
                                params.window())
                        .onlyNewTo(Requests::machineAtHome));
    }

    private static boolean readsSecret(SecurityEvent event) {
        if (!"secrets".equals(event.resource()) || event.subresource() != null) {
            return false;
        }
        String name = event.name();
        // A list or a watch of one name reads that one.
        boolean reads = "get".equals(event.verb()) || Requests.isListing(event);
        return reads && name != null && !name.startsWith(HELM) && Requests.succeeded(event);
    }

    @Override
    public Pattern<Signal, ?> pattern(Params params) {
        return Pattern.<Signal>begin(REVIEW)
                .where(Stage.is(REVIEW))
                .followedBy(KINDS)
                .where(Stage.is(KINDS))
                .followedBy(SECRETS)
                .where(Stage.is(SECRETS));
    }

    @Override
    public Duration window(Params params) {
        return params.window();
    }

    @Override
    public String message(Match match, Params params) {
        Evidence last = match.completing();
        return "%s asked what it may do, listed at least %d kinds of resources, and then read at least %d secrets from %s,"
                        .formatted(last.who(), params.minKinds(), params.minSecrets(), last.where())
                + " the last one " + last.action();
    }
}
