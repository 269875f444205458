package io.tocsin.sigma.read;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** How a text looks where it was encoded before it was logged. */
final class TextEncoding {
    private static final int LATIN_LIMIT = 0x80;
    private static final String MARK = "\uFEFF";

    private TextEncoding() {}

    /**
     * The bytes of a text in another encoding, one character each, as a log shows them that takes them for single-byte text.
     *
     * @param text of ASCII characters
     */
    static String wide(String text, Charset charset) {
        return new String(text.getBytes(charset), StandardCharsets.ISO_8859_1);
    }

    /** Whether every character is ASCII. */
    static boolean isAscii(String text) {
        return text.chars().allMatch(c -> c < LATIN_LIMIT);
    }

    /** Base64, with padding. */
    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    /**
     * What can be seen of the bytes in the Base64 of something longer that holds them, for each of the three places that they can
     * have in a group. The characters at both ends that also depend on what is around are left out.
     */
    static List<String> base64Offsets(byte[] bytes) {
        List<String> all = new ArrayList<>();
        for (int offset = 0; offset < 3; offset++) {
            byte[] shifted = new byte[offset + bytes.length];
            System.arraycopy(bytes, 0, shifted, offset, bytes.length);
            String encoded = base64(shifted);
            // One byte before decides two of the characters, two bytes three; likewise at the end.
            int from = offset == 0 ? 0 : offset + 1;
            int cut =
                    switch (shifted.length % 3) {
                        case 1 -> 3;
                        case 2 -> 2;
                        default -> 0;
                    };
            if (encoded.length() - cut > from) {
                all.add(encoded.substring(from, encoded.length() - cut));
            }
        }
        return List.copyOf(all);
    }

    /** The bytes of a text in UTF-16, little end first, after a byte order mark. */
    static byte[] utf16(String text) {
        return (MARK + text).getBytes(StandardCharsets.UTF_16LE);
    }
}
