package io.tocsin.job.sink;

import java.util.regex.Pattern;

/**
 * Text from a log made fit to hand out: of bounded length, well-formed, and without anything that looks like a token. Clients
 * choose much of what stands in an audit record, and people paste tokens into the wrong field.
 */
public final class SafeText {
    private static final String REMOVED = "[token removed]";
    /** A JSON Web Token, an EKS token, a bearer header. Possessive, so that no input makes them slow. */
    private static final Pattern TOKEN =
            Pattern.compile("eyJ[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]++(?:\\.[A-Za-z0-9_-]++)?"
                    + "|k8s-aws-v1\\.[A-Za-z0-9_-]++"
                    + "|(?i:bearer)[ :=]++[A-Za-z0-9._~+/=-]{16,}+");

    private SafeText() {}

    /**
     * The text, at most {@code limit} characters of it: longer ones end in an ellipsis, lone surrogates become U+FFFD, tokens are
     * replaced.
     */
    static String of(String text, int limit) {
        String kept = text.length() <= limit ? text : text.substring(0, limit - 1) + "\u2026";
        String whole = wellFormed(kept);
        boolean suspect = whole.contains("eyJ") || whole.contains("k8s-aws-v1.") || mentionsBearer(whole);
        return suspect ? TOKEN.matcher(whole).replaceAll(REMOVED) : whole;
    }

    /** Whether a character shows nothing by itself, or changes how others show: controls, formats, separators of lines. */
    static boolean isHidden(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.SURROGATE -> true;
            default -> false;
        };
    }

    /** Hidden characters as people can read them. */
    public static String visible(String text) {
        if (text.codePoints().noneMatch(SafeText::isHidden)) {
            return text;
        }
        StringBuilder result = new StringBuilder();
        text.codePoints().forEach(c -> {
            if (isHidden(c)) {
                result.append("\\u%04X".formatted(c));
            } else {
                result.appendCodePoint(c);
            }
        });
        return result.toString();
    }

    private static boolean mentionsBearer(String text) {
        for (int i = text.length() - "bearer".length(); i >= 0; i--) {
            if (text.regionMatches(true, i, "bearer", 0, "bearer".length())) {
                return true;
            }
        }
        return false;
    }

    private static String wellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                return repaired(text);
            }
        }
        return text;
    }

    private static String repaired(String text) {
        StringBuilder result = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(result::appendCodePoint);
        return result.toString();
    }
}
