package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.DeadLetter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class DeadLetterJsonTest {
    @Test
    void keepsTextAsText() {
        assertThat(json("{\"ä\":\u001b\n}".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("{\"location\":\"audit.log\",\"position\":7,\"reason\":\"verb must be a string: 3\","
                        + "\"record\":\"{\\\"ä\\\":\\u001B\\n}\"}");
    }

    @Test
    void keepsOtherBytesInBase64() {
        assertThat(json(new byte[] {(byte) 0xC3, 0x28, 0}))
                .isEqualTo("{\"location\":\"audit.log\",\"position\":7,\"reason\":\"verb must be a string: 3\","
                        + "\"record_base64\":\"wygA\"}");
    }

    private static String json(byte[] record) {
        DeadLetter letter = new DeadLetter("audit.log", 7, "verb must be a string: 3", record);
        return new String(DeadLetterJson.line(letter).bytes(), StandardCharsets.UTF_8);
    }
}
