package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownValuesTest {
    private final KnownValues<String> values = new KnownValues<>(16);

    private void keep(String text) {
        byte[] bytes = bytes("  " + text + "}");
        values.keep(bytes, 2, bytes.length - 1, text);
    }

    private @Nullable String find(String text) {
        byte[] bytes = bytes(text);
        KnownValues.Known<String> known = values.find(bytes, 0, bytes.length);
        return known == null ? null : known.value;
    }

    @Test
    void knowsAValueWhereverItStands() {
        keep("{\"a\":{},\"b\":1}");
        assertThat(find("{\"a\":{},\"b\":1},\"c\":2}")).isEqualTo("{\"a\":{},\"b\":1}");
        assertThat(find("{\"a\":{},\"b\":2},\"c\":2}")).isNull();
        assertThat(find("{\"a\":{},\"b\":1")).isNull();
    }

    @Test
    void knowsTwoValuesWhoseSlotsAreTheSame() {
        // Told by what stands up to the first bracket.
        keep("{\"a\":{\"what takes more than a few words\":1},\"b\":1}");
        keep("{\"a\":{\"what takes more than a few words\":1},\"b\":2}");
        assertThat(find("{\"a\":{\"what takes more than a few words\":1},\"b\":1}"))
                .isEqualTo("{\"a\":{\"what takes more than a few words\":1},\"b\":1}");
        assertThat(find("{\"a\":{\"what takes more than a few words\":1},\"b\":2}"))
                .isEqualTo("{\"a\":{\"what takes more than a few words\":1},\"b\":2}");
        keep("{\"a\":{\"what takes more than a few words\":1},\"b\":3}");
        assertThat(find("{\"a\":{\"what takes more than a few words\":1},\"b\":3}"))
                .isNotNull();
        assertThat(find("{\"a\":{\"what takes more than a few words\":1},\"b\":1}"))
                .isNull();
    }

    @Test
    void holdsNoMoreThanItMay() {
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            String text = "\"" + i + "x".repeat(random.nextInt(2_040)) + "\"";
            keep(text);
            assertThat(find(text)).isEqualTo(text);
            assertThat(values.bytes()).isBetween(1L, 16L * 512);
        }
        keep("\"" + "y".repeat(3_000) + "\"");
        assertThat(find("\"" + "y".repeat(3_000) + "\"")).isNull();
    }

    @Test
    void neverTakesOneValueForAnother() {
        Random random = new Random(2);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            StringBuilder text = new StringBuilder("{\"a\":\"");
            for (int length = random.nextInt(40); length > 0; length--) {
                text.append("ab{}[]".charAt(random.nextInt(6)));
            }
            texts.add(text + "\"}");
        }
        KnownValues<String> large = new KnownValues<>(1 << 10);
        for (String text : texts) {
            byte[] bytes = bytes(text);
            KnownValues.Known<String> known = large.find(bytes, 0, bytes.length);
            if (known != null) {
                assertThat(known.value).isEqualTo(text);
            }
            large.keep(bytes, 0, bytes.length, text);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
