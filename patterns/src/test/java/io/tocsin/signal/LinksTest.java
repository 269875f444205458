package io.tocsin.signal;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Link.Kind;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LinksTest {
    private static final Instant T0 = Instant.parse("2026-03-02T10:00:00Z");
    private static final Place PLACE =
            new Place("node-1", "10.0.1.1", "shop/web-0", "uid-1", "10.1.0.7", "web", "web:1", "Deployment/web");

    @Test
    void aPlaceTellsAddressesNodeAndWorkload() {
        SecurityEvent.Builder event = event(Source.TETRAGON);
        event.place = PLACE;

        assertThat(Links.of(event.build()))
                .containsExactlyInAnyOrder(
                        link(Kind.POD_ADDRESS, "10.1.0.7", "shop/web-0"),
                        link(Kind.NODE_ADDRESS, "10.0.1.1", "node-1"),
                        link(Kind.POD_NODE, "shop/web-0", "node-1"),
                        link(Kind.POD_WORKLOAD, "shop/web-0", "Deployment/web"));
    }

    @Test
    void aPodInItsNodesNetworkHasNoAddressOfItsOwn() {
        SecurityEvent.Builder event = event(Source.CONTAINER_LOG);
        event.place = new Place("node-1", "10.0.1.1", "kube-system/proxy", null, "10.0.1.1", null, null, null);

        assertThat(Links.of(event.build()))
                .containsExactlyInAnyOrder(
                        link(Kind.NODE_ADDRESS, "10.0.1.1", "node-1"),
                        link(Kind.POD_NODE, "kube-system/proxy", "node-1"));
    }

    @Test
    void aPodWithoutItsNamespaceIsNotToldApartFromOthers() {
        SecurityEvent.Builder event = event(Source.FALCO);
        event.place = new Place("node-1", null, "web-0", null, "10.1.0.7", null, null, "Deployment/web");
        event.flow = new Flow("tcp", "10.1.0.8", 80, null, "db-0", null, null);

        assertThat(Links.of(event.build())).isEmpty();
    }

    @Test
    void aFlowTellsTheAddressOfThePodItGoesTo() {
        SecurityEvent.Builder event = event(Source.HUBBLE);
        event.flow = new Flow("tcp", "10.1.0.8", 5432, null, "shop/db-0", "StatefulSet/db", "egress");

        assertThat(Links.of(event.build())).containsExactly(link(Kind.POD_ADDRESS, "10.1.0.8", "shop/db-0"));
    }

    @Test
    void tellsEachLinkOnce() {
        SecurityEvent.Builder event = event(Source.HUBBLE);
        event.place = new Place(null, null, "shop/db-0", null, "10.1.0.8", null, null, null);
        event.flow = new Flow("tcp", "10.1.0.8", 5432, null, "shop/db-0", null, "ingress");

        assertThat(Links.of(event.build())).containsExactly(link(Kind.POD_ADDRESS, "10.1.0.8", "shop/db-0"));
    }

    @Test
    void aNodesOwnCallsTellItsAddress() {
        assertThat(Links.of(kubelet().build())).containsExactly(link(Kind.NODE_ADDRESS, "10.0.1.1", "node-1"));
    }

    @Test
    void aNodesNameCountsOnlyWhenItWasLetInDirectlyFromTheInside() {
        SecurityEvent.Builder refused = kubelet();
        refused.outcome = Outcome.DENIED;
        SecurityEvent.Builder outside = kubelet();
        outside.zone = Zone.OUTSIDE;
        SecurityEvent.Builder unknown = kubelet();
        unknown.zone = Zone.UNKNOWN;
        SecurityEvent.Builder proxied = kubelet();
        proxied.claimed = List.of("10.0.9.9");
        SecurityEvent.Builder impersonated = kubelet();
        impersonated.impersonator = "mallory";
        SecurityEvent.Builder local = kubelet();
        local.peer = "127.0.0.1";
        local.zone = Zone.CONTROL_PLANE;
        SecurityEvent.Builder nobody = kubelet();
        nobody.user = "system:node:";
        SecurityEvent.Builder elsewhere = kubelet();
        elsewhere.source = Source.CONTAINER_LOG;

        assertThat(List.of(refused, outside, unknown, proxied, impersonated, local, nobody, elsewhere))
                .allSatisfy(event -> assertThat(Links.of(event.build())).isEmpty());
    }

    @Test
    void aPodsTokenTellsItsNodeAndPerhapsItsAddress() {
        assertThat(Links.of(token().build()))
                .containsExactlyInAnyOrder(
                        link(Kind.POD_NODE, "shop/web-0", "node-1"),
                        link(Kind.CREDENTIAL_POD_PEER, "10.1.0.7", "shop/web-0"),
                        link(Kind.POD_SERVICE_ACCOUNT, "shop/web-0", "system:serviceaccount:shop:web"));
    }

    @Test
    void whoeverWritesAWorkloadAndIsNoControllerIsItsWriter() {
        assertThat(Links.of(written("ann", "deployments", "web").build()))
                .containsExactly(link(Kind.WORKLOAD_WRITER, "shop|Deployment/web", "ann"));
        assertThat(Links.of(written("system:serviceaccount:ci:argo", "cronjobs", "backup")
                        .build()))
                .containsExactly(link(Kind.WORKLOAD_WRITER, "shop|Job/backup", "system:serviceaccount:ci:argo"));
        SecurityEvent.Builder status = written("ann", "deployments", "web");
        status.subresource = "status";
        SecurityEvent.Builder tried = written("ann", "deployments", "web");
        tried.dryRun = true;
        SecurityEvent.Builder refused = written("ann", "deployments", "web");
        refused.outcome = Outcome.DENIED;
        assertThat(List.of(
                        status,
                        tried,
                        refused,
                        written("ann", "configmaps", "web"),
                        written("system:serviceaccount:kube-system:deployment-controller", "replicasets", "web-1"),
                        written("system:kube-controller-manager", "deployments", "web")))
                .allSatisfy(event -> assertThat(Links.of(event.build())).isEmpty());
    }

    @Test
    void aJobOfACronJobIsNamedAfterThat() {
        assertThat(Links.workload("shop", "Job/backup-28391111")).isEqualTo("shop|Job/backup");
        assertThat(Links.workload("shop", "Job/backup-2")).isEqualTo("shop|Job/backup-2");
        assertThat(Links.workload("shop", "Deployment/web-28391111")).isEqualTo("shop|Deployment/web-28391111");
        assertThat(Links.workload(null, "Job/backup")).isNull();
    }

    private static SecurityEvent.Builder written(String user, String resource, String name) {
        SecurityEvent.Builder event = event(Source.KUBERNETES_AUDIT);
        event.user = user;
        event.verb = "patch";
        event.resource = resource;
        event.namespace = "shop";
        event.name = name;
        event.outcome = Outcome.SUCCESS;
        return event;
    }

    @Test
    void whereATokenIsUsedOutsideOrThroughAProxyTellsNoAddress() {
        SecurityEvent.Builder outside = token();
        outside.zone = Zone.OUTSIDE;
        SecurityEvent.Builder controlPlane = token();
        controlPlane.zone = Zone.CONTROL_PLANE;
        SecurityEvent.Builder proxied = token();
        proxied.claimed = List.of("10.0.9.9");

        assertThat(List.of(outside, controlPlane, proxied)).allSatisfy(event -> assertThat(Links.of(event.build()))
                .containsExactlyInAnyOrder(
                        link(Kind.POD_NODE, "shop/web-0", "node-1"),
                        link(Kind.POD_SERVICE_ACCOUNT, "shop/web-0", "system:serviceaccount:shop:web")));
    }

    @Test
    void tellsNothingOfWhatSaysNothing() {
        assertThat(Links.of(event(Source.SYSLOG).build())).isEmpty();
    }

    private static SecurityEvent.Builder kubelet() {
        SecurityEvent.Builder event = event(Source.KUBERNETES_AUDIT);
        event.user = "system:node:node-1";
        event.peer = "10.0.1.1";
        event.zone = Zone.CLUSTER;
        event.outcome = Outcome.SUCCESS;
        return event;
    }

    private static SecurityEvent.Builder token() {
        SecurityEvent.Builder event = event(Source.KUBERNETES_AUDIT);
        event.user = "system:serviceaccount:shop:web";
        event.credentialPod = "shop/web-0";
        event.credentialNode = "node-1";
        event.peer = "10.1.0.7";
        event.zone = Zone.CLUSTER;
        event.outcome = Outcome.DENIED;
        return event;
    }

    private static SecurityEvent.Builder event(Source source) {
        SecurityEvent.Builder event = SecurityEvent.builder();
        event.time = T0;
        event.source = source;
        event.cluster = "prod";
        event.scope = "1/eu/prod";
        return event;
    }

    private static Link link(Kind kind, String key, String value) {
        return new Link(kind, "1/eu/prod", key, value, T0);
    }
}
