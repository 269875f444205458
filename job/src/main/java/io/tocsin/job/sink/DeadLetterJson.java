package io.tocsin.job.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.redaction.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A dead letter as one line of JSON: {@code location}, {@code position}, {@code reason}, and the record as it came, as text in
 * {@code record}, or in {@code record_base64} if it is not UTF-8. Where secrets were taken out of the record, as {@link Redaction}
 * does it, {@code redacted} is true; else its bytes are those that came.
 */
public final class DeadLetterJson {
    private DeadLetterJson() {}

    /** The line; its key is the location, so that one partition's dead letters stay in order. */
    public static Line line(DeadLetter letter) {
        byte[] record = Redaction.of(letter.bytes());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + record.length);
        try (JsonGenerator json = JsonText.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeStringField("location", letter.location());
            json.writeNumberField("position", letter.position());
            json.writeStringField("reason", Redaction.of(letter.reason()));
            String text = text(record);
            if (text != null) {
                json.writeStringField("record", text);
            } else {
                json.writeStringField("record_base64", Base64.getEncoder().encodeToString(record));
            }
            if (record != letter.bytes()) {
                json.writeBooleanField("redacted", true);
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return new Line(letter.location(), bytes.toByteArray());
    }

    private static @Nullable String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
