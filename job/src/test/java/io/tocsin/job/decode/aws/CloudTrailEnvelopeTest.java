package io.tocsin.job.decode.aws;

import static io.tocsin.job.decode.TestingDecoder.base64;
import static io.tocsin.job.decode.TestingDecoder.gzip;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.aws.TestingCalls.CALL;
import static io.tocsin.job.decode.aws.TestingCalls.lines;
import static io.tocsin.job.decode.aws.TestingCalls.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What CloudTrail's records come in. */
class CloudTrailEnvelopeTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void isOneEventHoweverItComes() {
        String id = decoder.event(CALL).id();
        String escaped = CALL.replace("\\", "\\\\").replace("\"", "\\\"");
        String cloudWatch = "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"444455556666\",\"logGroup\":\"trail\","
                + "\"logStream\":\"s\",\"logEvents\":[{\"id\":\"1\",\"timestamp\":1769251140000,\"message\":\""
                + escaped
                + "\"}]}";
        String sns =
                "{\"Type\":\"Notification\",\"MessageId\":\"m\",\"TopicArn\":\"t\",\"Message\":\"" + escaped + "\"}";
        for (String wrapped : List.of(
                "{\"Records\":[" + CALL + "]}",
                "{\"detail-type\":\"AWS API Call via CloudTrail\",\"id\":\"e\",\"detail\":" + CALL + "}",
                cloudWatch,
                sns,
                "{\"awslogs\":{\"data\":\"" + base64(gzip(cloudWatch)) + "\"}}",
                "{\"Events\":[{\"EventId\":\"x\",\"CloudTrailEvent\":\"" + escaped + "\"}]}")) {
            SecurityEvent event = decoder.event(wrapped);
            assertThat(event.id()).as(wrapped).isEqualTo(id);
            assertThat(event.auditId()).isEqualTo("7a1d0000-0000-4000-8000-000000000001");
            assertThat(event.account()).isEqualTo("111122223333");
        }
        assertThat(decoder.event(replace(CALL, "000000000001\"", "000000000002\""))
                        .id())
                .isNotEqualTo(id);
    }

    @Test
    void readsFilesOfOneHugeLine() {
        StringBuilder file = new StringBuilder("{\"Records\":[");
        for (int i = 0; i < 4_000; i++) {
            file.append(i == 0 ? "" : ",").append(CALL);
        }
        file.append("]}\n");

        assertThat(file.length()).isGreaterThan(2 << 20);
        assertThat(decoder.events(file.toString())).hasSize(4_000);
        assertThat(decoder.records(gzip(file.toString()))).hasSize(4_000);
        assertThat(decoder.records("{\"Records\":[]}")).isEmpty();
    }

    @Test
    void readsEveryEnvelope() {
        assertThat(decoder.fates(whole("s3-file.log"))).containsExactly("event", "event");
        assertThat(decoder.ofFile(whole("eventbridge.jsonl")))
                .extracting(Decoded::skipped)
                .containsExactly(null, "detail-type");
        assertThat(decoder.ofFile(whole("messages.jsonl")))
                .extracting(Decoded::skipped)
                .containsExactly(null, "notification", "control-message", null, null, "notification");
        assertThat(decoder.ofFile(whole("messages.jsonl")).stream()
                        .map(Decoded::event)
                        .filter(Objects::nonNull)
                        .map(SecurityEvent::verb))
                .containsExactly("DeregisterCluster", "UpdateClusterVersion", "DeleteAddon");
        assertThat(decoder.ofFile(whole("lookup-events.log")))
                .extracting(r -> Objects.requireNonNull(r.event()).scope())
                .containsExactly("111122223333/eu-west-1/prod");
        assertThat(decoder.skipped(whole("digest.log"))).isEqualTo("digest");

        SecurityEvent collected = decoder.event(lines("cloudwatch.jsonl").get(0));
        assertThat(collected.account()).isEqualTo("111122223333");
        assertThat(collected.instance()).isNull();
        assertThat(collected.scope()).isEqualTo("111122223333/eu-west-1/prod");
    }

    @Test
    void leavesOtherSourcesOfLambdaAlone() {
        String kinesis = "{\"Records\":[{\"eventSource\":\"aws:kinesis\",\"eventVersion\":\"1.0\",\"eventID\":\"s:1\","
                + "\"eventName\":\"aws:kinesis:record\",\"awsRegion\":\"eu-west-1\",\"kinesis\":{\"data\":\""
                + base64(CALL.getBytes(StandardCharsets.UTF_8)) + "\"}}]}";

        assertThat(decoder.event(kinesis).verb()).isEqualTo("DescribeCluster");
    }

    @Test
    void isReadByItsName() {
        for (String file : List.of("eks.jsonl", "sts.jsonl", "console.jsonl", "s3-file.log", "messages.jsonl")) {
            assertThat(TestingDecoder.of("cloudtrail").ofFile(whole(file)))
                    .as(file)
                    .allMatch(r -> r.deadLetter() == null)
                    .hasSameSizeAs(decoder.ofFile(whole(file)));
        }
        assertThat(TestingDecoder.of("cloudtrail").reason("{\"kind\": 0}"))
                .isEqualTo("not a cloudtrail record: {\"kind\": 0}");
        assertThat(TestingDecoder.of("cloudtrail").reason("hello")).isEqualTo("not a cloudtrail record: hello");
        assertThat(TestingDecoder.of("kubernetes-audit").reason(CALL)).startsWith("not a kubernetes-audit record");
    }
}
