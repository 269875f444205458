package io.tocsin.job.decode.aws;

import static io.tocsin.job.decode.TestingRecords.GRANTED;
import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuthenticatorFormatTest {
    private static final String ROLE = "arn:aws:iam::111122223333:role/Admin";
    private static final String TIME = "time=\"2026-01-24T19:48:32Z\" ";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsAGrant() {
        SecurityEvent event = decoder.event(GRANTED);

        assertThat(event.source()).isEqualTo(Source.EKS_AUTHENTICATOR);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T19:48:32Z"));
        assertThat(event.verb()).isEqualTo("authenticate");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.user()).isEqualTo("admin");
        assertThat(event.userUid()).isEqualTo("aws-iam-authenticator:111122223333:AROAEXAMPLE");
        assertThat(event.groups()).containsExactly("ops", "system:masters");
        assertThat(event.arn()).isEqualTo(ROLE);
        assertThat(event.recordId()).isNotNull();
        assertThat(event.id())
                .isNotEqualTo(decoder.event(replace(GRANTED, "41000", "41001")).id());
    }

    // Trap 14

    @Test
    void knowsNoPeerForTheClientIsTheApiServer() {
        SecurityEvent event = decoder.event(GRANTED);

        assertThat(event.peer()).isNull();
        assertThat(event.zone()).isEqualTo(Zone.UNKNOWN);
        assertThat(event.claimed()).isEmpty();
    }

    // Trap 15

    @Test
    void readsQuotesInsideQuotesAndEmptyValues() {
        String denied = TIME
                + "level=warning msg=\"access denied\" client=\"127.0.0.1:1\" error=\"sts getCallerIdentity failed: "
                + "error from AWS (expected 200, got 403). Body: {\\\"Error\\\":{\\\"Code\\\":\\\"ExpiredToken\\\"}}\\n\\u00e9 \\xff\" "
                + "method=POST path=/authenticate session=";
        SecurityEvent event = decoder.event(denied);

        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.reason()).contains("Body: {\"Error\":{\"Code\":\"ExpiredToken\"}}\né \ufffd");
        assertThat(event.sessionName()).isNull();
        assertThat(event.arn()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "level=warning msg=\"access denied\" arn=\"arn:aws:iam::111122223333:role/Admin\" error=\"identity is not mapped\"",
                "level=error msg=\"access denied\" error=\"ARN is not mapped: arn:aws:iam::111122223333:role/Admin\"",
                "level=warning msg=\"access denied\" arn=\"arn:aws:sts::111122223333:assumed-role/Admin/jane\" "
                        + "error=\"ARN is not mapped\" sts=sts.eu-west-1.amazonaws.com"
            })
    void namesTheRoleThatWasDenied(String rest) {
        SecurityEvent event = decoder.event(TIME + rest);

        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.arn()).isEqualTo(ROLE);
        assertThat(event.reason()).contains("is not mapped");
    }

    @Test
    void takesNoRoleFromWhatTheClientSent() {
        assertThat(decoder.event(TIME
                                + "level=warning msg=\"access denied\" error=\"input token was not properly formatted: "
                                + "unexpected path ARN is not mapped: arn:aws:iam::111122223333:role/Victim\"")
                        .arn())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "accesskeyid=ASIAEXAMPLE stsendpoint=x",
                "accesskeyid=ASIAEXAMPLE sts=x",
                "accesskeyid=ASIAEXAMPLE"
            })
    void readsWhoAnsweredForTheTokenInEveryGeneration(String rest) {
        SecurityEvent event = decoder.event(TIME + "level=info msg=\"STS response\" accountid=111122223333 "
                + "arn=\"arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com\" client=\"127.0.0.1:1\" "
                + "session=jane@example.com userid=AROAEXAMPLE " + rest);

        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.verb()).isEqualTo("authenticate");
        assertThat(event.arn()).isEqualTo(ROLE);
        assertThat(event.sessionName()).isEqualTo("jane@example.com");
        assertThat(event.accessKeyId()).isEqualTo("ASIAEXAMPLE");
        assertThat(event.user()).isNull();
    }

    @Test
    void readsOldLinesWithoutAnAccessKey() {
        SecurityEvent event = decoder.event(
                TIME + "level=info msg=\"access granted\" client=\"127.0.0.1:1\" groups=\"[]\" username=\"a b\" uid=");

        assertThat(event.user()).isEqualTo("a b");
        assertThat(event.groups()).isEmpty();
        assertThat(event.userUid()).isNull();
        assertThat(event.accessKeyId()).isNull();
    }

    @Test
    void readsJson() {
        SecurityEvent event = decoder.event(
                "{\"arn\":\"" + ROLE + "\",\"client\":\"127.0.0.1:1\",\"groups\":[\"ops\",\"a b\"],"
                        + "\"level\":\"info\",\"msg\":\"access granted\",\"time\":\"2026-01-24T19:48:32Z\",\"username\":\"admin\"}");

        assertThat(event.groups()).containsExactly("ops", "a b");
        assertThat(event.arn()).isEqualTo(ROLE);
        assertThat(event.user()).isEqualTo("admin");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "level=info msg=\"listening on https://127.0.0.1:21362/authenticate\"",
                "level=info msg=\"mapping IAM role\" groups=\"[a]\" role=\"arn:aws:iam::1:role/a\" username=u",
                "level=info msg=\"Received aws-auth watch event\"",
                "level=error msg=\"empty request body\"",
                "level=debug msg=something-new x={a b}"
            })
    void skipsWhatElseItLogs(String rest) {
        assertThat(decoder.skipped(TIME + rest)).isEqualTo("message");
    }

    @Test
    void refusesWhatIsNoLogfmt() {
        assertThat(decoder.reason(TIME + "level=info msg=\"access granted\"x"))
                .isEqualTo("not logfmt, no space after msg");
        assertThat(decoder.reason(TIME + "\"quoted\"=x")).startsWith("not logfmt, a quote in a key");
        assertThat(decoder.reason(TIME + "msg=\"a\\qb\"")).startsWith("not a Go string");
        assertThat(decoder.reason(TIME + "level=info")).isEqualTo("msg is missing");
        assertThat(decoder.reason(replace(GRANTED, "2026-01-24T19:48:32Z", "now")))
                .isEqualTo("time must be an RFC 3339 time: \"now\"");
        assertThat(decoder.reason(GRANTED + " username=root")).isEqualTo("duplicate field: username");
        assertThat(decoder.reason("{\"level\":\"info\",\"msg\":5,\"time\":\"x\"}"))
                .isEqualTo("msg must be a string: 5");
    }

    @Test
    void salvagesALineThatIsCut() {
        SecurityEvent event = decoder.event(GRANTED.substring(0, GRANTED.indexOf("masters")));

        assertThat(event.truncated()).isTrue();
        assertThat(event.groups()).isEmpty();
        assertThat(event.arn()).isEqualTo(ROLE);
        assertThat(decoder.reason("time=\"2026-01-24T19:48:32Z\" level=info msg=\"access gr"))
                .isEqualTo("cut off before msg");
    }
}
