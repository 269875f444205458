package io.tocsin.sigma.link;

import io.tocsin.event.Source;
import io.tocsin.sigma.Nearest;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What to say of a field that there isn't: what is usually meant by it, or what is spelt nearly so. */
final class FieldAdvice {
    private static final String SPEC = "a pod's content is below pod";
    private static final String STAGES = "a request is one event whatever stages were logged of it: leave it out";

    /** What published rules and people write, for audit events; by the name's last part too. */
    private static final Map<String, String> AUDIT = Map.ofEntries(
            Map.entry("stage", STAGES),
            Map.entry("level", "what was logged is read whatever the level: leave it out"),
            Map.entry("kind", "an audit event names its object by objectRef.resource, plural: pods"),
            Map.entry("apiversion", "an audit event names its object by objectRef.apiGroup and objectRef.resource"),
            Map.entry("capabilities", SPEC + ": pod.containers.securityContext.capabilities.add"),
            Map.entry("add_capabilities", SPEC + ": pod.containers.securityContext.capabilities.add"),
            Map.entry("privileged", SPEC + ": pod.containers.securityContext.privileged"),
            Map.entry("allowprivilegeescalation", SPEC + ": pod.containers.securityContext.allowPrivilegeEscalation"),
            Map.entry("runasuser", SPEC + ": pod.containers.securityContext.runAsUser, pod.securityContext.runAsUser"),
            Map.entry("securitycontext", SPEC + ": pod.securityContext, pod.containers.securityContext"),
            Map.entry(
                    "hostpath",
                    SPEC + ": pod.volumes.hostPath.path, and sensitive_host_path for those that are dangerous"),
            Map.entry("hostnetwork", SPEC + ": pod.hostNetwork"),
            Map.entry("hostpid", SPEC + ": pod.hostPID"),
            Map.entry("hostipc", SPEC + ": pod.hostIPC"),
            Map.entry("hostport", SPEC + ": pod.containers.ports.hostPort"),
            Map.entry("image", SPEC + ": pod.containers.image"),
            Map.entry("containers", SPEC + ": pod.containers"),
            Map.entry("volumes", SPEC + ": pod.volumes"),
            Map.entry("spec", SPEC + ", any other object's is below object.spec"),
            Map.entry("serviceaccountname", SPEC + ": pod.serviceAccountName"),
            Map.entry("serviceaccount", "who calls is user.username, what a pod runs as is pod.serviceAccountName"),
            Map.entry("command", "the command of exec is exec.command, that of a pod pod.containers.command"),
            Map.entry(
                    "file_path",
                    "an audit event tells of no files: what exec runs is exec.command, and what processes run is told by the"
                            + " logs of category process_creation"),
            Map.entry("name", "the object's name is objectRef.name"),
            Map.entry("pod.name", "a pod spec has no name: the object's is objectRef.name"),
            Map.entry("pod.namespace", "a pod spec has no namespace: the object's is objectRef.namespace"),
            Map.entry("labels", "labels are below object.metadata.labels"),
            Map.entry("metadata", "an object's metadata is below object.metadata"),
            Map.entry("roleref", "the role that is bound is binding.role, the body's own object.roleRef"),
            Map.entry("subjects", "who is bound is binding.subjects, the body's own object.subjects"),
            Map.entry("rules", "the rights of a role are role.rights, the body's own requestObject.rules[]"),
            Map.entry("data", "what Secrets hold is never read; of ConfigMaps it is object.data"),
            Map.entry("status", "the answer's status is responseStatus.code"),
            Map.entry("code", "the answer's status is responseStatus.code"),
            Map.entry("responsestatus", "the answer's status is responseStatus.code"),
            Map.entry(
                    "annotations",
                    "the API server's annotations are annotations.<name>, the object's object.metadata.annotations.<name>"));

    private FieldAdvice() {}

    /** The problem of a field that none of these logs has. */
    static String unknown(String name, Set<Source> sources) {
        StringBuilder logs = new StringBuilder();
        for (Source source : sources) {
            logs.append(logs.isEmpty() ? "" : ", ").append(source.id());
        }
        String meant = meant(name, sources);
        return "unknown field of %s: %s%s".formatted(logs, name, meant == null ? "" : "; " + meant);
    }

    private static @Nullable String meant(String name, Set<Source> sources) {
        String lower = name.replace("[]", "").toLowerCase(Locale.ROOT);
        if (sources.contains(Source.KUBERNETES_AUDIT)) {
            String said = AUDIT.get(lower);
            if (said != null) {
                return said;
            }
            if (lower.startsWith("pod.spec.")) {
                return "pod is the spec itself: pod." + name.substring("pod.spec.".length());
            }
            if (lower.startsWith("pod.metadata")) {
                return "an object's metadata is below object.metadata";
            }
        }
        Set<String> names = new TreeSet<>();
        Set<String> roots = new TreeSet<>();
        for (Source source : sources) {
            names.addAll(FieldCatalog.names(source));
            FieldCatalog.roots(source).forEach(path -> roots.add(path.path()));
        }
        String root = root(name, roots);
        if (root != null) {
            return "probably " + root + name.substring(root.length());
        }
        String near = Nearest.to(name, names);
        if (near != null) {
            return "probably " + near;
        }
        String end = "." + lower;
        for (String other : names) {
            if (other.toLowerCase(Locale.ROOT).endsWith(end)) {
                return "probably " + other;
            }
        }
        int last = lower.lastIndexOf('.');
        return last > 0 && sources.contains(Source.KUBERNETES_AUDIT) ? AUDIT.get(lower.substring(last + 1)) : null;
    }

    /** The beginning of names whose case is what is wrong in front of a path. */
    private static @Nullable String root(String written, Set<String> names) {
        int dot = written.indexOf('.');
        if (dot < 0) {
            return null;
        }
        String head = written.substring(0, dot);
        for (String name : names) {
            int end = name.indexOf('.');
            String other = end < 0 ? name : name.substring(0, end);
            if (other.equalsIgnoreCase(head) && !names.contains(head)) {
                return other;
            }
        }
        return null;
    }
}
