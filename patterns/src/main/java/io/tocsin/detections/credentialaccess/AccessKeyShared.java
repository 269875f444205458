package io.tocsin.detections.credentialaccess;

import static io.tocsin.detections.Requests.check;

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
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * One AWS access key lets its holder in under several user names, or as several principals of IAM.
 *
 * <p>A key belongs to one user or to one session of a role. So either what the cluster maps it to has changed, or whoever holds
 * it chose the key that is logged (CVE-2022-2385).
 *
 * @see <a href="https://attack.mitre.org/techniques/T1550/001/">T1550.001</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class AccessKeyShared implements RateDetection<Threshold> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "access-key-shared",
            1,
            "One AWS access key under several names",
            Severity.MEDIUM,
            Duration.ofHours(24),
            List.of("T1550.001", "T1078.004"),
            Set.of(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR),
            Set.of(Need.AUDIT_EVENTS, Need.AUTHENTICATOR_EVENTS),
            "Requests made with one AWS access key came under several user names, as the audit log tells (user.extra"
                    + " accessKeyId), or the EKS authenticator was told of several principals or sessions behind it. A key is"
                    + " that of one user or of one session of a role, and the cluster maps that to one name. Whom a key's"
                    + " holder impersonates is not counted.",
            "access key K as name A · access key K as name B, within the window",
            "A key that is shared by people under one name, which looks like one of them; a second session of the same role,"
                    + " which has a key of its own; names that are further apart than the window. Authenticators before 0.5.0"
                    + " tell no access keys, and the audit log only those of who was let in.",
            "Look in aws-auth and the access entries for a change of the mapping between the two. If there is none, the key that"
                    + " is logged was chosen: update the authenticator, deactivate the key in IAM, end the role's"
                    + " sessions, and read what was done under each of the names.",
            "A mapping that was changed on purpose while a session went on, or two that hold for one role in turn. The change is in the"
                    + " audit log (aws-auth) or in CloudTrail (access entries).");

    private static final Threshold.Options OPTIONS = Threshold.options(
            INFO,
            "min-names",
            2,
            "User names, or principals of IAM, behind one access key (2 or more)",
            Duration.ofHours(24));

    static final String NAMES = "names";
    static final String PRINCIPALS = "principals";

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
        // Of each name a few signals a day are enough, whatever is done under it.
        return List.of(
                SignalRule.rate(
                                NAMES,
                                AccessKeyShared::key,
                                Requests::isRequest,
                                AccessKeyShared::name,
                                params.least(),
                                params.window())
                        .coarsely(),
                SignalRule.rate(
                                PRINCIPALS,
                                AccessKeyShared::key,
                                event -> event.source() == Source.EKS_AUTHENTICATOR,
                                AccessKeyShared::principal,
                                params.least(),
                                params.window())
                        .coarsely());
    }

    private static List<String> key(SecurityEvent event) {
        return event.accessKeyId() == null
                ? List.of()
                : List.of(Keys.of(event.scope(), "access-key", event.accessKeyId()));
    }

    /** Whose key it was, not whom they impersonate. */
    private static @Nullable String name(SecurityEvent event) {
        return event.impersonator() == null ? event.user() : event.impersonator();
    }

    private static @Nullable String principal(SecurityEvent event) {
        return event.arn() == null ? null : Keys.of(event.arn(), Objects.toString(event.sessionName(), ""));
    }

    @Override
    public Crossing crossing(Signal crossing, Threshold params) {
        boolean names = crossing.stage().equals(NAMES);
        Set<String> told = new TreeSet<>();
        for (Evidence record : crossing.evidence()) {
            String name = names ? record.impersonator() == null ? record.user() : record.impersonator() : record.arn();
            told.add(Objects.toString(name, "unknown"));
        }
        String message = "The access key %s was used %s %d %s (threshold %d): %s"
                .formatted(
                        Keys.parts(crossing.key()).get(2),
                        names ? "under" : "by",
                        crossing.count(),
                        names ? "user names" : "principals or sessions of IAM",
                        params.least(),
                        String.join(", ", told));
        return new Crossing(message, List.of(crossing.key()), null);
    }
}
