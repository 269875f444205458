package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringTextTest {
    private static final JsonFactory JSON = new JsonFactory();
    private static final String[] PIECES = {
        "a",
        "long enough to be more than a word",
        "\\n",
        "\\\"",
        "\\\\",
        "\\/",
        "\\u0041",
        "\\u00e9",
        "\\u20ac",
        "é",
        "€",
        "\\t\\r\\b\\f",
        " "
    };
    private final StringText text = new StringText();

    private @Nullable String read(String json) {
        byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
        return text.read(bytes, 0, bytes.length)
                ? new String(text.bytes(), 0, text.length(), StandardCharsets.UTF_8)
                : null;
    }

    @Test
    void readsWhatTheParserReads() throws IOException {
        Random random = new Random(4);
        for (int i = 0; i < 5_000; i++) {
            StringBuilder json = new StringBuilder("\"");
            for (int pieces = random.nextInt(80); pieces > 0; pieces--) {
                json.append(PIECES[random.nextInt(PIECES.length)]);
            }
            json.append('"');
            try (JsonParser p = JSON.createParser(json.toString())) {
                p.nextToken();
                assertThat(read(json + ",\"x\"")).isEqualTo(p.getText());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"a",
                "\"a\\",
                "\"a\\\"",
                "\"\\u00",
                "\"\\u00zz\"",
                "\"\\x\"",
                "\"a\nb\"",
                "\"\\ud83d\\ude00\"",
                "\""
            })
    void givesUpOnWhatIsUnusual(String json) {
        assertThat(read(json)).isNull();
    }
}
