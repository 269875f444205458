package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditdFormatTest {
    private static final String EXEC = event(2995, "/usr/bin/rm");

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String at(int serial) {
        return "msg=audit(1772348146.579:" + serial + "): ";
    }

    private static String call(int serial, String exe) {
        return "type=SYSCALL " + at(serial)
                + "arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d1 a2=55d2 a3=8 "
                + "items=2 ppid=4300 pid=4321 auid=1000 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 "
                + "ses=3 comm=\"rm\" exe=\"" + exe + "\" subj=unconfined key=\"rootcmd\"\n";
    }

    private static String event(int serial, String exe) {
        return call(serial, exe)
                + "type=EXECVE " + at(serial) + "argc=3 a0=\"rm\" a1=\"-rf\" a2=2F746D702F612062\n"
                + "type=CWD " + at(serial) + "cwd=\"/root\"\n"
                + "type=PATH " + at(serial) + "item=0 name=\"/usr/bin/rm\" inode=1 mode=0100755 nametype=NORMAL\n"
                + "type=PATH " + at(serial) + "item=1 name=\"/lib64/ld.so\" inode=2 mode=0100755 nametype=NORMAL\n"
                + "type=PROCTITLE " + at(serial) + "proctitle=726D002D7266\n";
    }

    private static String line(String type, String fields) {
        return "type=" + type + " " + at(77) + fields;
    }

    @Test
    void readsTheLinesOfAnEventAsOneRecord() {
        List<Decoded> records = decoder.ofFile(EXEC + event(2996, "/usr/bin/ls"));

        assertThat(records).hasSize(2);
        SecurityEvent event = records.get(0).event();
        assertThat(event.source()).isEqualTo(Source.AUDITD);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-03-01T06:55:46.579Z"));
        assertThat(event.verb()).isEqualTo("exec");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.user()).isEqualTo("1000");
        assertThat(event.userUid()).isEqualTo("1000");
        assertThat(event.reason()).isEqualTo("rootcmd");
        assertThat(event.process().binary()).isEqualTo("/usr/bin/rm");
        assertThat(event.process().command()).isEqualTo("-rf /tmp/a b");
        assertThat(event.process().directory()).isEqualTo("/root");
        assertThat(event.process().id()).isEqualTo("4321");
        assertThat(event.process().parentId()).isEqualTo("4300");
        assertThat(event.process().file()).isEqualTo("/usr/bin/rm");
        assertThat(event.message()).startsWith("type=SYSCALL msg=audit(").endsWith("key=\"rootcmd\"");
        assertThat(records.get(1).event().process().binary()).isEqualTo("/usr/bin/ls");
        assertThat(decoder.event(EXEC)).isEqualTo(event);
        assertThat(TestingDecoder.of("auditd").event(EXEC)).isEqualTo(event);
        assertThat(decoder.event(EXEC.replace("\n", "\r\n"))).isEqualTo(event);
    }

    @Test
    void takesApartEventsThatInterleave() {
        String[] one = EXEC.split("\n", -1);
        String[] two = event(2996, "/usr/bin/ls").split("\n", -1);
        StringBuilder mixed = new StringBuilder();
        for (int i = 0; i < one.length - 1; i++) {
            mixed.append(one[i]).append('\n').append(two[i]).append('\n');
            if (i == 2) {
                mixed.append(line(
                        "USER_AUTH",
                        "pid=1 uid=0 auid=4294967295 msg='op=PAM:authentication acct=\"x\" res=failed'\n"));
            }
        }

        List<SecurityEvent> events = decoder.ofFile(mixed + EXEC.replace("2995", "3000")).stream()
                .map(Decoded::event)
                .toList();

        assertThat(events).hasSize(4).doesNotContainNull();
        assertThat(events.get(0)).isEqualTo(decoder.event(EXEC));
        assertThat(events.get(1)).isEqualTo(decoder.event(event(2996, "/usr/bin/ls")));
        assertThat(events.get(2).verb()).isEqualTo("user-auth");
    }

    @Test
    void tellsNodesApart() {
        String one = EXEC.replaceAll("(?m)^type", "node=node-1 type");
        String two = EXEC.replaceAll("(?m)^type", "node=node-2 type");
        String[] first = one.split("\n", 2);
        List<Decoded> records = decoder.ofFile(first[0] + "\n" + two + first[1]);

        assertThat(records).hasSize(2);
        assertThat(records.get(0).event().place().node()).isEqualTo("node-1");
        assertThat(records.get(0).event().process().command()).isEqualTo("-rf /tmp/a b");
        assertThat(records.get(1).event().place().node()).isEqualTo("node-2");
        assertThat(records.get(0).event().id())
                .isNotEqualTo(records.get(1).event().id());
    }

    @Test
    void readsEventsWithoutALastLine() {
        StringBuilder old = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            old.append(call(i, "/bin/a" + i))
                    .append("type=PATH ")
                    .append(at(i))
                    .append("item=0 name=\"/f" + i + "\" nametype=NORMAL\n");
        }

        List<Decoded> records = decoder.ofFile(old.toString());

        assertThat(records).hasSize(100).allMatch(r -> r.event() != null);
        assertThat(records.get(99).event().process().file()).isEqualTo("/f99");
        assertThat(records.get(40).event().process().file()).isEqualTo("/f40");
    }

    @Test
    void goesOnAfterWhatIsNoneOfIt() {
        String later = call(5, "/bin/b").replace("1772348146", "1772348149");

        assertThat(decoder.ofFile(call(4, "/bin/a") + later + "\n\nhello\n" + EXEC))
                .extracting(
                        r -> r.event() == null ? "dead" : r.event().process().binary())
                .containsExactly("/bin/a", "/bin/b", "dead", "/usr/bin/rm");
    }

    @Test
    void skipsPartsOfAnEventThatComeAlone() {
        for (String part : EXEC.split("\n", -1)) {
            if (!part.isEmpty() && !part.startsWith("type=SYSCALL")) {
                assertThat(decoder.skipped(part)).isEqualTo("auxiliary-record");
            }
        }
        assertThat(decoder.skipped(line("EOE", ""))).isEqualTo("auxiliary-record");
        assertThat(decoder.event(EXEC.substring(0, EXEC.indexOf('\n'))).verb()).isEqualTo("exec");
    }

    @Test
    void joinsLongArguments() {
        SecurityEvent event = decoder.event(call(9, "/usr/bin/bash")
                + "type=EXECVE " + at(9) + "argc=4 a0=\"bash\" a1=\"-c\" a2_len=8 a2[0]=61622063\n"
                + "type=EXECVE " + at(9) + "a2[1]=64656667 a3=\"\"\n"
                + "type=PROCTITLE " + at(9) + "proctitle=\"bash\"\n");

        assertThat(event.process().command()).isEqualTo("-c ab cdefg ");
    }

    @Test
    void keepsTheNameThatAProgramOfManyIsCalledBy() {
        assertThat(decoder.event(call(9, "/bin/busybox") + "type=EXECVE " + at(9) + "argc=2 a0=\"wget\" a1=\"x\"")
                        .process()
                        .command())
                .isEqualTo("wget x");
    }

    @ParameterizedTest
    @CsvSource({
        "c000003e, 59, exec",
        "c000003e, 257, open",
        "c000003e, 2, open",
        "c000003e, 42, connect",
        "c000003e, 263, unlinkat",
        "c000003e, 175, init_module",
        "c00000b7, 221, exec",
        "c00000b7, 56, open",
        "40000003, 11, exec",
        "c000003e, 99999,",
        "12345678, 59,"
    })
    void namesTheCall(String arch, String number, String verb) {
        assertThat(decoder.event(line("SYSCALL", "arch=" + arch + " syscall=" + number + " success=yes exit=0 pid=1"))
                        .verb())
                .isEqualTo(verb);
    }

    @ParameterizedTest
    @CsvSource({
        "2, a1=241, NORMAL, write",
        "2, a1=2, NORMAL, write",
        "2, a1=80000, NORMAL, open",
        "257, a0=ffffff9c a1=3 a2=0, NORMAL, open",
        "257, a0=ffffff9c a1=0 a2=80241, NORMAL, write",
        "257, a2=40, CREATE, write",
        "437, a2=7ffe03, NORMAL, open",
        "437, a2=7ffe00, CREATE, write",
        "304, a2=1, NORMAL, write",
        "85, a1=1b6, NORMAL, write",
        "257, , NORMAL, open",
        "257, a2=?, NORMAL, open",
        "82, a1=241 a2=241, CREATE, rename"
    })
    void tellsWhoReadsFromWhoWrites(String number, @Nullable String arguments, String path, String verb) {
        String call = "arch=c000003e syscall=" + number + " success=yes exit=3 " + (arguments == null ? "" : arguments);

        assertThat(decoder.event(line("SYSCALL", call + " pid=1\n")
                                + line("PATH", "item=0 name=\"/etc/x\" nametype=" + path + "\n"))
                        .verb())
                .isEqualTo(verb);
    }

    @Test
    void readsWhatAuditdHasMadeOfTheNumbers() {
        SecurityEvent event = decoder.event(
                line(
                        "SYSCALL",
                        "arch=c000003e syscall=257 success=no exit=-13 a0=ffffff9c pid=1 auid=1000 uid=1000 comm=\"cat\" "
                                + "exe=\"/usr/bin/cat\" key=\"shadow\"\u001dARCH=x86_64 SYSCALL=openat AUID=\"jane\" UID=\"jane\""));

        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.userUid()).isEqualTo("1000");
        assertThat(event.verb()).isEqualTo("open");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.message()).endsWith("key=\"shadow\"");
    }

    @Test
    void readsFilesAndOutcomes() {
        String open = line("SYSCALL", "arch=c000003e syscall=257 success=no exit=-2 pid=1 auid=4294967295 key=(null)\n")
                + line("CWD", "cwd=\"/home/jane\"\n")
                + line("PATH", "item=0 name=\"./\" nametype=PARENT\n")
                + line("PATH", "item=1 name=\"./a\" nametype=CREATE\n")
                + line("PROCTITLE", "proctitle=\"touch\"\n");
        SecurityEvent event = decoder.event(open);

        assertThat(event.process().file()).isEqualTo("/home/jane/a");
        assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(event.user()).isNull();
        assertThat(event.userUid()).isNull();
        assertThat(event.reason()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "020001BBCB007109" + "0000000000000000, 203.0.113.9, 443",
        "0A0001BB0000000020010DB8000000000000000000000001" + "00000000, 2001:db8::1, 443",
        "01002F72756E2F736F636B657400, , 0",
        "02, , 0",
        "xyzxyzxyzxyzxyzxyz, , 0"
    })
    void readsWhereAConnectionGoes(String saddr, String destination, int port) {
        SecurityEvent event = decoder.event(line("SYSCALL", "arch=c000003e syscall=42 success=yes exit=0 pid=1\n")
                + line("SOCKADDR", "saddr=" + saddr));

        assertThat(event.verb()).isEqualTo("connect");
        assertThat(event.flow().destination()).isEqualTo(destination);
        assertThat(event.flow().port()).isEqualTo(port);
        assertThat(event.peer()).isNull();
    }

    // Of the lines about one login, one is counted.

    @Test
    void countsALoginOnce() {
        String rest = "exe=\"/usr/sbin/sshd\" hostname=203.0.113.9 addr=203.0.113.9 terminal=ssh res=failed'";
        SecurityEvent login = decoder.event(line(
                "USER_LOGIN", "pid=7 uid=0 auid=4294967295 ses=4294967295 subj=x msg='op=login acct=\"root\" " + rest));
        assertThat(login.verb()).isEqualTo("login");
        assertThat(login.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(login.user()).isEqualTo("root");
        assertThat(login.peer()).isEqualTo("203.0.113.9");
        assertThat(login.process().binary()).isEqualTo("/usr/sbin/sshd");
        SecurityEvent auth = decoder.event(line(
                "USER_AUTH",
                "pid=7 uid=0 auid=4294967295 ses=4294967295 msg='op=PAM:authentication grantors=? acct=\"root\" "
                        + rest));
        assertThat(auth.verb()).isEqualTo("user-auth");
        assertThat(auth.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(auth.reason()).isEqualTo("PAM:authentication");
        assertThat(decoder.event(line("LOGIN", "pid=7 uid=0 old-auid=4294967295 auid=1000 tty=(none) ses=3 res=1"))
                        .verb())
                .isEqualTo("set-loginuid");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acct=\"(unknown)\"|",
                "acct=28756E6B6E6F776E207573657229|",
                "acct=\"jane\"|jane",
                "acct=6120622066726F6D20312E322E332E34|a b from 1.2.3.4",
                "id=1000|1000",
                "acct=\"\"|",
            })
    void readsTheAccount(String account, String user) {
        SecurityEvent event = decoder.event(
                line("USER_LOGIN", "pid=7 uid=0 auid=4294967295 msg='op=login " + account + " addr=? res=failed'"));

        assertThat(event.user()).isEqualTo(user);
        assertThat(event.peer()).isNull();
    }

    @Test
    void tellsWhoBecomesWhom() {
        SecurityEvent event = decoder.event(line(
                "USER_START",
                "pid=7 uid=1000 auid=1000 ses=3 msg='op=PAM:session_open acct=\"root\" exe=\"/usr/bin/sudo\" res=success'"
                        + "\u001dUID=\"jane\" AUID=\"jane\""));

        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.resource()).isEqualTo("users");
        assertThat(event.name()).isEqualTo("root");
        SecurityEvent command = decoder.event(line(
                "USER_CMD",
                "pid=7 uid=1000 auid=1000 ses=3 msg='cwd=\"/home/jane\" cmd=636174202F6574632F736861646F77 "
                        + "exe=\"/usr/bin/sudo\" terminal=pts/0 res=success'"));
        assertThat(command.verb()).isEqualTo("sudo");
        assertThat(command.process().command()).isEqualTo("cat /etc/shadow");
        assertThat(command.process().directory()).isEqualTo("/home/jane");
        SecurityEvent added = decoder.event(line(
                "ADD_USER",
                "pid=7 uid=0 auid=1000 msg='op=adding user acct=\"eve\" exe=\"/usr/sbin/useradd\" res=success'"));
        assertThat(added.verb()).isEqualTo("add-user");
        assertThat(added.name()).isEqualTo("eve");
    }

    @Test
    void readsUnits() {
        SecurityEvent event = decoder.event(
                line(
                        "SERVICE_STOP",
                        "pid=1 uid=0 auid=4294967295 msg='unit=dead comm=\"systemd\" exe=\"/usr/lib/systemd/systemd\" hostname=? addr=? res=success'"));

        assertThat(event.verb()).isEqualTo("stop");
        assertThat(event.resource()).isEqualTo("units");
        assertThat(event.name()).isEqualTo("dead.service");
    }

    @Test
    void readsRefusals() {
        SecurityEvent event = decoder.event(line(
                        "AVC",
                        "avc:  denied  { read } for  pid=5 comm=\"cat\" name=\"shadow\" dev=\"vda1\" scontext=a tcontext=b permissive=0\n")
                + line(
                        "SYSCALL",
                        "arch=c000003e syscall=257 success=no exit=-13 pid=5 auid=1000 exe=\"/usr/bin/cat\" key=(null)\n")
                + line("PROCTITLE", "proctitle=\"cat\"\n"));
        assertThat(event.verb()).isEqualTo("open");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.reason()).isEqualTo("denied { read }");
        assertThat(event.process().binary()).isEqualTo("/usr/bin/cat");
        SecurityEvent armor = decoder.event(
                line(
                        "AVC",
                        "apparmor=\"DENIED\" operation=\"open\" profile=\"cri-containerd.apparmor.d\" name=\"/proc/x\" pid=5 comm=\"cat\""));
        assertThat(armor.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(armor.reason()).isEqualTo("DENIED");
        assertThat(armor.process().binary()).isEqualTo("cat");
    }

    @Test
    void tellsThatAuditingWasChanged() {
        SecurityEvent event =
                decoder.event(line("CONFIG_CHANGE", "auid=1000 ses=3 op=remove_rule key=\"x\" list=4 res=1\n")
                        + line(
                                "SYSCALL",
                                "arch=c000003e syscall=44 success=yes exit=1 pid=5 auid=1000 exe=\"/usr/sbin/auditctl\" key=(null)\n")
                        + line("PROCTITLE", "proctitle=617564697463746C002D44\n"));

        assertThat(event.verb()).isEqualTo("config-change");
        assertThat(event.reason()).isEqualTo("remove_rule");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.process().binary()).isEqualTo("/usr/sbin/auditctl");
        assertThat(event.process().command()).isEqualTo("-D");
        assertThat(decoder.event(line("DAEMON_END", "op=terminate auid=1000 pid=1 subj=x res=success"))
                        .verb())
                .isEqualTo("daemon-end");
        assertThat(decoder.event(line("UNKNOWN[1334]", "prog-id=5 op=LOAD")).verb())
                .isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "type=SYSCALL msg=audit(now:1): x",
                "type=SYSCALL msg=audit(1.2): x",
                "type=SYSCALL msg=audit(1772348146.579:): x",
                "type=SYSCALL msg=audit(1772348146.579:29",
                "type=SYSCALL msg=audit(17723481461772348146.579:29):"
            })
    void refusesAHeadThatIsNone(String line) {
        assertThat(decoder.reason(line)).startsWith("msg must be audit(time:serial): type=SYSCALL");
    }

    @Test
    void leavesAloneWhatIsNone() {
        assertThat(decoder.reason("type=SYSCALL hello")).startsWith("no known log format");
        assertThat(decoder.reason("node=a b")).startsWith("no known log format");
        assertThat(TestingDecoder.of("auditd").reason("hello")).isEqualTo("not an auditd record: hello");
    }

    @Test
    void staysBoundedInALongLine() {
        String line = line("EXECVE", "argc=1 a0=\"" + "x".repeat(1 << 20) + "\"\n");

        SecurityEvent event = decoder.event(call(77, "/bin/x") + line);

        assertThat(event.process().command()).hasSizeLessThan(3_000);
        assertThat(event.truncated()).isTrue();
        assertThat(TestingDecoder.limited(80).event(EXEC).truncated()).isTrue();
    }
}
