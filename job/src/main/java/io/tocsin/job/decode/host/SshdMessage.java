package io.tocsin.job.decode.host;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.network.Network;

/**
 * What sshd writes, all versions since 5; from 9.8 on as {@code sshd-session}.
 *
 * <p>Several lines tell of one attempt. Of the verb {@code login} are only
 * <ul>
 *   <li>{@code Accepted ...}: {@link Outcome#SUCCESS};
 *   <li>{@code Failed ...} of a method that guesses (password, keyboard-interactive, gssapi):
 *       {@link Outcome#UNAUTHENTICATED}. With {@code message repeated N times} around it, {@code count} is N. The methods none,
 *       publickey and hostbased are no guesses: a client asks and offers all keys it holds before it comes to a password.
 * </ul>
 * All others ({@code Invalid user}, which a {@code Failed} may or may not follow; PAM's own lines; {@code not allowed};
 * {@code Connection closed} and so on) have no verb, and say what they are in {@code reason}. The end of a session is PAM's
 * {@code session closed}, of the verb {@code logout}: the other lines about it are written by the user's own process.
 *
 * <p>Names are chosen by whoever knocks, and may look like the rest of the line. What follows a name has a fixed form, so lines
 * are read from the right; where more than one reading is possible, neither user nor peer is set.
 */
final class SshdMessage {
    private static final String REPEATED = "message repeated ";
    private static final String PREAUTH = " [preauth]";
    private static final String FROM = " from ";
    private static final String NOT_ALLOWED = " not allowed because ";

    private SshdMessage() {}

    static void read(String message, boolean whole, SecurityEvent.Builder event, Network network) {
        if (!whole) {
            // What looks like the end may be the middle of a name.
            return;
        }
        String text = repeated(message, event);
        text = severity(text, event);
        if (PamMessage.read(text, event, network)) {
            if (PamMessage.CLOSED_REASON.equals(event.reason)) {
                event.verb = "logout";
                event.outcome = Outcome.SUCCESS;
            }
            return;
        }
        boolean preauth = text.endsWith(PREAUTH);
        String line =
                preauth ? text.substring(0, text.length() - PREAUTH.length()).stripTrailing() : text;
        int space = line.indexOf(' ');
        switch (space < 0 ? line : line.substring(0, space)) {
            case "Accepted", "Failed", "Postponed", "Partial" -> attempt(line, event, network);
            case "Invalid", "Illegal" -> invalidUser(line, event, network);
            case "Connection" -> connection(line, event, network);
            case "Disconnected" -> ended(line, "Disconnected from ", "Disconnected", event, network);
            case "Disconnecting" -> disconnecting(line, event, network);
            case "Received" -> leading(line, "Received disconnect from ", "Received disconnect", event, network);
            case "User" -> notAllowed(line, event, network);
            case "Unable" -> {
                if (leading(line, "Unable to negotiate with ", "Unable to negotiate", event, network)) {
                    event.outcome = Outcome.ERROR;
                }
            }
            case "Timeout" -> timeout(line, event, network);
            case "refused" -> refused(line, event, network);
            case "banner" -> {
                if (leading(line, "banner exchange: Connection from ", "banner exchange", event, network)) {
                    event.outcome = Outcome.ERROR;
                }
            }
            case "ssh_dispatch_run_fatal:" -> dispatch(line, event, network);
            case "maximum" -> attemptsExceeded(line, event, network);
            case "PAM:" -> pamError(line, event, network);
            case "Close", "Starting" -> session(line, event, network);
            case "Did", "Bad", "Protocol", "Magic" -> trailing(line, event, network);
            default -> {}
        }
    }

    /** What rsyslog made of equal lines: {@code message repeated 3 times: [ ...]}. */
    private static String repeated(String text, SecurityEvent.Builder event) {
        if (!text.startsWith(REPEATED) || !text.endsWith("]")) {
            return text;
        }
        int digits = REPEATED.length();
        int end = digits;
        while (end < text.length() && Endpoint.isDigit(text.charAt(end))) {
            end++;
        }
        String opening = " times: [";
        if (end == digits || end - digits > 9 || !text.startsWith(opening, end)) {
            return text;
        }
        event.count = Integer.parseInt(text.substring(digits, end));
        return text.substring(end + opening.length(), text.length() - 1).strip();
    }

