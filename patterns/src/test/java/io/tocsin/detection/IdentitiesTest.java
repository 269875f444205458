package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.testkit.AuditEvents;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdentitiesTest {
    private static Identities of(String key, String list) {
        return Identities.of(Configuration.fromMap(Map.of(key, list)));
    }

    private static boolean deployer(String list, AuditEvents event) {
        return of("identities.cd", list).isDeployer(event.build());
    }

    @Test
    void aListHoldsFromInsideAndFromAnUnknownAddressUnlessItSaysWhere() {
        assertThat(deployer("argo", event().by("argo").from(INSIDE))).isTrue();
        assertThat(deployer("argo", event().by("argo").from("127.0.0.1"))).isTrue();
        assertThat(deployer("argo", event().by("argo").from(null))).isTrue();
        assertThat(deployer("argo", event().by("argo").from(OFFICE))).isFalse();
        assertThat(deployer("", event().by("argo").from(INSIDE))).isFalse();
    }

    @Test
    void rangesReplaceTheInside() {
        String list = "flux, argo from 203.0.113.0/24 2001:db8::/32 192.0.2.1";
        assertThat(deployer(list, event().by("argo").from(OFFICE))).isTrue();
        assertThat(deployer(list, event().by("argo").from("2001:db8::7"))).isTrue();
        assertThat(deployer(list, event().by("argo").from("192.0.2.1"))).isTrue();
        assertThat(deployer(list, event().by("argo").from("192.0.2.2"))).isFalse();
        assertThat(deployer(list, event().by("argo").from(INSIDE))).isFalse();
        assertThat(deployer(list, event().by("argo").from(null))).isTrue();
        assertThat(deployer(list, event().by("flux").from(OFFICE))).isFalse();
        assertThat(deployer(list, event().by("flux").from(INSIDE))).isTrue();
    }

    @Test
    void namesAreWholeUnlessAStarSaysOtherwise() {
        assertThat(deployer("argo", event().by("argo2").from(INSIDE))).isFalse();
        assertThat(deployer("argo*", event().by("argo2").from(INSIDE))).isTrue();
        assertThat(deployer("argo*", event().by("argo").from(INSIDE))).isTrue();
        assertThat(deployer("argo*", event().by("my-argo").from(INSIDE))).isFalse();
    }

    @Test
    void anImpersonatorIsWhoImpersonatesFromWhereItIsListed() {
        Identities identities = of("identities.impersonators", "rancher, teleport from 203.0.113.0/24");
        AuditEvents masters = event().by("admin").groups("system:masters");
        assertThat(identities.isImpersonator(
                        masters.impersonatedBy("rancher").from(INSIDE).build()))
                .isTrue();
        assertThat(identities.isImpersonator(
                        masters.impersonatedBy("rancher").from(OFFICE).build()))
                .isFalse();
        assertThat(identities.isImpersonator(
                        masters.impersonatedBy("teleport").from(OFFICE).build()))
                .isTrue();
        assertThat(identities.isImpersonator(
                        masters.impersonatedBy("mallory").from(INSIDE).build()))
                .isFalse();
        assertThat(identities.isImpersonator(event().by("rancher").from(INSIDE).build()))
                .as("acts itself")
                .isFalse();
    }

    @Test
    void aRoleMayBeListed() {
        String role = "arn:aws:iam::1:role/cd";
        assertThat(deployer(role, event().by("cd:run-1").arn(role).from(INSIDE)))
                .isTrue();
        assertThat(deployer(role, event().by(role).arn("arn:aws:iam::1:role/x").from(ELSEWHERE)))
                .isFalse();
    }

    @Test
    void whoeverImpersonatesIsWhoActs() {
        assertThat(deployer("argo", event().by("team").impersonatedBy("argo").from(INSIDE)))
                .isTrue();
        assertThat(deployer("argo", event().by("argo").impersonatedBy("mallory").from(INSIDE)))
                .isFalse();
    }

    @Test
    void anonymousIsNeverListed() {
        assertThat(deployer("system:*", event().by("system:anonymous").from(INSIDE)))
                .isFalse();
        assertThat(deployer("system:anonymous", event().by("system:anonymous").from(INSIDE)))
                .isFalse();
    }

    @Test
    void eachListIsItsOwn() {
        Identities identities = of("identities.token-issuers", "vault");
        assertThat(identities.isTokenIssuer(event().by("vault").from(INSIDE).build()))
                .isTrue();
        assertThat(identities.isDeployer(event().by("vault").from(INSIDE).build()))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "argo from",
                "argo at 10.0.0.0/8",
                "argo from 10.0.0.0/33",
                "argo from here",
                "*",
                "a, * from ::/0"
            })
    void refusesWhatIsNoEntryByItsKey(String list) {
        assertThatThrownBy(() -> of("identities.cd", list))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("identities.cd");
    }

    @Test
    void tellsThePlatformsOwnFromWhatOnlySoundsLikeIt() {
        assertThat(Identities.isControlPlane("system:kube-controller-manager")).isTrue();
        assertThat(Identities.isControlPlane("system:serviceaccount:kube-system:job-controller"))
                .isTrue();
        assertThat(Identities.isControlPlane("system:serviceaccount:web:job-controller"))
                .isFalse();
        assertThat(Identities.isControlPlane("system:serviceaccount:kube-system:evil-controller"))
                .isFalse();
        assertThat(Identities.isControlPlane("kube-controller-manager")).isFalse();
        assertThat(Identities.isControlPlane("system:anonymous")).isFalse();
        assertThat(Identities.isControlPlane(null)).isFalse();
        assertThat(Identities.isNode("system:node:n1")).isTrue();
        assertThat(Identities.isNode("system:nodes")).isFalse();
        assertThat(Identities.serviceAccountNamespace("system:serviceaccount:ci:robot"))
                .isEqualTo("ci");
        assertThat(Identities.serviceAccountNamespace("system:serviceaccount:ci"))
                .isNull();
        assertThat(Identities.serviceAccountNamespace("alice")).isNull();
    }

    @Test
    void theControlPlaneIsAtHomeInItsOwnRangesOnceTheyAreGiven() {
        Configuration none = new Configuration();
        Identities unknown = Identities.of(none);
        Identities known = Identities.of(none, Map.of(), cluster -> cluster.equals("c1"));
        AuditEvents scheduler = AuditEvents.event().by("system:kube-scheduler");
        assertThat(unknown.isPlatformAtHome(scheduler.from("10.0.0.5").build())).isTrue();
        assertThat(known.isPlatformAtHome(scheduler.from("10.0.0.5").build())).isFalse();
        assertThat(known.isPlatformAtHome(scheduler.from("10.0.0.5").in("c2").build()))
                .isTrue();
        assertThat(known.isPlatformAtHome(scheduler.from("127.0.0.1").build())).isTrue();
        assertThat(known.isPlatformAtHome(scheduler.from(null).build())).isTrue();
        assertThat(unknown.isPlatformAtHome(scheduler.from("198.51.100.9").build()))
                .isFalse();
        AuditEvents node = AuditEvents.event().by("system:node:n1");
        assertThat(known.isPlatformAtHome(node.from("10.0.0.5").build())).isTrue();
        assertThat(known.isPlatformAtHome(node.from("198.51.100.9").build())).isFalse();
        assertThat(known.isPlatformAtHome(
                        node.from("10.0.0.5").impersonatedBy("mallory").build()))
                .isFalse();
        assertThat(unknown.isPlatformAtHome(
                        AuditEvents.event().by("alice").from("10.0.0.5").build()))
                .isFalse();
    }
}
