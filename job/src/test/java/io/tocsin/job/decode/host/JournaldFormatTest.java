package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournaldFormatTest {
    private static final String FAILED = "Failed password for root from 203.0.113.9 port 50022 ssh2";
    private static final String SSHD = "\"_COMM\":\"sshd\",\"_EXE\":\"/usr/sbin/sshd\",\"_UID\":\"0\","
            + "\"_CMDLINE\":\"sshd: root [priv]\",\"_SYSTEMD_UNIT\":\"ssh.service\"";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String entry(String writer, String message) {
        return "{\"__CURSOR\":\"s=1;i=2;b=3\",\"__REALTIME_TIMESTAMP\":\"1772348146738197\",\"_BOOT_ID\":\"b\","
                + "\"_HOSTNAME\":\"node-1\",\"_PID\":\"24200\",\"_TRANSPORT\":\"syslog\",\"PRIORITY\":\"6\","
                + "\"SYSLOG_IDENTIFIER\":\"sshd\"," + writer + ",\"MESSAGE\":" + message + "}";
    }

    private static String quoted(String message) {
        return "\"" + message.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    private SecurityEvent of(String writer, String message) {
        return decoder.event(entry(writer, quoted(message)));
    }

    // Trap 16

    @Test
    void readsAnEntry() {
        SecurityEvent event = of(SSHD, FAILED);

        assertThat(event.source()).isEqualTo(Source.JOURNALD);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T06:55:46.738197Z"));
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(event.process().binary()).isEqualTo("/usr/sbin/sshd");
        assertThat(event.process().id()).isEqualTo("24200");
        assertThat(event.level()).isEqualTo("info");
        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(event.user()).isEqualTo("root");
        assertThat(event.userUid()).isNull();
        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.message()).isEqualTo(FAILED);
        assertThat(TestingDecoder.of("journald").event(entry(SSHD, quoted(FAILED))))
                .isEqualTo(event);
    }

    @Test
    void knowsAnEntryAgainByItsCursor() {
        String first = entry(SSHD, quoted(FAILED));

        assertThat(decoder.event(first.replace("\"_BOOT_ID\":\"b\",", "")).id())
                .isEqualTo(decoder.event(first).id());
        assertThat(decoder.event(first.replace("i=2", "i=3")).id())
                .isNotEqualTo(decoder.event(first).id());
    }

    // Anybody may log as sshd.

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"_COMM\":\"logger\",\"_EXE\":\"/usr/bin/logger\",\"_UID\":\"1000\"",
                "\"_COMM\":\"sshd\",\"_EXE\":\"/home/jane/sshd\",\"_UID\":\"1000\"",
                "\"_COMM\":\"sshd\",\"_EXE\":\"/usr/sbin/sshd\",\"_UID\":\"1000\"",
                "\"_COMM\":\"sshd\"",
                "\"_SYSTEMD_UNIT\":\"ssh.service\",\"_UID\":\"1000\"",
                "\"_UID\":\"1000\"",
                "\"_COMM\":\"logger\",\"_EXE\":\"/usr/bin/logger\",\"_UID\":\"0\"",
                "\"UID\":\"0\",\"COMM\":\"sshd\",\"_UID\":\"1000\",\"_COMM\":\"logger\"",
                "\"_COMM\":\"sshd\",\"_UID\":\"0\",\"CONTAINER_NAME\":\"k8s_web_web-0_shop_u_0\"",
                "\"_COMM\":\"sshd\",\"_UID\":\"0\",\"_SYSTEMD_CGROUP\":\"/kubepods.slice/kubepods-pod1.slice/x.scope\""
            })
    void makesNoLoginOfWhatSomebodyElseWrote(String writer) {
        SecurityEvent event = of(writer, FAILED);

        assertThat(event.verb()).isNull();
        assertThat(event.user()).isNull();
        assertThat(event.peer()).isNull();
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.message()).isEqualTo(FAILED);
    }

    @Test
    void namesTheRealWriter() {
        SecurityEvent event = of(
                "\"_COMM\":\"logger\",\"_EXE\":\"/usr/bin/logger\",\"_CMDLINE\":\"logger -t sshd x\",\"_UID\":\"1000\"",
                FAILED);

        assertThat(event.process().binary()).isEqualTo("/usr/bin/logger");
        assertThat(event.process().command()).isEqualTo("-t sshd x");
        assertThat(event.userUid()).isEqualTo("1000");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"_COMM\":\"sshd\",\"_UID\":\"0\"",
                "\"_COMM\":\"sshd-session\",\"_UID\":\"0\"",
                "\"_EXE\":\"/usr/lib/openssh/sshd-session\",\"_UID\":\"0\"",
                "\"_SYSTEMD_UNIT\":\"ssh.service\",\"_UID\":\"0\"",
                "\"_SYSTEMD_UNIT\":\"sshd@0-10.0.0.1:22-203.0.113.9:5.service\",\"_UID\":\"0\"",
                "\"_UID\":\"0\""
            })
    void believesSshdOfRoot(String writer) {
        assertThat(of(writer, FAILED).verb()).isEqualTo("login");
    }

    @Test
    void believesSudoByItsFile() {
        String message = "    jane : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh";

        SecurityEvent event = of("\"_COMM\":\"sudo\",\"_EXE\":\"/usr/bin/sudo\",\"_UID\":\"1000\"", message);
        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.process().binary()).isEqualTo("/usr/bin/sudo");
        assertThat(event.process().command()).isEqualTo("/bin/sh");
        assertThat(event.process().id()).isEqualTo("24200");
        assertThat(of("\"_COMM\":\"sudo\",\"_UID\":\"1000\"", message).verb()).isNull();
        assertThat(of("\"_COMM\":\"sudo\",\"_EXE\":\"/home/jane/bin/sudo\",\"_UID\":\"1000\"", message)
                        .verb())
                .isNull();
        assertThat(of("\"_COMM\":\"su\",\"_EXE\":\"/usr/bin/su\",\"_UID\":\"1000\"", "(to root) jane on pts/0")
                        .verb())
                .isEqualTo("login");
    }

    @Test
    void believesSystemdAlone() {
        String unit = ",\"UNIT\":\"auditd.service\"";
        String message = "Stopped Security Audit Logging Service.";

        SecurityEvent event = decoder.event(entry("\"_COMM\":\"systemd\",\"_UID\":\"0\"" + unit, quoted(message))
                .replace("\"24200\"", "\"1\""));
        assertThat(event.verb()).isEqualTo("stop");
        assertThat(event.resource()).isEqualTo("units");
        assertThat(event.name()).isEqualTo("auditd.service");
        SecurityEvent users =
                of("\"_COMM\":\"systemd\",\"_EXE\":\"/usr/lib/systemd/systemd\",\"_UID\":\"1000\"" + unit, message);
        assertThat(users.verb()).isNull();
        assertThat(users.name()).isNull();
    }

    @Test
    void readsValuesThatAreBytesOrSeveralOrNone() {
        StringBuilder bytes = new StringBuilder("[");
        for (int i = 0; i < FAILED.length(); i++) {
            bytes.append((int) FAILED.charAt(i)).append(',');
        }
        assertThat(decoder.event(entry(SSHD, bytes.append("10]").toString())).verb())
                .isEqualTo("login");
        assertThat(decoder.event(entry(SSHD, "[72,255,33]")).message()).isEqualTo("H\ufffd!");
        SecurityEvent several = decoder.event(entry(SSHD, "[" + quoted(FAILED) + ",[65,66],null]"));
        assertThat(several.message()).isEqualTo(FAILED + "\nAB");
        assertThat(several.verb()).isNull();
        SecurityEvent none = decoder.event(entry(SSHD, "null"));
        assertThat(none.message()).isNull();
        assertThat(none.process().binary()).isEqualTo("/usr/sbin/sshd");
        assertThat(decoder.event(entry(SSHD, "[]")).message()).isNull();
        assertThat(decoder.event(entry(SSHD, quoted(FAILED)).replace("\"6\"", "[\"6\",\"3\"]"))
                        .level())
                .isEqualTo("info");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"a\":1}|MESSAGE must be a string: an object",
                "5|MESSAGE must be a string: 5",
                "[true]|MESSAGE must be a string, bytes, or an array of these: true",
                "[1,256]|MESSAGE must be a string, bytes, or an array of these: 256",
                "[[1,\"a\"]]|MESSAGE must be a string, bytes, or an array of these: \"a\""
            })
    void refusesOtherTypes(String message, String reason) {
        assertThat(decoder.reason(entry(SSHD, message))).isEqualTo(reason);
    }

    @Test
    void refusesATimeThatIsNone() {
        assertThat(decoder.reason(entry(SSHD, "null").replace("1772348146738197", "now")))
                .isEqualTo("__REALTIME_TIMESTAMP must be microseconds since 1970: \"now\"");
        assertThat(decoder.reason("{\"MESSAGE\":\"x\",\"_BOOT_ID\":\"b\"}")).isEqualTo("time is missing");
    }

    @Test
    void takesTheTimeOfTheCollector() {
        assertThat(decoder.event("{\"date\":1772348146.5,\"_BOOT_ID\":\"b\",\"MESSAGE\":\"x\"}")
                        .time())
                .isEqualTo(Instant.parse("2026-03-01T06:55:46.5Z"));
        assertThat(decoder.event("{\"@timestamp\":\"2026-03-01T06:55:46Z\",\"_BOOT_ID\":\"b\",\"MESSAGE\":\"x\"}")
                        .time())
                .isEqualTo(Instant.parse("2026-03-01T06:55:46Z"));
        assertThat(decoder.event(
                                "{\"_SOURCE_REALTIME_TIMESTAMP\":\"1772348146000000\",\"_BOOT_ID\":\"b\",\"MESSAGE\":\"x\"}")
                        .time())
                .isEqualTo(Instant.parse("2026-03-01T06:55:46Z"));
    }

    @Test
    void readsWhatVectorMakesOfIt() {
        SecurityEvent event = decoder.event("{\"PRIORITY\":\"6\",\"_BOOT_ID\":\"b\",\"_COMM\":\"sshd\",\"_UID\":\"0\","
                + "\"__REALTIME_TIMESTAMP\":\"1772348146738197\",\"host\":\"node-1\",\"message\":\"" + FAILED
                + "\",\"source_type\":\"journald\",\"timestamp\":\"2026-03-01T06:55:46.7Z\"}");

        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.place().node()).isEqualTo("node-1");
    }

    @Test
    void readsLowerCase() {
        String lower = entry(SSHD, "\"MSG\"").toLowerCase(Locale.ROOT).replace("\"msg\"", quoted(FAILED));

        assertThat(decoder.event(lower).verb()).isEqualTo("login");
        assertThat(decoder.event(lower).time()).isEqualTo(Instant.parse("2026-03-01T06:55:46.738197Z"));
    }

    @Test
    void believesNothingWithoutUnderscores() {
        SecurityEvent event = decoder.event("{\"@timestamp\":\"2026-03-01T06:55:46Z\",\"MESSAGE\":\"" + FAILED
                + "\",\"BOOT_ID\":\"b\",\"HOSTNAME\":\"node-1\",\"COMM\":\"sshd\",\"UID\":\"0\",\"PRIORITY\":\"3\"}");

        assertThat(event.verb()).isNull();
        assertThat(event.peer()).isNull();
        assertThat(event.message()).isEqualTo(FAILED);
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(event.level()).isEqualTo("error");
        assertThat(event.process().binary()).isEqualTo("sshd");
    }

    @Test
    void salvagesTheHeadOfAnEntryThatIsCut() {
        String whole = entry(SSHD, quoted(FAILED));
        SecurityEvent event = decoder.event(whole.substring(0, whole.length() - 20));

        assertThat(event.truncated()).isTrue();
        assertThat(event.verb()).isNull();
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(decoder.event("{\"__CURSOR\":\"c\",\"__REALTIME_TIMESTAMP\":\"1772348146738197\",\"MESSAGE\":\""
                                + FAILED + "\",\"SYSLOG_IDENTIFIER\":\"sshd\",\"_UID\":\"0\",\"_CO")
                        .verb())
                .isNull();
    }

    @Test
    void readsHugeEntries() {
        SecurityEvent event = of(SSHD, "x".repeat(900_000));

        assertThat(event.message()).hasSizeLessThan(3_000);
        assertThat(of(SSHD, FAILED.replace("root", "r".repeat(100_000))).verb()).isNull();
    }
}
