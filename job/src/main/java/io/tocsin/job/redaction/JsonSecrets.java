package io.tocsin.job.redaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of one JSON value within a text: by the names of members, and the data of Kubernetes Secrets. What stands in strings
 * is searched as a text of its own. A value may be cut off anywhere.
 */
final class JsonSecrets {
    private static final int DEEPEST = 1_000;
    private static final int FEWEST_NUMBERS = 8;
    /** A name that may hold more than a name. */
    private static final int SHORTEST_SPEAKING_NAME = 12;

    private static final Set<String> LITERALS = Set.of("true", "false", "null", "NaN", "Infinity", "t", "f", "n");
    private static final int LONGEST_LITERAL = 8;
    private static final String QUOTED = "\"" + Redaction.REDACTED + "\"";

    private final SecretSearch search;
    private final String text;
    private final int depth;
    private final boolean ofSecret;
    private final Edits edits;
    /** Places that are secret if what they stand in turns out to be a Secret, which may be told behind them. */
    private final List<Edit> waiting = new ArrayList<>();

    private @Nullable JsonFrame frame;
    private int frames;
    private int at;
    private int lastString;
    private boolean broken;
    /** Whether the string that was just passed holds a backslash. */
    private boolean escaped;

    JsonSecrets(SecretSearch search, String text, int depth, boolean ofSecret, Edits edits) {
        this.search = search;
        this.text = text;
        this.depth = depth;
        this.ofSecret = ofSecret;
        this.edits = edits;
    }

