package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SyslogFormatTest {
    private static final String FAILED = "Failed password for root from 203.0.113.9 port 50022 ssh2";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsALineOfRfc3164() {
        SecurityEvent event = decoder.event("Mar  1 06:55:46 node-1 sshd[24200]: " + FAILED);

        assertThat(event.source()).isEqualTo(Source.SYSLOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T06:55:46Z"));
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(event.process().binary()).isEqualTo("sshd");
        assertThat(event.process().id()).isEqualTo("24200");
        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(event.user()).isEqualTo("root");
        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.reason()).isEqualTo("password");
        assertThat(event.message()).isEqualTo(FAILED);
        assertThat(event.level()).isNull();
        assertThat(event.count()).isEqualTo(1);
        assertThat(TestingDecoder.of("syslog").event("Mar  1 06:55:46 node-1 sshd[24200]: " + FAILED))
                .isEqualTo(event);
    }

    // Trap: no year, no zone

    @ParameterizedTest
    @CsvSource({
        "Mar  4 23:59:59, 2026-03-04T23:59:59Z",
        "Mar 4 23:59:59, 2026-03-04T23:59:59Z",
        "Mar  6 00:00:00, 2026-03-06T00:00:00Z",
        "Mar  8 00:00:00, 2025-03-08T00:00:00Z",
        "Dec 31 23:59:59, 2025-12-31T23:59:59Z",
        "Jan  1 00:00:00, 2026-01-01T00:00:00Z",
        "Feb 29 12:00:00, 2024-02-29T12:00:00Z",
        "Mar  4 23:59:59.123456, 2026-03-04T23:59:59Z"
    })
    void takesTheYearFromWhenItWasWritten(String stamp, String time) {
        assertThat(decoder.event(stamp + " node-1 cron[1]: x").time()).isEqualTo(Instant.parse(time));
    }

    @Test
    void takesTheZoneFromTheOptions() {
        DecoderOptions options = new DecoderOptions(
                "syslog",
                null,
                Networks.defaults(),
                Set.of(),
                1 << 20,
                Map.of(Source.SYSLOG, ZoneId.of("America/New_York")),
                List.of(),
                ContentPlan.NONE);

        assertThat(TestingDecoder.with(options)
                        .event("Jan  1 00:00:00 node-1 cron[1]: x")
                        .time())
                .isEqualTo(Instant.parse("2026-01-01T05:00:00Z"));
        assertThat(TestingDecoder.with(options)
                        .event("2026-01-01T00:00:00.000000+01:00 node-1 cron[1]: x")
                        .time())
                .isEqualTo(Instant.parse("2025-12-31T23:00:00Z"));
    }

    @Test
    void readsThePriority() {
        SecurityEvent event = decoder.event("<84>Mar  1 06:55:46 node-1 sshd[24200]: " + FAILED);

        assertThat(event.level()).isEqualTo("warning");
        assertThat(event.verb()).isEqualTo("login");
        assertThat(decoder.event("<0>Mar  1 06:55:46 node-1 kernel: [ 1.2] x").level())
                .isEqualTo("emergency");
        assertThat(decoder.event("<191>2026-03-01T06:55:46Z node-1 x: y").level())
                .isEqualTo("debug");
        assertThat(decoder.reason("<192>Mar  1 06:55:46 node-1 x: y")).startsWith("no known log format");
    }

    @Test
    void readsTheTimesOfRsyslog() {
        SecurityEvent event = decoder.event("2026-02-14T00:20:42.738197+01:00 node-1 sshd-session[1112652]: " + FAILED);

        assertThat(event.time()).isEqualTo(Instant.parse("2026-02-13T23:20:42.738197Z"));
        assertThat(event.source()).isEqualTo(Source.SYSLOG);
        assertThat(event.user()).isEqualTo("root");
    }

    @Test
    void readsALineOfRfc5424() {
        SecurityEvent event = decoder.event("<86>1 2026-03-01T06:55:46.003Z node-1 sshd 24200 ID47 "
                + "[x@32473 a=\"] \\\" sshd: \" b=\"\\]\"][y@32473] \ufeff" + FAILED);

        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T06:55:46.003Z"));
        assertThat(event.level()).isEqualTo("info");
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(event.process().id()).isEqualTo("24200");
        assertThat(event.message()).isEqualTo(FAILED);
        assertThat(event.verb()).isEqualTo("login");
    }

    @Test
    void readsTheNilValuesOfRfc5424() {
        SecurityEvent event = decoder.event("<13>1 2026-03-01T06:55:46Z - - - - - hello");

        assertThat(event.place().node()).isNull();
        assertThat(event.process().binary()).isNull();
        assertThat(event.message()).isEqualTo("hello");
        assertThat(decoder.event("<13>1 2026-03-01T06:55:46Z - - - - -").message())
                .isNull();
        assertThat(decoder.reason("<13>1 - node-1 app - - - hello")).isEqualTo("time is missing");
        assertThat(decoder.reason("<13>1 2026-03-01T06:55:46Z node-1 app - - [x a=\"b\" hello"))
                .startsWith("structured data don't end: <13>1");
    }

    @Test
    void readsLinesWithoutAHostOrAProgram() {
        SecurityEvent local = decoder.event("<86>Mar  1 06:55:46 sshd[24200]: " + FAILED);
        assertThat(local.place().node()).isNull();
        assertThat(local.user()).isEqualTo("root");

        SecurityEvent mark = decoder.event("Mar  1 06:55:46 node-1 -- MARK --");
        assertThat(mark.place().node()).isEqualTo("node-1");
        assertThat(mark.process().binary()).isNull();
        assertThat(mark.message()).isEqualTo("-- MARK --");
    }

    @Test
    void readsSudoBehindItsSpaces() {
        SecurityEvent event = decoder.event(
                "Mar  1 06:55:46 node-1 sudo:    jane : TTY=pts/0 ; PWD=/x y ; USER=root ; COMMAND=/bin/echo hi");

        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.process().command()).isEqualTo("/bin/echo hi");
    }

    @Test
    void takesAPathForItsProgram() {
        assertThat(decoder.event("Mar  1 06:55:46 node-1 /usr/sbin/sshd[1]: " + FAILED)
                        .verb())
                .isEqualTo("login");
    }

    @Test
    void readsWhatRuntimesAndCollectorsHandOn() {
        String line = "2026-03-01T06:55:46Z node-1 sshd[1]: " + FAILED;

        assertThat(decoder.event(line + "\n").id())
                .isEqualTo(decoder.event(line).id());
        assertThat(decoder.fates(line + "\n" + line.replace("root", "admin") + "\r\n"))
                .containsExactly("event", "event");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-01-24T01:34:36.743000000+00:00 stdout F sshd[1]: Accepted password for root from 1.2.3.4 port 1 ssh2",
                "2026-01-24T01:34:36.743Z INFO sshd[1]: Accepted password for root from 1.2.3.4 port 1 ssh2",
                "2026-01-24T01:34:36.743Z sshd: Accepted password for root from 1.2.3.4 port 1 ssh2",
                "2026-01-24T01:34:36.743Z time=\"2026-01-24T19:48:32Z\" level=info msg=x",
                "2026-01-24T01:34:36.743Z I0124 01:34:36.743000 1 a.go:1] x: y",
                "2026-01-24T01:34:36.743Z {\"kind\":\"Event\"}",
                "[2026-01-24T01:34:36.743Z] \"GET / HTTP/1.1\" 200 -",
                "203.0.113.9 - - [24/Jan/2026:01:34:36 +0000] \"GET /a: HTTP/1.1\" 200 5",
                "2026/01/24 01:34:36 [error] 1#1: *1 open() failed",
                "Mar is a month",
                "Mar 32",
                "<xml>",
                "<34>"
            })
    void leavesAloneWhatIsNone(String line) {
        assertThat(decoder.records(line))
                .noneMatch(r -> r.event() != null && r.event().source() == Source.SYSLOG);
    }

    @Test
    void refusesADayThatIsNone() {
        assertThat(decoder.reason("Feb 30 06:55:46 node-1 x: y"))
                .isEqualTo("time must be a day and a time of it: \"Feb 30 06:55:46\"");
        assertThat(TestingDecoder.of("syslog").reason("hello")).isEqualTo("not a syslog record: hello");
        assertThat(TestingDecoder.of("syslog").records("  ")).isEmpty();
    }

    @Test
    void makesNoLoginOfALineThatIsCut() {
        for (int end = 40; end < 36 + FAILED.length(); end++) {
            String line = ("Mar  1 06:55:46 node-1 sshd[24200]: " + FAILED).substring(0, end);
            SecurityEvent event = decoder.event(line);
            assertThat(event.verb()).as(line).isNull();
            assertThat(event.peer()).as(line).isNull();
        }
    }

    @Test
    void marksWhatIsTooLong() {
        String line = "Mar  1 06:55:46 node-1 sshd[1]: Failed password for x from 203.0.113.9 port 1 ssh2 "
                + "y".repeat(1 << 20) + " from 203.0.113.10 port 1 ssh2";

        SecurityEvent event = TestingDecoder.limited(86).event(line);
        assertThat(event.truncated()).isTrue();
        assertThat(event.verb()).isNull();
        assertThat(decoder.event(line).verb()).isNull();
        assertThat(decoder.event(line).message()).hasSizeLessThan(3_000);
    }

    @Test
    void keepsWhateverBytesAProgramWrites() {
        byte[] line = "Mar  1 06:55:46 node-1 app[1]: caf\u00e9 \u0000".getBytes(StandardCharsets.ISO_8859_1);

        List<Decoded> records = decoder.records(line);

        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().message()).startsWith("caf\ufffd");
    }
}
