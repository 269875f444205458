package io.tocsin.job.decode.host;

import io.tocsin.event.Digest;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ValueReader;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Makes the event of an entry of the journal. */
final class JournalEvents {
    private final HostMessages messages;
    private final SecurityEvent.Builder event = SecurityEvent.builder();

    JournalEvents(DecoderOptions options, JsonValues values) {
        this.messages = new HostMessages(options, values);
    }

    /**
     * @param shipped the time that the collector gives, if the entry has lost its own
     * @throws BadRecord if there is no time
     */
    void hand(JournalEntry entry, @Nullable Instant shipped, RecordBytes record, Document document) throws BadRecord {
        Origin origin = record.origin();
        Instant time = micros(entry, JournalField.RECEIVED);
        if (time == null && origin.time() == null) {
            Instant sent = micros(entry, JournalField.SENT);
            time = sent == null ? shipped : sent;
        }
        Document.begin(event, Source.JOURNALD, document.timeOf(record, time, entry.truncated()), record);
        String cursor = entry.get(JournalField.CURSOR);
        if (cursor != null) {
            event.recordId = new Digest().add(cursor).hex();
        }
        event.truncated = entry.truncated();
        event.place = origin.place().or(Place.onNode(name(entry, JournalField.HOSTNAME)));
        event.level = level(entry.get(JournalField.PRIORITY));
        event.process = process(entry);
        Program writer = JournalWriter.of(entry);
        if (writer == Program.OTHER && entry.believed()) {
            event.userUid = name(entry, JournalField.UID);
        }
        if (writer == Program.SYSTEMD && entry.has(JournalField.UNIT)) {
            event.resource = "units";
            event.name = name(entry, JournalField.UNIT);
        }
        String message = entry.get(JournalField.MESSAGE);
        if (message != null) {
            messages.read(writer, message, !entry.truncated(), event);
        }
        document.event(event, record);
    }

    private static @Nullable Instant micros(JournalEntry entry, JournalField field) throws BadRecord {
        String text = entry.get(field);
        if (text == null) {
            return null;
        }
        Instant time = Times.micros(text);
        if (time == null) {
            throw new BadRecord(field.key + " must be microseconds since 1970: " + Excerpt.of("\"" + text + "\""));
        }
        return time;
    }

    private static @Nullable String level(@Nullable String priority) {
        return priority == null || priority.length() != 1 ? null : Severity.level(priority.charAt(0) - '0');
    }

    private static HostProcess process(JournalEntry entry) {
        String exe = name(entry, JournalField.EXE);
        String comm = name(entry, JournalField.COMM);
        String binary = exe != null ? exe : comm != null ? comm : name(entry, JournalField.IDENTIFIER);
        String command = arguments(entry.get(JournalField.CMDLINE), exe, comm);
        String pid = name(entry, JournalField.PID);
        return binary == null && pid == null && command == null
                ? HostProcess.NONE
                : new HostProcess(binary, command, null, pid, null, null, null);
    }

    /** A command line without the program's name, where it starts with that. */
    private static @Nullable String arguments(@Nullable String line, @Nullable String exe, @Nullable String comm) {
        if (line == null) {
            return null;
        }
        int space = line.indexOf(' ');
        String first = space < 0 ? line : line.substring(0, space);
        String base = Program.base(first);
        boolean program = first.equals(exe) || base.equals(comm) || (exe != null && base.equals(Program.base(exe)));
        String rest = program ? (space < 0 ? "" : line.substring(space + 1)) : line;
        return HostMessages.present(rest.strip(), ValueReader.LONG);
    }

    private static @Nullable String name(JournalEntry entry, JournalField field) {
        String value = entry.get(field);
        return value == null ? null : HostMessages.present(value);
    }
}
