package io.tocsin.job.decode.host;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What systemd says of its units: {@code start}, {@code stop} and {@code fail} of {@code name} of {@code units}. The name is
 * what the journal tells, else what the message tells: with old versions that is a description, and no name. A unit that did not
 * come up is a {@code start} with an error, and most often a {@code fail} as well.
 */
final class SystemdMessage {
    private static final List<String> KINDS = List.of(
            ".service",
            ".socket",
            ".timer",
            ".target",
            ".mount",
            ".automount",
            ".slice",
            ".scope",
            ".path",
            ".swap",
            ".device");
    private static final int LONGEST_NAME = 255;

    private SystemdMessage() {}

    static void read(String message, SecurityEvent.Builder event) {
        int space = message.indexOf(' ');
        if (space < 0) {
            return;
        }
        String first = message.substring(0, space);
        switch (first) {
            case "Started" -> unit("start", Outcome.SUCCESS, message.substring(space + 1), event);
            case "Stopped" -> unit("stop", Outcome.SUCCESS, message.substring(space + 1), event);
            case "Failed" -> {
                if (message.startsWith("Failed to start ")) {
                    unit("start", Outcome.ERROR, message.substring("Failed to start ".length()), event);
                }
            }
            default -> {
                String name = first.endsWith(":") ? unitName(first.substring(0, first.length() - 1)) : null;
                String rest = message.substring(space + 1);
                if (name == null) {
                    return;
                }
                named(name, event);
                if (rest.startsWith("Failed with result")) {
                    event.verb = "fail";
                    event.outcome = Outcome.ERROR;
                    event.reason = quoted(rest);
                }
            }
        }
    }

    private static void unit(String verb, Outcome outcome, String rest, SecurityEvent.Builder event) {
        event.verb = verb;
        event.outcome = outcome;
        int end = rest.indexOf(' ');
        String word = end < 0 ? rest : rest.substring(0, end);
        String name = unitName(word.endsWith(".") ? word.substring(0, word.length() - 1) : word);
        if (name != null) {
            named(name, event);
        }
    }

    private static void named(String name, SecurityEvent.Builder event) {
        event.resource = "units";
        event.name = event.name == null ? name : event.name;
    }

    /** The word if it is a unit's name. */
    static @Nullable String unitName(String word) {
        for (String kind : KINDS) {
            if (word.endsWith(kind) && word.length() > kind.length() && word.length() <= LONGEST_NAME) {
                return word;
            }
        }
        return null;
    }

    private static @Nullable String quoted(String text) {
        int open = text.indexOf('\'');
        int close = text.indexOf('\'', open + 1);
        return open < 0 || close < 0 ? null : HostMessages.present(text.substring(open + 1, close));
    }
}
