package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonFramingTest {
    private static List<String> documents(String... lines) {
        byte[] bytes = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
        Documents documents = new Documents(new JsonFraming());
        documents.over(bytes, 0, bytes.length);
        List<String> all = new ArrayList<>();
        while (documents.next()) {
            all.add(new String(bytes, documents.start(), documents.length(), StandardCharsets.UTF_8));
        }
        return all;
    }

    @Test
    void takesALineForADocument() {
        assertThat(documents("{\"a\":1}", "{\"a\":{}}", "[1]", "text", "", "[]", "{} {}"))
                .containsExactly("{\"a\":1}", "{\"a\":{}}", "[1]", "text", "[]", "{} {}");
    }

    @Test
    void joinsWhatIsPrintedForPeople() {
        String[] pretty = {
            "{",
            "  \"kind\": \"List\",",
            "  \"items\": [",
            "    {",
            "      \"a\": \"}\\\"{\"",
            "    },",
            "    {}",
            "  ],",
            "  \"b\": {",
            "  }",
            "}"
        };

        assertThat(documents(pretty)).containsExactly(String.join("\n", pretty));
        assertThat(documents(String.join("\n", pretty), "{\"next\":1}", String.join("\n", pretty)))
                .containsExactly(String.join("\n", pretty), "{\"next\":1}", String.join("\n", pretty));
        assertThat(documents(String.join("\r\n", pretty) + "\r", "{}"))
                .containsExactly(String.join("\r\n", pretty), "{}");
    }

    @Test
    void joinsAnArrayWithAnObjectALine() {
        assertThat(documents("[", "{\"a\":1},", "{\"a\":2}", "]", "{\"a\":3}"))
                .containsExactly("[\n{\"a\":1},\n{\"a\":2}\n]", "{\"a\":3}");
        assertThat(documents("[{\"a\":1},", "{\"a\":2}]", "{\"a\":3}"))
                .containsExactly("[{\"a\":1},\n{\"a\":2}]", "{\"a\":3}");
        assertThat(documents("[ {\"a\":1}", ", {\"a\":2}", "]")).hasSize(1);
        assertThat(documents("[", "", "  1,", "", "  2", "]", "")).hasSize(1);
    }

    @Test
    void joinsOtherWaysToBreakLines() {
        assertThat(documents("{\"a\"", ": 1", ", \"b\":", "[", "]", "}", "x")).hasSize(2);
        assertThat(documents("\ufeff{", "\"a\": 1", "}", "x")).hasSize(2);
        assertThat(documents("  {", "  \"a\": 1", "  }", "x")).hasSize(2);
        assertThat(documents("{\"items\":[{\"a\":1},", "{\"a\":2}]}", "{\"a\":3}"))
                .hasSize(2);
        assertThat(documents("{\"a\":", "{\"b\":", "[", "{}", "]", "}", "}", "x"))
                .hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"cut in a str",
                "{\"a\":1,\"b\":\"cut \\",
                "{\"a\":{\"b\":1",
                "{\"a\":1",
                "{\"a\":[1,2",
                "{\"a\"",
                "{\"a\":1,",
                "{",
                "{\"a\":{\"b\":{}",
                "{\"a\":]",
                "[2026-01-24T01:34:36.743Z",
                "[error",
                "{{{{"
            })
    void leavesTheNextLineToItselfWhereOneWasCut(String cut) {
        String next = "{\"kind\":\"Event\"}";

        assertThat(documents(cut, next, next)).endsWith(next, next).hasSize(3);
        assertThat(documents(cut, "plain text", next))
                .endsWith("plain text", next)
                .hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"items\":[{\"b\":1},", "\"items\":[", "\"items\":"})
    void leavesTheNextLineToItselfWhereALongOneWasCutBetweenValues(String end) {
        String cut = "{\"a\":\"" + "x".repeat(3_000) + "\"," + end;

        assertThat(documents(cut, "{\"kind\":\"Event\"}", "{\"kind\":\"Event\"}"))
                .hasSize(3);
        assertThat(documents(cut, "  {\"kind\":\"Event\"}", "]}")).hasSize(end.endsWith(":") ? 2 : 1);
    }

    @Test
    void endsADocumentAtALineThatBreaksIt() {
        assertThat(documents("{", "\"a\": \"broken", "{\"a\":1}")).containsExactly("{\n\"a\": \"broken", "{\"a\":1}");
        assertThat(documents("{", "\"a\": [}", "{\"a\":1}")).containsExactly("{\n\"a\": [}", "{\"a\":1}");
        assertThat(documents("{", "2026-01-24T10:00:00Z text", "{\"a\":1}")).hasSize(3);
    }

    @Test
    void joinsToTheEndWhereADocumentIsUnfinished() {
        assertThat(documents("{", "  \"a\": 1,")).containsExactly("{\n  \"a\": 1,");
        assertThat(documents("{")).containsExactly("{");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[2026-01-24T01:34:36.743Z] \"GET / HTTP/1.1\" 200 - \"-\"",
                "[error] 7#7: *1 open() \"/x\" failed",
                "[ 12.345678] kernel: \"x",
                "{not json}",
                "]",
                "}",
                "\"{\"",
                "text {"
            })
    void takesLinesOfTextForDocuments(String line) {
        assertThat(documents(line, line)).containsExactly(line, line);
    }

    @Test
    void isLinearForAttackers() {
        String deep = "[".repeat(1 << 20);
        String[] lines = new String[100_000];
        Arrays.fill(lines, "{\"a\":");

        assertThat(documents(deep, "{}")).containsExactly(deep, "{}");
        assertThat(documents(lines).size()).isBetween(1_000, lines.length);
    }
}
