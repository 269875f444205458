package io.tocsin.detections.baseline;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.KnownFor;
import io.tocsin.detection.Need;
import io.tocsin.detection.NewnessDetection;
import io.tocsin.detections.Requests;
import io.tocsin.event.Digest;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;

/**
 * A user name with a history is used by an IAM role or user that it was not used by.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1078/004/">T1078.004</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class NewArn implements NewnessDetection<KnownFor> {
    private static final long serialVersionUID = 1L;
    /** Longer ones are remembered by their digest. */
    private static final int LONGEST = 200;

    private static final DetectionInfo INFO = new DetectionInfo(
            "new-arn",
            1,
            "IAM ARN new to this user name",
            Severity.INFORMATIONAL,
            Duration.ofDays(1),
            List.of("T1078.004"),
            Set.of(Source.EKS_AUTHENTICATOR, Source.KUBERNETES_AUDIT),
            Set.of(Need.ARNS),
            "On EKS, a Kubernetes user name is mapped from an IAM role or user. Here it is used by another one "
                    + "than before, as the authenticator or the audit log tells: a mapping was added, or somebody chose a "
                    + "session name that makes the user name. Nodes are not asked where they belong. It counts only what is "
                    + "let in, and only for who has a history: known for long enough and seen on several days. What was not "
                    + "seen for history.retention (in whole days) is new again. Several news of an identity within a day "
                    + "are one alert, counted. The platform's own identities at home and listed deployers are not asked.",
            "user name known for a week ──▶ let in for an ARN that it did not have in these two weeks",
            "A mapping to a user name that nobody used before; a stolen session of the role that the user name "
                    + "belongs to. A new identity, which has no history; whoever does it slowly for long enough to make it "
                    + "usual, though the first time is told.",
            "Read the mapping (aws-auth, access entries) and who changed it last. A user name made of a session's "
                    + "name can be taken by whoever may choose one: map roles to names of their own.",
            "A role that was renamed or recreated, an account migration, a mapping changed on purpose. Compare with the change"
                    + " log of aws-auth and of access entries.");

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
        return List.of(SignalRule.news(
                "arn", NewArn::username, event -> isLetIn(event, identities), NewArn::arn, params.minHistory()));
    }

    private static boolean isLetIn(SecurityEvent event, Identities identities) {
        boolean in = event.source() == Source.EKS_AUTHENTICATOR
                ? event.outcome() == Outcome.SUCCESS
                : Requests.countedSuccess(event);
        return in && event.arn() != null && !identities.isPlatformAtHome(event) && !identities.isDeployer(event);
    }

    /** The ARN stands behind the credential, so it belongs to whoever impersonates. */
    private static List<String> username(SecurityEvent event) {
        String user = Caller.user(event);
        return user == null ? List.of() : List.of(Keys.of(event.scope(), "user", user));
    }

    private static String arn(SecurityEvent event) {
        String arn = Objects.toString(event.arn(), "");
        return arn.length() <= LONGEST ? arn : new Digest().add(arn).hex();
    }

    @Override
    public String message(Signal news, KnownFor params) {
        return Caller.did(news, "was used by", "an ARN", "ARNs", record -> Objects.toString(record.arn(), "unknown"));
    }
}
