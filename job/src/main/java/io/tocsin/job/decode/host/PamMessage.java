package io.tocsin.job.decode.host;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.network.Network;

/**
 * What PAM's modules write in the name of the program that asks them: {@code pam_unix(sshd:auth): ...}. Never of the verb {@code
 * login}, since the program says itself how it ended. {@code user} is who logs in or, where somebody becomes another, who was it
 * before; the other is then {@code name} of {@code users}.
 */
final class PamMessage {
    /** The reason of a session's end. */
    static final String CLOSED_REASON = "session closed";

    private static final String FAILURE = "authentication failure; ";
    private static final String OPENED = "session opened for user ";
    private static final String CLOSED = "session closed for user ";

    private PamMessage() {}

    /** Of a program by which somebody becomes another. */
    static boolean readOfChange(String text, SecurityEvent.Builder event, Network network) {
        boolean read = read(text, event, network);
        if (read && CLOSED_REASON.equals(event.reason) && event.user != null) {
            become(event.user, event);
            event.user = null;
        }
        return read;
    }

    /** Whether this is such a message; its {@code reason} is what happened. */
    static boolean read(String text, SecurityEvent.Builder event, Network network) {
        String rest = text;
        if (text.startsWith("pam_")) {
            int end = text.indexOf("): ");
            if (end < 0 || text.lastIndexOf('(', end) < 0 || text.indexOf(' ') < end) {
                return false;
            }
            rest = text.substring(end + 3);
        } else if (!text.startsWith(FAILURE) && !text.startsWith(OPENED) && !text.startsWith(CLOSED)) {
            return false;
        }
        if (rest.startsWith(FAILURE)) {
            event.outcome = Outcome.UNAUTHENTICATED;
            event.reason = "authentication failure";
            failure(rest, event, network);
        } else if (rest.startsWith("check pass; user unknown")) {
            event.outcome = Outcome.UNAUTHENTICATED;
            event.reason = "user unknown";
        } else if (rest.startsWith(OPENED)) {
            event.reason = "session opened";
            opened(rest.substring(OPENED.length()), event);
        } else if (rest.startsWith(CLOSED)) {
            event.reason = CLOSED_REASON;
            event.user = HostMessages.present(rest.substring(CLOSED.length()).strip());
        }
        return true;
    }

    /** {@code logname= uid=0 euid=0 tty=ssh ruser= rhost=A[  user=U]}: whoever knocks chooses what follows {@code user=} only. */
    private static void failure(String rest, SecurityEvent.Builder event, Network network) {
        int rhost = rest.indexOf(" rhost=");
        if (rhost < 0) {
            return;
        }
        int hostStart = rhost + " rhost=".length();
        int hostEnd = rest.indexOf(' ', hostStart);
        String host = rest.substring(hostStart, hostEnd < 0 ? rest.length() : hostEnd);
        HostMessages.peer(host, event, network);
        int user = hostEnd < 0 ? -1 : rest.indexOf("user=", hostEnd);
        String named = user < 0 ? "" : rest.substring(user + "user=".length()).strip();
        int asked = rest.indexOf(" ruser=");
        String asking = asked < 0 || asked > rhost
                ? ""
                : rest.substring(asked + " ruser=".length(), rhost).strip();
        if (asking.isEmpty()) {
            event.user = HostMessages.present(named);
        } else {
            event.user = HostMessages.present(asking);
            become(named, event);
        }
    }

    /** {@code root(uid=0) by [lab](uid=1000)}; older ones without a uid behind the first name. */
    private static void opened(String rest, SecurityEvent.Builder event) {
        int by = rest.lastIndexOf(" by ");
        String becomes = withoutUid(by < 0 ? rest : rest.substring(0, by));
        String asking = by < 0 ? "" : withoutUid(rest.substring(by + " by ".length()));
        if (asking.isEmpty()) {
            event.user = HostMessages.present(becomes);
        } else {
            event.user = HostMessages.present(asking);
            become(becomes, event);
        }
    }

    /** Sets whom the user becomes. */
    static void become(String user, SecurityEvent.Builder event) {
        event.name = HostMessages.present(user);
        event.resource = event.name == null ? null : "users";
    }

    private static String withoutUid(String name) {
        int uid = name.lastIndexOf("(uid=");
        return (uid < 0 ? name : name.substring(0, uid)).strip();
    }
}
