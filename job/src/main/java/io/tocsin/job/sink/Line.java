package io.tocsin.job.sink;

import io.tocsin.job.redaction.Redaction;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One line of output.
 *
 * @param key the Kafka key, which keeps the lines of one thing in one partition; null where there is none
 * @param bytes the line in UTF-8, without its end
 */
public record Line(@Nullable String key, byte[] bytes) {

    /**
     * A raw document as one line that decodes to the same records but for the secrets, which are taken out as {@link Redaction} does
     * it: a line break, white space in JSON, becomes a space; compressed bytes become base64. Copies the bytes.
     */
    public static Line ofDocument(byte[] document, int offset, int length) {
        if (length > 1 && document[offset] == (byte) 0x1F && document[offset + 1] == (byte) 0x8B) {
            byte[] clean = Redaction.of(Arrays.copyOfRange(document, offset, offset + length));
            return new Line(null, Base64.getEncoder().encode(clean));
        }
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            byte b = document[offset + i];
            bytes[i] = b == '\n' || b == '\r' ? (byte) ' ' : b;
        }
        return new Line(null, Redaction.of(bytes));
    }
}
