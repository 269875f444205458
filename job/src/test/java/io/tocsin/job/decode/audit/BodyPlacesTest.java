package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BodyPlacesTest {
    private static final String POD = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-5d4f-x\","
            + "\"namespace\":\"shop\",\"uid\":\"p-1\",\"labels\":{\"pod-template-hash\":\"5d4f\"},\"ownerReferences\":["
            + "{\"kind\":\"Other\",\"name\":\"o\"},{\"kind\":\"ReplicaSet\",\"name\":\"web-5d4f\",\"controller\":true}]},"
            + "\"spec\":{\"nodeName\":\"node-1\",\"containers\":[{\"image\":\"registry.example.com/web:1\"}]},"
            + "\"status\":{\"podIP\":\"10.1.2.3\",\"hostIP\":\"10.0.0.5\"}}";
    private static final String STATUS = "{\"kind\":\"Status\",\"status\":\"Success\"}";
    private static final TestingRequest CREATE =
            TestingRequest.of("create", "/api/v1/namespaces/shop/pods", "pods", "shop", "web-5d4f-x");
    private static final TestingRequest PATCH_STATUS = TestingRequest.of(
                    "patch", "/api/v1/namespaces/shop/pods/web-5d4f-x/status", "pods", "shop", "web-5d4f-x")
            .on("status", "ResponseComplete")
            .by("system:node:node-1");

    private final TestingDecoder decoder = TestingDecoder.auto();

    private Place place(TestingRequest request, @Nullable String requested, @Nullable String answered) {
        return decoder.event(request.with(requested, answered).raw()).place();
    }

    @Test
    void takesAllFromTheAnswer() {
        assertThat(place(CREATE, "{}", POD))
                .isEqualTo(new Place(
                        "node-1",
                        "10.0.0.5",
                        "shop/web-5d4f-x",
                        "p-1",
                        "10.1.2.3",
                        null,
                        "registry.example.com/web:1",
                        "Deployment/web"));
    }

    @Test
    void namesAPodThatTheServerNamed() {
        assertThat(place(TestingRequest.of("create", "/api/v1/namespaces/shop/pods", "pods", "shop", null), "{}", POD)
                        .pod())
                .isEqualTo("shop/web-5d4f-x");
    }

    @Test
    void takesOfARequestOnlyWhatTheServerTakes() {
        assertThat(place(CREATE, POD, null))
                .isEqualTo(new Place(
                        "node-1",
                        null,
                        "shop/web-5d4f-x",
                        null,
                        null,
                        null,
                        "registry.example.com/web:1",
                        "Deployment/web"));
        String patch = "{\"metadata\":{\"uid\":\"p-1\"},\"spec\":{\"nodeName\":\"forged\"},"
                + "\"status\":{\"podIP\":\"10.1.2.3\",\"hostIP\":\"10.0.0.5\"}}";
        assertThat(place(PATCH_STATUS, patch, STATUS))
                .isEqualTo(new Place("node-1", "10.0.0.5", "shop/web-5d4f-x", "p-1", "10.1.2.3", null, null, null));
    }

    @Test
    void believesNoBodyOfARequestThatDidNothing() {
        assertThat(place(CREATE.ending(403, 7, "forbid"), POD, null)).isEqualTo(Place.NONE);
        assertThat(place(CREATE.ending(422, 3, "allow"), POD, null)).isEqualTo(Place.NONE);
        String dry = replace(CREATE.with(POD, POD).raw(), "shop/pods\"", "shop/pods?dryRun=All\"");
        assertThat(decoder.event(dry).place()).isEqualTo(Place.NONE);
    }

    @Test
    void leavesOutAnAddressThatIsTheNodes() {
        Place place = place(CREATE, null, replace(POD, "10.1.2.3", "10.0.0.5"));

        assertThat(place.podAddress()).isNull();
        assertThat(place.nodeAddress()).isEqualTo("10.0.0.5");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "StatefulSet, db, 5d4f, StatefulSet/db",
                "ReplicaSet, web-5d4f, -, ReplicaSet/web-5d4f",
                "ReplicaSet, 5d4f, 5d4f, ReplicaSet/5d4f",
                "Node, node-1, -, Node/node-1"
            })
    void namesTheController(String kind, String name, String hash, String workload) {
        String pod = replace(
                POD,
                "{\"kind\":\"ReplicaSet\",\"name\":\"web-5d4f\"",
                "{\"kind\":\"" + kind + "\",\"name\":\"" + name + "\"");
        pod = hash == null ? replace(pod, "pod-template-hash", "x") : pod;

        assertThat(place(CREATE, null, pod).workload()).isEqualTo(workload);
    }

    @Test
    void namesNoImageOfSeveral() {
        assertThat(place(CREATE, null, replace(POD, "\"containers\":[", "\"containers\":[{\"image\":\"a\"},"))
                        .image())
                .isNull();
    }

    @Test
    void learnsTheNodeAPodIsBoundTo() {
        TestingRequest binding = TestingRequest.of(
                        "create", "/api/v1/namespaces/shop/pods/web-0/binding", "pods", "shop", "web-0")
                .on("binding", "ResponseComplete")
                .by("system:kube-scheduler");
        String body = "{\"kind\":\"Binding\",\"metadata\":{\"name\":\"web-0\",\"namespace\":\"shop\",\"uid\":\"p-1\"},"
                + "\"target\":{\"kind\":\"Node\",\"name\":\"node-1\"}}";

        assertThat(place(binding, body, STATUS))
                .isEqualTo(new Place("node-1", null, "shop/web-0", "p-1", null, null, null, null));
        assertThat(place(binding, replace(body, "\"Node\"", "\"Other\""), STATUS))
                .isEqualTo(Place.NONE);
        assertThat(place(binding, null, STATUS)).isEqualTo(Place.NONE);
    }

    @Test
    void learnsANodesAddress() {
        String addresses = "\"status\":{\"addresses\":[{\"type\":\"ExternalIP\",\"address\":\"203.0.113.9\"},"
                + "{\"type\":\"InternalIP\",\"address\":\"10.0.0.5\"},{\"type\":\"InternalIP\",\"address\":\"fd00::5\"}]}";
        TestingRequest status = TestingRequest.of("patch", "/api/v1/nodes/node-1/status", "nodes", null, "node-1")
                .on("status", "ResponseComplete")
                .by("system:node:node-1");
        Place node = new Place("node-1", "10.0.0.5", null, null, null, null, null, null);

        assertThat(place(status, "{" + addresses + "}", null)).isEqualTo(node);
        assertThat(place(status, "{}", "{\"kind\":\"Node\"," + addresses + "}")).isEqualTo(node);
        TestingRequest label = TestingRequest.of("patch", "/api/v1/nodes/node-1", "nodes", null, "node-1");
        assertThat(place(label, "{" + addresses + "}", null)).isEqualTo(Place.NONE);
        assertThat(place(label, null, "{\"kind\":\"Node\"," + addresses + "}")).isEqualTo(node);
    }

    @Test
    void learnsThePodATokenIsBoundTo() {
        TestingRequest token = TestingRequest.of(
                        "create", "/api/v1/namespaces/shop/serviceaccounts/web/token", "serviceaccounts", "shop", "web")
                .on("token", "ResponseComplete")
                .by("system:node:node-1");
        String body = "{\"kind\":\"TokenRequest\",\"spec\":{\"boundObjectRef\":{\"kind\":\"Pod\",\"name\":\"web-0\","
                + "\"uid\":\"p-1\"}},\"status\":{\"token\":\"S3CRET\"}}";

        assertThat(place(token, body, null))
                .isEqualTo(new Place("node-1", null, "shop/web-0", "p-1", null, null, null, null));
        assertThat(place(token, null, body).pod()).isEqualTo("shop/web-0");
        assertThat(place(token.by("jane"), body, null).node()).isNull();
        assertThat(place(token.by("jane"), replace(body, "\"Pod\"", "\"Node\""), null))
                .isEqualTo(Place.onNode("web-0"));
        assertThat(decoder.event(token.with(body, body).raw()).toString()).doesNotContain("S3CRET");
    }

    @Test
    void placesANodesCallOnTheNode() {
        TestingRequest get = TestingRequest.of("get", "/api/v1/namespaces/shop/secrets/s", "secrets", "shop", "s");

        assertThat(decoder.event(get.by("system:node:node-1").raw()).place()).isEqualTo(Place.onNode("node-1"));
        assertThat(decoder.event(get.as("system:node:node-1").raw()).place()).isEqualTo(Place.NONE);
        assertThat(decoder.event(get.by("system:node:").raw()).place()).isEqualTo(Place.NONE);
    }

    @Test
    void readsNoBodyThatIsNone() {
        for (String body : new String[] {
            "[{\"op\":\"replace\",\"path\":\"/status/podIP\",\"value\":\"10.9.9.9\"}]",
            "\"text\"",
            "7",
            "{}",
            "{\"kind\":\"Pod\",\"metadata\":[]}",
            "{\"kind\":\"Pod\",\"status\":{\"podIP\":{}}}",
            "{\"kind\":\"Pod\",\"spec\":{\"containers\":{}}}",
            "{\"kind\":\"Pod\",\"kind\":\"Pod\"}",
            "{\"kind\":\"PodList\",\"items\":[]}"
        }) {
            SecurityEvent event = decoder.event(CREATE.with(null, body).raw());
            assertThat(event.place().podAddress()).isNull();
            assertThat(event.place().node()).isNull();
        }
        assertThat(place(CREATE.on("eviction", "ResponseComplete"), POD, POD)).isEqualTo(Place.NONE);
        assertThat(place(CREATE.in("example.com"), POD, POD)).isEqualTo(Place.NONE);
        assertThat(place(TestingRequest.of("list", "/api/v1/pods", "pods", null, null), POD, POD))
                .isEqualTo(Place.NONE);
    }

    @Test
    void takesNoAddressThatIsNone() {
        assertThat(place(CREATE, null, replace(POD, "10.1.2.3", "not an address"))
                        .podAddress())
                .isNull();
    }

    @Test
    void salvagesWhatStandsInFrontOfACut() {
        String cut = CREATE.with(POD, null).raw();
        SecurityEvent event =
                TestingDecoder.autoWithFallbackTime().event(cut.substring(0, cut.indexOf(",\"status\":{\"podIP")));

        assertThat(event.truncated()).isTrue();
        assertThat(event.place().node()).isEqualTo("node-1");
    }
}
