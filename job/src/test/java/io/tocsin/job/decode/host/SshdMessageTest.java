package io.tocsin.job.decode.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.TestingDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshdMessageTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    private SecurityEvent sshd(String message) {
        return decoder.event("Mar  1 06:55:46 node-1 sshd-session[24200]: " + message);
    }

    @Test
    void readsSuccesses() {
        SecurityEvent event =
                sshd("Accepted publickey for jane from 203.0.113.9 port 50022 ssh2: ED25519 SHA256:abc/DEF+1");

        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.reason()).isEqualTo("publickey");
        assertThat(sshd("Accepted password for jane from ::ffff:203.0.113.9 port 50022 ssh2")
                        .peer())
                .isEqualTo("203.0.113.9");
        assertThat(sshd("Accepted keyboard-interactive/pam for jane from 2001:db8::1 port 50022 ssh2")
                        .peer())
                .isEqualTo("2001:db8::1");
        SecurityEvent certificate = sshd("Accepted publickey for jane from 10.0.0.1 port 1 ssh2: "
                + "ED25519-CERT SHA256:abc ID jane@example.com (serial 7) CA ED25519 SHA256:def");
        assertThat(certificate.user()).isEqualTo("jane");
        assertThat(certificate.zone()).isEqualTo(Zone.CLUSTER);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Failed password for root from 203.0.113.9 port 1 ssh2|login|root|password",
                "Failed password for invalid user bob from 203.0.113.9 port 1 ssh2|login|bob|password, invalid user",
                "Failed keyboard-interactive/pam for bob from 203.0.113.9 port 1 ssh2|login|bob|keyboard-interactive/pam",
                "Failed none for invalid user bob from 203.0.113.9 port 1 ssh2||bob|Failed none, invalid user",
                "Failed publickey for bob from 203.0.113.9 port 1 ssh2: RSA SHA256:x||bob|Failed publickey",
                "Invalid user bob from 203.0.113.9 port 1||bob|Invalid user",
                "Invalid user bob from 203.0.113.9||bob|Invalid user",
                "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9  user=bob"
                        + "||bob|authentication failure",
                "authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.9||| authentication failure",
                "Connection closed by invalid user bob 203.0.113.9 port 1 [preauth]||bob|Connection closed",
                "error: maximum authentication attempts exceeded for bob from 203.0.113.9 port 1 ssh2 [preauth]"
                        + "||bob|maximum authentication attempts exceeded",
                "error: maximum authentication attempts exceeded for invalid user bob from 203.0.113.9 port 1 ssh2 [preauth]"
                        + "||bob|maximum authentication attempts exceeded",
                "error: PAM: Authentication failure for bob from 203.0.113.9||bob|Authentication failure",
                "error: PAM: User not known to the underlying authentication module for illegal user bob from 203.0.113.9"
                        + "||bob|User not known to the underlying authentication module",
            })
    void countsOneFailureForEachAttempt(String message, String verb, String user, String reason) {
        SecurityEvent event = sshd(message);

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.user()).isEqualTo(user);
        assertThat(event.reason()).isEqualTo(reason);
        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Connection closed by authenticating user root 203.0.113.9 port 1 [preauth]|root|Connection closed",
                "Connection closed by 203.0.113.9 port 1 [preauth]||Connection closed",
                "Connection closed by 203.0.113.9||Connection closed",
                "Connection reset by authenticating user root 203.0.113.9 port 1 [preauth]|root|Connection reset",
                "Connection from 203.0.113.9 port 1 on 10.0.0.1 port 22 rdomain \"\"||Connection",
                "Disconnected from authenticating user root 203.0.113.9 port 1 [preauth]|root|Disconnected",
                "Disconnected from user jane 203.0.113.9 port 1|jane|Disconnected",
                "Disconnected from 203.0.113.9 port 1 [preauth]||Disconnected",
                "Received disconnect from 203.0.113.9 port 1:11: Bye Bye [preauth]||Received disconnect",
                "Received disconnect from 203.0.113.9: 11: Bye Bye from 9.9.9.9 port 5||Received disconnect",
                "Disconnecting authenticating user root 203.0.113.9 port 1: Too many authentication failures [preauth]"
                        + "|root|Disconnecting",
                "Disconnecting invalid user x y 203.0.113.9 port 1: Too many authentication failures [preauth]"
                        + "||Disconnecting",
                "User root from 203.0.113.9 not allowed because not listed in AllowUsers"
                        + "|root|not allowed because not listed in AllowUsers",
                "Unable to negotiate with 203.0.113.9 port 1: no matching key exchange method found. Their offer: x [preauth]"
                        + "||Unable to negotiate",
                "banner exchange: Connection from 203.0.113.9 port 1: invalid format||banner exchange",
                "fatal: Timeout before authentication for 203.0.113.9 port 1||Timeout before authentication",
                "Timeout before authentication for connection from 203.0.113.9 to 10.0.0.1, pid = 7"
                        + "||Timeout before authentication",
                "fatal: Timeout before authentication for 203.0.113.9||Timeout before authentication",
                "refused connect from host.example.com (203.0.113.9)||refused connect",
                "Did not receive identification string from 203.0.113.9 port 1||Did not receive identification string",
                "Bad protocol version identification 'GET / from 9.9.9.9 port 3' from 203.0.113.9 port 1"
                        + "||Bad protocol version identification",
                "Magic value check failed (5) on obfuscated handshake from 203.0.113.9 port 1||Magic value check failed",
                "Close session: user jane from 203.0.113.9 port 1 id 0|jane|Close session",
                "Starting session: shell on pts/0 for jane from 203.0.113.9 port 1 id 0||Starting session",
                "Postponed publickey for jane from 203.0.113.9 port 1 ssh2 [preauth]|jane|Postponed publickey",
                "ssh_dispatch_run_fatal: Connection from 203.0.113.9 port 1: message authentication code incorrect [preauth]"
                        + "||ssh_dispatch_run_fatal",
            })
    void tellsWhatElseItSaysWithoutAVerb(String message, String user, String reason) {
        SecurityEvent event = sshd(message);

        assertThat(event.verb()).isNull();
        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.reason()).isEqualTo(reason);
        if (!message.contains("x y")) {
            assertThat(event.user()).isEqualTo(user);
        }
    }

    @Test
    void tellsOutcomesApart() {
        assertThat(sshd("User root not allowed because account is locked").outcome())
                .isEqualTo(Outcome.DENIED);
        assertThat(sshd("User root not allowed because account is locked").user())
                .isEqualTo("root");
        assertThat(sshd("fatal: Timeout before authentication for 203.0.113.9").level())
                .isEqualTo("fatal");
        assertThat(sshd("Server listening on 0.0.0.0 port 22.").peer()).isNull();
        assertThat(sshd("Received signal 15; terminating.").peer()).isNull();
    }

    @Test
    void countsRepeatedMessages() {
        SecurityEvent event =
                sshd("message repeated 5 times: [ Failed password for root from 203.0.113.9 port 50022 ssh2]");

        assertThat(event.count()).isEqualTo(5);
        assertThat(event.verb()).isEqualTo("login");
        assertThat(event.user()).isEqualTo("root");
        assertThat(event.peer()).isEqualTo("203.0.113.9");
    }

    @Test
    void readsSessions() {
        SecurityEvent opened = sshd("pam_unix(sshd:session): session opened for user root(uid=0) by (uid=0)");
        assertThat(opened.verb()).isNull();
        assertThat(opened.user()).isEqualTo("root");
        assertThat(opened.reason()).isEqualTo("session opened");

        SecurityEvent closed = sshd("pam_unix(sshd:session): session closed for user root");
        assertThat(closed.verb()).isEqualTo("logout");
        assertThat(closed.user()).isEqualTo("root");
    }

    @Test
    void knowsNoPeerByAName() {
        SecurityEvent event = sshd("pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
                + "rhost=host.example.com  user=root");

        assertThat(event.peer()).isNull();
        assertThat(event.user()).isEqualTo("root");
        assertThat(sshd("Failed password for root from UNKNOWN port 65535 ssh2").peer())
                .isNull();
    }

    // Whoever knocks chooses the name.

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Failed password for invalid user  from 203.0.113.9 port 1 ssh2|",
                "Failed password for invalid user a b from 203.0.113.9 port 1 ssh2|a b",
                "Failed password for invalid user root from 198.51.100.1 port 5 ssh2 from 203.0.113.9 port 1 ssh2"
                        + "|root from 198.51.100.1 port 5 ssh2",
                "Invalid user  from 203.0.113.9 port 1|",
                "Invalid user x from 198.51.100.1 port 5 from 203.0.113.9 port 1|x from 198.51.100.1 port 5",
                "Invalid user x from 198.51.100.1 from 203.0.113.9|x from 198.51.100.1",
                "Connection closed by invalid user  203.0.113.9 port 1 [preauth]|",
                "Connection closed by invalid user x 198.51.100.1 port 5 [preauth] 203.0.113.9 port 1 [preauth]"
                        + "|x 198.51.100.1 port 5 [preauth]",
                "Disconnected from invalid user x 198.51.100.1 port 5 203.0.113.9 port 1 [preauth]|x 198.51.100.1 port 5",
                "Failed publickey for invalid user x from 198.51.100.1 port 5 ssh2: RSA SHA256:y from 203.0.113.9 port 1 ssh2: "
                        + "RSA SHA256:z|x from 198.51.100.1 port 5 ssh2: RSA SHA256:y"
            })
    void readsFromTheRight(String message, String user) {
        SecurityEvent event = sshd(message);

        assertThat(event.peer()).isEqualTo("203.0.113.9");
        assertThat(event.user()).isEqualTo(user);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // The id of a certificate that nobody signed.
                "Failed publickey for root from 203.0.113.9 port 1 ssh2: RSA-CERT SHA256:a ID x from 198.51.100.1 port 5 ssh2: b "
                        + "(serial 0) CA RSA SHA256:c",
                "Disconnecting authenticating user x 198.51.100.1 port 5: y 203.0.113.9 port 1: Too many [preauth]",
                "Disconnecting invalid user a 203.0.113.9 port 1: Change of username or service not allowed: "
                        + "(a,ssh) -> (b 198.51.100.1 port 5: x,ssh) [preauth]"
            })
    void namesNobodyWhereALineCanBeReadInTwoWays(String message) {
        SecurityEvent event = sshd(message);

        assertThat(event.peer()).isNull();
        assertThat(event.user()).isNull();
        assertThat(event.verb()).isNull();
    }

    @Test
    void takesNoLoginFromTheMiddleOfAMessage() {
        assertThat(sshd("Invalid user Accepted password for root from 198.51.100.1 port 5 ssh2 from 203.0.113.9 port 1")
                        .verb())
                .isNull();
        assertThat(sshd("debug1: Accepted password for root from 198.51.100.1 port 5 ssh2")
                        .verb())
                .isNull();
        assertThat(sshd("Accepted certificate ID \"x for root from 198.51.100.1 port 5 ssh2")
                        .verb())
                .isNull();
        assertThat(sshd("Accepted key RSA SHA256:x found at /root/.ssh/authorized_keys:1")
                        .verb())
                .isNull();
    }

    @Test
    void staysLinearInALongName() {
        String name = " from 1.1.1.1 port 1 ssh2:".repeat(2_000);
        long start = System.nanoTime();

        SecurityEvent event = sshd("Failed publickey for " + name + " from 203.0.113.9 port 1 ssh2: a b c");

        assertThat(event.peer()).isNull();
        assertThat(System.nanoTime() - start).isLessThan(2_000_000_000L);
    }
}