    /** Where a text's next JSON object or array starts that could be one; -1 if there is none. */
    static int start(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '{' && c != '[') {
                continue;
            }
            int next = skipSpaces(text, i + 1);
            char first = next < text.length() ? text.charAt(next) : 0;
            if (first == '"' || (c == '[' && (first == '{' || first == '['))) {
                return i;
            }
        }
        return -1;
    }

    /** Whether what was read is no JSON. */
    boolean broken() {
        return broken;
    }

    /** Finds what is secret from here on to the end of the value, or to where it breaks; gives that end. */
    int walk(int start) {
        at = start;
        lastString = start;
        open(text.charAt(at) == '{');
        boolean value = frame != null && !frame.object; // else a name or an end
        while (frame != null) {
            at = skipSpaces(text, at);
            if (at >= text.length()) {
                break;
            }
            boolean fits = (frame.object && !value) ? name() : element();
            if (!fits) {
                broken = true;
                // The last string may have been none.
                at = Math.max(lastString, start + 1);
                break;
            }
            value = frame != null && frame.object && text.charAt(at - 1) == ':';
        }
        end();
        return at;
    }

    /** A name with its colon, a comma, or an object's end. */
    private boolean name() {
        JsonFrame object = frame;
        char c = text.charAt(at);
        if (object == null || c == '}') {
            return close('}');
        }
        if (c == ',') {
            at++;
            return true;
        }
        if (c != '"') {
            return false;
        }
        int end = stringEnd();
        String name = Encoding.JSON.decode(text, at + 1, end);
        object.member = name;
        if (name.length() >= SHORTEST_SPEAKING_NAME) {
            Encoding.JSON.map(search.in(name, depth + 1, null, false), text, at + 1, end, edits);
        }
        lastString = at;
        at = skipSpaces(text, Math.min(text.length(), end + 1));
        if (at < text.length()) {
            if (text.charAt(at) != ':') {
                return false;
            }
            at++;
        }
        return true;
    }

    /** A value, or a comma or an array's end. */
    private boolean element() {
        JsonFrame in = frame;
        char c = text.charAt(at);
        if (in == null || (c == ']' && !in.object)) {
            return close(']');
        }
        if (c == ',' && !in.object) {
            at++;
            return true;
        }
        int from = at;
        if (c == '{' || c == '[') {
            in.noNumbers();
            return frames < DEEPEST && open(c == '{');
        }
        if (c == '"') {
            int end = stringEnd();
            in.noNumbers();
            string(in, at + 1, end);
            lastString = at;
            at = Math.min(text.length(), end + 1);
        } else {
            while (at < text.length() && isScalar(text.charAt(at))) {
                at++;
            }
            if (!isScalar(from, at)) {
                return false;
            }
            scalar(in, from, at);
        }
        valueOfPair(in, from);
        return true;
    }

    private void valueOfPair(JsonFrame in, int from) {
        if (in.object && "value".equals(in.member)) {
            in.valueFrom = from;
            in.valueTo = at;
        }
    }

    private boolean open(boolean object) {
        frame = new JsonFrame(frame, object, waiting.size(), at);
        if (frames == 0) {
            frame.ofSecret = ofSecret;
        }
        frames++;
        at++;
        return true;
    }

    private boolean close(char mark) {
        JsonFrame closed = frame;
        if (closed == null || text.charAt(at) != mark || closed.object != (mark == '}')) {
            return false;
        }
        leave(closed);
        int start = closed.start;
        at++;
        frame = closed.parent;
        frames--;
        if (frame != null) {
            valueOfPair(frame, start);
        }
        return true;
    }

    /** All there is of an object or array has been seen. */
    private void leave(JsonFrame closed) {
        if (closed.valueFrom >= 0 && closed.pathIntoData) {
            waiting.add(new Edit(closed.valueFrom, closed.valueTo, QUOTED));
        }
        String pair = closed.pairName;
        if (closed.valueFrom >= 0 && pair != null && text.charAt(closed.valueFrom) == '"') {
            int end = closed.valueTo - (text.charAt(closed.valueTo - 1) == '"' ? 1 : 0);
            named(pair, closed.valueFrom + 1, end);
        }
        numbers(closed);
        if (closed.ofSecret) {
            take(closed.waiting);
        }
    }

    private void take(int from) {
        List<Edit> secret = waiting.subList(Math.min(from, waiting.size()), waiting.size());
        edits.add(secret, 0);
        secret.clear();
    }

    /**
     * The value ends, or the text, or it breaks. In the last two cases data may be of anything that did not come to say what it is,
     * and where Secrets are mentioned, of one.
     */
    private void end() {
        boolean open = frame != null;
        int doubtful = waiting.size();
        for (JsonFrame left = frame; left != null; left = left.parent) {
            if (left.waitingForData >= 0 && !left.told) {
                doubtful = Math.min(doubtful, left.waitingForData);
            }
        }
        if (open) {
            take(BrokenJson.mentionsSecret(text) ? 0 : doubtful);
        }
        for (JsonFrame left = frame; left != null; left = left.parent) {
            leave(left);
        }
    }

    private void scalar(JsonFrame in, int from, int to) {
        String value = text.substring(from, Math.min(to, from + 6));
        if (!in.object) {
            in.number(value);
        }
        boolean number = !value.isEmpty() && (Character.isDigit(value.charAt(0)) || value.charAt(0) == '-');
        if (in.data && number) {
            waiting.add(new Edit(from, to, QUOTED));
        }
        if (in.object && number && in.member != null && SecretName.of(in.member) == SecretName.PASSWORD) {
            edits.replace(from, to, QUOTED);
        }
    }

    private void string(JsonFrame in, int from, int to) {
        if (in.data) {
            waiting.add(new Edit(from, to, Redaction.REDACTED));
        }
        String name = in.member;
        if ((name != null && named(name, from, to)) || (in.pairAbove != null && named(in.pairAbove, from, to))) {
            return;
        }
        String value = escaped ? Encoding.JSON.decode(text, from, to) : text.substring(from, to);
        if (in.object && name != null) {
            in.learn(name, value);
            programOf(in, name, value);
        } else if (argument(in, value, from, to)) {
            return;
        }
        boolean arguments = name != null && isArguments(name);
        List<Edit> found = search.in(value, depth + 1, arguments ? in.option : null, in.ofSecret);
        if (!found.isEmpty()) {
            Encoding.JSON.map(found, text, from, to, edits);
        }
    }

    /** Takes the value of a member whose name says that it is secret. */
    private boolean named(String name, int from, int to) {
        SecretName kind = SecretName.of(name);
        // A cookie is NAME=VALUE; sockets have cookies too, which are numbers.
        boolean none = kind == SecretName.COOKIE && new TextScanner(text).indexOf('=', from, to) < 0;
        if (kind == SecretName.NONE || none || to == from || TextSecrets.isNoSecret(text.substring(from, to))) {
            boolean login = name.equals("auth") && EncodedParts.isUserAndPassword(text.substring(from, to));
            if (login) {
                edits.redact(from, to);
            }
            return login;
        }
        int secret = kind == SecretName.AUTHORIZATION ? TextSecrets.behindScheme(text, from, to) : from;
        edits.redact(secret, to);
        return true;
    }

    private static void programOf(JsonFrame in, String name, String value) {
        if (name.equals("binary") || name.endsWith("exe") || name.endsWith("exepath") || name.endsWith("proc.name")) {
            PasswordOption option = PasswordOption.ofBinary(value);
            in.option = option == null ? in.option : option;
        }
    }

    private static boolean isArguments(String name) {
        return name.endsWith("args") || name.endsWith("arguments") || name.endsWith("cmdline");
    }

    /** Takes an argument that the one before it says is secret. */
    private boolean argument(JsonFrame list, String value, int from, int to) {
        boolean secret = list.secretNext && !value.startsWith("-");
        list.secretNext = value.startsWith("-") && value.indexOf('=') < 0 && SecretName.of(value) != SecretName.NONE;
        PasswordOption option = list.option;
        if (option != null && value.startsWith(option.option()) && !list.secretNext) {
            boolean apart = value.length() == option.option().length();
            list.secretNext = apart && option.apart();
            secret |= !apart;
        }
        if (list.option == null) {
            list.option = PasswordOption.ofBinary(value);
        }
        if (!secret) {
            return false;
        }
        int start = from;
        if (option != null && value.startsWith(option.option())) {
            start = Math.min(to, from + option.option().length());
        }
        if (option != null && option.afterColon()) {
            int colon = new TextScanner(text).indexOf(':', start, to);
            start = colon < 0 ? to : colon + 1;
        }
        edits.redact(start, to);
        return start < to;
    }

    /** Text that journald or a runtime wrote as the numbers of its bytes. */
    private void numbers(JsonFrame array) {
        StringBuilder bytes = array.numbers;
        if (bytes == null || bytes.length() < FEWEST_NUMBERS) {
            return;
        }
        List<Edit> found = search.in(bytes.toString(), depth + 1, null, array.ofSecret);
        if (found.isEmpty()) {
            return;
        }
        StringBuilder numbers = new StringBuilder();
        Edits.apply(bytes.toString(), found).chars().forEach(c -> numbers.append(numbers.isEmpty() ? "" : ",")
                .append(c & 0xFF));
        edits.replace(array.start + 1, at, numbers.toString());
    }

    /** Where the string that starts here ends: at its quote, or with the text. */
    private int stringEnd() {
        int end = at + 1;
        escaped = false;
        while (end < text.length() && text.charAt(end) != '"') {
            boolean escape = text.charAt(end) == '\\';
            escaped |= escape;
            end += escape ? 2 : 1;
        }
        return Math.min(end, text.length());
    }

    private static int skipSpaces(String text, int from) {
        int next = from;
        while (next < text.length() && text.charAt(next) <= ' ') {
            next++;
        }
        return next;
    }

    private boolean isScalar(int from, int to) {
        char first = from < to ? text.charAt(from) : 0;
        boolean number = (first >= '0' && first <= '9') || first == '-';
        return number || LITERALS.contains(text.substring(from, Math.min(to, from + LONGEST_LITERAL + 1)));
    }

    private static boolean isScalar(char c) {
        return TextScanner.isNameCharacter(c) || c == '+';
    }
}
