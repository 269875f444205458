package io.tocsin.job.source;

import static io.tocsin.job.source.TestingLog.T0;
import static io.tocsin.job.source.TestingLog.line;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.streaming.util.ProcessFunctionTestHarnesses;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BlockDecoderTest {
    private static final List<String> DOCUMENTS = new ArrayList<>();
    private static final List<Provenance> PROVENANCES = new ArrayList<>();

    @BeforeEach
    void forget() {
        DOCUMENTS.clear();
        PROVENANCES.clear();
    }

    @SuppressWarnings("try") // close() may be interrupted
    private static List<Decoded> decode(String text, long fallbackTime) throws Exception {
        ProcessFunction<Block, Decoded> function = new BlockDecoder(BlockDecoderTest::recording);
        try (OneInputStreamOperatorTestHarness<Block, Decoded> harness =
                ProcessFunctionTestHarnesses.forProcessFunction(function)) {
            harness.processElement(new Block(text.getBytes(UTF_8), "f", 1_000, 0, fallbackTime, 2_000), 0);
            return harness.extractOutputValues();
        }
    }

    private static DocumentDecoder recording() {
        return (bytes, offset, length, provenance, out) -> {
            DOCUMENTS.add(new String(bytes, offset, length, UTF_8));
            PROVENANCES.add(provenance);
            new TestingDecoder().decode(bytes, offset, length, provenance, out);
        };
    }

    @Test
    void splitsLinesAndPassesOverBlankOnes() throws Exception {
        assertThat(decode("one\r\n\n \t\r\ntwo \n  three", T0)).hasSize(3);
        assertThat(DOCUMENTS).containsExactly("one", "two ", "  three");
        assertThat(PROVENANCES).extracting(Provenance::position).containsExactly(1_000L, 1_010L, 1_015L);
        assertThat(PROVENANCES).extracting(Provenance::location).containsOnly("f");
    }

    @Test
    void aRecordWithoutATimeGetsTheTimeBeforeIt() throws Exception {
        List<Decoded> decoded = decode(
                String.join(
                        "\n",
                        "{\"auditID\":\"1",
                        line("2", T0 + 5_000),
                        "{\"auditID\":\"3",
                        line("forged", T0 + 1_000_000_000),
                        line("long running", T0 - 1_000_000),
                        "{\"auditID\":\"6"),
                T0);
        assertThat(decoded)
                .extracting(d -> d.event().time())
                .containsExactly(
                        Instant.ofEpochMilli(T0),
                        Instant.ofEpochMilli(T0 + 5_000),
                        Instant.ofEpochMilli(T0 + 5_000),
                        Instant.ofEpochMilli(T0 + 1_000_000_000),
                        Instant.ofEpochMilli(T0 - 1_000_000),
                        Instant.ofEpochMilli(T0 + 5_000));
    }

    @Test
    void thereIsNoTimeBeforeTheFirst() throws Exception {
        assertThat(decode("{\"auditID\":\"1", RecordClock.NO_TIME))
                .allSatisfy(d -> assertThat(d.deadLetter()).isNotNull());
        assertThat(PROVENANCES).extracting(Provenance::fallbackTime).containsOnlyNulls();
    }
}
