package io.tocsin.detections;

import io.tocsin.detection.CountedSuccess;
import io.tocsin.detection.Identities;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What detections ask of API requests, in one wording. */
public final class Requests {
    private static final String VERSION = "resourceVersion=";

    private static final Set<String> HEALTH = Set.of("/healthz", "/livez", "/readyz", "/health", "/ping");

    private Requests() {}

    /** A request to the Kubernetes API, from its audit log. */
    public static boolean isRequest(SecurityEvent event) {
        return event.source() == Source.KUBERNETES_AUDIT;
    }

    /** Refused by the authorizer. An admission denial is a kind of its own. */
    public static boolean denied(SecurityEvent event) {
        return isRequest(event) && event.outcome() == Outcome.DENIED;
    }

    /** Done, and not only tried with {@code dryRun=All}. */
    public static boolean succeeded(SecurityEvent event) {
        return isRequest(event) && event.outcome() == Outcome.SUCCESS && !event.dryRun();
    }

    /**
     * A success that says something of whoever had it: on a resource, neither a question about oneself nor what the cluster tells
     * everybody.
     */
    public static boolean countedSuccess(SecurityEvent event) {
        return isRequest(event) && CountedSuccess.is(event);
    }

    /** A question about what oneself may do. */
    public static boolean asksAboutItself(SecurityEvent event) {
        return isRequest(event) && CountedSuccess.asksAboutItself(event);
    }

    /** The ConfigMap that tells everybody how to join the cluster. */
    public static boolean readsClusterInfo(SecurityEvent event) {
        return CountedSuccess.readsClusterInfo(event);
    }

    /** Asks what it may do itself. */
    public static boolean asksForItself(SecurityEvent event) {
        return "create".equals(event.verb())
                && ("selfsubjectaccessreviews".equals(event.resource())
                        || "selfsubjectrulesreviews".equals(event.resource()))
                && succeeded(event);
    }

    /** Lists objects, or has a watch tell them all; a watch that goes on from a version tells only what is new. */
    public static boolean lists(SecurityEvent event) {
        return isListing(event) && event.resource() != null && event.subresource() == null && succeeded(event);
    }

    /** Whether it is a list, or a watch that begins as one. */
    public static boolean isListing(SecurityEvent event) {
        return "list".equals(event.verb()) || ("watch".equals(event.verb()) && !goesOn(event.uri()));
    }

    /** Whether a watch goes on from a version, and so tells only what is new: what every controller does all day. */
    private static boolean goesOn(@Nullable String uri) {
        int at = uri == null ? -1 : uri.indexOf(VERSION);
        if (uri == null || at < 0 || uri.contains("sendInitialEvents=true")) {
            return false;
        }
        int value = at + VERSION.length();
        boolean none = value == uri.length() || uri.charAt(value) == '&';
        boolean any = uri.startsWith("0", value) && (value + 1 == uri.length() || uri.charAt(value + 1) == '&');
        return !none && !any;
    }

    /**
     * The service account or other identity of the platform, inside or at an unknown address: what does the same all day. Nobody,
     * if it is somebody else.
     */
    public static List<String> machineAtHome(SecurityEvent event) {
        return isMachineAtHome(event) ? Entity.IDENTITY.of(event) : List.of();
    }

    /** Whether it is a service account or the platform, not impersonated, inside or at an unknown address. */
    public static boolean isMachineAtHome(SecurityEvent event) {
        return Identities.isSystem(event.user())
                && !Identities.isAnonymous(event.user())
                && event.impersonator() == null
                && event.zone().insideOrUnknown();
    }

    /** The kind of resource: group and plural. */
    public static String kind(SecurityEvent event) {
        return Objects.toString(event.apiGroup(), "") + "/" + event.resource();
    }

    /** What was asked, so that the same request again is not another one: verb, resource, namespace and name, or the path. */
    public static String distinct(SecurityEvent event) {
        if (event.resource() == null) {
            return event.verb() + " " + path(event.uri());
        }
        return event.verb() + " " + object(event);
    }

    /** The object: group, resource, subresource, namespace and name. */
    public static String object(SecurityEvent event) {
        return Objects.toString(event.apiGroup(), "") + "/" + event.resource() + "/"
                + Objects.toString(event.subresource(), "") + " " + Objects.toString(event.namespace(), "") + "/"
                + Objects.toString(event.name(), "");
    }

    /** A URI's path. */
    public static String path(@Nullable String uri) {
        if (uri == null) {
            return "";
        }
        int query = uri.indexOf('?');
        return query < 0 ? uri : uri.substring(0, query);
    }

    /** The paths by which probes ask whether a server is well. */
    public static boolean isHealthPath(String path) {
        int end = path.indexOf('/', 1);
        return HEALTH.contains(end < 0 ? path : path.substring(0, end));
    }

    /** Throws with the message if the condition does not hold. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency more
    public static void check(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(arguments));
        }
    }
}
