package io.tocsin.detections;

import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whose pods a record is about. Some records name the workload, some only the pod; pods come and go, and a new pod has no history.
 * So the name of the pod's owner is read from the pod's name where nothing tells it: Kubernetes makes the end of such names from
 * letters and digits that make no words.
 */
public final class Workloads {
    /** What the random end of a name is made of. */
    private static final String RANDOM = "bcdfghjklmnpqrstvwxz2456789";
    /** What a hash of a pod template is made of: decimal digits, written in the above. */
    private static final String HASH = "456789bcdf";

    private Workloads() {}

    /** The key of the workload that a record is about, by its namespace and name; none where the record names no pod. */
    public static List<String> of(SecurityEvent event) {
        String owner = owner(event);
        if (owner == null) {
            return List.of();
        }
        String namespace = event.place().namespace() != null ? event.place().namespace() : event.namespace();
        return List.of(Keys.of(event.scope(), "workload-name", namespace == null ? "" : namespace, owner));
    }

    /** The name of the workload that a record is about. */
    public static @Nullable String owner(SecurityEvent event) {
        String workload = event.place().workload();
        if (workload != null) {
            int slash = workload.indexOf('/');
            String name = workload.substring(slash + 1);
            return switch (workload.substring(0, Math.max(0, slash))) {
                case "ReplicaSet" -> withoutEnd(name, HASH, 6, 10);
                case "Job" -> withoutEnd(name, "0123456789", 8, 10);
                default -> name;
            };
        }
        String pod = event.place().pod();
        String name = pod == null ? "" : pod.substring(pod.indexOf('/') + 1);
        return name.isEmpty() ? null : ownerOf(name);
    }

    private static String ownerOf(String pod) {
        String random = withoutEnd(pod, RANDOM, 5, 5);
        if (random.equals(pod)) {
            return withoutEnd(pod, "0123456789", 1, 4);
        }
        String hash = withoutEnd(random, HASH, 6, 10);
        return hash.equals(random) ? withoutEnd(random, "0123456789", 8, 10) : hash;
    }

    /** The name without its last part, if that is so long and made of these characters. */
    private static String withoutEnd(String name, String characters, int least, int most) {
        int dash = name.lastIndexOf('-');
        int length = name.length() - dash - 1;
        if (dash <= 0 || length < least || length > most) {
            return name;
        }
        for (int i = dash + 1; i < name.length(); i++) {
            if (characters.indexOf(name.charAt(i)) < 0) {
                return name;
            }
        }
        return name.substring(0, dash);
    }
}
