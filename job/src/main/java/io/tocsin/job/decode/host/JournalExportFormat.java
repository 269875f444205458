package io.tocsin.job.decode.host;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Texts;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the journal in its export format: a line {@code NAME=value} for each field, or {@code NAME}, the length in eight
 * bytes and the value; a blank line ends an entry.
 */
public final class JournalExportFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new JournalExportFormat(options, values);
        }

        @Override
        public Framing framing() {
            return new JournalExportFraming();
        }
    }

    private static final String FIRST = "__CURSOR=";
    private static final int LENGTH_BYTES = 8;

    private final JournalEvents events;
    private final int maxRecordBytes;
    private final JournalEntry entry = new JournalEntry();
    private final Set<JournalField> seen = EnumSet.noneOf(JournalField.class);
    /** Where reading has come to. */
    private int at;

    JournalExportFormat(DecoderOptions options, JsonValues values) {
        this.events = new JournalEvents(options, values);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.JOURNALD.id();
    }

    @Override
    public About about() {
        return new About(
                "the journal's export format: journalctl -o export, systemd-journal-gatewayd",
                "__CURSOR= in front of an entry",
                "");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean spansLines() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        return Texts.startsWith(line, FIRST);
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        entry.clear();
        seen.clear();
        at = record.start();
        String flaw = null;
        try {
            read(record);
            if (at == record.end() && record.cut()) {
                entry.cut();
            }
        } catch (BadRecord e) {
            flaw = e.reason();
            skipEntry(record);
        }
        RecordBytes whole = record.to(Math.max(at, record.start() + 1));
        if (flaw == null) {
            try {
                events.hand(entry, null, whole, document);
            } catch (BadRecord e) {
                flaw = e.reason();
            }
        }
        if (flaw != null) {
            document.deadLetter(whole, flaw);
        }
        return whole.end();
    }

    private void read(RecordBytes record) throws BadRecord {
        byte[] bytes = record.bytes();
        while (at < record.end()) {
            int lineEnd = Texts.lineEnd(new RecordBytes(bytes, at, record.end(), false, record.origin()));
            if (lineEnd == at) {
                at++;
                return;
            }
            if (at - record.start() > maxRecordBytes) {
                entry.cut();
                skipEntry(record);
                return;
            }
            int name = JournalExportFraming.nameEnd(bytes, at, lineEnd);
            if (name == at || (name < lineEnd && bytes[name] != '=')) {
                throw new BadRecord("not a field of the journal: " + Excerpt.of(bytes, at, lineEnd));
            }
            JournalField field = JournalField.named(Texts.lenient(bytes, at, name));
            if (name < lineEnd) {
                set(field, bytes, name + 1, lineEnd);
                at = Math.min(lineEnd + 1, record.end());
            } else {
                binary(field, bytes, lineEnd + 1, record);
            }
        }
    }

    /** A value behind its length, which starts at {@code from}. */
    private void binary(@Nullable JournalField field, byte[] bytes, int from, RecordBytes record) throws BadRecord {
        int start = from + LENGTH_BYTES;
        if (start > record.end()) {
            entry.cut();
            at = record.end();
            return;
        }
        long length = 0;
        for (int i = LENGTH_BYTES - 1; i >= 0; i--) {
            length = length << 8 | (bytes[from + i] & 0xff);
        }
        if (length < 0 || length > Integer.MAX_VALUE) {
            throw new BadRecord("not a length: " + Long.toUnsignedString(length));
        }
        long end = start + length;
        if (end > record.end()) {
            // White space at a document's end is not part of it, but may be of the value.
            int most = record.end();
            while (most < end && most < bytes.length && JsonScanner.isSpace(bytes[most])) {
                most++;
            }
            if (most < end) {
                entry.cut();
            }
            set(field, bytes, start, record.end());
            at = record.end();
            return;
        }
        if (end < record.end() && bytes[(int) end] != '\n') {
            throw new BadRecord("no line break behind a value of " + length + " bytes");
        }
        set(field, bytes, start, (int) end);
        at = (int) Math.min(end + 1, record.end());
    }

    private void set(@Nullable JournalField field, byte[] bytes, int from, int to) {
        if (field == null) {
            return;
        }
        boolean first = seen.add(field);
        if (!first && field.trusted()) {
            // Of a field that journald sets once, two values are none.
            entry.set(field, null);
            return;
        }
        String value = Texts.lenient(bytes, from, (int) Math.min(to, (long) from + HostMessages.MAX_LENGTH + 1));
        String before = first ? null : entry.get(field);
        if (before == null) {
            entry.set(field, value);
        } else if (field == JournalField.MESSAGE && before.length() <= HostMessages.MAX_LENGTH) {
            entry.set(field, before + "\n" + value);
        }
    }

    /** Goes behind the next blank line. */
    private void skipEntry(RecordBytes record) {
        byte[] bytes = record.bytes();
        while (at < record.end() && !(bytes[at] == '\n' && at > record.start() && bytes[at - 1] == '\n')) {
            at++;
        }
        at = Math.min(at + 1, record.end());
    }
}
