package io.tocsin.detections.discovery;

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
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * An identity asks what it may do, and at once lists one kind of resource after the other.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1613/">T1613</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class PermissionSweep implements SequenceDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "permission-sweep",
            1,
            "Several kinds of resources listed after asking for the own permissions",
            Severity.MEDIUM,
            Duration.ofHours(1),
            List.of("T1613", "T1069"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "An identity sends a SelfSubjectAccessReview or SelfSubjectRulesReview (kubectl auth can-i) and right after it lists"
                    + " several distinct kinds of resources, in whatever namespaces. Of a service account"
                    + " inside the cluster only kinds count that it has not listed before. Where the identity has closed days"
                    + " on which it did so, the number must also exceed their median, so that dashboards and consoles which"
                    + " start like this are told once and then known.",
            "self-review ──▶ list a · list b · list c (distinct kinds of resources, all within the window)",
            "An attacker who lists without asking first, who takes longer, who reads objects by name, or who uses an identity"
                    + " that does the same on its usual days; a stolen service account, used in the cluster, that lists what"
                    + " its workload has listed in the two weeks before. Refused lists are left to forbidden-burst. Watches that"
                    + " start from a resource version are not counted. A kind listed within the ten seconds before the review"
                    + " and again in the same ten seconds counts at the first time only.",
            "See who it is, from where, and with what client. A person with a console is harmless. A service account that asks"
                    + " what it may do is not: look at its pod for a shell, and revoke its token if nobody can explain it.",
            "Consoles and dashboards (Lens, k9s, OpenShift, Headlamp) ask what somebody may do and then list"
                    + " everything; known after the first days of a person. Exempt a review tool's account from where it"
                    + " runs; raise detections.permission-sweep.min-kinds for teams that work in consoles.");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO, "min-kinds", 3, "Distinct kinds of resources listed after a self-review", Duration.ofMinutes(1));

    // Stage names are state: renaming one needs a new state version in INFO.
    static final String REVIEW = "self-review";
    static final String LISTED = "kinds-listed";

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
                SignalRule.match(
                        REVIEW,
                        Entity.IDENTITY,
                        event -> Requests.asksForItself(event) && !identities.isPlatformAtHome(event)),
                SignalRule.rate(
                                LISTED,
                                Entity.IDENTITY,
                                event -> Requests.lists(event) && !identities.isPlatformAtHome(event),
                                Requests::kind,
                                params.least(),
                                params.window())
                        .aboveBaseline()
                        .onlyNewTo(Requests::machineAtHome));
    }

    @Override
    public Pattern<Signal, ?> pattern(Threshold params) {
        return Pattern.<Signal>begin(REVIEW)
                .where(Stage.is(REVIEW))
                .followedBy(LISTED)
                .where(Stage.is(LISTED));
    }

    @Override
    public Duration window(Threshold params) {
        return params.window();
    }

    @Override
    public String message(Match match, Threshold params) {
        Evidence last = match.completing();
        return "%s asked what it may do and then listed %d kinds of resources from %s (threshold %d), the last one %s"
                .formatted(last.who(), match.signal(LISTED).count(), last.where(), params.least(), last.action());
    }
}
