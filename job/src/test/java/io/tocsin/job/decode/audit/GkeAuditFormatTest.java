package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRequest;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GkeAuditFormatTest {
    private static final TestingRequest REQUEST =
            TestingRequest.of("get", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");
    private static final String GET_POD = REQUEST.gke();
    private static final String METHOD = "io.k8s.core.v1.pods.get";
    private static final String RESOURCE = "core/v1/namespaces/shop/pods/web-0";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String with(String part, String other) {
        return replace(GET_POD, part, other);
    }

    private static String request(String method, String resource) {
        return replace(with(METHOD, method), RESOURCE, resource);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "io.k8s.core.v1.pods.exec.create, core/v1/namespaces/shop/pods/web-0/exec, create, -, pods, exec, shop, web-0",
                "io.k8s.core.v1.pods.exec.get, core/v1/namespaces/shop/pods/web-0/exec, get, -, pods, exec, shop, web-0",
                "io.k8s.authorization.rbac.v1.clusterroles.update, rbac.authorization.k8s.io/v1/clusterroles/ops, update, rbac.authorization.k8s.io, clusterroles, -, -, ops",
                "io.k8s.apps.v1.deployments.scale.patch, apps/v1/namespaces/shop/deployments/web/scale, patch, apps, deployments, scale, shop, web",
                "io.k8s.core.v1.secrets.list, core/v1/secrets, list, -, secrets, -, -, -",
                "io.k8s.core.v1.secrets.list, core/v1/namespaces/shop/secrets, list, -, secrets, -, shop, -",
                "io.k8s.core.v1.pods.deletecollection, core/v1/namespaces/shop/pods, deletecollection, -, pods, -, shop, -",
                "io.k8s.core.v1.namespaces.delete, core/v1/namespaces/shop, delete, -, namespaces, -, shop, shop",
                "io.k8s.core.v1.namespaces.finalize.update, core/v1/namespaces/shop/finalize, update, -, namespaces, finalize, shop, shop",
                "io.k8s.core.v1.namespaces.list, core/v1/namespaces, list, -, namespaces, -, -, -",
                "io.k8s.core.v1.nodes.proxy.create, core/v1/nodes/n1/proxy, create, -, nodes, proxy, -, n1",
                "io.k8s.core.v1.serviceaccounts.token.create, core/v1/namespaces/shop/serviceaccounts/web/token, create, -, serviceaccounts, token, shop, web",
                "com.coreos.monitoring.v1.prometheuses.status.patch, monitoring.coreos.com/v1/namespaces/m/prometheuses/p/status, patch, monitoring.coreos.com, prometheuses, status, m, p",
                "io.k8s.authorization.v1.selfsubjectaccessreviews.create, authorization.k8s.io/v1/selfsubjectaccessreviews, create, authorization.k8s.io, selfsubjectaccessreviews, -, -, -",
            })
    void knowsWhatARequestIsAbout(
            String method,
            String path,
            String verb,
            String group,
            String resource,
            String subresource,
            String namespace,
            String name) {
        SecurityEvent event = decoder.event(request(method, path));

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.apiGroup()).isEqualTo(group);
        assertThat(event.resource()).isEqualTo(resource);
        assertThat(event.subresource()).isEqualTo(subresource);
        assertThat(event.namespace()).isEqualTo(namespace);
        assertThat(event.name()).isEqualTo(name);
        assertThat(event.uri()).isNull();
    }

    @ParameterizedTest
    @CsvSource({"io.k8s.get, healthz, get, /healthz", "io.k8s.post, /apis/apps/v1, post, /apis/apps/v1"})
    void knowsARequestThatIsAboutNoResource(String method, String resource, String verb, String uri) {
        SecurityEvent event = decoder.event(request(method, resource));

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.resource()).isNull();
        assertThat(event.uri()).isEqualTo(uri);
    }

    // Trap 12

    @ParameterizedTest
    @CsvSource({
        "1, 499, ERROR",
        "2, 500, ERROR",
        "3, 400, ERROR",
        "5, 404, ERROR",
        "6, 409, ERROR",
        "7, 403, ADMISSION_DENIED",
        "8, 429, THROTTLED",
        "9, 409, ERROR",
        "10, 409, ERROR",
        "12, 501, ERROR",
        "13, 500, ERROR",
        "14, 503, ERROR",
        "16, 401, UNAUTHENTICATED",
        "0, 0, SUCCESS",
        "404, 0, ERROR"
    })
    void takesTheStatusForACodeOfGoogleAndNotOfHttp(int rpc, int code, Outcome outcome) {
        SecurityEvent event = decoder.event(with("\"status\":{}", "\"status\":{\"code\":" + rpc + "}"));

        assertThat(event.code()).isEqualTo(code);
        assertThat(event.outcome()).isEqualTo(outcome);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"status\":{},", "\"status\":null,", ""})
    void takesAnAbsentStatusForSuccess(String status) {
        String record = replace(with(",\"status\":{}", ""), "\"serviceName\"", status + "\"serviceName\"");

        assertThat(decoder.event(record).outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(decoder.event(replace(record, "\"allow\"", "\"forbid\"")).outcome())
                .isEqualTo(Outcome.DENIED);
    }

    @Test
    void takesTheLabelsForAnnotations() {
        SecurityEvent event = decoder.event(with(
                "\"labels\":{\"authorization",
                "\"labels\":{\"audit.k8s.io/truncated\":\"true\",\"command.gke.io/dryRun\":\"true\","
                        + "\"authentication.kubernetes.io/issued-credential-id\":\"JTI=9\",\"authorization"));

        assertThat(event.reason()).isEqualTo("r");
        assertThat(event.truncated()).isTrue();
        assertThat(event.dryRun()).isTrue();
        assertThat(event.issuedCredentialId()).isEqualTo("JTI=9");
    }

    // Trap 5

    @Test
    void doesNotTakeARefusedImpersonationForOne() {
        String selector = with(
                "\"principalEmail\":\"jane\"", "\"principalEmail\":\"jane\",\"authoritySelector\":\"system:admin\"");
        String refused = replace(
                selector.replaceAll("\"labels\":\\{\"auth[^}]*\\}", "\"labels\":{}"),
                "\"status\":{}",
                "\"status\":{\"code\":7,\"message\":\"User \\\"jane\\\" cannot impersonate resource \\\"users\\\"\"}");

        assertThat(decoder.event(selector).impersonator()).isEqualTo("jane");
        assertThat(decoder.event(selector).user()).isEqualTo("system:admin");
        assertThat(decoder.event(refused).user()).isEqualTo("jane");
        assertThat(decoder.event(refused).impersonator()).isNull();
        assertThat(decoder.event(refused).outcome()).isEqualTo(Outcome.DENIED);
        assertThat(decoder.event(refused).reason()).contains("cannot impersonate");
    }

    @Test
    void countsALongOperationWhenItStarts() {
        String started = REQUEST.on("exec", "ResponseStarted").gke();

        assertThat(decoder.event(started).subresource()).isEqualTo("exec");
        assertThat(decoder.event(started).time()).isEqualTo(Instant.parse(TestingRequest.RECEIVED));
        assertThat(decoder.skipped(replace(started, "\"first\":true", "\"last\":true")))
                .isEqualTo("stage");
        // A log that is followed can't be told by its query, which is withheld.
        assertThat(decoder.event(REQUEST.on("log", "ResponseStarted").gke()).subresource())
                .isEqualTo("log");
    }

    @Test
    void knowsNobodyWhereNobodyIsNamed() {
        SecurityEvent event = decoder.event(
                replace(with("\"principalEmail\":\"jane\"", ""), "\"status\":{}", "\"status\":{\"code\":16}"));

        assertThat(event.user()).isNull();
        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(decoder.event(with("\"principalEmail\":\"jane\"", "\"principalSubject\":\"user:j@example.com\""))
                        .user())
                .isEqualTo("user:j@example.com");
    }

    @ParameterizedTest
    @ValueSource(strings = {"private", "gce-internal-ip", ""})
    void knowsNoPeerWhereGoogleWithholdsTheAddress(String word) {
        SecurityEvent event = decoder.event(with("\"callerIp\":\"203.0.113.7\"", "\"callerIp\":\"" + word + "\""));

        assertThat(event.peer()).isNull();
        assertThat(event.claimed()).isEmpty();
    }

    @Test
    void learnsPlacesFromBodies() {
        String pod = "{\"@type\":\"core.k8s.io/v1.Pod\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"web-0\"},\"spec\":{"
                + "\"nodeName\":\"node-1\"},\"status\":{\"podIP\":\"10.1.2.3\",\"hostIP\":\"10.0.0.5\"}}";
        SecurityEvent event = decoder.event(REQUEST.with(null, pod).gke());

        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.place().podAddress()).isEqualTo("10.1.2.3");
        assertThat(event.place().node()).isEqualTo("node-1");
    }

    @Test
    void tellsChangesToTheClusterItself() {
        String update = request(
                        "google.container.v1.ClusterManager.UpdateCluster",
                        "projects/shop-1/locations/europe-west1/clusters/prod")
                .replace("\"serviceName\":\"k8s.io\"", "\"serviceName\":\"container.googleapis.com\"")
                .replace("\"principalEmail\":\"jane\"", "\"principalEmail\":\"jane@example.com\"")
                .replace("k8s_cluster", "gke_cluster");
        SecurityEvent event = decoder.event(update);

        assertThat(event.source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(event.is("UpdateCluster", "clusters", null)).isTrue();
        assertThat(event.apiGroup()).isEqualTo("container.googleapis.com");
        assertThat(event.name()).isEqualTo("prod");
        assertThat(event.user()).isEqualTo("jane@example.com");
        assertThat(event.scope()).isEqualTo("shop-1/europe-west1/prod");
        assertThat(decoder.event(replace(update, "clusters/prod", "clusters/prod/nodePools/np"))
                        .name())
                .isEqualTo("np");
        assertThat(decoder.event(update.replace(",\"last\":true", "")).verb()).isEqualTo("UpdateCluster");
        assertThat(decoder.skipped(replace(update, "\"first\":true,", ""))).isEqualTo("stage");
        assertThat(decoder.skipped(replace(update, "UpdateCluster", "GetCluster")))
                .isEqualTo("cluster-management-read");
    }

    @Test
    void skipsTheAuditRecordsOfOtherServices() {
        assertThat(decoder.skipped(replace(
                        with("\"serviceName\":\"k8s.io\"", "\"serviceName\":\"iam.googleapis.com\""),
                        METHOD,
                        "google.iam.admin.v1.CreateServiceAccountKey")))
                .isEqualTo("cloud-service");
    }

    @Test
    void salvagesTheHeadOfAnEntryThatIsCut() {
        String padded =
                with("\"requestMetadata\"", "\"request\":{\"a\":\"" + "x".repeat(5_000) + "\"},\"requestMetadata\"");
        SecurityEvent event =
                TestingDecoder.autoWithFallbackTime().event(padded.substring(0, padded.indexOf("xxxx") + 9));

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.time()).isEqualTo(TestingDecoder.FALLBACK);
        assertThat(decoder.reason(GET_POD.substring(0, GET_POD.indexOf("\"methodName\""))))
                .isEqualTo("cut off before methodName was read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"methodName\":\"io.k8s.core.v1.pods.get\" | \"methodName\":7 | protoPayload/methodName must be a string: 7",
                "\"principalEmail\":\"jane\" | \"principalEmail\":{} | protoPayload/authenticationInfo/principalEmail must be a string: an object",
                "\"status\":{} | \"status\":\"x\" | protoPayload/status must be an object: \"x\"",
                "\"status\":{} | \"status\":{\"code\":\"x\"} | protoPayload/status/code must be a whole number from 0 to 2147483647: \"x\"",
                "\"first\":true | \"first\":\"yes\" | operation/first must be true or false: \"yes\"",
                "\"timestamp\":\"2026-01-24T10:00:00.250000Z\" | \"timestamp\":\"today\" | timestamp must be an RFC 3339 time: \"today\"",
                "\"cluster_name\":\"prod\" | \"cluster_name\":[] | resource/labels/cluster_name must be a string: an array",
                "\"authorization.k8s.io/reason\":\"r\" | \"authorization.k8s.io/reason\":1 | annotations.reason must be a string: 1",
                "\"insertId\" | \"insertId\":\"x\",\"insertId\" | duplicate field: insertId",
            })
    void tellsWhatIsWrongWithAnEntry(String part, String other, String reason) {
        assertThat(decoder.reason(with(part, other))).isEqualTo(reason);
    }
}
