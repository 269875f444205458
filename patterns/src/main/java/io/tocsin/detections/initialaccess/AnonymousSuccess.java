package io.tocsin.detections.initialaccess;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Identities;
import io.tocsin.detection.MatchDetection;
import io.tocsin.detection.Need;
import io.tocsin.detections.Requests;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * A request without credentials succeeds, other than those that are public everywhere.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1190/">T1190</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class AnonymousSuccess implements MatchDetection<AnonymousSuccess.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "anonymous-success",
            1,
            "An anonymous request succeeded",
            Severity.CRITICAL,
            Duration.ofHours(24),
            List.of("T1190", "T1078.001"),
            Set.of(Source.KUBERNETES_AUDIT),
            Set.of(Need.AUDIT_EVENTS),
            "A request by system:anonymous succeeds outside /healthz, /livez, /readyz, /version, /.well-known, /openid and the"
                    + " ConfigMap kube-public/cluster-info. On a resource it is critical; on any other path medium; a dry run is"
                    + " informational.",
            "anonymous request ──▶ 2xx",
            "An anonymous request that the audit policy does not log.",
            "Find the binding that names system:anonymous or system:unauthenticated (the authorizer's reason is in the evidence)"
                    + " and remove it; set --anonymous-auth=false or restrict it to the health endpoints.",
            "A cluster that serves something to everybody on purpose, such as an OIDC discovery document"
                    + " under another path, or a load balancer whose health check asks for a path of its own. Bind what"
                    + " is meant to be public to as little as possible; whoever accepts the risk exempts"
                    + " system:anonymous for this detection by the address ranges it comes from.");

    private static final Set<String> PUBLIC = Set.of("healthz", "livez", "readyz", "version", ".well-known", "openid");

    /** It has none. */
    public record Params() implements Detection.Params {}

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of();
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params();
    }

    @Override
    public @Nullable Finding find(SecurityEvent event, Params params, Identities identities) {
        if (!Identities.isAnonymous(event.user())
                || event.impersonator() != null // somebody with credentials tries what others may do
                || !Requests.isRequest(event)
                || event.outcome() != Outcome.SUCCESS
                || isPublic(event)) {
            return null;
        }
        Severity severity = event.dryRun()
                ? Severity.INFORMATIONAL
                : event.resource() == null ? Severity.MEDIUM : Severity.CRITICAL;
        Evidence evidence = Evidence.of(event, "", "");
        String object = event.resource() == null ? Requests.path(event.uri()) : Requests.object(event);
        return new Finding(
                "Somebody without credentials succeeded from %s: %s".formatted(evidence.where(), evidence.action()),
                event.verb() + " " + object,
                severity);
    }

    private static boolean isPublic(SecurityEvent event) {
        if (event.resource() != null) {
            return Requests.readsClusterInfo(event);
        }
        String path = Requests.path(event.uri());
        if (path.contains("..") || path.contains("//") || path.contains("%")) {
            return false;
        }
        int end = path.indexOf('/', 1);
        return path.startsWith("/") && PUBLIC.contains(path.substring(1, end < 0 ? path.length() : end));
    }
}
