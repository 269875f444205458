package io.tocsin.job.redaction;

/** The values of Kubernetes Secrets in YAML: what is indented below {@code data} and {@code stringData}. */
final class YamlSecrets {
    private static final String KIND = "kind: Secret";
    /** A line's end in a string that was not decoded. */
    private static final String ESCAPED = "\\n";

    private YamlSecrets() {}

    static void find(String text, Edits edits) {
        if (!text.contains(KIND)) {
            return;
        }
        int indent = -1; // of the data whose lines these are
        for (int line = 0; line < text.length(); ) {
            int end = lineEnd(text, line);
            int start = line;
            while (start < end && text.charAt(start) == ' ') {
                start++;
            }
            if (indent >= 0 && start - line > indent) {
                int colon = text.indexOf(": ", start);
                edits.redact(colon < 0 || colon >= end ? start : colon + 2, end);
            } else if (start < end) {
                boolean data = text.startsWith("data:", start) || text.startsWith("stringData:", start);
                indent = data ? start - line : -1;
            }
            line = end + (text.startsWith(ESCAPED, end) ? ESCAPED.length() : 1);
        }
    }

    private static int lineEnd(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '\n' || text.startsWith(ESCAPED, i)) {
                return i;
            }
        }
        return text.length();
    }
}
