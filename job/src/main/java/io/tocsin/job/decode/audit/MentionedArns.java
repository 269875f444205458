package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.event.Arns;
import io.tocsin.job.decode.JsonValues;
import java.io.IOException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The IAM roles and users that text names, such as the YAML of {@code mapRoles} inside a ConfigMap. */
final class MentionedArns {
    private static final int MAX_ARNS = 1_024;
    private static final int MAX_LENGTH = 1_024;
    private static final String START = "arn:";

    private MentionedArns() {}

    /** Adds the canonical ARNs in the strings of a JSON value; of a broken or cut one those in front of the damage. */
    static void collect(JsonValues json, byte[] bytes, int start, int end, Set<String> arns) {
        try (JsonParser p = json.parser(bytes, start, end)) {
            for (JsonToken token = p.nextToken(); token != null; token = p.nextToken()) {
                if (token == JsonToken.VALUE_STRING || token == JsonToken.FIELD_NAME) {
                    collect(p.getText(), arns);
                }
            }
        } catch (IOException e) {
            // What the body names is an addition to an event that was read; its damage was judged there.
            return;
        }
    }

    static void collect(String text, Set<String> arns) {
        int at = text.indexOf(START);
        while (at >= 0 && arns.size() < MAX_ARNS) {
            int end = at;
            while (end < text.length() && isArnCharacter(text.charAt(end))) {
                end++;
            }
            // A comma, colon or full stop may belong to a name, but at its end it is the text's.
            while (",.:".indexOf(text.charAt(end - 1)) >= 0) {
                end--;
            }
            String arn = end - at > MAX_LENGTH ? null : roleOrUser(text.substring(at, end));
            if (arn != null) {
                arns.add(arn);
            }
            at = text.indexOf(START, Math.max(end, at + START.length()));
        }
    }

    /** The canonical form of a role's, a user's or a session's ARN, null for everything else. */
    static @Nullable String roleOrUser(String arn) {
        String canonical = Arns.canonical(arn);
        if (canonical == null) {
            return null;
        }
        int resource = canonical.indexOf("::");
        int colon = resource < 0 ? -1 : canonical.indexOf(':', resource + 2);
        boolean ours = colon >= 0
                && (canonical.startsWith("role/", colon + 1) || canonical.startsWith("user/", colon + 1))
                && canonical.length() > colon + 1 + "role/".length();
        return ours ? canonical : null;
    }

    private static boolean isArnCharacter(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || ":/_+=,.@-".indexOf(c) >= 0;
    }
}