    private static String severity(String text, SecurityEvent.Builder event) {
        for (String level : new String[] {"error", "fatal"}) {
            if (text.startsWith(level) && text.startsWith(": ", level.length())) {
                event.level = event.level == null ? level : event.level;
                return text.substring(level.length() + 2);
            }
        }
        return text;
    }

    /** {@code Failed password for [invalid user ]U from A port N ssh2[: key]}. */
    private static void attempt(String line, SecurityEvent.Builder event, Network network) {
        int methodStart = line.indexOf(' ') + 1;
        int methodEnd = line.indexOf(' ', methodStart);
        String opening = " for ";
        if (methodStart == 0 || methodEnd < 0 || !line.startsWith(opening, methodEnd)) {
            return;
        }
        String what = line.substring(0, methodStart - 1);
        String method = line.substring(methodStart, methodEnd);
        int nameStart = methodEnd + opening.length();
        int from = addressed(line, nameStart);
        if (from == NONE) {
            return;
        }
        boolean invalid = line.startsWith("invalid user ", nameStart) || line.startsWith("illegal user ", nameStart);
        if (from != AMBIGUOUS) {
            user(line, invalid ? nameStart + "invalid user ".length() : nameStart, from, event);
            peerAt(line, from + FROM.length(), event, network);
        }
        switch (what) {
            case "Accepted" -> {
                event.verb = "login";
                event.outcome = Outcome.SUCCESS;
                event.reason = method;
            }
            case "Failed" -> {
                boolean guess = !method.equals("none") && !method.equals("publickey") && !method.equals("hostbased");
                event.verb = guess ? "login" : null;
                event.outcome = Outcome.UNAUTHENTICATED;
                event.reason = (guess ? method : "Failed " + method) + (invalid ? ", invalid user" : "");
            }
            default -> event.reason = what + " " + method;
        }
    }

    private static final int NONE = -1;
    private static final int AMBIGUOUS = -2;

    /**
     * Where {@code " from A port N ssh2"} starts behind a name. A key may follow, and a certificate's id in it may be anything:
     * then there must be only one place it can be.
     */
    private static int addressed(String line, int nameStart) {
        int found = NONE;
        for (int at = line.lastIndexOf(FROM); at >= nameStart - 1; at = line.lastIndexOf(FROM, at - 1)) {
            int end = Endpoint.endAfter(line, at + FROM.length());
            if (end < 0 || !line.startsWith(" ssh2", end)) {
                continue;
            }
            int tail = end + " ssh2".length();
            if (found == NONE && (tail == line.length() || isKey(line, tail))) {
                return at;
            }
            if (tail == line.length() || line.startsWith(": ", tail)) {
                if (found != NONE) {
                    return AMBIGUOUS;
                }
                found = at;
            }
        }
        return found;
    }

    /** Whether the rest is {@code ": TYPE FINGERPRINT"} and no more. */
    private static boolean isKey(String line, int at) {
        if (!line.startsWith(": ", at)) {
            return false;
        }
        int space = line.indexOf(' ', at + 2);
        return space > 0 && line.indexOf(' ', space + 1) < 0 && line.indexOf(':', space) > 0;
    }

    /** {@code Invalid user U from A[ port N]}. */
    private static void invalidUser(String line, SecurityEvent.Builder event, Network network) {
        String opening = "Invalid user ";
        if (!line.startsWith(opening) && !line.startsWith("Illegal user ")) {
            return;
        }
        event.outcome = Outcome.UNAUTHENTICATED;
        event.reason = "Invalid user";
        fromAtEnd(line, opening.length(), line.length(), event, network);
    }

