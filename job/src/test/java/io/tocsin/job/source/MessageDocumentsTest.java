package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageDocumentsTest {
    @Test
    void splitsLines() {
        assertThat(split("a\nb\r\n\n c ")).containsExactly("a", "b", "c");
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
    void keepsCompressedBytesWhole() {
        byte[] gzip = {'\n', 0x1F, (byte) 0x8B, 8, '\n', 'a', '\n', ' '};
        MessageDocuments documents = new MessageDocuments(gzip);
        assertThat(documents.next()).isTrue();
        assertThat(documents.start()).isEqualTo(1);
        assertThat(documents.length()).isEqualTo(7);
        assertThat(documents.next()).isFalse();
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
        MessageDocuments documents = new MessageDocuments(bytes);
        while (documents.next()) {
            all.add(new String(bytes, documents.start(), documents.length(), StandardCharsets.UTF_8));
        }
        return all;
    }
}
