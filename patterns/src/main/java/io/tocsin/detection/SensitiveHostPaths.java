package io.tocsin.detection;

import java.io.Serializable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/** Places of a node's file system from which a container that mounts them takes over the node, or reads what others run there. */
public final class SensitiveHostPaths implements Serializable {
    private static final long serialVersionUID = 1L;

    public static final ConfigOption<String> OPTION = ConfigOptions.key("host-paths.sensitive")
            .stringType()
            .defaultValue("/,/etc,/root,/var/run,/run,/var/lib/kubelet,/var/lib/etcd,/proc,/sys")
            .withDescription(
                    "Absolute paths of nodes, comma-separated, that give a container which mounts them power over the node."
                            + " What is below a path (the sockets of container runtimes below /run), and what a path is below,"
                            + " counts too; / is only itself.");

    private final ArrayList<String> paths;

    private SensitiveHostPaths(List<String> paths) {
        this.paths = new ArrayList<>(paths);
    }

    /**
     * Reads the list.
     *
     * @throws IllegalArgumentException naming the key and the entry that is no absolute path
     */
    static SensitiveHostPaths of(ReadableConfig config) {
        ArrayList<String> paths = new ArrayList<>();
        for (String text : config.get(OPTION).split(",", -1)) {
            if (text.isBlank()) {
                continue;
            }
            if (!text.trim().startsWith("/")) {
                throw new IllegalArgumentException(
                        "%s must be absolute paths: %s".formatted(OPTION.key(), text.trim()));
            }
            paths.add(normal(text.trim()));
        }
        return new SensitiveHostPaths(paths);
    }

    /**
     * The listed path that a mount of this one reaches: the same, one above it or one below it. Whoever writes the mount chooses
     * how, so {@code //etc/.} is {@code /etc}.
     *
     * @return null if it reaches none
     */
    public @Nullable String of(@Nullable String mounted) {
        if (mounted == null || mounted.isEmpty()) {
            return null;
        }
        String path = normal(mounted);
        for (int i = 0; i < paths.size(); i++) {
            String listed = paths.get(i);
            boolean root = listed.equals("/");
            if (path.equals(listed) || (!root && (isBelow(path, listed) || isBelow(listed, path)))) {
                return listed;
            }
        }
        return null;
    }

    private static boolean isBelow(String path, String above) {
        return path.startsWith(above) && (above.equals("/") || path.charAt(above.length()) == '/');
    }

    /** Without doubled and trailing slashes, {@code .} and {@code ..}. */
    private static String normal(String path) {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : path.split("/", -1)) {
            if (part.equals("..")) {
                parts.pollLast();
            } else if (!part.isEmpty() && !part.equals(".")) {
                parts.addLast(part);
            }
        }
        return "/" + String.join("/", parts);
    }
}
