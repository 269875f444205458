package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRequest.quoted;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRecords;
import io.tocsin.job.decode.TestingRequest;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The same request gives the same event whichever cloud wrote it down, but for what that cloud withholds, which is absent. */
class AuditCloudsTest {
    private static final String POD = "{\"kind\":\"Pod\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"web-5d4f-x\","
            + "\"namespace\":\"shop\",\"uid\":\"p-1\",\"labels\":{\"pod-template-hash\":\"5d4f\"},\"ownerReferences\":["
            + "{\"kind\":\"ReplicaSet\",\"name\":\"web-5d4f\",\"controller\":true}]},\"spec\":{\"nodeName\":\"node-1\","
            + "\"containers\":[{\"name\":\"web\",\"image\":\"registry.example.com/web:1\"}]},"
            + "\"status\":{\"podIP\":\"10.1.2.3\",\"hostIP\":\"10.0.0.5\"}}";

    /** Of the envelope, so different by nature. */
    private static final Set<String> ENVELOPE = Set.of("cluster", "scope", "account", "instance");

    private static final Set<String> GOOGLE_WITHHOLDS = Set.of("received", "userUid", "groups", "credentialId", "uri");
    private static final Set<String> TEXT_WITHHOLDS = Set.of("userUid", "credentialId", "reason", "place");

    private final TestingDecoder decoder = TestingDecoder.auto();

    static List<TestingRequest> requests() {
        TestingRequest get = TestingRequest.of("get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");
        TestingRequest roles = TestingRequest.of(
                        "delete", "/apis/rbac.authorization.k8s.io/v1/clusterroles/ops", "clusterroles", null, "ops")
                .in("rbac.authorization.k8s.io");
        return List.of(
                get,
                get.by("system:serviceaccount:shop:web"),
                get.as("root"),
                get.ending(403, 7, "forbid"),
                get.ending(404, 5, "allow"),
                get.ending(409, 6, "allow"),
                get.ending(429, 8, "allow"),
                get.ending(400, 3, "allow"),
                get.ending(401, 16, "x"),
                roles,
                roles.ending(403, 7, "allow"),
                TestingRequest.of("list", "/api/v1/secrets", "secrets", null, null),
                TestingRequest.of("list", "/apis/apps/v1/namespaces/shop/deployments", "deployments", "shop", null)
                        .in("apps"),
                TestingRequest.of("list", "/apis/example.com/v1/namespaces/shop/widgets", "widgets", "shop", null)
                        .in("example.com"),
                TestingRequest.of(
                                "create",
                                "/api/v1/namespaces/shop/pods/web-0/exec?command=sh\\u0026command=-c",
                                "pods",
                                "shop",
                                "web-0")
                        .on("exec", "ResponseStarted")
                        .ending(101, 0, "allow"),
                TestingRequest.of(
                                "patch", "/api/v1/namespaces/shop/pods/web-5d4f-x/status", "pods", "shop", "web-5d4f-x")
                        .on("status", "ResponseComplete")
                        .by("system:node:node-1")
                        .with("{\"status\":{}}", POD));
    }

    @ParameterizedTest
    @MethodSource("requests")
    void givesTheSameEventInEveryForm(TestingRequest request) {
        SecurityEvent raw = decoder.event(request.raw());

        assertSame(decoder.event(TestingRecords.subscription("kube-apiserver-audit-1", request.raw())), raw, Set.of());
        assertSame(decoder.event(request.insights()), raw, Set.of());
        assertSame(decoder.event("{\"records\":[" + request.azure("kube-audit") + "]}"), raw, Set.of());
        assertSame(decoder.event(request.azure("kube-audit-admin")), raw, Set.of());
        assertSame(decoder.event(TestingRequest.azure("kube-audit", request.raw())), raw, Set.of());
        assertSame(decoder.event(request.diagnostics()), raw, Set.of());
        assertSame(decoder.event(request.aksTable(false)), raw, Set.of());
        assertSame(decoder.event(request.aksTable(true)), raw, Set.of());
        assertSame(decoder.event(request.gke()), raw, withheldByGoogle(raw));
        assertSame(decoder.event(request.legacy()), raw, withheldByText(raw));
    }

    private static Set<String> withheldByGoogle(SecurityEvent raw) {
        Set<String> withheld = new HashSet<>(GOOGLE_WITHHOLDS);
        if (raw.outcome() == Outcome.SUCCESS) {
            withheld.add("code");
        }
        return withheld;
    }

    private static Set<String> withheldByText(SecurityEvent raw) {
        Set<String> withheld = new HashSet<>(TEXT_WITHHOLDS);
        if (raw.user() != null && raw.user().startsWith("system:node:")) {
            withheld.remove("place");
        }
        return withheld;
    }

