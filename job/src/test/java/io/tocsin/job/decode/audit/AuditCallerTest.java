package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRecords.user;
import static io.tocsin.job.decode.TestingRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who called, from where, with which credential. */
class AuditCallerTest {
    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void takesTheLastAddressForThePeerAndTheOthersForClaims() {
        SecurityEvent event = decoder.event(with("[\"203.0.113.7\"]", "[\"10.0.0.1\", \"x\" ,\"203.0.113.7\"]"));

        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.claimed()).containsExactly("10.0.0.1", "x");
    }

    @Test
    void walksPastTrustedProxiesOfTheCluster() {
        Networks networks = new Networks(
                Network.defaults(),
                Map.of("default", new Network(List.of("10.0.0.0/8"), List.of(), List.of("10.0.0.1"))));
        SecurityEvent event = TestingDecoder.with(networks, Set.of())
                .event(with("[\"203.0.113.7\"]", "[\"1.1.1.1\",\"203.0.113.7\",\"10.0.0.1\"]"));

        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.claimed()).containsExactly("1.1.1.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[\"203.0.113.7\",\"localhost\"]", "[]", "null"})
    void knowsNoPeerWhereTheLastElementIsNoAddress(String chain) {
        SecurityEvent event = decoder.event(with("[\"203.0.113.7\"]", chain));

        assertThat(event.peer()).isNull();
        assertThat(event.zone()).isEqualTo(Zone.UNKNOWN);
    }

    @Test
    void boundsAFloodOfForwardedAddresses() {
        String flood = "\"1.1.1.1\",".repeat(20_000);
        SecurityEvent event = decoder.event(with("[\"203.0.113.7\"]", "[" + flood + "\"2.2.2.2\",\"203.0.113.7\"]"));

        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.claimed()).hasSize(16).endsWith("2.2.2.2");
    }

    @Test
    void namesTheEffectiveUserAndWhoImpersonatesIt() {
        SecurityEvent event = decoder.event(
                with(
                        ",\"sourceIPs\"",
                        ",\"impersonatedUser\":{\"username\":\"root\",\"groups\":[\"system:masters\"],"
                                + "\"extra\":{\"authentication.kubernetes.io/credential-id\":[\"JTI=forged\"]}},\"sourceIPs\""));

        assertThat(event.user()).isEqualTo("root");
        assertThat(event.impersonator()).isEqualTo("jane");
        assertThat(event.groups()).containsExactly("system:masters");
        assertThat(event.userUid()).isNull();
        assertThat(event.credentialId()).isNull();
    }

    @Test
    void keepsTheRefusalOfAForbiddenImpersonation() {
        String message = "users \\\"root\\\" is forbidden: User \\\"jane\\\" cannot impersonate resource \\\"users\\\"";
        String refused = with(
                "{\"metadata\":{},\"code\":200}",
                "{\"metadata\":{},\"status\":\"Failure\",\"message\":\"" + message + "\",\"code\":403}");
        refused = replace(
                refused,
                ",\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":\"r\"}",
                "");

        assertThat(decoder.event(refused).reason()).contains("User \"jane\" cannot impersonate resource");
        assertThat(decoder.event(refused).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(decoder.event(replace(refused, message, "x".repeat(5_000) + " cannot impersonate"))
                        .reason())
                .hasSize(1_024);
        assertThat(decoder.event(replace(refused, "cannot impersonate", "cannot get"))
                        .reason())
                .isNull();
    }

    @Test
    void readsTheCredentialOfAServiceAccount() {
        SecurityEvent event = decoder.event(user("{\"username\":\"system:serviceaccount:shop:web\",\"extra\":{"
                + "\"authentication.kubernetes.io/credential-id\":[\"JTI=1-2\"],"
                + "\"authentication.kubernetes.io/node-name\":[\"node-1\"],"
                + "\"authentication.kubernetes.io/pod-name\":[\"web-0\"],\"other\":{\"x\":1}}}"));

        assertThat(event.credentialId()).isEqualTo("JTI=1-2");
        assertThat(event.credentialPod()).isEqualTo("shop/web-0");
        assertThat(event.credentialNode()).isEqualTo("node-1");
    }

    @Test
    void readsTheRoleBehindAnEksUser() {
        SecurityEvent event = decoder.event(user("{\"username\":\"admin\",\"extra\":{\"accessKeyId\":[\"ASIAEXAMPLE\"],"
                + "\"arn\":[\"arn:aws:sts::111122223333:assumed-role/Admin/jane@example.com\"],"
                + "\"canonicalArn\":[\"arn:aws:iam::111122223333:role/Admin\"],\"sessionName\":[\"jane@example.com\"],"
                + "\"authentication.kubernetes.io/credential-id\":[\"who knows\"]}}"));

        assertThat(event.arn()).isEqualTo("arn:aws:iam::111122223333:role/Admin");
        assertThat(event.sessionName()).isEqualTo("jane@example.com");
        assertThat(event.accessKeyId()).isEqualTo("ASIAEXAMPLE");
        assertThat(event.credentialId()).isNull();
    }

    @Test
    void readsTheIssuedCredential() {
        assertThat(decoder.event(with(
                                "\"annotations\":{",
                                "\"annotations\":{\"authentication.kubernetes.io/issued-credential-id\":\"JTI=9\","))
                        .issuedCredentialId())
                .isEqualTo("JTI=9");
    }
}
