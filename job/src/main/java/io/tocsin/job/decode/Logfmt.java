package io.tocsin.job.decode;

/**
 * Takes a logfmt line apart as logrus writes it: {@code key=value}, {@code key="a Go string"}, {@code key=}, separated by
 * spaces. One forward pass.
 */
public final class Logfmt {
    private final String line;
    private int at;
    private String key = "";
    private String value = "";
    private boolean cut;

    public Logfmt(String line) {
        this.line = line;
    }

    /**
     * Goes to the next pair; false at the line's end.
     *
     * @throws BadRecord if that is no logfmt
     */
    public boolean next() throws BadRecord {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (at == line.length()) {
            return false;
        }
        int start = at;
        while (at < line.length() && line.charAt(at) != '=' && line.charAt(at) != ' ') {
            if (line.charAt(at) == '"') {
                throw new BadRecord("not logfmt, a quote in a key: " + Excerpt.of(line.substring(start)));
            }
            at++;
        }
        key = line.substring(start, at);
        value = "";
        if (at < line.length() && line.charAt(at) == '=') {
            at++;
            if (at < line.length() && line.charAt(at) == '"') {
                quoted();
            } else {
                bare();
            }
        }
        return true;
    }

    public String key() {
        return key;
    }

    public String value() {
        return value;
    }

    /** Whether the line ended inside the last value. */
    public boolean cut() {
        return cut;
    }

    /** Whether nothing follows the last value, so that it is not sure to be whole if the line was cut. */
    public boolean atEnd() {
        return at == line.length();
    }

    private void bare() {
        int start = at;
        while (at < line.length() && line.charAt(at) != ' ') {
            at++;
        }
        value = line.substring(start, at);
    }

    private void quoted() throws BadRecord {
        StringBuilder out = new StringBuilder();
        at++;
        while (at < line.length()) {
            char c = line.charAt(at++);
            if (c == '"') {
                value = out.toString();
                if (at < line.length() && line.charAt(at) != ' ') {
                    throw new BadRecord("not logfmt, no space after " + Excerpt.of(key));
                }
                return;
            }
            if (c == '\\') {
                escape(out);
            } else {
                out.append(c);
            }
        }
        value = out.toString();
        cut = true;
    }

    private void escape(StringBuilder out) throws BadRecord {
        if (at == line.length()) {
            return;
        }
        char c = line.charAt(at++);
        switch (c) {
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case '\\', '"', '\'' -> out.append(c);
            // Go writes \x only for a byte that is no UTF-8.
            case 'x' -> {
                int b = number(2);
                out.append(b < 0x80 ? (char) b : '\ufffd');
            }
            case 'u', 'U' -> {
                int point = number(c == 'u' ? 4 : 8);
                out.appendCodePoint(Character.isValidCodePoint(point) ? point : 0xfffd);
            }
            default ->
                throw new BadRecord("not a Go string, \\" + Excerpt.of(String.valueOf(c)) + " in " + Excerpt.of(key));
        }
    }

    private int number(int digits) throws BadRecord {
        int number = 0;
        for (int i = 0; i < digits && at < line.length(); i++) {
            int digit = Character.digit(line.charAt(at++), 16);
            if (digit < 0) {
                throw new BadRecord("not a Go string, a bad escape in " + Excerpt.of(key));
            }
            number = number << 4 | digit;
        }
        return number;
    }
}