    private void assertSame(SecurityEvent event, SecurityEvent raw, Set<String> withheld) {
        boolean text = withheld.containsAll(Set.of("userUid", "reason"));
        for (RecordComponent component : SecurityEvent.class.getRecordComponents()) {
            String name = component.getName();
            Object given = value(component, event);
            if (withheld.contains(name)) {
                assertThat(given).as(name).isIn(absent());
            } else if (text
                    && Set.of("peer", "zone", "claimed", "time", "place").contains(name)) {
                assertText(event, raw);
            } else if (text && name.equals("outcome") && raw.outcome() == Outcome.ADMISSION_DENIED) {
                assertThat(given).isEqualTo(Outcome.DENIED);
            } else if (!ENVELOPE.contains(name)) {
                assertThat(given).as(name).isEqualTo(value(component, raw));
            }
        }
    }

    /** The address of a line of text is the client's claim, its time the request's. */
    private static void assertText(SecurityEvent event, SecurityEvent raw) {
        assertThat(event.peer()).isNull();
        assertThat(event.zone()).isEqualTo(Zone.UNKNOWN);
        assertThat(event.claimed()).containsExactly(raw.peer());
        assertThat(event.time()).isEqualTo(raw.received());
        assertThat(event.place().node()).isEqualTo(raw.place().node());
        assertThat(event.place().pod()).isNull();
    }

    private static List<Object> absent() {
        List<Object> absent = new ArrayList<>(List.of(0, List.of(), false, Place.NONE));
        absent.add(null);
        return absent;
    }

    private static Object value(RecordComponent component, SecurityEvent event) {
        try {
            return component.getAccessor().invoke(event);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(component.getName(), e);
        }
    }

    @Test
    void namesTheClusterAsItsCloudDoes() {
        TestingRequest request = requests().get(0);
        Map<String, List<String>> forms = Map.of(
                TestingRecords.subscription("kube-apiserver-audit-1", request.raw()),
                List.of("prod", "111122223333/prod", "111122223333", "kube-apiserver-audit-1"),
                request.insights(),
                List.of("prod", "111122223333/prod", "111122223333", "kube-apiserver-audit-0a1b"),
                request.azure("kube-audit"),
                List.of(
                        "prod",
                        "0a0a0a0a-0000-0000-0000-000000000001/shop/prod",
                        "0a0a0a0a-0000-0000-0000-000000000001",
                        "kube-apiserver-1"),
                request.gke(),
                List.of("prod", "shop-1/europe-west1/prod", "shop-1", "none"));

        forms.forEach((form, names) -> {
            SecurityEvent event = decoder.event(form);
            assertThat(List.of(
                            event.cluster(),
                            event.scope(),
                            String.valueOf(event.account()),
                            event.instance() == null ? "none" : event.instance()))
                    .isEqualTo(names);
            assertThat(TestingDecoder.ofCluster("mine").event(form).scope()).isEqualTo("mine");
        });
    }

    @Test
    void givesOneIdToARequestThatAzureDeliversInSeveralWays() {
        for (TestingRequest request : requests()) {
            String id = decoder.event(request.azure("kube-audit")).id();

            assertThat(decoder.event(request.azure("kube-audit-admin")).id()).isEqualTo(id);
            assertThat(decoder.event(request.diagnostics()).id()).isEqualTo(id);
            assertThat(decoder.event(request.aksTable(false)).id()).isEqualTo(id);
            assertThat(decoder.event(request.aksTable(true)).id()).isEqualTo(id);
        }
    }

    @Test
    void readsTheFormatByItsNameToo() {
        TestingDecoder named = TestingDecoder.of("kubernetes-audit");
        TestingRequest request = requests().get(0);

        for (String form : List.of(
                request.raw(),
                request.gke(),
                request.azure("kube-audit"),
                request.aksTable(true),
                request.diagnostics(),
                request.insights(),
                request.legacy(),
                "{\"message\":{\"data\":\""
                        + TestingDecoder.base64(request.gke().getBytes(StandardCharsets.UTF_8))
                        + "\"},\"subscription\":\"s\"}")) {
            assertThat(named.event(form).user()).isEqualTo("jane");
        }
        assertThat(TestingDecoder.of("journald").fates(request.gke())).containsExactly("dead");
    }

    @Test
    void readsALineOfTextInAnEnvelope() {
        TestingRequest request = requests().get(0);
        assertThat(decoder.event("{\"@timestamp\":\"2026-01-24 10:00:00.600\",\"@message\":" + quoted(request.legacy())
                                + "}")
                        .user())
                .isEqualTo("jane");
    }
}
