package io.tocsin.job.sink;

import io.tocsin.job.redaction.Redaction;

/**
 * Text from a log made fit to hand out: of bounded length, well-formed, and without secrets. Clients choose much of what stands in
 * an audit record, and people paste tokens into the wrong field.
 */
public final class SafeText {
    /** So much of a text is looked at; more than is ever shown, since taking secrets out makes it shorter. */
    private static final int LOOKED_AT = 1 << 16;

    private SafeText() {}

    /**
     * The text, at most {@code limit} characters of it: longer ones end in an ellipsis, lone surrogates become U+FFFD, secrets are
     * taken out.
     */
    static String of(String text, int limit) {
        // First the secrets: one that is cut may no longer look like one.
        String clean = Redaction.of(text.length() <= LOOKED_AT ? text : text.substring(0, LOOKED_AT));
        return wellFormed(clean.length() <= limit ? clean : clean.substring(0, limit - 1) + "\u2026");
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
