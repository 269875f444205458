package io.tocsin.job.decode.cloud;

import static io.tocsin.job.decode.TestingDecoder.base64;
import static io.tocsin.job.decode.TestingDecoder.gzip;
import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PubSubFormatTest {
    private static final String ENTRY = TestingRequest.of(
                    "get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0")
            .gke();
    private static final String DATA = base64(ENTRY.getBytes(StandardCharsets.UTF_8));

    private final TestingDecoder decoder = TestingDecoder.auto();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"message\":{\"attributes\":{\"a\":\"b\"},\"data\":\"#\",\"messageId\":\"1\",\"message_id\":\"1\","
                        + "\"publishTime\":\"2026-01-24T10:00:03Z\"},\"subscription\":\"projects/x/subscriptions/y\"}",
                "{\"data\":\"#\",\"messageId\":\"1\"}",
                "{\"data\":\"#\",\"message_id\":\"1\",\"publish_time\":\"2026-01-24T10:00:03Z\"}",
                "[{\"ackId\":\"a\",\"message\":{\"data\":\"#\",\"messageId\":\"1\"}}]",
                "{\"receivedMessages\":[{\"ackId\":\"a\",\"message\":{\"data\":\"#\",\"messageId\":\"1\"}}]}",
                "{\n  \"message\": {\n    \"data\": \"#\"\n  },\n  \"subscription\": \"s\"\n}"
            })
    void readsEveryForm(String form) {
        assertThat(decoder.event(form.replace("#", DATA)).scope()).isEqualTo("shop-1/europe-west1/prod");
        assertThat(decoder.event(form.replace("#", base64(gzip(ENTRY)))).user()).isEqualTo("jane");
    }

    @Test
    void givesARecordTheTimeAndTheIdOfItsMessage() {
        String record = GET_POD.replaceAll("\"requestReceived.*?,\"annotations\"", "\"annotations\"")
                .replaceAll("\"auditID\":\"[^\"]*\",", "");
        String form = "{\"data\":\"" + base64(record.getBytes(StandardCharsets.UTF_8))
                + "\",\"messageId\":\"#\",\"publishTime\":\"2026-01-24T10:00:03.5Z\"}";

        assertThat(decoder.event(form).time()).isEqualTo(Instant.parse("2026-01-24T10:00:03.5Z"));
        assertThat(decoder.event(form).id())
                .isNotEqualTo(decoder.event(form.replace("#", "2")).id());
    }

    @Test
    void skipsAMessageWithoutData() {
        assertThat(decoder.skipped("{\"message\":{\"attributes\":{},\"messageId\":\"1\"},\"subscription\":\"s\"}"))
                .isEqualTo("empty-message");
    }

    @Test
    void tellsWhatIsWrongWithAMessage() {
        assertThat(decoder.reason("{\"data\":\"%%\",\"messageId\":\"1\"}")).isEqualTo("not base64: %%");
        assertThat(decoder.reason("{\"data\":7,\"messageId\":\"1\"}")).isEqualTo("data must be a string: 7");
        assertThat(decoder.reason("{\"message\":[],\"subscription\":\"1\",\"data\":[]}"))
                .isEqualTo("message must be an object: an array");
        assertThat(decoder.fates("{\"receivedMessages\":[7,{\"data\":\"" + DATA + "\",\"messageId\":\"1\"}]}"))
                .containsExactly("dead", "event");
        assertThat(decoder.reason("{\"messageId\":\"1\",\"data\":\"" + DATA.substring(0, 99)))
                .isEqualTo("cut off before data was read");
    }
}
