package io.tocsin.detections;

import io.tocsin.detection.Identities;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an attacker does with a cluster, and nobody does all day: getting into a container, reading secrets, changing who may do
 * what or what admission lets through, minting tokens, approving certificates.
 */
public final class SensitiveActions {
    private static final Set<String> WRITES = Set.of("create", "update", "patch", "delete", "deletecollection");
    private static final Set<String> READS = Set.of("get", "list", "watch");
    private static final Set<String> INTO_CONTAINERS = Set.of("exec", "attach", "portforward");
    /** Paths of the kubelet that do the same; exec and attach come from the container runtime's own server too. */
    private static final Set<String> KUBELET_COMMANDS = Set.of("run", "exec", "attach", "portforward", "cri");

    private static final String PROXY = "/proxy/";
    private static final String HELM_RELEASE = "sh.helm.release.";

    private SensitiveActions() {}

    /** A sensitive action that was done by anybody but the platform at home and, as for tokens, the listed issuers. */
    public static boolean isSensitive(SecurityEvent event, Identities identities) {
        return Requests.succeeded(event)
                && event.resource() != null
                && isSensitive(event, event.resource())
                && !identities.isPlatformAtHome(event)
                && !(isTokenRequest(event) && identities.isTokenIssuer(event));
    }

    /**
     * What makes sensitive actions of an identity alike: of a service account inside, what it did to what, since operators do the
     * same all day; of anybody else, that it did something.
     */
    public static String alike(SecurityEvent event) {
        return Requests.isMachineAtHome(event) ? Requests.distinct(event) : "";
    }

    private static boolean isSensitive(SecurityEvent event, String resource) {
        return switch (resource) {
            case "pods" -> entersContainer(event);
            case "nodes" -> entersThroughKubelet(event);
            case "secrets" -> readsSecrets(event);
            case "serviceaccounts" -> isTokenRequest(event);
            case "certificatesigningrequests" -> approvesCertificate(event);
            default -> writesRules(event);
        };
    }

    /**
     * Exec, attach, port-forward or an ephemeral container, told by the subresource: a WebSocket's verb is {@code get}. Reading
     * ephemeral containers enters none.
     */
    public static boolean entersContainer(SecurityEvent event) {
        if (!"pods".equals(event.resource()) || event.subresource() == null) {
            return false;
        }
        return INTO_CONTAINERS.contains(event.subresource())
                || ("ephemeralcontainers".equals(event.subresource()) && isWrite(event.verb()));
    }

    /** Approving a certificate request; denying one too, where the body doesn't tell which it was. */
    public static boolean approvesCertificate(SecurityEvent event) {
        return "certificatesigningrequests".equals(event.resource())
                && "approval".equals(event.subresource())
                && isWrite(event.verb())
                && !ObjectBody.DENIED.equals(event.body().verdict());
    }

    /** The API server as a way to the kubelet; its metrics and health are not sensitive. */
    private static boolean entersThroughKubelet(SecurityEvent event) {
        if (!"proxy".equals(event.subresource())) {
            return false;
        }
        String path = Requests.path(event.uri());
        int start = path.indexOf(PROXY);
        if (start < 0) {
            return false;
        }
        int command = start + PROXY.length();
        int end = path.indexOf('/', command);
        return KUBELET_COMMANDS.contains(
                path.substring(command, end < 0 ? path.length() : end).toLowerCase(Locale.ROOT));
    }

    private static boolean readsSecrets(SecurityEvent event) {
        return event.subresource() == null
                && event.verb() != null
                && READS.contains(event.verb())
                && (event.name() == null || !event.name().startsWith(HELM_RELEASE));
    }

    private static boolean isTokenRequest(SecurityEvent event) {
        return event.is("create", "serviceaccounts", "token");
    }

    /** Who may do what, and what admission lets through: RBAC, webhooks, admission policies. */
    private static boolean writesRules(SecurityEvent event) {
        return event.subresource() == null
                && ("rbac.authorization.k8s.io".equals(event.apiGroup())
                        || "admissionregistration.k8s.io".equals(event.apiGroup()))
                && isWrite(event.verb());
    }

    private static boolean isWrite(@Nullable String verb) {
        return verb != null && WRITES.contains(verb);
    }
}
