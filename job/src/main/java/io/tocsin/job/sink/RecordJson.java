package io.tocsin.job.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.redaction.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * A decoded record as one line of JSON: an event's members as {@link EventJson} writes them, {@code deadLetter} with the reason, or
 * {@code skipped} with the reason; and where its document stands, {@code location} and {@code position}.
 */
public final class RecordJson {
    private RecordJson() {}

    /** Adds the line, with its end. */
    public static void append(Decoded record, String location, long position, ByteArrayOutputStream out) {
        SecurityEvent event = record.event();
        DeadLetter letter = record.deadLetter();
        try (JsonGenerator json = JsonText.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            if (event != null) {
                EventJson.write(event, json);
            } else if (letter != null) {
                json.writeStringField("deadLetter", Redaction.of(letter.reason()));
            } else {
                json.writeStringField("skipped", record.skipped());
            }
            json.writeStringField("location", location);
            json.writeNumberField("position", position);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        out.write('\n');
    }
}
