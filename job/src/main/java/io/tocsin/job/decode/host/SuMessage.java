package io.tocsin.job.decode.host;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.network.Network;

/**
 * What su writes, of util-linux and of shadow: {@code user} becomes {@code name}. Its own line about how it ended is of the verb
 * {@code login}; PAM's lines about the same have none.
 */
final class SuMessage {
    private SuMessage() {}

    static void read(String message, boolean whole, SecurityEvent.Builder event, Network network) {
        if (PamMessage.readOfChange(message, event, network)) {
            return;
        }
        boolean failed = message.startsWith("FAILED ");
        String text = message;
        if (failed) {
            text = message.substring("FAILED ".length());
            text = text.startsWith("SU ") ? text.substring("SU ".length()) : text;
        }
        if (text.startsWith("(to ")) {
            // (to root) lab on pts/0
            int close = text.indexOf(") ");
            int on = text.lastIndexOf(" on ");
            if (close > 0 && on > close) {
                ended(failed, text.substring(close + 2, on), text.substring("(to ".length(), close), event);
            }
            return;
        }
        String opening = failed ? "su for " : "Successful su for ";
        int by = text.lastIndexOf(" by ");
        if (whole && text.startsWith(opening) && by >= opening.length()) {
            ended(failed, text.substring(by + " by ".length()), text.substring(opening.length(), by), event);
        }
    }

    private static void ended(boolean failed, String user, String becomes, SecurityEvent.Builder event) {
        event.verb = "login";
        event.outcome = failed ? Outcome.UNAUTHENTICATED : Outcome.SUCCESS;
        event.user = HostMessages.present(user.strip());
        PamMessage.become(becomes.strip(), event);
    }
}
