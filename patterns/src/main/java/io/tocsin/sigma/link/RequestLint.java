package io.tocsin.sigma.link;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which verbs, resources, subresources and API groups never occur together in an audit event. */
final class RequestLint {
    private RequestLint() {}

    /** What is wrong; null if something of what is asked can occur. */
    static @Nullable String problem(ExactValues asked) {
        Set<String> resources = asked.of("objectRef.resource");
        Set<String> groups = asked.of("objectRef.apiGroup");
        if (!resources.isEmpty() && !groups.isEmpty() && !anyOf(resources, groups)) {
            return "can never be true: %s is no resource of API group %s, but of %s"
                    .formatted(either(resources), either(groups), groupsOf(resources));
        }
        Set<String> verbs = asked.of("verb");
        if (verbs.isEmpty() || isCustom(groups)) {
            return null;
        }
        Set<@Nullable String> subresources = new HashSet<>(asked.of("objectRef.subresource"));
        if (subresources.isEmpty() && !asked.isAbsent("objectRef.subresource")) {
            // Any may be meant; what is asked of none of them is told by the resource alone.
            return resources.isEmpty() || canBeWithAny(verbs, resources) ? null : never(verbs, resources, Set.of());
        }
        if (subresources.isEmpty()) {
            subresources.add(null);
        }
        Set<@Nullable String> of = new HashSet<>(resources);
        if (of.isEmpty()) {
            of.add(null);
        }
        for (String verb : verbs) {
            for (String resource : of) {
                for (String subresource : subresources) {
                    if (AuditSchema.canBe(verb, resource, subresource)) {
                        return null;
                    }
                }
            }
        }
        return never(verbs, resources, asked.of("objectRef.subresource"));
    }

    private static boolean canBeWithAny(Set<String> verbs, Set<String> resources) {
        for (String verb : verbs) {
            for (String resource : resources) {
                if (AuditSchema.canBe(verb, resource, null)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String never(Set<String> verbs, Set<String> resources, Set<String> subresources) {
        String resource = resources.isEmpty() ? null : new TreeSet<>(resources).first();
        String subresource = subresources.isEmpty() ? null : new TreeSet<>(subresources).first();
        String of = either(resources)
                + (subresources.isEmpty() ? "" : (resources.isEmpty() ? "" : "/") + either(subresources));
        return "can never be true: verb %s never occurs on %s; there it is %s"
                .formatted(either(verbs), of, either(AuditSchema.verbsOf(resource, subresource)));
    }

    private static boolean isCustom(Set<String> groups) {
        return groups.stream().anyMatch(group -> !AuditSchema.isBuiltInGroup(group));
    }

    private static boolean anyOf(Set<String> resources, Set<String> groups) {
        for (String resource : resources) {
            for (String group : groups) {
                if (AuditSchema.isOf(resource, group)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String groupsOf(Set<String> resources) {
        List<String> groups = new ArrayList<>();
        for (String resource : new TreeSet<>(resources)) {
            for (String group : new TreeSet<>(AuditSchema.groupsOf(resource))) {
                groups.add(group.isEmpty() ? "the core group, which has no name" : group);
            }
        }
        return either(groups);
    }

    private static String either(Collection<String> values) {
        return String.join(" or ", values instanceof Set ? new TreeSet<>(values) : values);
    }
}
