package io.tocsin.enrich;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecCommandTest {
    /** A command whose arguments are separated by blanks, except what stands in {@code <…>}. */
    private static ExecCommand run(String command) {
        String[] parts = command.split("<", 2);
        String query = Arrays.stream(parts[0].trim().split(" ")).collect(Collectors.joining("\n"));
        if (parts.length > 1) {
            query += "\n" + parts[1].substring(0, parts[1].length() - 1);
        }
        return ExecCommand.of("/api/v1/namespaces/web/pods/a/exec?"
                + Arrays.stream(query.split("\n"))
                        .map(part -> "command=" + URLEncoder.encode(part, StandardCharsets.UTF_8))
                        .collect(Collectors.joining("&"))
                + "&container=app&stdin=true");
    }

    @Test
    void decodesEveryArgumentAndNothingElse() {
        assertThat(ExecCommand.of("/x?container=sh&command=cat&%63ommand=%2Fetc%2Fa+b&command=50%&tty=true")
                        .arguments())
                .containsExactly("cat", "/etc/a b", "50%");
        assertThat(ExecCommand.of("/x?command=").arguments()).containsExactly("");
        assertThat(ExecCommand.of("/x").isUnknown()).isTrue();
        assertThat(ExecCommand.of("/x?").isUnknown()).isTrue();
        assertThat(ExecCommand.of("/x?command").isUnknown()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat /var/run/secrets/kubernetes.io/serviceaccount/token",
                "cat /run/secrets/kubernetes.io/serviceaccount/token",
                "cat //var//run/./secrets/kubernetes.io/x/../serviceaccount/token",
                "cat /proc/1/root/var/run/secrets/kubernetes.io/serviceaccount/token",
                "sh -c <cat /var/run/secr'ets'/kubernetes.io/service\\account/\"token\">",
                "sh -c <cd /var/run/secrets; cat k*/s*/t*>",
                "sh -c <cat /var/r?n/s*/kube*/serv*/tok*>",
                "sh -c <cat /v*/run/s[e]crets/*/*/token>",
                "sh -c <cat</run/secrets/eks.amazonaws.com/serviceaccount/token>",
                "sh -c <cat${IFS}/var/run/sec$@rets/kubernetes.io/serviceaccount/token>",
                "cat /var/run/secrets/azure/tokens/azure-identity-token",
                "tar cf - /var/run/secrets/tokens/gcp-ksa/token",
                "sh -c <cat $AWS_WEB_IDENTITY_TOKEN_FILE>",
                "python3 -c <print(open('/var/run/secrets/kubernetes.io/serviceaccount/token').read())>",
            })
    void knowsWhereTokensAreMounted(String command) {
        assertThat(run(command).readsToken()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cat /etc/hosts",
                "ls /var/run",
                "ls /var/*",
                "curl https://abc.eks.amazonaws.com/healthz",
                "sh -c <cat /var/log/*>",
                "cat /var/run/secretsmanager.sock",
                "pg_dump -Fc app"
            })
    void otherPathsAreNone(String command) {
        assertThat(run(command).readsToken()).isEqualTo(command.contains("run/secrets"));
        assertThat(run(command).opensShell()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh",
                "/bin/bash",
                "bash -il",
                "bash -i -c <id>",
                "bash --login",
                "bash -s",
                "env TERM=xterm bash",
                "busybox ash",
                "sh -c <clear; (bash || ash || sh)>",
                "sh -c <TERM=xterm; [ -x /bin/bash ] && exec /bin/bash || exec /bin/sh>",
                "sh -c <echo aWQ= | base64 -d | s\"\"h>",
                "sh -c <exec $SHELL>",
                "/bin/b?sh",
                "/???/b*h",
                "bash /tmp/x.sh",
                "python3",
                "python3.11 -i",
                "python3 -c <import pty; pty.spawn('/bin/bash')>",
                "perl",
                "nsenter -t 1 -m",
                "script -q /dev/null",
                "pwsh -NoLogo",
                "find . -exec /bin/sh ;",
                "BASH=1 /usr/local/bin/bash"
            })
    void knowsWhatOpensAShell(String command) {
        assertThat(run(command).opensShell()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sh -c <ls -l /data>",
                "bash -lc <make check>",
                "bash -o pipefail -ec <pg_isready | tee /tmp/x>",
                "ls /usr/share/bash-completion",
                "kubectl get node",
                "cat script",
                "date",
                "python3 -c <print(1)>",
                "nginx -s reload",
                "redis-cli ping",
                "tar xf - -C /data",
                "cat /tmp/crash"
            })
    void commandsThatAreAuditedOpenNone(String command) {
        assertThat(run(command).opensShell()).isFalse();
    }

    @Test
    void tellsItsLineAsWrittenAndAsAShellSeesIt() {
        assertThat(ExecCommand.of("/exec?command=ls&command=-l").lines()).containsExactly("ls -l");
        assertThat(ExecCommand.of("/exec?command=sh&command=-c&command=c%22%22url${IFS}x|s%5Ch")
                        .lines())
                .containsExactly("sh -c c\"\"url${IFS}x|s\\h", "sh -c curl x|sh");
        assertThat(ExecCommand.of("/exec?stdin=true").lines()).isEmpty();
    }

    @Test
    void knowsOtherCredentialsAndTheMetadataService() {
        assertThat(run("cat /etc/./shadow").readsCredentials()).isTrue();
        assertThat(run("cat /root/.aws/credentials").readsCredentials()).isTrue();
        assertThat(run("cat /etc/hosts").readsCredentials()).isFalse();
        assertThat(run("curl http://169.254.169.254/latest/").callsMetadata()).isTrue();
        assertThat(run("curl http://10.0.0.1/latest/").callsMetadata()).isFalse();
    }

    @Test
    void longCommandsCostLittle() {
        String uri = "/x?command=" + "a/../*?[".repeat(60_000) + "&command=" + "/*".repeat(60_000);
        assertThat(Duration.ofNanos(time("/x?command=" + "x".repeat(400_000) + "+/..".repeat(60_000))))
                .isLessThan(Duration.ofSeconds(2));
        assertThat(Duration.ofNanos(time(uri))).isLessThan(Duration.ofSeconds(2));
    }

    private static long time(String uri) {
        long start = System.nanoTime();
        ExecCommand command = ExecCommand.of(uri);
        assertThat(command.readsToken()).isIn(true, false);
        assertThat(command.opensShell()).isIn(true, false);
        assertThat(command.callsMetadata()).isFalse();
        return System.nanoTime() - start;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://169.254.169.254/latest/meta-data/",
                "169.254.169.254:80",
                "http://0xa9fea9fe/",
                "http://0xa9.0xfe.0xa9.0xfe/",
                "http://2852039166/",
                "http://0251.0376.0251.0376/",
                "http://169.254.43518",
                "http://169.16689662",
                "http://[::ffff:169.254.169.254]/",
                "http://[::ffff:a9fe:a9fe]:80/",
                "http://[0:0:0:0:0:FFFF:A9FE:A9FE]/",
                "http://[fd00:ec2::254]/",
                "http://[fd00:0ec2:0:0:0:0:0:254]/",
                "http://169.254.170.23/v1/credentials",
                "http://Metadata.Google.Internal./computeMetadata",
                "http://169.254.169.254.nip.io/",
                "http://user@169.254.169.254"
            })
    void knowsEverySpellingOfAMetadataService(String url) {
        assertThat(MetadataService.isIn(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://10.0.0.1/",
                "169.254.20.10",
                "/a/2852039167",
                "/x?t=12:30:45:99",
                "http://1169.254.169.254/",
                "",
                "/favicon.ico",
                "fe80::1",
                "1.169.254.169.254",
                "/deadbeef/cafe.babe"
            })
    void otherHostsAreNone(String url) {
        assertThat(MetadataService.isIn(url)).isFalse();
    }
}
