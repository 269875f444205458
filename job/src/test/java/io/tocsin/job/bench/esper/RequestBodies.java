package io.tocsin.job.bench.esper;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What statements ask of bodies: functions that Esper calls, after its indexes have found the verb and the resource to fit. */
public final class RequestBodies {
    private static final Map<String, Pattern> PATTERNS = new ConcurrentHashMap<>();
    private static final List<String> CONTAINERS = List.of("containers", "initContainers", "ephemeralContainers");

    private RequestBodies() {}

    /** Whether a value at a path is a text. */
    public static boolean bodyIs(JsonNode tree, String path, String text) {
        for (JsonNode value : values(tree, path)) {
            if (value.asText().equalsIgnoreCase(text)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value at a path starts with a text. */
    public static boolean bodyStarts(JsonNode tree, String path, String text) {
        for (JsonNode value : values(tree, path)) {
            if (value.asText().regionMatches(true, 0, text, 0, text.length())) {
                return true;
            }
        }
        return false;
    }

    /** Whether a value at a path holds a match of a pattern. */
    public static boolean bodyFinds(JsonNode tree, String path, String pattern) {
        Pattern compiled = PATTERNS.computeIfAbsent(pattern, Pattern::compile);
        for (JsonNode value : values(tree, path)) {
            if (compiled.matcher(value.asText()).find()) {
                return true;
            }
        }
        return false;
    }

    /** Whether there is something at a path. */
    public static boolean bodyHas(JsonNode tree, String path) {
        return !values(tree, path).isEmpty();
    }

    /** Whether the command of an exec holds a match of a pattern. */
    public static boolean commandFinds(@Nullable String query, String pattern) {
        if (query == null) {
            return false;
        }
        StringBuilder command = new StringBuilder();
        for (String part : query.split("&", -1)) {
            if (part.startsWith("command=")) {
                command.append(command.isEmpty() ? "" : " ")
                        .append(URLDecoder.decode(part.substring("command=".length()), StandardCharsets.UTF_8));
            }
        }
        return PATTERNS.computeIfAbsent(pattern, Pattern::compile)
                .matcher(command)
                .find();
    }

    private static List<JsonNode> values(JsonNode tree, String path) {
        List<JsonNode> found = new ArrayList<>();
        int dot = path.indexOf('.');
        String root = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        JsonNode answer = tree.path("responseObject");
        JsonNode object = answer.path("metadata").isMissingNode() ? tree.path("requestObject") : answer;
        switch (root) {
            case "object" -> collect(object, rest, found);
            case "pod" -> pod(object, rest, found);
            default -> collect(tree, path, found);
        }
        return found;
    }

    private static void pod(JsonNode object, String path, List<JsonNode> found) {
        JsonNode spec = object.path("spec");
        JsonNode template = spec.path("jobTemplate").path("spec").path("template");
        template = template.isMissingNode() ? spec.path("template") : template;
        JsonNode pod = template.isMissingNode() ? spec : template.path("spec");
        if (path.startsWith("containers.")) {
            CONTAINERS.forEach(kind -> collect(pod.path(kind), path.substring("containers.".length()), found));
        } else {
            collect(pod, path, found);
        }
    }

    /** Names may hold dots. */
    private static void collect(JsonNode node, String path, List<JsonNode> found) {
        if (node.isArray()) {
            node.forEach(element -> collect(element, path, found));
        } else if (path.isEmpty()) {
            if (!node.isMissingNode() && !node.isNull()) {
                found.add(node);
            }
        } else if (node.isObject()) {
            for (int end = path.indexOf('.'); end >= 0; end = path.indexOf('.', end + 1)) {
                if (node.has(path.substring(0, end))) {
                    collect(node.get(path.substring(0, end)), path.substring(end + 1), found);
                }
            }
            if (node.has(path)) {
                collect(node.get(path), "", found);
            }
        }
    }
}
