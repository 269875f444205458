package io.tocsin.job.decode.host;

import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What sudo writes, as text and, from 1.9.4 on, as JSON: {@code user} runs {@code process.command} as {@code name} of {@code
 * users}. One call is one event of the verb {@code sudo}: lines that continue a long command, and PAM's, have no verb.
 *
 * <p>A directory and a command may look like the rest of the line. Where more than one reading is possible, neither directory nor
 * {@code name} is set, and the command starts at the first place it can.
 */
final class SudoMessage {
    private static final String FIELDS = " ; ";
    private static final String CONTINUED = "(command continued) ";
    private static final String JSON = "@cee:";
    private static final List<String> FIRST_FIELDS = List.of("HOST=", "TTY=", "PWD=", "USER=");
    private static final List<String> KINDS = List.of("accept", "reject", "alert");

    private final Origin origin;
    private final Projection json;

    SudoMessage(DecoderOptions options, JsonValues values) {
        this.origin = Origin.of(options);
        this.json = new Projection(
                options,
                values,
                KINDS.stream()
                        .flatMap(kind ->
                                List.of("", "/submituser", "/runuser", "/command", "/runargv", "/submitcwd", "/reason")
                                        .stream()
                                        .map(member -> "sudo/" + kind + member))
                        .toArray(String[]::new));
    }

    void read(String message, boolean whole, SecurityEvent.Builder event, Network network) {
        if (PamMessage.readOfChange(message, event, network)) {
            return;
        }
        String text =
                message.startsWith(JSON) ? message.substring(JSON.length()).strip() : message;
        if (text.startsWith("{")) {
            json(text, event);
            return;
        }
        int colon = text.indexOf(" : ");
        if (colon <= 0 || text.lastIndexOf(' ', colon - 1) >= 0) {
            return;
        }
        String user = text.substring(0, colon);
        String rest = text.substring(colon + 3);
        if (rest.startsWith(CONTINUED)) {
            event.user = HostMessages.present(user);
            event.reason = "command continued";
            command(rest.substring(CONTINUED.length()), null, event);
            return;
        }
        int first = firstField(rest);
        if (first < 0) {
            return;
        }
        event.verb = "sudo";
        event.user = HostMessages.present(user);
        String failure = first < FIELDS.length() ? "" : rest.substring(0, first - FIELDS.length());
        if (!failure.isEmpty()) {
            failed(failure, event);
        } else {
            event.outcome = whole || rest.contains("COMMAND=") ? Outcome.SUCCESS : Outcome.UNKNOWN;
        }
        fields(rest, first, event);
    }

    /** Where the fields start: behind the reason of a failure, if there is one; -1 if there are none. */
    private static int firstField(String rest) {
        for (int at = 0; at >= 0 && at < rest.length(); ) {
            for (String field : FIRST_FIELDS) {
                if (rest.startsWith(field, at)) {
                    return at;
                }
            }
            int next = rest.indexOf(FIELDS, at);
            at = next < 0 ? -1 : next + FIELDS.length();
        }
        return -1;
    }

    private static void failed(String failure, SecurityEvent.Builder event) {
        event.reason = HostMessages.present(failure);
        if (failure.contains("incorrect password attempt")) {
            event.outcome = Outcome.UNAUTHENTICATED;
            int digits = 0;
            while (digits < failure.length() && digits < 4 && Endpoint.isDigit(failure.charAt(digits))) {
                digits++;
            }
            event.count = digits == 0 ? 1 : Math.max(1, Integer.parseInt(failure.substring(0, digits)));
        } else if (failure.contains("password is required") || failure.contains("authentication")) {
            event.outcome = Outcome.UNAUTHENTICATED;
        } else if (failure.contains(" NOT ") || failure.contains("not allowed") || failure.contains("not permitted")) {
            event.outcome = Outcome.DENIED;
        } else {
            event.outcome = Outcome.ERROR;
        }
    }

    private static void fields(String rest, int first, SecurityEvent.Builder event) {
        int commandAt = rest.startsWith("COMMAND=", first) ? first : after(rest, first, "COMMAND=");
        String head = commandAt < 0 ? rest : rest.substring(0, commandAt);
        String command = commandAt < 0 ? null : rest.substring(commandAt + "COMMAND=".length());
        int userAt = head.startsWith("USER=", first) ? first : after(head, first, "USER=");
        // Only a directory or a command can hold what looks like a field.
        boolean clear = command == null || after(command, 0, "COMMAND=") < 0 || after(command, 0, "USER=") < 0;
        clear &= userAt < 0 || after(head, userAt, "USER=") < 0;
        String directory = null;
        if (clear) {
            int pwd = head.startsWith("PWD=", first) ? first : after(head, first, "PWD=");
            if (pwd >= 0 && userAt > pwd) {
                directory = head.substring(pwd + "PWD=".length(), userAt - FIELDS.length());
            }
            if (userAt >= 0) {
                int end = head.indexOf(FIELDS, userAt);
                PamMessage.become(head.substring(userAt + "USER=".length(), end < 0 ? head.length() : end), event);
            }
        }
        command(command, directory, event);
    }

    /** Where a field of this name starts behind a separator; -1 if there is none. */
    private static int after(String text, int from, String name) {
        int at = text.indexOf(FIELDS + name, from);
        return at < 0 ? -1 : at + FIELDS.length();
    }

    private static void command(@Nullable String command, @Nullable String directory, SecurityEvent.Builder event) {
        HostProcess by = event.process;
        event.process = new HostProcess(
                by.binary(),
                command == null ? null : HostMessages.present(command, ValueReader.LONG),
                directory == null ? null : HostMessages.present(directory),
                by.id(),
                by.parentId(),
                by.parent(),
                by.file());
    }

    private void json(String text, SecurityEvent.Builder event) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        try {
            json.read(new RecordBytes(bytes, 0, bytes.length, false, origin));
            for (String kind : KINDS) {
                String path = "sudo/" + kind;
                if (json.isObject(path) || json.has(path + "/submituser")) {
                    take(kind, path, event);
                    return;
                }
            }
        } catch (BadRecord e) {
            // The journal's or syslog's record is whole: what sudo says in it is kept as text.
        }
    }

    private void take(String kind, String path, SecurityEvent.Builder event) throws BadRecord {
        String user = json.name(path + "/submituser");
        String becomes = json.name(path + "/runuser");
        String binary = json.text(path + "/command");
        List<String> arguments = json.texts(path + "/runargv");
        String directory = json.text(path + "/submitcwd");
        String reason = json.text(path + "/reason");
        event.verb = "sudo";
        event.user = user;
        if (becomes != null) {
            PamMessage.become(becomes, event);
        }
        if (kind.equals("accept")) {
            event.outcome = Outcome.SUCCESS;
        } else {
            failed(reason == null ? kind : reason, event);
        }
        StringBuilder command = new StringBuilder(binary == null ? "" : binary);
        for (int i = 1; i < arguments.size() && command.length() < ValueReader.LONG; i++) {
            command.append(' ').append(arguments.get(i));
        }
        command(command.toString(), directory, event);
    }
}
