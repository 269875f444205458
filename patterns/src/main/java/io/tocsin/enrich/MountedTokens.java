package io.tocsin.enrich;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where tokens of service accounts are mounted: Kubernetes' own, and those with which a pod becomes a role of a cloud (EKS, AKS,
 * GKE). Names of variables that hold such a path count as the path.
 */
public final class MountedTokens {
    private static final List<String> MARKS = List.of(
            "run/secrets",
            "secrets/kubernetes.io",
            "kubernetes.io/serviceaccount",
            "serviceaccount/token",
            "eks.amazonaws.com/serviceaccount",
            "eks-pod-identity-token",
            "azure/tokens",
            "tokens/gcp-ksa",
            "kubernetes.io~projected",
            "kube-api-access-",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            "AZURE_FEDERATED_TOKEN_FILE");

    private static final List<String> PATHS = List.of(
            "/var/run/secrets/kubernetes.io/serviceaccount/token",
            "/run/secrets/kubernetes.io/serviceaccount/token",
            "/var/run/secrets/eks.amazonaws.com/serviceaccount/token",
            "/run/secrets/eks.amazonaws.com/serviceaccount/token",
            "/var/run/secrets/azure/tokens/azure-identity-token",
            "/run/secrets/azure/tokens/azure-identity-token",
            "/var/run/secrets/tokens/gcp-ksa/token",
            "/run/secrets/tokens/gcp-ksa/token");

    private static final int DIRECTORIES = 3;

    private MountedTokens() {}

    /** Whether a path or a command, without quotes, leads there. */
    public static boolean isIn(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return false;
        }
        String straight = straightened(text);
        for (String mark : MARKS) {
            if (straight.contains(mark)) {
                return true;
            }
        }
        return (straight.indexOf('*') >= 0 || straight.indexOf('?') >= 0 || straight.indexOf('[') >= 0)
                && leadsThereByWildcard(straight);
    }

    /** The text with its paths made straight: no {@code //}, no {@code /./}, and {@code a/../} resolved. */
    static String straightened(String text) {
        if (!text.contains("//") && !text.contains("/.")) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        int from = 0; // where the path that is being written starts
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '/') {
                out.append(c);
                if (ends(c)) {
                    from = out.length();
                }
                i++;
                continue;
            }
            int end = i + 1;
            while (end < text.length() && text.charAt(end) != '/' && !ends(text.charAt(end))) {
                end++;
            }
            String segment = text.substring(i + 1, end);
            boolean last = end == text.length() || ends(text.charAt(end));
            if (segment.equals("..")) {
                int up = out.length();
                while (up > from && out.charAt(up - 1) != '/') {
                    up--;
                }
                out.setLength(Math.max(from, up - 1));
            } else if (!segment.equals(".") && (!segment.isEmpty() || last)) {
                out.append('/').append(segment);
            }
            i = end;
        }
        return out.toString();
    }

    private static boolean ends(char c) {
        return c <= ' ' || c == ';' || c == '&' || c == '|' || c == '<' || c == '>' || c == '(' || c == ')' || c == '='
                || c == ',' || c == ':' || c == '`';
    }

    private static boolean leadsThereByWildcard(String text) {
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || ends(text.charAt(i))) {
                if (i > start && text.charAt(start) == '/' && leadsThere(text.substring(start, i))) {
                    return true;
                }
                start = i + 1;
            }
        }
        return false;
    }

    private static boolean leadsThere(String pattern) {
        for (String path : PATHS) {
            int wanted = 1;
            int given = 1;
            int same = 0;
            while (wanted <= path.length() && given <= pattern.length()) {
                int endWanted = end(path, wanted);
                int endGiven = end(pattern, given);
                if (!matches(pattern.substring(given, endGiven), path.substring(wanted, endWanted))) {
                    same = given >= pattern.length() ? same : -1;
                    break;
                }
                same++;
                wanted = endWanted + 1;
                given = endGiven + 1;
            }
            if (same >= DIRECTORIES) {
                return true;
            }
        }
        return false;
    }

    private static int end(String path, int at) {
        int slash = path.indexOf('/', at);
        return slash < 0 ? path.length() : slash;
    }

    /** Whether a name is what a shell's wildcards stand for; a set {@code [..]} stands for any character. In linear memory. */
    static boolean matches(String pattern, String name) {
        int at = 0;
        int here = 0;
        int star = -1;
        int resume = 0;
        while (at < name.length()) {
            char c = here < pattern.length() ? pattern.charAt(here) : '\0';
            int close = c == '[' ? pattern.indexOf(']', here) : -1;
            if (c == '*') {
                star = here++;
                resume = at;
            } else if (close > 0 || c == '?' || (c != '\0' && c == name.charAt(at))) {
                here = close > 0 ? close + 1 : here + 1;
                at++;
            } else if (star >= 0) {
                here = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (here < pattern.length() && pattern.charAt(here) == '*') {
            here++;
        }
        return here == pattern.length();
    }
}
