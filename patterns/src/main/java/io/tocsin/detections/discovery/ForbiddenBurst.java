package io.tocsin.detections.discovery;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.detection.RateDetection;
import io.tocsin.detections.Requests;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Many different requests of one identity, or from one address, are refused: somebody is finding out what a credential may do.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1613/">T1613</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class ForbiddenBurst implements RateDetection<ForbiddenBurst.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "forbidden-burst",
            1,
            "Many different requests refused",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1613", "T1069.003"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "Many distinct requests are refused (403), counted per identity and per peer address, so that neither many addresses"
                    + " nor many identities hide it. What the same requests raise by identity and by address is one alert."
                    + " Where there is a history of closed days, the count must also exceed the median of their largest counts.",
            "403 · 403 · … · 403 (distinct requests of one identity, or from one address, within the window)",
            "Refusals spread over a longer time, or over many identities and many addresses at once; refusals by admission, which"
                    + " are a kind of their own.",
            "See what was asked for: secrets, tokens, roles and nodes point to somebody exploring. Ask the identity's owner; if it"
                    + " is a workload, look at its pod for an intruder.",
            "A workload or a tool whose role was forgotten or has just been narrowed repeats its whole"
                    + " start-up and is refused everywhere; a person opens a console with few rights. Grant what is"
                    + " needed; list Teleport and Rancher in identities.impersonators, since many people share their"
                    + " address; exempt the identity from where it runs while a role is being made.");

    public static final ConfigOption<Integer> MIN_FORBIDDEN = ConfigOptions.key(INFO.optionKey("min-forbidden"))
            .intType()
            .defaultValue(10)
            .withDescription("Distinct refused requests (HTTP 403) within the window; at least 1.");

    public static final ConfigOption<Duration> WINDOW = ConfigOptions.key(INFO.optionKey("window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(30))
            .withDescription("Event time within which refusals count together; at least 10 s.");

    static final String BY_IDENTITY = "denials-of-identity";
    static final String BY_ADDRESS = "denials-from-address";

    /** Its parameters. */
    public record Params(int minForbidden, Duration window) implements Detection.Params {
        public Params {
            check(minForbidden >= 1, "%s must be at least 1: %s", MIN_FORBIDDEN.key(), minForbidden);
            check(window.toMillis() >= Slots.SLOT_MILLIS, "%s must be at least 10 s: %s", WINDOW.key(), window);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(MIN_FORBIDDEN, WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(MIN_FORBIDDEN), config.get(WINDOW));
    }

    @Override
    public List<SignalRule> signals(Params params, Identities identities) {
        return List.of(
                SignalRule.rate(
                                BY_IDENTITY,
                                Entity.IDENTITY,
                                // Nobody in particular: anonymous requests are told apart by their address only.
                                event -> isTelling(event, identities) && !Identities.isAnonymous(event.user()),
                                Requests::distinct,
                                params.minForbidden(),
                                params.window())
                        .aboveBaseline(),
                SignalRule.rate(
                                BY_ADDRESS,
                                Entity.ADDRESS,
                                // Behind a listed impersonator many people have one address.
                                event -> isTelling(event, identities) && !identities.isImpersonator(event),
                                Requests::distinct,
                                params.minForbidden(),
                                params.window())
                        .aboveBaseline());
    }

    private static boolean isTelling(SecurityEvent event, Identities identities) {
        if (!Requests.denied(event)) {
            return false;
        }
        if (Identities.isAnonymous(event.user()) && event.resource() == null) {
            return false;
        }
        return !identities.isPlatformAtHome(event);
    }

    @Override
    public Crossing crossing(Signal crossing, Params params) {
        Evidence last = crossing.evidence().get(crossing.evidence().size() - 1);
        boolean byIdentity = crossing.stage().equals(BY_IDENTITY);
        String message = "%s was refused %d different requests %s (threshold %d), the last one %s"
                .formatted(
                        byIdentity ? last.who() : "Whoever calls from " + last.where(),
                        crossing.count(),
                        byIdentity ? "from " + last.where() : "as " + last.who() + " and perhaps others",
                        params.minForbidden(),
                        last.action());
        // Identities at addresses are what both countings share, so one alert tells both.
        Set<String> stories = new LinkedHashSet<>();
        stories.add(crossing.key());
        for (Evidence refused : crossing.evidence()) {
            String identity = refused.arn() != null && refused.impersonator() == null ? refused.arn() : refused.who();
            stories.add(Keys.of(crossing.scope(), "identity-at", identity, refused.where()));
        }
        return new Crossing(message, List.copyOf(stories), null);
    }
}
