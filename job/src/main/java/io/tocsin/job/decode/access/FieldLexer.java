package io.tocsin.job.decode.access;

/**
 * Takes the fields of a line from left to right: words up to a space, texts in quotes, texts in brackets. A quote ends a text only
 * if the server that wrote the line would have escaped it otherwise, and only before a space: so what a client puts into a field
 * stays in that field.
 */
final class FieldLexer {
    private final String line;
    private final boolean escapes;
    private int at;
    private boolean open;

    /**
     * @param escapes whether the server escapes quotes inside quotes
     */
    FieldLexer(String line, boolean escapes) {
        this.line = line;
        this.escapes = escapes;
    }

    /** Whether nothing but spaces is left. */
    boolean atEnd() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        return at >= line.length();
    }

    /** Whether the next field starts with this. */
    boolean on(char c) {
        return !atEnd() && line.charAt(at) == c;
    }

    /** Where the next field starts. */
    int position() {
        atEnd();
        return at;
    }

    /** Whether the line ended inside the last text in quotes or brackets. */
    boolean open() {
        return open;
    }

    /** The next word, empty at the end. */
    String word() {
        int start = position();
        int space = line.indexOf(' ', start);
        at = space < 0 ? line.length() : space;
        return line.substring(start, at);
    }

    /** The text in quotes that starts here, without what the server escaped it with. */
    String quoted() {
        int start = position() + 1;
        int end = start;
        while (end < line.length() && !closes(end)) {
            end += escapes && line.charAt(end) == '\\' ? 2 : 1;
        }
        open = end >= line.length();
        String text = line.substring(start, Math.min(end, line.length()));
        at = Math.min(end + 1, line.length());
        return escapes ? ServerEscapes.undo(text) : text;
    }

    private boolean closes(int i) {
        return line.charAt(i) == '"' && (i + 1 == line.length() || line.charAt(i + 1) == ' ');
    }

    /** The text in brackets that starts here. */
    String bracketed() {
        int start = position() + 1;
        int end = line.indexOf(']', start);
        open = end < 0;
        at = open ? line.length() : end + 1;
        return line.substring(start, open ? line.length() : end);
    }

    /** A list as nginx writes it, one element for each server that was tried: {@code a, b : c}. */
    String list() {
        int start = position();
        String word = word();
        while ((word.endsWith(",") || word.equals(":") || line.startsWith(" : ", at)) && !atEnd()) {
            word = word();
        }
        return line.substring(start, at);
    }
}
