package io.tocsin.job.source;

import static io.tocsin.job.source.RecordClock.NO_TIME;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Provenance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordClockTest {
    private static final long NOON = Instant.parse("2025-12-24T12:00:00.123Z").toEpochMilli();
    private static final String HEAD = "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"auditID\":\"a\",";
    private static final String BODY =
            "\"requestObject\":{\"data\":{\"stageTimestamp\":\"2099-01-01T00:00:00Z\",\"x\":{}";

    private int decoded;
    private final RecordClock clock = RecordClock.of(() -> (bytes, offset, length, provenance, out) -> {
                decoded++;
                new TestingDecoder().decode(bytes, offset, length, provenance, out);
            })
            .get();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"auditID\":\"a\",\"stageTimestamp\":\"2025-12-24T12:00:00.123456Z\"}",
                "{\"auditID\":\"a\",\"stageTimestamp\":\"2025-12-24T12:00:00.123456Z\",\"annotations\":{\"b\":\"}\\\"{\"}}",
                "{ \"auditID\" : \"a\" , \"stageTimestamp\" : \"2025-12-24T12:00:00.123456789Z\" , \"user\" : { \"groups\" : [ ] } }  ",
                "  {\"auditID\":\"a\",\"stageTimestamp\":\"2025-12-24T14:00:00.123+02:00\",\"verb\":\"get\"}\r",
                "{\"auditID\":\"a\",\"requestObject\":{\"stageTimestamp\":\"2099-01-01T00:00:00Z\"},"
                        + "\"requestReceivedTimestamp\":\"2025-12-24T11:00:00Z\","
                        + "\"stageTimestamp\":\"2025-12-24T12:00:00.123000Z\",\"user\":{\"extra\":{\"stageTimestamp\":[\"x\"]}}}",
            })
    void readsTheStageTimeOfAuditEventsWithoutDecodingThem(String line) {
        assertThat(timeOf(line)).isEqualTo(NOON);
        assertThat(decoded).isZero();
    }

    @Test
    void fallsBackToOtherTimesOfAuditEvents() {
        assertThat(
                        timeOf(
                                "{\"auditID\":\"a\",\"requestReceivedTimestamp\":\"2025-12-24T12:00:00.123Z\",\"stageTimestamp\":null}"))
                .isEqualTo(NOON);
        assertThat(timeOf("{\"auditID\":\"a\",\"timestamp\":\"2025-12-24T12:00:00.123Z\"}"))
                .isEqualTo(NOON);
        assertThat(decoded).isZero();
    }

    @Test
    void readsTheTimeOfAuthenticatorLines() {
        assertThat(timeOf("time=\"2025-12-24T19:48:32Z\" level=info msg=\"access granted\""))
                .isEqualTo(Instant.parse("2025-12-24T19:48:32Z").toEpochMilli());
        assertThat(decoded).isZero();
    }

    @Test
    void takesNoTimeFromTheBodyOfATruncatedRecord() {
        String filled = HEAD + "\"requestURI\":\"" + "x".repeat(3_000) + "\"," + BODY;
        assertThat(timeOf(filled)).isNotEqualTo(NO_TIME); // by the testing decoder, which looks at the text alone
        assertThat(decoded).isEqualTo(1);
        for (String end : List.of("}", "}}", "}}}")) {
            decoded = 0;
            timeOf(filled + end);
            assertThat(decoded).as(end).isEqualTo(1);
        }
    }

    @Test
    void readsLongRecordsWhoseBodyNamesATime() {
        String line = HEAD + "\"requestURI\":\"" + "x\\\"{[".repeat(3_000) + "\"," + BODY
                + "}},\"stageTimestamp\":\"2025-12-24T12:00:00.123456Z\"}";
        assertThat(timeOf(line)).isEqualTo(NOON);
        assertThat(decoded).isZero();
    }

    @Test
    void leavesBatchesAndEnvelopesToTheDecoder() {
        String batch = "{\"kind\":\"EventList\",\"items\":["
                + "{\"auditID\":\"a\",\"stageTimestamp\":\"2025-12-24T12:00:00.123Z\"},"
                + "{\"auditID\":\"b\",\"stageTimestamp\":\"2025-12-24T11:00:00Z\"}]}";
        assertThat(timeOf(batch)).isEqualTo(NOON);
        assertThat(timeOf("{\"log\":{\"auditID\":\"a\",\"stageTimestamp\":\"2025-12-24T12:00:00.123Z\"}}"))
                .isEqualTo(NOON);
        assertThat(
                        timeOf(
                                "{\"log\":\"{\\\"auditID\\\":\\\"a\\\",\\\"stageTimestamp\\\":\\\"2025-12-24T12:00:00.123Z\\\"}\"}"))
                .isEqualTo(NOON);
        assertThat(decoded).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "  ", "garbage", "{", "{\"auditID\":\"a\"}", "time=\"yesterday\""})
    void badRecordsHaveNoTime(String line) {
        assertThat(timeOf(line)).isEqualTo(NO_TIME);
    }

    @Test
    void agreesWithTheDecoder() {
        for (String line : TestingLog.lines("x", 500, TestingLog.T0 - 77_777_777_777L, 3_141_592_653L)) {
            List<Long> times = new ArrayList<>();
            byte[] bytes = line.getBytes(UTF_8);
            new TestingDecoder()
                    .decode(
                            bytes,
                            0,
                            bytes.length,
                            new Provenance("", 0, null, Instant.EPOCH),
                            (Decoded d) -> times.add(d.event().time().toEpochMilli()));
            assertThat(times).containsExactly(timeOf(line));
        }
        assertThat(decoded).isZero();
    }

    private long timeOf(String line) {
        byte[] bytes = ("??" + line + "\"}").getBytes(UTF_8);
        return clock.timeOf(bytes, 2, bytes.length - 4, new Provenance("", 0, null, Instant.EPOCH));
    }
}
