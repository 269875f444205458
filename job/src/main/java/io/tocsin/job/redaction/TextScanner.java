package io.tocsin.job.redaction;

/** Where words, quoted strings and encoded characters of a text end. Every question looks forward only. */
record TextScanner(String text) {
    /** The length of an encoded character. */
    static final int ENCODED = 3;

    private static final int MAX_ESCAPES = 8;

    /** The end of letters, digits, dashes and underscores. */
    int endOfToken(int from) {
        int end = from;
        while (end < text.length() && isTokenCharacter(text.charAt(end))) {
            end++;
        }
        return end;
    }

    /** The end of a value that no quotes hold. */
    int endOfWord(int from) {
        int end = from;
        while (end < text.length() && !endsWord(end)) {
            end++;
        }
        return end;
    }

    boolean endsWord(int index) {
        char c = text.charAt(index);
        return " \t\r\n&;\"'`|".indexOf(c) >= 0 || (c == '\\' && skipQuote(index) > index);
    }

    /** The end of a header's value: the quote around it, or the line's end. */
    int endOfHeader(int from) {
        int end = from;
        while (end < text.length()
                && "\r\n\"'".indexOf(text.charAt(end)) < 0
                && !(text.charAt(end) == '\\' && skipQuote(end) > end)) {
            end++;
        }
        return end;
    }

    /** The end of {@code a=b; c=d}. */
    int endOfCookies(int from) {
        int end = endOfWord(from);
        while (text.startsWith("; ", end)
                && text.startsWith("=", endOfToken(end + 2))
                && endOfToken(end + 2) > end + 2) {
            end = endOfWord(endOfToken(end + 2));
        }
        return end;
    }

    /** Where the quote closes that stands, escaped or not, from {@code quote} to {@code from}; the end if it does not. */
    int closing(int quote, int from) {
        int escapes = from - 1 - quote;
        char mark = text.charAt(from - 1);
        int slashes = 0;
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                slashes++;
                continue;
            }
            // A quote that is escaped more often than the first is part of the value.
            if (c == mark && (slashes <= escapes || (escapes == 0 && slashes % 2 == 0))) {
                return escapes == 0 ? i : i - slashes;
            }
            slashes = 0;
        }
        return text.length();
    }

    /** The first such character between two places, or -1. */
    int indexOf(char c, int from, int end) {
        for (int i = from; i < end; i++) {
            if (text.charAt(i) == c) {
                return i;
            }
        }
        return -1;
    }

    int skipSpaces(int from) {
        int next = from;
        while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
            next++;
        }
        return next;
    }

    /** Behind the quote that stands here, which may be escaped; the same place if there is none. */
    int skipQuote(int from) {
        int quote = from;
        while (quote < text.length() && quote - from < MAX_ESCAPES && text.charAt(quote) == '\\') {
            quote++;
        }
        return quote < text.length() && isQuote(quote) ? quote + 1 : from;
    }

    /** Behind {@code a1=}, before which auditd writes an argument; the same place if there is none. */
    int skipArgumentName(int from) {
        int name = from;
        if (text.startsWith("a", name)) {
            name++;
            while (name < text.length() && name - from < MAX_ESCAPES && Character.isDigit(text.charAt(name))) {
                name++;
            }
        }
        return name > from + 1 && text.startsWith("=", name) ? name + 1 : from;
    }

    boolean isQuote(int index) {
        return text.charAt(index) == '"' || text.charAt(index) == '\'';
    }

    /** Whether a character stands here as {@code %} and these digits. */
    boolean encoded(int index, String digits) {
        return text.startsWith("%", index) && text.regionMatches(true, index + 1, digits, 0, 2);
    }

    static boolean isNameCharacter(char c) {
        return isTokenCharacter(c) || c == '.';
    }

    static boolean isTokenCharacter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
    }

    static boolean isBearerCharacter(char c) {
        return isTokenCharacter(c) || ".~+/=".indexOf(c) >= 0;
    }

    /** What may stand in a private key, line ends however they are written. */
    static boolean isKeyCharacter(char c) {
        return isBearerCharacter(c) || " \t\r\n\\:,%".indexOf(c) >= 0;
    }

    static boolean isLabelCharacter(char c) {
        return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ';
    }
}
