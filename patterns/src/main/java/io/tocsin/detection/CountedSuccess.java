package io.tocsin.detection;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.Set;

/** A success that says something of whoever had it: who has one from an address makes that address known. */
public final class CountedSuccess {
    private static final Set<String> SELF_REVIEWS =
            Set.of("selfsubjectaccessreviews", "selfsubjectrulesreviews", "selfsubjectreviews");

    private CountedSuccess() {}

    /**
     * Whether it is one. Of requests to the Kubernetes API those that did something with a resource count, other than a question
     * about oneself or what the cluster tells everybody.
     */
    public static boolean is(SecurityEvent event) {
        if (event.outcome() != Outcome.SUCCESS || event.dryRun()) {
            return false;
        }
        return event.source() != Source.KUBERNETES_AUDIT
                || (event.resource() != null && !asksAboutItself(event) && !readsClusterInfo(event));
    }

    /** Whether it is a question about oneself. */
    public static boolean asksAboutItself(SecurityEvent event) {
        return event.resource() != null && SELF_REVIEWS.contains(event.resource());
    }

    /** Whether it reads the ConfigMap that tells everybody how to join the cluster. */
    public static boolean readsClusterInfo(SecurityEvent event) {
        return event.is("get", "configmaps", null)
                && "kube-public".equals(event.namespace())
                && "cluster-info".equals(event.name());
    }
}
