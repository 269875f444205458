package io.tocsin.sigma.link;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is meant by words that aren't an audit event's verbs. */
final class VerbAdvice {
    private static final Map<String, String> MEANT = Map.ofEntries(
            Map.entry("exec", stream("exec")),
            Map.entry("attach", stream("attach")),
            Map.entry("portforward", stream("portforward")),
            Map.entry("port-forward", stream("portforward")),
            Map.entry("log", "logs are objectRef.subresource: log, with verb get"),
            Map.entry("logs", "logs are objectRef.subresource: log, with verb get"),
            Map.entry("cp", "kubectl cp is objectRef.subresource: exec, which runs tar: exec.command"),
            Map.entry("evict", "eviction is objectRef.subresource: eviction, with verb create"),
            Map.entry("scale", "scaling is objectRef.subresource: scale, with verb update or patch"),
            Map.entry(
                    "approve",
                    "approval is objectRef.subresource: approval, with verb update or patch; csr.verdict: approved"),
            Map.entry("read", "reading is get, list and watch"),
            Map.entry("view", "reading is get, list and watch"),
            Map.entry("describe", "reading is get, list and watch"),
            Map.entry("modify", "changing is update and patch"),
            Map.entry("edit", "changing is update and patch"),
            Map.entry("change", "changing is update and patch"),
            Map.entry("write", "writing is create, update and patch"),
            Map.entry("replace", "kubectl replace is update"),
            Map.entry("apply", "kubectl apply is patch, and create of what isn't there yet"),
            Map.entry("label", "kubectl label is patch"),
            Map.entry("annotate", "kubectl annotate is patch"),
            Map.entry("add", "adding is create"),
            Map.entry("run", "kubectl run is create of pods"),
            Map.entry("remove", "removing is delete and deletecollection"),
            Map.entry("impersonate", "a right of RBAC, which no request has as its verb: ask actor.impersonates: true"),
            Map.entry(
                    "bind",
                    "a right of RBAC, which no request has as its verb: ask for create of rolebindings, or role.rights: bind"),
            Map.entry("escalate", "a right of RBAC, which no request has as its verb: ask role.rights: escalate"),
            Map.entry("use", "a right of RBAC, which no request has as its verb"));

    private VerbAdvice() {}

    private static String stream(String subresource) {
        return "%s is no verb: it is objectRef.subresource: %s, with verb create or, over WebSocket, get"
                .formatted(subresource, subresource);
    }

    static @Nullable String of(String verb) {
        return MEANT.get(verb);
    }
}
