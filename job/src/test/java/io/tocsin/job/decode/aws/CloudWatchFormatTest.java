package io.tocsin.job.decode.aws;

import static io.tocsin.job.decode.TestingDecoder.base64;
import static io.tocsin.job.decode.TestingDecoder.gzip;
import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.GRANTED;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRecords.subscription;
import static io.tocsin.job.decode.TestingRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.TestingDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CloudWatchFormatTest {
    private static final String STREAM = "kube-apiserver-audit-0a1b";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void takesClusterAccountAndStreamFromTheEnvelope() {
        SecurityEvent event = decoder.event(subscription(STREAM, GET_POD));

        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.scope()).isEqualTo("111122223333/prod");
        assertThat(event.account()).isEqualTo("111122223333");
        assertThat(event.instance()).isEqualTo(STREAM);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.250Z"));
    }

    @Test
    void takesThemWhereverTheyStandInTheDocument() {
        String sorted = "{\"logEvents\":[{\"message\":\"" + GET_POD.replace("\"", "\\\"")
                + "\",\"id\":\"1\",\"timestamp\":1769248800500}], \"logGroup\": \"\\/aws\\/eks\\/prod\\/cluster\",\n"
                + "\"logStream\":\"kube-apiserver-audit-1\",\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\"}";

        assertThat(decoder.event(sorted).scope()).isEqualTo("111122223333/prod");
    }

    @Test
    void letsAGivenClusterWin() {
        SecurityEvent event = TestingDecoder.ofCluster("mine").event(subscription(STREAM, GET_POD));

        assertThat(event.cluster()).isEqualTo("mine");
        assertThat(event.scope()).isEqualTo("mine");
        assertThat(event.account()).isEqualTo("111122223333");
    }

    @Test
    void readsEveryWrapping() throws Exception {
        String document = subscription(STREAM, GET_POD, GET_POD);
        String lambda = "{\"awslogs\":{\"data\":\"" + base64(gzip(document)) + "\"}}";
        String kinesis = "{\"Records\":[{\"kinesis\":{\"partitionKey\":\"p\",\"data\":\"" + base64(gzip(document))
                + "\"},\"eventSource\":\"aws:kinesis\",\"awsRegion\":\"eu-west-1\"}]}";
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.write(gzip(document));
        members.write(gzip(document));

        assertThat(decoder.events(lambda)).hasSize(2);
        assertThat(decoder.events(kinesis)).hasSize(2);
        assertThat(decoder.events(kinesis).get(0).scope()).isEqualTo("111122223333/eu-west-1/prod");
        assertThat(decoder.events(document + document)).hasSize(4);
        assertThat(decoder.events(base64(gzip(document)))).hasSize(2);
        assertThat(decoder.fates(gzip(document))).containsExactly("event", "event");
        assertThat(decoder.fates(members.toByteArray())).hasSize(4).containsOnly("event");
    }

    @Test
    void skipsHealthProbesAndOtherStreams() {
        assertThat(
                        decoder.skipped(
                                "{\"messageType\":\"CONTROL_MESSAGE\",\"owner\":\"CloudwatchLogs\",\"logGroup\":\"\","
                                        + "\"logStream\":\"\",\"subscriptionFilters\":[],\"logEvents\":[{\"id\":\"\",\"timestamp\":1,"
                                        + "\"message\":\"CWL CONTROL MESSAGE: Checking health of destination Kinesis stream.\"}]}"))
                .isEqualTo("control-message");
        assertThat(decoder.fates(subscription("kube-scheduler-1", "I0101 a", "I0101 b")))
                .containsExactly("log-stream", "log-stream");
        assertThat(decoder.fates(subscription("kube-apiserver-0a1b", "x"))).containsExactly("log-stream");
    }

    @Test
    void readsBothKindsOfStreamByTheRecordsShape() {
        assertThat(decoder.event(subscription("authenticator-1", GRANTED)).source())
                .isEqualTo(Source.EKS_AUTHENTICATOR);
        assertThat(decoder.fates(subscription("authenticator-1", "W0112 12:00:00.000000       1 watch.go:1] x")))
                .containsExactly("message");
        assertThat(TestingDecoder.of("kubernetes-audit").fates(subscription("authenticator-1", GRANTED)))
                .containsExactly("dead");
    }

    @Test
    void losesOneRecordToOneBadElement() {
        String document = subscription(STREAM, GET_POD, "#", GET_POD);

        assertThat(decoder.fates(document)).containsExactly("event", "dead", "event");
        assertThat(decoder.fates(replace(document, "\"message\":\"#\"", "\"message\":0")))
                .containsExactly("event", "dead", "event");
        assertThat(decoder.fates(replace(document, "\"message\":\"#\"", "\"message\":tru#")))
                .containsExactly("event", "dead", "event");
        assertThat(decoder.fates(replace(document, "\"timestamp\":1769248800501", "\"timestamp\":\"1\"")))
                .containsExactly("event", "dead", "event");
        assertThat(decoder.fates(document.replaceAll("\\{\"id\":\"39\\d+1\"[^}]*\\}", "7")))
                .containsExactly("event", "dead", "event");
    }

    @Test
    void keepsTheInnermostBytesOfABadRecord() {
        DeadLetter letter = decoder.records(
                        "{\"awslogs\":{\"data\":\"" + base64(gzip(subscription(STREAM, "hello \"you\""))) + "\"}}")
                .get(0)
                .deadLetter();

        assertThat(letter.reason()).isEqualTo("no known log format: hello \"you\"");
        assertThat(letter.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("hello \"you\"");
    }

    @Test
    void tellsWhatIsWrongWithAnEnvelope() {
        assertThat(decoder.reason("{\"awslogs\":{\"data\":\"%%%\"}}")).startsWith("not base64: %%%");
        assertThat(decoder.reason("{\"awslogs\":{\"data\":7}}")).isEqualTo("awslogs.data must be a string: 7");
        assertThat(decoder.reason("{\"awslogs\":7}")).isEqualTo("awslogs must be an object: 7");
        assertThat(decoder.fates("{\"Records\":[{\"s3\":{}},7]}")).containsExactly("dead", "dead");
        String document = subscription(STREAM, GET_POD);
        assertThat(decoder.reason(replace(document, "DATA_MESSAGE", "OTHER")))
                .isEqualTo("messageType must be DATA_MESSAGE or CONTROL_MESSAGE: \"OTHER\"");
        assertThat(decoder.reason(replace(document, "\"owner\":\"111122223333\"", "\"owner\":1")))
                .isEqualTo("owner must be a string: 1");
        assertThat(decoder.reason(replace(document, "\"owner\"", "\"logGroup\":\"x\",\"owner\"")))
                .isEqualTo("duplicate field: logGroup");
    }

    @Test
    void tellsRecordsWithoutAnIdOfTheirOwnApartByTheEnvelopes() {
        String record = with("\"auditID\":\"6c1f0f7e-0000-4000-8000-000000000001\",", "");
        List<SecurityEvent> events = decoder.events(subscription(STREAM, record, record));
        List<SecurityEvent> again = decoder.events(subscription(STREAM, record, record));

        assertThat(events.get(0).id())
                .isNotEqualTo(events.get(1).id())
                .isEqualTo(again.get(0).id());
    }

    @Test
    void readsTheLinesOfAnExport() {
        SecurityEvent event = decoder.event("2026-01-24T10:00:01.719Z "
                + with(
                        ",\"requestReceivedTimestamp\":\"2026-01-24T10:00:00.000001Z\","
                                + "\"stageTimestamp\":\"2026-01-24T10:00:00.250000Z\"",
                        ""));

        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:01.719Z"));
        assertThat(decoder.event("2026-01-24T10:00:01.719Z " + GRANTED).user()).isEqualTo("admin");
    }

    @Test
    void readsLogEventsWithExtractedFields() {
        String document = replace(
                subscription(STREAM, GET_POD),
                "\"id\":\"39",
                "\"extractedFields\":{\"verb\":\"delete\",\"message\":\"x\"},\"id\":\"39");

        assertThat(decoder.event(document).verb()).isEqualTo("get");
    }

    @Test
    void readsDocumentsThatFirehosePutTogether() throws Exception {
        String document = subscription(STREAM, GET_POD);
        ByteArrayOutputStream members = new ByteArrayOutputStream();
        members.write(gzip(document + subscription("authenticator-1", GRANTED)));
        members.write(gzip(document + "\n" + document));

        assertThat(decoder.fates(members.toByteArray())).containsExactly("event", "event", "event", "event");
        assertThat(decoder.fates(base64(members.toByteArray()))).hasSize(4).containsOnly("event");
    }

    @Test
    void readsAMessageOfAMegabyteAndOneCutThere() {
        String padded = with(
                "\"requestReceived", "\"requestObject\":{\"a\":\"" + "x".repeat(900_000) + "\"},\"requestReceived");
        SecurityEvent cut = decoder.event(subscription(STREAM, padded.substring(0, 800_000) + "[Truncated...]"));

        assertThat(decoder.event(subscription(STREAM, padded)).truncated()).isFalse();
        assertThat(cut.truncated()).isTrue();
        assertThat(cut.user()).isEqualTo("jane");
    }
}
