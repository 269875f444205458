package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LineTest {
    @Test
    void writesADocumentOnOneLine() {
        byte[] document = "x{\r\n \"a\": 1\n}y".getBytes(StandardCharsets.UTF_8);
        assertThat(new String(Line.ofDocument(document, 1, document.length - 2).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("{   \"a\": 1 }");
    }

    @Test
    void writesCompressedBytesAsText() {
        byte[] document = {0, 0x1F, (byte) 0x8B, '\n'};
        assertThat(new String(Line.ofDocument(document, 1, 3).bytes(), StandardCharsets.UTF_8))
                .isEqualTo("H4sK");
    }
}
