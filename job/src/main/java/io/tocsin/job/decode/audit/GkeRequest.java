package io.tocsin.job.decode.audit;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a GKE audit record is about, by its method, {@code io.k8s.core.v1.pods.exec.create}, and its resource's name, {@code
 * core/v1/namespaces/NS/pods/NAME/exec}. The method's group is spelt backwards, so the group is taken from the name; a method that
 * names no version is about no resource: {@code io.k8s.get}.
 *
 * @param verb the verb
 * @param apiGroup API group; absent for the core group
 * @param resource resource; absent for a request that is about none
 * @param path the path of a request that is about no resource, as far as it is told
 */
record GkeRequest(
        @Nullable String verb,
        @Nullable String apiGroup,
        @Nullable String resource,
        @Nullable String subresource,
        @Nullable String namespace,
        @Nullable String name,
        @Nullable String path) {
    private static final String CORE = "core";
    private static final String NAMESPACES = "namespaces";
    private static final int MAX_PARTS = 32;

    static GkeRequest of(String methodName, @Nullable String resourceName) {
        List<String> method = List.of(methodName.split("\\.", MAX_PARTS));
        List<String> segments = resourceName == null ? List.of() : List.of(resourceName.split("/", MAX_PARTS));
        String verb = method.get(method.size() - 1);
        int version = version(method, segments);
        if (version < 0) {
            String path = resourceName == null || resourceName.isEmpty()
                    ? null
                    : resourceName.startsWith("/") ? resourceName : "/" + resourceName;
            return new GkeRequest(verb, null, null, null, null, null, path);
        }
        String resource = method.get(version + 1);
        String subresource = version + 3 < method.size() ? method.get(version + 2) : null;
        boolean named = segments.size() > 2 && segments.get(1).equals(method.get(version));
        String group = named && !segments.get(0).equals(CORE) ? segments.get(0) : null;
        String namespace = null;
        int at = 2;
        if (named && segments.get(at).equals(NAMESPACES)) {
            namespace = get(segments, at + 1);
            at = resource.equals(NAMESPACES) ? at : at + 2;
        }
        boolean same = named && resource.equals(get(segments, at));
        return new GkeRequest(verb, group, resource, subresource, namespace, same ? get(segments, at + 1) : null, null);
    }

    /** Where the method has its version, which resource, perhaps subresource, and verb follow; -1 if it has none. */
    private static int version(List<String> method, List<String> segments) {
        String told = segments.size() > 2 ? segments.get(1) : null;
        for (int i = method.size() - 3; i >= Math.max(0, method.size() - 4); i--) {
            String part = method.get(i);
            if (told == null ? isVersion(part) : part.equals(told)) {
                return i;
            }
        }
        return -1;
    }

    private static boolean isVersion(String part) {
        return part.length() > 1 && part.charAt(0) == 'v' && part.charAt(1) >= '0' && part.charAt(1) <= '9';
    }

    private static @Nullable String get(List<String> segments, int at) {
        return at < segments.size() && !segments.get(at).isEmpty() ? segments.get(at) : null;
    }
}
