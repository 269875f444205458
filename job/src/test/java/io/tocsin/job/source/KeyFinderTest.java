package io.tocsin.job.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyFinderTest {
    @ParameterizedTest
    @ValueSource(strings = {"auditID", "stageTimestamp", "timestamp", "a"})
    void findsWhatIndexOfFinds(String name) {
        KeyFinder finder = new KeyFinder(name);
        String key = '"' + name + '"';
        assertThat(finder.length()).isEqualTo(key.length());
        Random random = new Random(2);
        for (int i = 0; i < 20_000; i++) {
            String text = text(key, random);
            byte[] bytes = text.getBytes(ISO_8859_1);
            int from = random.nextInt(text.length() + 1);
            int to = from + random.nextInt(text.length() - from + 1);
            int first = text.substring(0, to).indexOf(key, from);
            int last = text.substring(from, to).lastIndexOf(key);
            assertThat(finder.first(bytes, from, to)).as(text).isEqualTo(first);
            assertThat(finder.last(bytes, from, to)).as(text).isEqualTo(last < 0 ? -1 : from + last);
        }
    }

    /** The key, parts of it, its letters, and bytes that differ from them in one bit. */
    private static String text(String key, Random random) {
        StringBuilder text = new StringBuilder();
        for (int parts = random.nextInt(12); parts > 0; parts--) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(key);
                case 1 -> text.append(key, 0, random.nextInt(key.length()));
                case 2 -> text.append(key.substring(random.nextInt(key.length())));
                default -> text.append((char) (key.charAt(random.nextInt(key.length())) ^ 1 << random.nextInt(8)));
            }
        }
        return text.toString();
    }
}
