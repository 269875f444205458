package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SignaturesTest {
    private final Signatures signatures = new Signatures(
            List.of(
                    new TestingFormat("audit", "{\"kind\":\"Event\",", Set.of("kind", "apiVersion=audit.k8s.io")),
                    new TestingFormat("event", "", Set.of("apiVersion=v1", "kind=Event"), Set.of("involvedObject")),
                    new TestingFormat("flow", "", Set.of("flow", "time")),
                    new TestingFormat("timed", "", Set.of("time", "name", "flow"))),
            Format::signatures);

    private @Nullable String find(String object) {
        byte[] bytes = ("}{" + object + "\"flow\":1,\"time\":2}").getBytes(StandardCharsets.UTF_8);
        int end = 2 + object.getBytes(StandardCharsets.UTF_8).length;
        Format usual = signatures.ofStart(bytes, 2, end);
        Format format = usual != null ? usual : signatures.find(bytes, 2, end);
        return format == null ? null : format.name();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "{\"flow\":{},\"time\":1};flow",
                "{ \"time\" : 1 , \"x\" : [ \"flow\" ] , \"flow\" : { } };flow",
                "{\"x\":{\"flow\":1,\"time\":2}};-",
                "{\"x\":\"flow\",\"time\":2};-",
                "{\"flow\":1};-",
                "{\"flow\":1,\"flow\":2};-",
                "{};-",
                "{\"Flow\":1,\"time\":2};-",
                "{\"fl\\u006fw\":1,\"time\":2};-",
                "{\"flow\":1,\"time\":2;flow"
            })
    void findsAnObjectByItsMembersInAnyOrder(String object, String format) {
        assertThat(find(object)).isEqualTo(format);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "{\"apiVersion\":\"audit.k8s.io/v1\",\"kind\":\"Event\"};audit",
                "{\"apiVersion\":\"audit.k8s.io\",\"kind\":\"Event\"};audit",
                "{\"apiVersion\":\"v1\",\"kind\":\"Event\"};event",
                "{\"kind\":\"Event\",\"apiVersion\":\"v1\"};audit",
                "{\"kind\":\"EventList\",\"apiVersion\":\"v1\"};-",
                "{\"apiVersion\":1,\"kind\":[\"Event\"]};-",
                "{\"apiVersion\":\"v1\",\"kind\":\"Event;-"
            })
    void tellsObjectsByTheValueOfAMemberAndByTheirUsualStartBeforeAnythingElse(String object, String format) {
        assertThat(find(object)).isEqualTo(format);
    }

    @Test
    void takesTheSetThatIsCompleteFirst() {
        assertThat(find("{\"name\":1,\"involvedObject\":{},\"flow\":1,\"time\":2}"))
                .isEqualTo("event");
        assertThat(find("{\"name\":1,\"flow\":1,\"time\":2}")).isEqualTo("flow");
    }

    @Test
    void looksNoFurtherThanTheObject() {
        assertThat(find("{\"name\":1}")).isNull();
        assertThat(find("{\"flow\":1}")).isNull();
        assertThat(find("{\"flow\"")).isNull();
        assertThat(find("{\"flow\":1,\"ti")).isNull();
        assertThat(find("{\"involvedObject\":{\"kind\":\"Po")).isEqualTo("event");
    }

    @Test
    void keepsObjectsApart() {
        for (int i = 0; i < 3; i++) {
            assertThat(find("{\"flow\":1}")).isNull();
            assertThat(find("{\"time\":1}")).isNull();
        }
    }

    @Test
    void findsNothingWithoutSignatures() {
        byte[] bytes = "{\"flow\":1}".getBytes(StandardCharsets.UTF_8);

        assertThat(new Signatures(List.of(), Format::signatures).find(bytes, 0, bytes.length))
                .isNull();
    }

    @Test
    void isLinearInWhatItPassesOver() {
        String names = "\"x\":[{\"flow\":1}],".repeat(50_000);

        assertThat(find("{" + names + "\"time\":1,\"flow\":2}")).isEqualTo("flow");
        assertThat(find("{\"" + "n".repeat(1 << 20) + "\":1,\"time\":1,\"flow\":2}"))
                .isEqualTo("flow");
    }

    private record TestingFormat(String name, String usualStart, List<Set<String>> signatures) implements Format {
        @SafeVarargs
        @SuppressWarnings("varargs") // only read
        TestingFormat(String name, String usualStart, Set<String>... signatures) {
            this(name, usualStart, Arrays.asList(signatures));
        }

        @Override
        public About about() {
            return new About("", "", "");
        }

        @Override
        public int decode(RecordBytes record, Document document) {
            return record.end();
        }
    }
}
