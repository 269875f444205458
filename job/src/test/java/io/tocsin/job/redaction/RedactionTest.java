package io.tocsin.job.redaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
    private static final String JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl-_";

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '\0',
            value = {
                "--password hunter2 -h db ~ --password [redacted] -h db",
                "--password=hunter2 ~ --password=[redacted]",
                "-password hunter2 ~ -password [redacted]",
                "--db-password 'hunter 2' --x ~ --db-password '[redacted]' --x",
                "password=hunter2, user=root ~ password=[redacted] user=root",
                "user=root&passwd=hunter2&db=1 ~ user=root&passwd=[redacted]&db=1",
                "Uid=sa;Pwd=hunter2;Database=x ~ Uid=sa;Pwd=[redacted];Database=x",
                "MYSQL_PWD=hunter2 mysql ~ MYSQL_PWD=[redacted] mysql",
                "export DB_PASS=hunter2 ~ export DB_PASS=[redacted]",
                "Password: hunter2 ~ Password: [redacted]",
                "password = hunter2 ~ password = [redacted]",
                "{\"user\":\"a\",\"password\":\"hun\\\"ter2\",\"x\":1} ~ {\"user\":\"a\",\"password\":\"[redacted]\",\"x\":1}",
                "{\\\"password\\\": \\\"hunter2\\\",\\\"x\\\":1} ~ {\\\"password\\\": \\\"[redacted]\\\",\\\"x\\\":1}",
                "{'password' => 'hunter2'} ~ {'password' => '[redacted]'}",
                "[\"--password\",\"hunter2\",\"-h\"] ~ [\"--password\",\"[redacted]\",\"-h\"]",
                "?command=x&command=--password&command=hunter2&container=y ~ ?command=x&command=--password&command=[redacted]&container=y",
                "?command=x%20--password%20hunter2&tty=1 ~ ?command=x%20--password%20[redacted]&tty=1",
                "?command=x+--password+hunter2&tty=1 ~ ?command=x+--password+[redacted]&tty=1",
                "?next=%2Fcb%3Ftoken%3Dabc&x=1 ~ ?next=%2Fcb%3Ftoken%3D[redacted]&x=1",
                "?next=%3Fsig%3Dabc&x=1 ~ ?next=%3Fsig%3D[redacted]&x=1",
                "secret=abc ~ secret=[redacted]",
                "client_secret=abc&grant=x ~ client_secret=[redacted]&grant=x",
                "--token abcdef.0123456789abcdef 10.0.0.1:6443 ~ --token [redacted] 10.0.0.1:6443",
                "access_token=abc refresh-token=\"d e\" ~ access_token=[redacted] refresh-token=\"[redacted]\"",
                "api-key=abc api_key=abc apiKey=abc APIKEY=abc ~ api-key=[redacted] api_key=[redacted] apiKey=[redacted] APIKEY=[redacted]",
                "X-Vault-Token: hvs.abc ~ X-Vault-Token: [redacted]",
                "aws_secret_access_key = wJalr/K7+= ~ aws_secret_access_key = [redacted]",
                "AWS_SECRET_ACCESS_KEY=wJalr/K7 AWS_REGION=x ~ AWS_SECRET_ACCESS_KEY=[redacted] AWS_REGION=x",
                "?X-Amz-Signature=0aF&X-Amz-Security-Token=IQo%2B&X-Amz-Date=1 ~ ?X-Amz-Signature=[redacted]&X-Amz-Security-Token=[redacted]&X-Amz-Date=1",
                "?sv=2022&sig=aB%2Fc&se=1 ~ ?sv=2022&sig=[redacted]&se=1",
                "AccountName=a;AccountKey=abc==;x ~ AccountName=a;AccountKey=[redacted];x",
                "Authorization: Bearer abc ~ Authorization: Bearer [redacted]",
                "curl -H 'authorization: Basic dXNlcjpw' https://x ~ curl -H 'authorization: Basic [redacted]' https://x",
                "Authorization:abc x ~ Authorization:[redacted] x",
                "\"Authorization\": \"token ghp_1\" ~ \"Authorization\": \"token [redacted]\"",
                "Authorization: AWS4-HMAC-SHA256 Credential=A/b, Signature=c ~ Authorization: AWS4-HMAC-SHA256 [redacted]",
                "Proxy-Authorization=Digest a, b ~ Proxy-Authorization=Digest [redacted]",
                "curl -H \"Cookie: a=b; c=d\" x ~ curl -H \"Cookie: [redacted]\" x",
                "failed with bearer abcdefghijklmnop.q ~ failed with bearer [redacted]",
                "https://user:hunter2@db:5432/x ~ https://user:[redacted]@db:5432/x",
                "amqp://:p:w@d@mq ~ amqp://:[redacted]@mq",
                "kubectl create secret generic x --from-literal=a=b --from-literal c=d ~ kubectl create secret generic x --from-literal=a=[redacted] --from-literal c=[redacted]",
                "mysql -uroot -phunter2 db ~ mysql -uroot -p[redacted] db",
                "/usr/bin/mysqldump -p'hunter 2' db ~ /usr/bin/mysqldump -p'[redacted]' db",
                "?command=mysql&command=-phunter2&x=1 ~ ?command=mysql&command=-p[redacted]&x=1",
                "[\"mysql\",\"-phunter2\",\"db\"] ~ [\"mysql\",\"-p[redacted]\",\"db\"]",
                "sshpass -p hunter2 ssh root@x ~ sshpass -p [redacted] ssh root@x",
                "redis-cli -a hunter2 keys ~ redis-cli -a [redacted] keys",
                "curl -u user:hunter2 https://x ~ curl -u user:[redacted] https://x",
                "curl -u 'user:hunter 2' https://x ~ curl -u 'user:[redacted]' https://x",
            })
    void takesSecretsAndLeavesTheirNames(String text, String expected) {
        assertThat(Redaction.of(text)).isEqualTo(expected);
        assertThat(Redaction.of(Redaction.of(text))).as("twice").isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Failed password for invalid user admin from 203.0.113.7 port 41000 ssh2",
                "user : TTY=pts/0 ; PWD=/home/user ; USER=root ; COMMAND=/bin/bash",
                "cat /var/run/secrets/kubernetes.io/serviceaccount/token",
                "/api/v1/namespaces/shop/secrets/db?fieldManager=helm&pretty=true",
                "input token was not properly formatted: token is missing expected \"k8s-aws-v1.\" prefix",
                "JTI=3f1c0b3e-0000-4000-8000-000000000001",
                "X509SHA256=0a1b",
                "secrets \"db\" is forbidden: User \"jane\" cannot get resource \"secrets\" in API group \"\"",
                "MountVolume.SetUp failed for volume \"token\" : references non-existent secret key: token",
                "invalid bearer token: square/go-jose: error in cryptographic primitive",
                "Authentication failed, attempted: bearer",
                "bearer token used",
                "{\"automountServiceAccountToken\":true,\"token\":null}",
                "{\"secret\":{\"secretName\":\"db\"},\"tokens\":[1,2]}",
                "max_tokens=5 bypass=1 tokens=7 signal=9 sort=asc",
                "--token-ttl 2h --password-file /etc/x --service-account-key-file=/etc/y",
                "kubectl create token default",
                "docker run -p 80:80 nginx",
                "kubectl patch statefulset mysql -p {}",
                "mysql -p",
                "ssh://git@github.com/x https://user@host/ http://host:80/a@b:c",
                "git@github.com:org/repo.git",
                "-----BEGIN CERTIFICATE-----MIIB-----END CERTIFICATE-----",
                "eyJ and eyJhbGciOi",
                "password= next=5",
                "token=",
                "--password --user x",
                "",
            })
    void leavesWhatIsNoSecret(String text) {
        assertThat(Redaction.of(text)).isSameAs(text);
    }

    @Test
    void takesTokensWhereverTheyStand() {
        assertThat(Redaction.of("a" + JWT + ", b")).isEqualTo("a[redacted], b");
        assertThat(Redaction.of("x=" + JWT + "." + JWT)).isEqualTo("x=[redacted]");
        assertThat(Redaction.of("cut " + JWT.substring(0, 30))).isEqualTo("cut [redacted]");
        assertThat(Redaction.of("uses \"k8s-aws-v1.aHR0cHM6Ly9zdHM\"")).isEqualTo("uses \"[redacted]\"");
        assertThat(Redaction.of("Authorization: Bearer " + JWT)).isEqualTo("Authorization: Bearer [redacted]");
    }

    @Test
    void takesPrivateKeys() {
        assertThat(Redaction.of("a\n-----BEGIN RSA PRIVATE KEY-----\nMII\n-----END RSA PRIVATE KEY-----\nb"))
                .isEqualTo("a\n-----BEGIN RSA PRIVATE KEY-----[redacted]-----END RSA PRIVATE KEY-----\nb");
        assertThat(Redaction.of("\"key\":\"x\\n-----BEGIN PRIVATE KEY-----\\nMII"))
                .isEqualTo("\"key\":\"x\\n-----BEGIN PRIVATE KEY-----[redacted]");
    }

    @Test
    void knowsAProgramsOptionByItsPath() {
        assertThat(Redaction.ofCommand("/usr/bin/mysql", "-h db -phunter2")).isEqualTo("-h db -p[redacted]");
        assertThat(Redaction.ofCommand("/usr/bin/ssh", "-phunter2")).isEqualTo("-phunter2");
        assertThat(Redaction.ofCommand(null, "-phunter2 --password x")).isEqualTo("-phunter2 --password [redacted]");
        assertThat(Redaction.ofCommand("/usr/bin/mysql", "x | y -phunter2")).isEqualTo("x | y -phunter2");
    }

    @Test
    @Timeout(20)
    void takesTimeLinearInTheText() {
        List<String> parts = List.of(
                "eyJ",
                "eyJaaaaaaaaa.",
                "bearer",
                "bearer ",
                "bearer=",
                "k8s-aws-v1.",
                "password",
                "password ",
                "password=",
                "password=\"",
                "password\\\"",
                "--password",
                "--password ",
                "--from-literal/",
                "--from-literal ",
                "token:",
                "a://",
                "a://a:",
                "a:b@",
                "-----BEGIN ",
                "-----BEGIN PRIVATE KEY-----",
                "mysql -p",
                "curl -u ",
                "Authorization: ",
                "Authorization: bearer",
                "\\",
                "\"",
                "%3D",
                " ");
        for (String part : parts) {
            String text = part.repeat(2_000_000 / part.length());
            assertThat(Duration.ofNanos(time(text))).as(part).isLessThan(Duration.ofSeconds(5));
        }
    }

    private static long time(String text) {
        long start = System.nanoTime();
        Redaction.of(text);
        return System.nanoTime() - start;
    }
}
