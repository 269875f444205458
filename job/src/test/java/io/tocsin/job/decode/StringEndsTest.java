package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is found eight bytes at a time, against what is found one by one. */
class StringEndsTest {
    private static final byte[] LETTERS = {
        'a', 'k', '"', '\\', '\n', 0, 0x1f, ' ', '!', '#', '[', ']', '}', (byte) 0x80, (byte) 0xff
    };
    private final Random random = new Random(3);

    private byte[] text() {
        byte[] text = new byte[random.nextInt(60)];
        int variety = 1 + random.nextInt(LETTERS.length);
        for (int i = 0; i < text.length; i++) {
            text[i] = random.nextInt(4) == 0 ? LETTERS[random.nextInt(variety)] : (byte) 'b';
        }
        return text;
    }

    @Test
    void findsWhatIsFoundOneByOne() {
        for (int round = 0; round < 50_000; round++) {
            byte[] text = text();
            int from = random.nextInt(text.length + 1);
            int to = from + random.nextInt(text.length - from + 1);
            int newline = from;
            while (newline < to && text[newline] != '\n') {
                newline++;
            }
            assertThat(StringEnds.newline(text, from, to)).isEqualTo(newline);
            int special = from;
            while (special < to && !isSpecial(text[special])) {
                special++;
            }
            assertThat(StringEnds.special(text, from, to)).isEqualTo(special);
            int followed = from;
            while (followed < to && !(text[followed] == '"' && followed + 1 < to && text[followed + 1] == 'k')) {
                followed++;
            }
            int found = StringEnds.quoteBefore((byte) 'k', text, from, to);
            assertThat(found).isBetween(from, followed);
        }
    }

    private static boolean isSpecial(byte b) {
        return b == '"' || b == '\\' || (b >= 0 && b < ' ');
    }

    @Test
    void findsTheEndsOfStringsAsOneByOne() {
        for (int round = 0; round < 50_000; round++) {
            byte[] text = text();
            if (text.length == 0) {
                continue;
            }
            text[0] = '"';
            int end = stringEnd(text, false);
            assertThat(JsonScanner.valueEnd(text, 0, text.length)).isEqualTo(end);
            assertThat(JsonScanner.valueEndInLine(text, 0, text.length)).isEqualTo(stringEnd(text, true));
            int quote = StringEnds.quote(text, 0, text.length);
            if (quote >= 0) {
                assertThat(quote + 1).isEqualTo(end);
            }
        }
    }

    private static int stringEnd(byte[] text, boolean inLine) {
        for (int i = 1; i < text.length; i++) {
            if (text[i] == '"') {
                return i + 1;
            }
            if (text[i] == '\\') {
                i++;
            } else if (text[i] == '\n' && inLine) {
                return i;
            }
        }
        return JsonScanner.CUT;
    }

    @Test
    void comparesWords() {
        for (int round = 0; round < 50_000; round++) {
            byte[] text = new byte[random.nextInt(140)];
            int from = random.nextInt(text.length + 1);
            int length = text.length - from;
            byte[] other = Arrays.copyOfRange(text, from, text.length);
            assertThat(Words.equal(text, from, other, length)).isTrue();
            if (length > 0) {
                other[random.nextInt(length)]++;
                assertThat(Words.equal(text, from, other, length)).isFalse();
            }
            random.nextBytes(text);
            int to = from + random.nextInt(length + 1);
            long word = 0;
            for (int i = Math.min(to, from + 8) - 1; i >= from; i--) {
                word = word << 8 | (text[i] & 0xff);
            }
            assertThat(Words.upTo(text, from, to)).isEqualTo(word);
        }
    }

    @Test
    void findsNamesByTheirBytes() {
        NamesByBytes<Integer> names = new NamesByBytes<>(
                Map.of("", 0, "a", 1, "b", 2, "kubernetes", 3, "kubernetes.pod", 4, "kubernates", 5));
        byte[] bytes = "a,kubernetes.pod,kubernates".getBytes(StandardCharsets.UTF_8);
        assertThat(names.get(bytes, 0, 0)).isEqualTo(0);
        assertThat(names.get(bytes, 0, 1)).isEqualTo(1);
        assertThat(names.get(bytes, 1, 2)).isNull();
        assertThat(names.get(bytes, 2, 12)).isEqualTo(3);
        assertThat(names.get(bytes, 2, 16)).isEqualTo(4);
        assertThat(names.get(bytes, 17, 27)).isEqualTo(5);
        assertThat(names.get(bytes, 2, 11)).isNull();
        assertThat(new NamesByBytes<>(Map.<String, Integer>of()).get(bytes, 0, 1))
                .isNull();
    }
}
