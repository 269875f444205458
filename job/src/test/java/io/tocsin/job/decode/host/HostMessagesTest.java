package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostMessagesTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    private SecurityEvent said(String program, String message) {
        return decoder.event("Mar  1 06:55:46 node-1 " + program + ": " + message);
    }

    @Test
    void readsSudo() {
        SecurityEvent event =
                said("sudo", "    jane : TTY=pts/0 ; PWD=/x y ; USER=root ; COMMAND=/bin/echo hi ; there");

        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.resource()).isEqualTo("users");
        assertThat(event.name()).isEqualTo("root");
        assertThat(event.process().binary()).isEqualTo("sudo");
        assertThat(event.process().command()).isEqualTo("/bin/echo hi ; there");
        assertThat(event.process().directory()).isEqualTo("/x y");
        assertThat(said(
                                "sudo",
                                "jane : HOST=a ; TTY=x ; PWD=/ ; USER=db ; GROUP=ops ; TSID=1 ; ENV=A=b ; COMMAND=/bin/id")
                        .name())
                .isEqualTo("db");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3 incorrect password attempts|UNAUTHENTICATED|3",
                "1 incorrect password attempt|UNAUTHENTICATED|1",
                "a password is required|UNAUTHENTICATED|1",
                "user NOT in sudoers|DENIED|1",
                "user NOT authorized on host|DENIED|1",
                "command not allowed|DENIED|1",
                "no tty present and no askpass program specified|ERROR|1"
            })
    void readsWhySudoRefused(String reason, Outcome outcome, int count) {
        SecurityEvent event = said("sudo", "  jane : " + reason + " ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/sh");

        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.reason()).isEqualTo(reason);
        assertThat(event.count()).isEqualTo(count);
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("root");
        assertThat(event.process().command()).isEqualTo("/bin/sh");
    }

    @Test
    void countsALongCommandOnce() {
        SecurityEvent event = said("sudo", "    jane : (command continued) /the/rest of it");

        assertThat(event.verb()).isNull();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.reason()).isEqualTo("command continued");
        assertThat(event.process().command()).isEqualTo("/the/rest of it");
    }

    @Test
    void namesNoTargetThatADirectoryMayHaveMadeUp() {
        SecurityEvent event = said(
                "sudo",
                "jane : TTY=pts/0 ; PWD=/tmp/a ; USER=nobody ; COMMAND=/bin/true ; USER=root ; COMMAND=/bin/sh");

        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isNull();
        assertThat(event.process().directory()).isNull();
        assertThat(event.process().command()).isEqualTo("/bin/true ; USER=root ; COMMAND=/bin/sh");
    }

    @Test
    void readsTheJsonOfSudo() {
        SecurityEvent event = said(
                "sudo",
                "@cee:{\"sudo\":{\"accept\":{\"uuid\":\"1\",\"server_time\":{\"seconds\":1},\"submituser\":\"jane\","
                        + "\"command\":\"/bin/cat\",\"runuser\":\"root\",\"submitcwd\":\"/home/jane\","
                        + "\"runargv\":[\"cat\",\"/etc/shadow\"]}}}");

        assertThat(event.verb()).isEqualTo("sudo");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("root");
        assertThat(event.process().command()).isEqualTo("/bin/cat /etc/shadow");
        assertThat(event.process().directory()).isEqualTo("/home/jane");
        SecurityEvent rejected = said(
                "sudo", "@cee:{\"sudo\":{\"reject\":{\"reason\":\"user NOT in sudoers\",\"submituser\":\"jane\"}}}");
        assertThat(rejected.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(said("sudo", "@cee:{\"sudo\":{\"accept\":5").verb()).isNull();
    }

    @Test
    void readsTheSessionsOfSudo() {
        SecurityEvent event =
                said("sudo", "pam_unix(sudo:session): session opened for user root(uid=0) by jane(uid=1000)");

        assertThat(event.verb()).isNull();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("root");
        SecurityEvent closed = said("sudo", "pam_unix(sudo:session): session closed for user root");
        assertThat(closed.verb()).isNull();
        assertThat(closed.user()).isNull();
        assertThat(closed.name()).isEqualTo("root");
        SecurityEvent failed = said(
                "sudo",
                "pam_unix(sudo:auth): authentication failure; logname=jane uid=1000 euid=0 tty=/dev/pts/0 ruser=jane rhost=  user=jane");
        assertThat(failed.verb()).isNull();
        assertThat(failed.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(failed.user()).isEqualTo("jane");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(to root) jane on pts/0|SUCCESS",
                "FAILED SU (to root) jane on pts/0|UNAUTHENTICATED",
                "Successful su for root by jane|SUCCESS",
                "FAILED su for root by jane|UNAUTHENTICATED"
            })
    void readsSu(String message, Outcome outcome) {
        SecurityEvent event = said("su", message);

        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("root");
        assertThat(event.resource()).isEqualTo("users");
    }

    @Test
    void countsSuOnce() {
        assertThat(said("su[7]", "pam_unix(su:session): session opened for user root(uid=0) by jane(uid=1000)")
                        .verb())
                .isNull();
        assertThat(said(
                                "su[7]",
                                "pam_unix(su:auth): authentication failure; logname= uid=1000 euid=0 tty=pts/0 ruser=jane rhost=  user=root")
                        .verb())
                .isNull();
        assertThat(said("su[7]", "+ /dev/pts/0 jane:root").verb()).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Started auditd.service - Security Audit Logging Service.|start|SUCCESS|auditd.service|",
                "Started auditd.service.|start|SUCCESS|auditd.service|",
                "Started Security Audit Logging Service.|start|SUCCESS||",
                "Stopped auditd.service - Security Audit Logging Service.|stop|SUCCESS|auditd.service|",
                "Failed to start auditd.service - Security Audit Logging Service.|start|ERROR|auditd.service|",
                "auditd.service: Failed with result 'exit-code'.|fail|ERROR|auditd.service|exit-code",
                "auditd.service: Main process exited, code=exited, status=1/FAILURE||UNKNOWN|auditd.service|",
                "Reloading.||UNKNOWN||",
                "Stopping auditd.service...||UNKNOWN||",
                "Created slice user.slice - User Slice.||UNKNOWN||"
            })
    void readsSystemd(String message, String verb, Outcome outcome, String unit, String reason) {
        SecurityEvent event = said("systemd[1]", message);

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.name()).isEqualTo(unit);
        assertThat(event.resource()).isEqualTo(unit == null ? null : "units");
        assertThat(event.reason()).isEqualTo(reason);
    }

    @Test
    void readsTheKubelet() {
        SecurityEvent event = said(
                "kubelet[1675]",
                "E0301 06:55:46.358276    1675 pod_workers.go:1298] \"Error syncing pod \\\"x\\\", pod=\\\"a/b\\\"\" "
                        + "err=\"failed to \\\"StartContainer\\\"\" pod=\"shop/web-0\" podUID=\"u-1\" containerName=\"web\"");

        assertThat(event.level()).isEqualTo("error");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.place().podUid()).isEqualTo("u-1");
        assertThat(event.place().container()).isEqualTo("web");
        assertThat(event.place().node()).isEqualTo("node-1");
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.resource()).isEqualTo("pods");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.reason()).isEqualTo("failed to \"StartContainer\"");
        assertThat(event.message()).startsWith("\"Error syncing pod");
        assertThat(event.time()).hasToString("2026-03-01T06:55:46Z");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "I0301 06:55:46.358276 1675 a.go:1] unstructured pod=\"shop/web-0\"",
                "I0301 06:55:46.358276 1675 a.go:1] \"cut off pod=\\\"shop/web-0\\\"",
                "I0301 06:55:46.358276 1675 a.go:1] \"m\" x=\"a\\\" pod=\\\"shop/web-0\\\"\" pod=\"",
                "I0301 06:55:46.358276 1675 a.go:1] \"m\" pod=\"/\"",
                "I0301 06:55:46.358276 1675",
                "plain"
            })
    void takesNoPodFromTheKubeletsWords(String message) {
        assertThat(said("kubelet[1675]", message).place().pod()).isNull();
    }

    @Test
    void readsContainerd() {
        SecurityEvent event = said(
                "containerd[1489]",
                "time=\"2026-03-01T06:55:46Z\" level=info msg=\"RunPodSandbox for &PodSandboxMetadata{Name:web-0,Uid:u-1,"
                        + "Namespace:shop,Attempt:0,} returns sandbox id \\\"abc\\\"\"");

        assertThat(event.level()).isEqualTo("info");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.place().podUid()).isEqualTo("u-1");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.message()).startsWith("RunPodSandbox for").endsWith("\"abc\"");
        assertThat(said(
                                "containerd[1489]",
                                "time=\"2026-03-01T06:55:46Z\" level=info msg=\"CreateContainer within sandbox \\\"abc\\\" for "
                                        + "&ContainerMetadata{Name:web,Attempt:0,} returns container id \\\"def\\\"\"")
                        .place()
                        .container())
                .isEqualTo("web");
        SecurityEvent exec = said(
                "containerd[1489]",
                "time=\"2026-03-01T06:55:46Z\" level=info msg=\"Exec for \\\"def\\\" with command "
                        + "[sh -c id RunPodSandbox for &PodSandboxMetadata{Name:a,Namespace:b,}], tty true and stdin true\"");
        assertThat(exec.verb()).isEqualTo("exec");
        assertThat(exec.process().command()).startsWith("sh -c id");
        assertThat(exec.place().pod()).isNull();
        SecurityEvent error = said(
                "containerd[1489]",
                "time=\"2026-03-01T06:55:46Z\" level=error msg=\"StopContainer failed\" error=\"not found\"");
        assertThat(error.level()).isEqualTo("error");
        assertThat(error.reason()).isEqualTo("not found");
    }

    @Test
    void readsNothingFromOtherPrograms() {
        SecurityEvent event = said("app[1]", "Accepted password for root from 203.0.113.9 port 1 ssh2");

        assertThat(event.verb()).isNull();
        assertThat(event.user()).isNull();
        assertThat(event.message()).startsWith("Accepted password");
    }
}
