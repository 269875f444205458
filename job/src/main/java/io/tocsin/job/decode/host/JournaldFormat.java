package io.tocsin.job.decode.host;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonFormat;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ToldTimes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Entries of the journal as JSON: {@code journalctl -o json}, and what collectors that read the journal make of it. A value may be
 * a string, null (it was too long), an array of numbers (its bytes), or an array of these (the field comes more than once).
 */
public final class JournaldFormat extends JsonFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new JournaldFormat(options, values);
        }
    }

    /** Where collectors put the time, which they know besides the entry. */
    private static final String[] SHIPPED = {"timestamp", "@timestamp", "date", "time"};

    private static final byte[] RECEIVED = ObjectOutline.name(JournalField.RECEIVED.key);
    private static final String HOST = "host";
    private static final String EXPECTED_ELEMENT = "a string, bytes, or an array of these";

    private final JsonValues values;
    private final JournalEvents events;
    private final JournalEntry entry = new JournalEntry();

    JournaldFormat(DecoderOptions options, JsonValues values) {
        super(options, values, paths());
        this.values = values;
        this.events = new JournalEvents(options, values);
    }

    private static String[] paths() {
        List<String> paths = new ArrayList<>(List.of(SHIPPED));
        paths.add(HOST);
        for (JournalField field : JournalField.values()) {
            for (String name : List.of(field.key, field.lower, field.stripped, field.strippedLower)) {
                if (!paths.contains(name)) {
                    paths.add(name);
                }
            }
        }
        return paths.toArray(String[]::new);
    }

    @Override
    public String name() {
        return Source.JOURNALD.id();
    }

    @Override
    public About about() {
        return new About(
                "journal entries as JSON: journalctl -o json, systemd inputs of Fluent Bit, Fluentd and Vector, GKE nodes",
                "MESSAGE with a field that journald sets, such as _BOOT_ID or _HOSTNAME",
                "logins, where a collector has taken the underscores away: nothing tells then who really wrote an entry");
    }

    @Override
    public List<Set<String>> signatures() {
        List<Set<String>> all = new ArrayList<>();
        all.add(Set.of("__CURSOR", "__REALTIME_TIMESTAMP"));
        for (String set :
                List.of("_BOOT_ID", "_MACHINE_ID", "_HOSTNAME", "_TRANSPORT", "_PID", "__REALTIME_TIMESTAMP")) {
            all.add(Set.of("MESSAGE", set));
            // Vector renames the message.
            all.add(Set.of("message", set));
        }
        all.add(Set.of("message", "_boot_id"));
        all.add(Set.of("message", "_machine_id"));
        all.add(Set.of("MESSAGE", "BOOT_ID"));
        all.add(Set.of("MESSAGE", "MACHINE_ID"));
        all.add(Set.of("message", "boot_id", "machine_id"));
        return List.copyOf(all);
    }

    @Override
    protected void take(Projection object, RecordBytes record, Document document) throws BadRecord {
        entry.clear();
        boolean stripped = true;
        for (JournalField field : JournalField.values()) {
            String given = given(object, field.key, field.lower);
            stripped &= !field.trusted() || given == null;
            if (given != null) {
                entry.set(field, value(object, given, field));
            }
        }
        if (stripped) {
            entry.disbelieve();
            for (JournalField field : JournalField.values()) {
                String given = given(object, field.stripped, field.strippedLower);
                if (given != null && !entry.has(field)) {
                    entry.set(field, value(object, given, field));
                }
            }
        }
        if (!entry.has(JournalField.HOSTNAME) && object.isText(HOST)) {
            entry.set(JournalField.HOSTNAME, object.text(HOST));
        }
        if (object.truncated()) {
            entry.cut();
        }
        events.hand(entry, shipped(object), record, document);
    }

    private static @Nullable String given(Projection object, String name, String other) {
        return object.has(name) ? name : object.has(other) ? other : null;
    }

    private @Nullable String value(Projection object, String path, JournalField field) throws BadRecord {
        if (object.isArray(path)) {
            return array(object, path, field);
        }
        return switch (field) {
            case MESSAGE -> object.text(path, HostMessages.MAX_LENGTH + 1);
            // Some collectors make numbers of them.
            case RECEIVED, SENT, PID, UID, PRIORITY -> object.scalar(path);
            default -> object.text(path);
        };
    }

    private @Nullable String array(Projection object, String path, JournalField field) throws BadRecord {
        RecordBytes array = object.array(path);
        if (array == null) {
            return null;
        }
        try (JsonParser p = values.parser(array.bytes(), array.start(), array.end())) {
            p.nextToken();
            if (p.nextToken() == JsonToken.VALUE_NUMBER_INT) {
                return bytes(p, path);
            }
            StringBuilder all = new StringBuilder();
            int count = 0;
            for (; p.currentToken() != JsonToken.END_ARRAY; p.nextToken()) {
                String element = element(p, path);
                if (element != null && all.length() <= HostMessages.MAX_LENGTH) {
                    all.append(count++ > 0 ? "\n" : "").append(element);
                }
            }
            // Of a field that journald sets once, two values are none.
            return count > 1 && field != JournalField.MESSAGE
                    ? (field.trusted() ? null : all.substring(0, all.indexOf("\n")))
                    : all.toString();
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
    }

    private static @Nullable String element(JsonParser p, String path) throws IOException, BadRecord {
        JsonToken token = p.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (token == JsonToken.VALUE_STRING) {
            return p.getText();
        }
        if (token == JsonToken.START_ARRAY) {
            return p.nextToken() == JsonToken.END_ARRAY ? "" : bytes(p, path);
        }
        throw JsonValues.unexpected(p, path, EXPECTED_ELEMENT);
    }

    /** The text that is written down as its bytes; the parser stands on the first. */
    private static String bytes(JsonParser p, String path) throws IOException, BadRecord {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (; p.currentToken() != JsonToken.END_ARRAY; p.nextToken()) {
            if (p.currentToken() != JsonToken.VALUE_NUMBER_INT || p.getTextLength() > 3 || p.getIntValue() > 255) {
                throw JsonValues.unexpected(p, path, EXPECTED_ELEMENT);
            }
            if (out.size() <= HostMessages.MAX_LENGTH) {
                out.write(p.getIntValue());
            }
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    private static @Nullable Instant shipped(Projection object) throws BadRecord {
        for (String path : SHIPPED) {
            if (object.has(path) && !object.isObject(path) && !object.isArray(path)) {
                String text = object.scalar(path);
                Instant time = text == null ? null : Rfc3339.parse(text);
                time = time == null && text != null ? Times.epoch(text) : time;
                if (time != null) {
                    return time;
                }
            }
        }
        return null;
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        String received = times.outline().scalar(times.outline().find(RECEIVED));
        Instant time = received == null ? null : Times.micros(received);
        return time == null ? DocumentDecoder.UNTOLD : time.toEpochMilli();
    }
}
