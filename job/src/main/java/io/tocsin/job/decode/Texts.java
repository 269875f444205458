package io.tocsin.job.decode;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Lines of text. */
public final class Texts {
    private Texts() {}

    /**
     * The text, which must be UTF-8; a character that is cut at the end of a cut record is replaced.
     *
     * @throws BadRecord if it is not, or holds a NUL byte
     */
    public static String strict(byte[] bytes, int start, int end, boolean truncated) throws BadRecord {
        String line;
        try {
            line = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, start, end - start))
                    .toString();
        } catch (CharacterCodingException e) {
            if (!truncated) {
                throw new BadRecord("not UTF-8: " + Excerpt.of(bytes, start, end));
            }
            line = lenient(bytes, start, end);
        }
        if (line.indexOf('\0') >= 0) {
            throw new BadRecord("NUL byte in a line of text: " + Excerpt.of(line));
        }
        return line;
    }

    /** The text of whatever a program wrote: bytes that are no UTF-8 are replaced. */
    public static String lenient(byte[] bytes, int start, int end) {
        return new String(bytes, start, end - start, StandardCharsets.UTF_8);
    }

    /** Whether the bytes start with this ASCII text. */
    public static boolean startsWith(RecordBytes record, String ascii) {
        if (record.end() - record.start() < ascii.length()) {
            return false;
        }
        for (int i = 0; i < ascii.length(); i++) {
            if (record.bytes()[record.start() + i] != ascii.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /** The bytes up to the first line's end. */
    public static int lineEnd(RecordBytes record) {
        for (int i = record.start(); i < record.end(); i++) {
            if (record.bytes()[i] == '\n') {
                return i;
            }
        }
        return record.end();
    }

    /** Whether the line starts as klog does, such as {@code W0112 12:00:00.000000}. */
    public static boolean isKlog(String line) {
        if (line.length() < 14 || "IWEF".indexOf(line.charAt(0)) < 0 || line.charAt(5) != ' ') {
            return false;
        }
        for (int i = 1; i < 5; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return line.charAt(8) == ':' && line.charAt(11) == ':';
    }
}
