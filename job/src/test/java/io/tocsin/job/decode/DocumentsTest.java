package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DocumentsTest {
    @Test
    void splitsLines() {
        assertThat(split("a\nb\r\n\n c ")).containsExactly("a", "b", " c ");
        assertThat(split("{\"a\":1}\n{\"b\":2}\n")).containsExactly("{\"a\":1}", "{\"b\":2}");
        assertThat(split("[1]\n[2]")).containsExactly("[1]", "[2]");
    }

    @Test
    void keepsAPrettyPrintedValueWhole() {
        String object = "{\n  \"a\": {\n\t\"b\": [\n1,\n2\n]\n  }\n}";
        assertThat(split(object)).containsExactly(object);
        assertThat(split(object + "\n" + object)).containsExactly(object, object);
        assertThat(split("[\n{\"a\":1},\n{\"a\":2}\n]")).hasSize(1);
    }

    @Test
    void letsNoCutLineTakeTheNext() {
        String next = "{\"kind\":\"Event\"}";
        assertThat(split("{\"a\":\"b\n" + next)).containsExactly("{\"a\":\"b", next);
        assertThat(split("{\"a\":1,\n" + next)).containsExactly("{\"a\":1,", next);
        assertThat(split("{\"a\":{\"b\":2}\n" + next)).hasSize(2);
        assertThat(split("{\"a\":{\"b\":\n\"c\"\n" + next)).hasSize(2);
        String list = "{\"a\":\"" + "x".repeat(2048) + "\",\"b\":[1,";
        assertThat(split(list + "\n" + next)).containsExactly(list, next);
    }

    @Test
    void keepsAListWithAnObjectALineWhole() {
        assertThat(split("{\"records\":[\n{\"a\":1},\n{\"a\":2}\n]}\n{}")).hasSize(2);
        assertThat(split("[{\"a\":1},\n {\"a\":2}]\n{}")).hasSize(2);
    }

    @Test
    void seesJsonBehindAByteOrderMark() {
        assertThat(split("\ufeff{\n  \"a\": 1\n}")).hasSize(1);
    }

    @Test
    void hasNoneInABlankMessage() {
        assertThat(split("")).isEmpty();
        assertThat(split(" \r\n\t")).isEmpty();
    }

    private static List<String> split(String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>();
        Documents documents = new Documents(Decoders.framing());
        documents.over(bytes, 0, bytes.length);
        while (documents.next()) {
            all.add(new String(bytes, documents.start(), documents.length(), StandardCharsets.UTF_8));
        }
        return all;
    }
}