    /** Takes the user before, and the peer behind, the last {@code " from "}. */
    private static void fromAtEnd(String line, int nameStart, int end, SecurityEvent.Builder event, Network network) {
        Endpoint endpoint = Endpoint.before(line, end);
        if (endpoint != null && line.startsWith(FROM, endpoint.start() - FROM.length())) {
            user(line, nameStart, endpoint.start() - FROM.length(), event);
            HostMessages.peer(endpoint.address(), event, network);
        }
    }

    private static void connection(String line, SecurityEvent.Builder event, Network network) {
        if (ended(line, "Connection closed by ", "Connection closed", event, network)
                || ended(line, "Connection reset by ", "Connection reset", event, network)) {
            return;
        }
        leading(line, "Connection from ", "Connection", event, network);
    }

    /** {@code ... [authenticating user |invalid user |user ]U A port N}. */
    private static boolean ended(
            String line, String opening, String reason, SecurityEvent.Builder event, Network network) {
        if (!line.startsWith(opening)) {
            return false;
        }
        event.reason = reason;
        Endpoint endpoint = Endpoint.before(line, line.length());
        if (endpoint != null && endpoint.start() >= opening.length()) {
            HostMessages.peer(endpoint.address(), event, network);
            if (event.peer != null) {
                // A name may be empty: then two spaces follow each other.
                attached(line, opening.length(), endpoint.start() - 1, event);
            }
        }
        return true;
    }

    private static void attached(String line, int from, int to, SecurityEvent.Builder event) {
        for (String kind : new String[] {"authenticating user ", "invalid user ", "user "}) {
            if (line.startsWith(kind, from)) {
                user(line, from + kind.length(), to, event);
                if (kind.startsWith("invalid")) {
                    event.outcome = Outcome.UNAUTHENTICATED;
                }
                return;
            }
        }
    }

    /** {@code Disconnecting [authenticating|invalid] user U A port N: why}, where the reason may quote the user as well. */
    private static void disconnecting(String line, SecurityEvent.Builder event, Network network) {
        event.reason = "Disconnecting";
        quoted(line, "Disconnecting ".length(), event, network);
    }

    private static void dispatch(String line, SecurityEvent.Builder event, Network network) {
        String opening = "ssh_dispatch_run_fatal: Connection from ";
        if (line.startsWith(opening)) {
            event.reason = "ssh_dispatch_run_fatal";
            event.outcome = Outcome.ERROR;
            quoted(line, opening.length(), event, network);
        }
    }

    /** {@code [... user U ]A port N: text}: only if that can be in one place alone. */
    private static void quoted(String line, int from, SecurityEvent.Builder event, Network network) {
        int found = NONE;
        for (int at = line.indexOf(" port ", from); at >= 0; at = line.indexOf(" port ", at + 1)) {
            int end = at + " port ".length();
            while (end < line.length() && Endpoint.isDigit(line.charAt(end))) {
                end++;
            }
            if (end > at + " port ".length() && line.startsWith(": ", end)) {
                if (found != NONE) {
                    return;
                }
                found = end;
            }
        }
        Endpoint endpoint = found == NONE ? null : Endpoint.before(line, found);
        if (endpoint != null && endpoint.start() >= from) {
            HostMessages.peer(endpoint.address(), event, network);
            if (event.peer != null) {
                attached(line, from, endpoint.start() - 1, event);
            }
        }
    }

    /** The address stands in front of everything that a client chooses. */
    private static boolean leading(
            String line, String opening, String reason, SecurityEvent.Builder event, Network network) {
        if (!line.startsWith(opening)) {
            return false;
        }
        event.reason = reason;
        peerAt(line, opening.length(), event, network);
        return true;
    }

    private static void peerAt(String line, int from, SecurityEvent.Builder event, Network network) {
        int space = line.indexOf(' ', from);
        String word = line.substring(from, space < 0 ? line.length() : space);
        if (word.endsWith(":")) {
            word = word.substring(0, word.length() - 1);
        }
        HostMessages.peer(word, event, network);
    }

    /** {@code Timeout before authentication for [connection from ]A ...}. */
    private static void timeout(String line, SecurityEvent.Builder event, Network network) {
        String opening = "Timeout before authentication for ";
        String connection = opening + "connection from ";
        leading(
                line,
                line.startsWith(connection) ? connection : opening,
                "Timeout before authentication",
                event,
                network);
    }

