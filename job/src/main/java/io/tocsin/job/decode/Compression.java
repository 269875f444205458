package io.tocsin.job.decode;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.GZIPInputStream;

/** gzip, several members in a row too, and base64 of it. What comes out is bounded for the whole document. */
public final class Compression {
    private static final int BUFFER = 1 << 13;

    private Compression() {}

    /** Decompresses gzip and hands on what it holds. */
    public static void unwrap(RecordBytes input, Document document) {
        byte[] content;
        try {
            content = inflate(input.bytes(), input.start(), input.end(), document.inflationLeft());
        } catch (BadRecord e) {
            document.deadLetter(input, e.reason());
            return;
        }
        document.inflated(content.length);
        document.unwrap(new RecordBytes(content, 0, content.length, input.cut(), input.origin()));
    }

    /** Decodes base64 text and hands on what it holds. */
    public static void unwrapEncoded(RecordBytes input, Document document) {
        byte[] decoded;
        try {
            decoded = base64(Arrays.copyOfRange(input.bytes(), input.start(), input.end()));
        } catch (BadRecord e) {
            document.deadLetter(input, e.reason());
            return;
        }
        document.unwrap(new RecordBytes(decoded, 0, decoded.length, input.cut(), input.origin()));
    }

    public static byte[] base64(byte[] text) throws BadRecord {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new BadRecord("not base64: " + Excerpt.of(text, 0, text.length));
        }
    }

    private static byte[] inflate(byte[] bytes, int start, int end, int limit) throws BadRecord {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes, start, end - start), BUFFER)) {
            int read = in.read(buffer);
            while (read >= 0) {
                if (content.size() + read > limit) {
                    throw new BadRecord("gzip data holds more than " + (Document.MAX_INFLATED_BYTES >> 20) + " MiB");
                }
                content.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (EOFException e) {
            throw new BadRecord("gzip data ends early, after " + content.size() + " bytes of content");
        } catch (IOException e) {
            throw new BadRecord("not gzip: " + Excerpt.of(String.valueOf(e.getMessage())));
        }
        return content.toByteArray();
    }

    public static boolean isGzip(byte[] bytes, int start, int end) {
        return end - start > 2 && bytes[start] == 0x1f && bytes[start + 1] == (byte) 0x8b;
    }

    /** Base64 of gzip starts with {@code H4sI}; no log line consists of the letters of base64 alone. */
    public static boolean isEncodedGzip(RecordBytes input) {
        byte[] bytes = input.bytes();
        int start = input.start();
        if (input.end() - start < 20
                || bytes[start] != 'H'
                || bytes[start + 1] != '4'
                || bytes[start + 2] != 's'
                || bytes[start + 3] != 'I') {
            return false;
        }
        for (int i = start; i < input.end(); i++) {
            byte b = bytes[i];
            boolean letter = (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9');
            if (!letter && b != '+' && b != '/' && b != '=') {
                return false;
            }
        }
        return true;
    }
}
