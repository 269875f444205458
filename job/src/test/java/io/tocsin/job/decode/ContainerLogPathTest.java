package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Place;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerLogPathTest {
    private static final String UID = "4f6c0e0e-0000-4000-8000-000000000007";
    private static final String ID = "0a".repeat(32);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/log/pods/shop_web-0_" + UID + "/app/0.log",
                "/var/log/pods/shop_web-0_" + UID + "/app/12.log.20260124-013436.gz",
                "pods/shop_web-0_" + UID + "/app/0.log",
                "/backup/node-1/var/log/pods/shop_web-0_" + UID + "/app/0.log"
            })
    void knowsThePodsFolder(String path) {
        assertThat(ContainerLogPath.place(path))
                .isEqualTo(new Place(null, null, "shop/web-0", UID, null, "app", null, null));
    }

    @Test
    void knowsTheUidOfAStaticPod() {
        Place place = ContainerLogPath.place("/var/log/pods/kube-system_kube-apiserver-node-1.example.com_"
                + "0a".repeat(16) + "/kube-apiserver/3.log");

        assertThat(place.pod()).isEqualTo("kube-system/kube-apiserver-node-1.example.com");
        assertThat(place.podUid()).isEqualTo("0a".repeat(16));
        assertThat(place.namespace()).isEqualTo("kube-system");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/var/log/containers/web-0_shop_my-app-1-"
                        + "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" + ".log",
                "web-0_shop_my-app-1-" + "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a" + ".log.gz"
            })
    void knowsTheContainersFolder(String path) {
        assertThat(ContainerLogPath.place(path))
                .isEqualTo(new Place(null, null, "shop/web-0", null, null, "my-app-1", null, null));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "here.log",
                "/var/log/audit/audit.log",
                "/var/log/pods/shop_web-0/app/0.log",
                "/var/log/pods/shop_web-0_" + UID + "/0.log",
                "/var/log/mypods/Shop_web-0_" + UID + "/app/0.log",
                "/var/log/containers/web-0_shop_app.log",
                "kafka:pods-1"
            })
    void tellsNothingOfOtherFiles(String path) {
        assertThat(ContainerLogPath.place(path)).isEqualTo(Place.NONE);
    }

    @Test
    void readsAHostilePathInNoTime() {
        String path = "/pods/" + "a_".repeat(20_000) + ID;

        assertThat(ContainerLogPath.place(path)).isEqualTo(Place.NONE);
    }

    @Test
    void isThePlaceOfWhatTheFileHolds() {
        TestingDecoder decoder = TestingDecoder.auto().at("/var/log/pods/shop_web-0_" + UID + "/app/0.log");

        assertThat(decoder.event("2026-01-24T01:34:36Z stdout F x").place().pod())
                .isEqualTo("shop/web-0");
        assertThat(decoder.at("here.log")
                        .event("2026-01-24T01:34:36Z stdout F x")
                        .place())
                .isEqualTo(Place.NONE);
    }
}