    /** {@code User U from A not allowed because why}: of a user that exists, so the name is no trap. */
    private static void notAllowed(String line, SecurityEvent.Builder event, Network network) {
        int because = line.lastIndexOf(NOT_ALLOWED);
        if (because < 0) {
            return;
        }
        event.outcome = Outcome.DENIED;
        event.reason = HostMessages.present(line.substring(because + 1));
        if (line.lastIndexOf(FROM, because) > 0) {
            fromAtEnd(line, "User ".length(), because, event, network);
        } else {
            user(line, "User ".length(), because, event);
        }
    }

    /** {@code refused connect from NAME (A)}. */
    private static void refused(String line, SecurityEvent.Builder event, Network network) {
        if (!line.startsWith("refused connect from ")) {
            return;
        }
        event.outcome = Outcome.DENIED;
        event.reason = "refused connect";
        int open = line.lastIndexOf(" (");
        if (open > 0 && line.endsWith(")")) {
            HostMessages.peer(line.substring(open + 2, line.length() - 1), event, network);
        }
    }

    /** {@code maximum authentication attempts exceeded for [invalid user ]U from A port N ssh2}. */
    private static void attemptsExceeded(String line, SecurityEvent.Builder event, Network network) {
        String opening = "maximum authentication attempts exceeded for ";
        if (!line.startsWith(opening)) {
            return;
        }
        event.outcome = Outcome.UNAUTHENTICATED;
        event.reason = "maximum authentication attempts exceeded";
        int from = addressed(line, opening.length());
        if (from >= 0) {
            boolean invalid = line.startsWith("invalid user ", opening.length());
            user(line, opening.length() + (invalid ? "invalid user ".length() : 0), from, event);
            peerAt(line, from + FROM.length(), event, network);
        }
    }

    /** {@code PAM: Authentication failure for [illegal user ]U from A}. */
    private static void pamError(String line, SecurityEvent.Builder event, Network network) {
        String opening = "PAM: ";
        int end = line.indexOf(" for ");
        if (end < 0) {
            return;
        }
        event.outcome = Outcome.UNAUTHENTICATED;
        event.reason = HostMessages.present(line.substring(opening.length(), end));
        int name = end + " for ".length();
        boolean illegal = line.startsWith("illegal user ", name);
        fromAtEnd(line, illegal ? name + "illegal user ".length() : name, line.length(), event, network);
    }

    /** {@code Close session: user U from A port N id 0} and {@code Starting session: shell on T for U from A port N id 0}. */
    private static void session(String line, SecurityEvent.Builder event, Network network) {
        int id = line.lastIndexOf(" id ");
        boolean close = line.startsWith("Close session: user ");
        if (id < 0 || !(close || line.startsWith("Starting session: "))) {
            return;
        }
        event.reason = close ? "Close session" : "Starting session";
        Endpoint endpoint = Endpoint.before(line, id);
        if (endpoint != null && line.startsWith(FROM, endpoint.start() - FROM.length())) {
            HostMessages.peer(endpoint.address(), event, network);
            if (close) {
                user(line, "Close session: user ".length(), endpoint.start() - FROM.length(), event);
            }
        }
    }

    /** Lines of nobody yet, with the address at their end. */
    private static void trailing(String line, SecurityEvent.Builder event, Network network) {
        for (String opening : new String[] {
            "Did not receive identification string",
            "Bad protocol version identification",
            "Protocol major versions differ",
            "Magic value check failed"
        }) {
            if (line.startsWith(opening)) {
                event.outcome = Outcome.ERROR;
                event.reason = opening;
                Endpoint endpoint = Endpoint.before(line, line.length());
                if (endpoint != null) {
                    HostMessages.peer(endpoint.address(), event, network);
                }
                return;
            }
        }
    }

    private static void user(String line, int from, int to, SecurityEvent.Builder event) {
        event.user = to <= from
                ? null
                : HostMessages.present(line.substring(from, to).strip());
    }
}
