package io.tocsin.detections;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What detections ask of API requests, in one wording. */
public final class Requests {
    private static final Set<String> SELF_REVIEWS =
            Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");

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
        return succeeded(event)
                && event.resource() != null
                && !SELF_REVIEWS.contains(event.resource())
                && !readsClusterInfo(event);
    }

    /** The ConfigMap that tells everybody how to join the cluster. */
    public static boolean readsClusterInfo(SecurityEvent event) {
        return event.is("get", "configmaps", null)
                && "kube-public".equals(event.namespace())
                && "cluster-info".equals(event.name());
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

    /** Throws with the message if the condition does not hold. */
    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency more
    public static void check(boolean condition, String message, Object... arguments) {
        if (!condition) {
            throw new IllegalArgumentException(message.formatted(arguments));
        }
    }
}
