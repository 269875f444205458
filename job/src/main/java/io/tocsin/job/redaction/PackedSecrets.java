package io.tocsin.job.redaction;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** Secrets in bytes: text of one byte a character (UTF-8 too, since all that tells a secret is ASCII), UTF-16, and gzip. */
final class PackedSecrets {
    private static final int LOOKED_AT = 64;
    private static final int BUFFER = 1 << 13;

    private final SecretSearch search;

    PackedSecrets(SecretSearch search) {
        this.search = search;
    }

    /** The bytes without their secrets; the same object if there are none. */
    byte[] without(byte[] bytes, int depth) {
        if (isGzip(bytes)) {
            byte[] content = inflated(bytes, search.inflationLeft());
            search.inflated(content.length);
            byte[] redacted = without(content, depth + 1);
            return redacted == content ? bytes : deflated(redacted);
        }
        Charset charset = charset(bytes);
        String text = new String(bytes, charset);
        List<Edit> edits = search.in(text, depth, null, false);
        if (edits.isEmpty()) {
            return bytes;
        }
        String redacted = Edits.apply(text, edits);
        return redacted.equals(text) ? bytes : redacted.getBytes(charset);
    }

    /** What base64 text holds, if that is text or gzip with secrets, without them and in base64 again; else null. */
    @Nullable
    String withoutEncoded(String base64, int depth) {
        if (!mayBeText(base64)) {
            return null; // most words are no base64, and this is cheaper than to decode them
        }
        boolean url = base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0;
        String whole = whole(base64);
        boolean padded = base64.endsWith("=");
        Base64.Decoder decoder = url ? Base64.getUrlDecoder() : Base64.getDecoder();
        byte[] bytes;
        try {
            bytes = decoder.decode(whole);
        } catch (IllegalArgumentException e) {
            return null; // of both alphabets
        }
        byte[] redacted = without(bytes, depth);
        if (redacted == bytes) {
            return null;
        }
        Base64.Encoder encoder = url ? Base64.getUrlEncoder() : Base64.getEncoder();
        return (padded || whole.length() % 4 == 0 ? encoder : encoder.withoutPadding()).encodeToString(redacted);
    }

    /** The text that is base64 of one byte a character, as far as it goes; null if it is not base64. */
    static @Nullable String decoded(String text) {
        String base64 = whole(text);
        boolean url = base64.indexOf('-') >= 0 || base64.indexOf('_') >= 0;
        try {
            byte[] bytes = (url ? Base64.getUrlDecoder() : Base64.getDecoder()).decode(base64);
            return new String(bytes, StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Without padding, and without the letter that says nothing alone, of a text that was cut. */
    private static String whole(String base64) {
        int letters = base64.length();
        while (letters > 0 && base64.charAt(letters - 1) == '=') {
            letters--;
        }
        return base64.substring(0, letters % 4 == 1 ? letters - 1 : letters);
    }

    private static boolean isGzip(byte[] bytes) {
        return bytes.length > 2 && bytes[0] == 0x1f && bytes[1] == (byte) 0x8b;
    }

    /** Whether what base64 stands for starts as text does, or as gzip. */
    private static boolean mayBeText(String base64) {
        if (base64.startsWith("H4sI")) {
            return true;
        }
        int looked = Math.min(base64.length(), LOOKED_AT);
        int bits = 0;
        int odd = 0;
        for (int i = 0; i < looked; i++) {
            int value = value(base64.charAt(i));
            if (value < 0) {
                break; // padding
            }
            bits = bits << 6 | value;
            if (i % 4 != 0) {
                int b = bits >> (6 - 2 * (i % 4)) & 0xFF;
                boolean even = (b >= ' ' && b < 0x7f) || b == '\n' || b == '\r' || b == '\t' || b == 0;
                odd += even ? 0 : 1;
            }
        }
        return odd <= looked / 10;
    }

    private static int value(char c) {
        if (c >= 'A' && c <= 'Z') {
            return c - 'A';
        }
        if (c >= 'a' && c <= 'z') {
            return c - 'a' + 26;
        }
        if (c >= '0' && c <= '9') {
            return c - '0' + 52;
        }
        return c == '+' || c == '-' ? 62 : c == '/' || c == '_' ? 63 : -1;
    }

    private static Charset charset(byte[] bytes) {
        int looked = Math.min(bytes.length, LOOKED_AT) & ~1;
        int first = 0;
        int second = 0;
        for (int i = 0; i < looked; i += 2) {
            first += bytes[i] == 0 ? 1 : 0;
            second += bytes[i + 1] == 0 ? 1 : 0;
        }
        boolean wide = looked >= 8 && bytes.length % 2 == 0 && Math.max(first, second) > looked / 4;
        if (!wide) {
            return StandardCharsets.ISO_8859_1;
        }
        return first > second ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    /** What can be had of it: all, or what stands before the damage. */
    private static byte[] inflated(byte[] bytes, int limit) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[BUFFER];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes), BUFFER)) {
            int read = in.read(buffer);
            while (read >= 0 && content.size() + read <= limit) {
                content.write(buffer, 0, read);
                read = in.read(buffer);
            }
        } catch (IOException e) {
            return content.toByteArray();
        }
        return content.toByteArray();
    }

    private static byte[] deflated(byte[] content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }
}
