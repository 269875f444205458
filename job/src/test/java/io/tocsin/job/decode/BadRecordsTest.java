package io.tocsin.job.decode;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRecords.user;
import static io.tocsin.job.decode.TestingRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BadRecordsTest {
    private final TestingDecoder decoder = TestingDecoder.auto();
    private final TestingDecoder audit = TestingDecoder.of("kubernetes-audit");

    // Trap 20

    @Test
    void tellsTheWrongTypeOfAField() {
        assertThat(audit.reason("{\"kind\": 0}")).isEqualTo("kind must be a string: 0");
        assertThat(decoder.reason("{\"kind\": 0}")).isEqualTo("no known log format: {\"kind\": 0}");
        assertThat(decoder.reason(with("\"verb\":\"get\"", "\"verb\":{}")))
                .isEqualTo("verb must be a string: an object");
        assertThat(decoder.reason(user("\"x\""))).isEqualTo("user must be an object: \"x\"");
        assertThat(decoder.reason(user("{\"username\":[]}"))).isEqualTo("user.username must be a string: an array");
        assertThat(decoder.reason(user("{\"groups\":\"a\"}")))
                .isEqualTo("user.groups must be an array of strings: \"a\"");
        assertThat(decoder.reason(user("{\"groups\":[1]}"))).isEqualTo("user.groups must be an array of strings: 1");
        assertThat(decoder.reason(user("{\"extra\":{\"arn\":\"a\"}}")))
                .isEqualTo("user.extra.arn must be an array of strings: \"a\"");
        assertThat(decoder.reason(with("[\"203.0.113.7\"]", "\"1.2.3.4\"")))
                .isEqualTo("sourceIPs must be an array of strings: \"1.2.3.4\"");
        assertThat(decoder.reason(with("\"code\":200", "\"code\":\"403\"")))
                .isEqualTo("responseStatus.code must be a whole number: \"403\"");
        assertThat(decoder.reason(with("\"code\":200", "\"code\":99999999999999999999999999")))
                .startsWith("responseStatus.code must be a whole number from 0 to 999: 9999");
        assertThat(decoder.reason(with("\"code\":200", "\"code\":200.5")))
                .isEqualTo("responseStatus.code must be a whole number: 200.5");
        assertThat(decoder.reason(with("2026-01-24T10:00:00.250000Z", "yesterday")))
                .isEqualTo("stageTimestamp must be an RFC 3339 time: \"yesterday\"");
        assertThat(decoder.reason(with("ResponseComplete", "Later")))
                .isEqualTo("stage must be RequestReceived, ResponseStarted, ResponseComplete or Panic: \"Later\"");
        assertThat(decoder.reason(with("\"stage\":\"ResponseComplete\",", ""))).isEqualTo("stage is missing");
        assertThat(decoder.reason(with("\"audit.k8s.io/v1\"", "\"audit.k8s.io/v9\"")))
                .isEqualTo("apiVersion must be audit.k8s.io/v1, v1beta1 or v1alpha1: \"audit.k8s.io/v9\"");
        assertThat(audit.reason(with("\"Event\"", "\"Pod\""))).isEqualTo("kind must be Event: \"Pod\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "auditID",
                "requestURI",
                "verb",
                "user",
                "impersonatedUser",
                "sourceIPs",
                "userAgent",
                "objectRef",
                "responseStatus",
                "annotations",
                "metadata",
                "timestamp",
                "requestReceivedTimestamp",
                "stageTimestamp"
            })
    void takesNullForWhatTheLogMayOmit(String field) {
        String record =
                "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"stage\":\"Panic\",\"" + field + "\":null";

        assertThat(decoder.event(record
                        + (field.equals("stageTimestamp") ? "" : ",\"stageTimestamp\":\"2026-01-24T10:00:00Z\"")
                        + (field.equals("stageTimestamp") ? ",\"timestamp\":\"2026-01-24T10:00:00Z\"}" : "}")))
                .isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"verb\":\"get\" | \"verb\":\"get\",\"verb\":\"list\" | verb",
                "\"verb\":\"get\" | \"verb\":\"get\",\"Verb\":\"get\" | verb",
                "\"uid\":\"u-1\" | \"username\":\"joe\" | user.username",
                "\"code\":200 | \"code\":200,\"code\":403 | responseStatus.code",
                "\"userAgent\" | \"user\":{},\"userAgent\" | user",
            })
    void refusesAFieldThatComesTwice(String part, String other, String field) {
        assertThat(decoder.reason(with(part, other))).isEqualTo("duplicate field: " + field);
    }

    @Test
    void ignoresUnknownFieldsThatComeTwice() {
        assertThat(decoder.event(with("\"verb\"", "\"x\":1,\"x\":{\"verb\":2},\"verb\""))
                        .verb())
                .isEqualTo("get");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage",
                "123",
                "\"a string\"",
                "null",
                "}",
                "]",
                "[",
                "{",
                "<html>",
                "kind=Event",
                ",",
                ":",
                "\"",
                "{]",
                "[}",
                "{\"a\":}",
                "{}",
                "[1]",
                "I0101 12:00:00.000000       1 a.go:1] x",
                "[Truncated...]",
                "é",
                "2026-01-24",
                "H4sI"
            })
    void refusesWhatIsNoKnownRecord(String text) {
        assertThat(decoder.reason(text)).startsWith("no known log format: ");
        assertThat(audit.reason(text)).isNotEmpty();
        assertThat(TestingDecoder.of("eks-authenticator").records(text)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t\r", "\n\n", "\ufeff", "\ufeff "})
    void findsNoRecordInABlankDocument(String text) {
        assertThat(decoder.records(text)).isEmpty();
    }

    @Test
    void skipsAByteOrderMark() {
        assertThat(decoder.event("\ufeff" + GET_POD).user()).isEqualTo("jane");
    }

    @Test
    void quotesLittleAndNoControlCharacters() {
        assertThat(decoder.reason("x\u001b[31m\0\u202e\n"))
                .isEqualTo("no known log format: x\\u001b[31m\\u0000\\u202e");
        assertThat(decoder.reason("y".repeat(10_000)).length())
                .isEqualTo("no known log format: ".length() + Excerpt.MAX_LENGTH);
        assertThat(decoder.reason(user("\"" + "z\\u0007".repeat(1_000) + "\"")).length())
                .isLessThanOrEqualTo("user must be an object: ".length() + Excerpt.MAX_LENGTH);
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] record = GET_POD.getBytes(StandardCharsets.UTF_8);
        int inUser = GET_POD.indexOf("jane");
        record[inUser] = (byte) 0xff;
        assertThat(decoder.reason(record)).startsWith("not UTF-8 at byte 2");
        record[inUser] = 0;
        assertThat(decoder.reason(record)).startsWith("NUL byte at byte ");
        record[inUser] = 7;
        assertThat(decoder.reason(record)).startsWith("control character at byte ");
        record[inUser] = 'j';
        record[1] = 0;
        assertThat(decoder.reason(record)).startsWith("no known log format: {\\u0000kind");
        assertThat(audit.reason(record)).startsWith("NUL byte");
        assertThat(decoder.reason("\0\0\0")).isEqualTo("no known log format: \\u0000\\u0000\\u0000");
        assertThat(decoder.reason(TestingRecords.GRANTED.replace("admin", "\0")))
                .startsWith("NUL byte in a line of text: time=");
    }

    @Test
    void refusesBrokenJsonAndKeepsItsBytes() {
        String broken = with("\"verb\":", "\"verb\";");
        List<Decoded> records = decoder.records(broken);

        assertThat(records).hasSize(1);
        assertThat(records.get(0).deadLetter().reason()).startsWith("not JSON at byte ");
        assertThat(records.get(0).deadLetter().bytes())
                .asString(StandardCharsets.UTF_8)
                .isEqualTo(broken);
    }

    @Test
    void refusesDeepNestingWithoutGoingDeep() {
        String deep = "[".repeat(100_000);
        String record = with("\"userAgent\"", "\"requestObject\":" + deep + "]".repeat(100_000) + ",\"userAgent\"");

        assertThat(decoder.reason(record)).isEqualTo("nested deeper than 10000");
        assertThat(decoder.fates(deep)).containsExactly("dead");
        assertThat(decoder.fates("{\"a\":".repeat(100_000))).containsExactly("dead");
        String list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + record + "," + GET_POD
                + "]}";
        assertThat(decoder.fates(list)).containsExactly("dead", "event");
    }

    @Test
    void takesWhatTheApiServerTakesInAPatch() {
        String body = "{\"" + "n".repeat(100_000) + "\":" + "1".repeat(5_000) + ",\"d\":" + "[".repeat(5_000)
                + "]".repeat(5_000) + "}";

        assertThat(decoder.event(with("\"userAgent\"", "\"requestObject\":" + body + ",\"userAgent\""))
                        .userAgent())
                .isEqualTo("kubectl/v1.31.0");
    }

    @Test
    void readsALineOfTenMegabytesInLinearTime() {
        String padded = with(
                "\"requestReceived", "\"requestObject\":{\"a\":\"" + "x".repeat(10 << 20) + "\"},\"requestReceived");

        Assertions.assertTimeout(Duration.ofSeconds(20), () -> {
            SecurityEvent event = TestingDecoder.limited(1 << 20).event(padded);
            assertThat(event.truncated()).isTrue();
            assertThat(event.user()).isEqualTo("jane");
            for (String hostile :
                    List.of("{", "[", "\"", "}", "{\"a\":", ",", "{}", "[{", "a=", "\\", "{\"", "\n{\"")) {
                decoder.records(hostile.repeat((1 << 19) / hostile.length()));
                decoder.records("time=\"" + hostile.repeat((1 << 19) / hostile.length()));
                decoder.records("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":["
                        + hostile.repeat((1 << 19) / hostile.length()));
            }
        });
    }

    @Test
    void keepsOnlyTheStartOfALongDeadLetter() {
        List<Decoded> records = TestingDecoder.limited(100).records("z".repeat(5_000));

        assertThat(records.get(0).deadLetter().bytes()).hasSize(100);
    }

    @Test
    void refusesGzipThatEndsEarlyOrIsNone() {
        byte[] gzip = TestingDecoder.gzip(GET_POD);

        assertThat(decoder.fates(gzip)).containsExactly("event");
        assertThat(decoder.reason(Arrays.copyOf(gzip, gzip.length / 2))).startsWith("gzip data ends early");
        assertThat(decoder.reason(new byte[] {0x1f, (byte) 0x8b, 8, 7, 6, 5, 4, 3, 2, 1, 0}))
                .startsWith("gzip data ends early");
        gzip[gzip.length - 6]++;
        assertThat(decoder.reason(gzip)).startsWith("not gzip: ");
    }

    @Test
    void refusesABombAndReadsTheNextDocument() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] zeros = new byte[1 << 20];
        Arrays.fill(zeros, (byte) ' ');
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            for (int i = 0; i < 80; i++) {
                gzip.write(zeros);
            }
        }

        assertThat(decoder.reason(out.toByteArray())).isEqualTo("gzip data holds more than 64 MiB");
        assertThat(decoder.event(GET_POD)).isNotNull();
    }

    @Test
    void refusesToUnwrapForEver() {
        byte[] wrapped = GET_POD.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 20; i++) {
            wrapped = TestingDecoder.gzip(TestingDecoder.base64(wrapped));
            wrapped = TestingDecoder.base64(wrapped).getBytes(StandardCharsets.UTF_8);
        }

        assertThat(decoder.reason(wrapped)).isNotEmpty();
    }

    /** The quick way through plain records must take and refuse what the parser does. */
    @Test
    void judgesMutationsTheSameWithTheParserAsWithoutIt() {
        Random random = new Random(20260125);
        byte[] favourites = "{}[]\",:\\ 0.-+eEtfnu]],,}}".getBytes(StandardCharsets.ISO_8859_1);
        for (String fixture : Fixtures.AUDIT) {
            for (int round = 0; round < 3_000; round++) {
                byte[] bytes = fixture.getBytes(StandardCharsets.UTF_8);
                for (int i = 0; i <= round % 3; i++) {
                    bytes[10 + random.nextInt(bytes.length - 10)] = favourites[random.nextInt(favourites.length)];
                }
                String mutant = new String(bytes, StandardCharsets.UTF_8);
                // A letter beyond ASCII sends a record to the parser.
                Assertions.assertEquals(audit.fates("{\"é\":0," + mutant.substring(1)), audit.fates(mutant), mutant);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1,]",
                "[,1]",
                "[1 2]",
                "{\"a\":1,}",
                "{,}",
                "{\"a\"}",
                "{\"a\":}",
                "{a:1}",
                "01",
                "-",
                "+1",
                "1.",
                ".5",
                "1e",
                "0x1",
                "tru",
                "True",
                "nul",
                "NaN",
                "'a'",
                "\"\\x\"",
                "\"\\u12g4\"",
                "[1}",
                "{\"a\":1]",
                "//",
                "1,2"
            })
    void refusesFlawsInValuesItDoesNotRead(String flawed) {
        String record = with("\"requestReceived", "\"requestObject\":" + flawed + ",\"requestReceived");

        assertThat(decoder.reason(record)).startsWith("not JSON at byte ");
        assertThat(decoder.fates(with("[\"203.0.113.7\"]", "[\"203.0.113.7\",]")))
                .containsExactly("dead");
    }

    /** Whatever a cut leaves, it is one thing: an event that says it is cut, a skipped stage, or a dead letter. */
    @Test
    void accountsForEveryPrefixOfARecord() {
        TestingDecoder withTime = TestingDecoder.autoWithFallbackTime();
        for (String record : Fixtures.AUDIT) {
            for (int length = 1; length < record.length(); length++) {
                List<Decoded> records = withTime.records(record.substring(0, length));
                assertThat(records).hasSize(1);
                if (records.get(0).event() != null) {
                    assertThat(records.get(0).event().truncated()).isTrue();
                }
                boolean headRead = length > record.indexOf("\"verb\"");
                assertThat(records.get(0).event() != null || !headRead)
                        .as(record.substring(0, length))
                        .isTrue();
            }
        }
    }

    @Test
    void letsTheTakersExceptionsThrough() {
        DocumentDecoder raw = Decoders.create(DecoderOptions.of("auto"));
        byte[] bytes = GET_POD.getBytes(StandardCharsets.UTF_8);

        List<Decoded> taken = new ArrayList<>();

        Assertions.assertThrows(
                IllegalStateException.class,
                () -> raw.decode(
                        bytes, 0, bytes.length, new Provenance("x", 0, null, TestingDecoder.WRITTEN), record -> {
                            taken.add(record);
                            throw new IllegalStateException("full");
                        }));
        assertThat(taken).hasSize(1);
    }

    @Test
    void readsTheLinesOfAMessageWithSeveral() {
        String cut = GET_POD.substring(0, GET_POD.indexOf("web-0\",\"apiVersion") + 2);

        assertThat(decoder.fates(GET_POD + "\n" + GET_POD + "\r\n\n" + replace(GET_POD, "jane", "joe") + "\n"))
                .containsExactly("event", "event", "event");
        assertThat(decoder.fates("nothing\n" + GET_POD)).containsExactly("dead", "event");
        assertThat(TestingDecoder.autoWithFallbackTime().fates(cut + "\n" + GET_POD))
                .containsExactly("event", "event");
    }
}
