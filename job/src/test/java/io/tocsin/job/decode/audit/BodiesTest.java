package io.tocsin.job.decode.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.EventField;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRecords;
import io.tocsin.job.decode.TestingRequest;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BodiesTest {
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String STATUS = "{\"kind\":\"Status\",\"status\":\"Success\"}";
    private static final TestingRequest ROLE = rbac("create", "clusterroles", "r");
    private static final TestingRequest PATCHED_ROLE = rbac("patch", "clusterroles", "r");
    private static final TestingRequest BINDING = rbac("create", "clusterrolebindings", "b");
    private static final TestingRequest CERTIFICATE = TestingRequest.of(
                    "create",
                    "/apis/certificates.k8s.io/v1/certificatesigningrequests",
                    "certificatesigningrequests",
                    null,
                    "c")
            .in("certificates.k8s.io");

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static TestingRequest rbac(String verb, String resource, String name) {
        return TestingRequest.of(verb, "/apis/" + RBAC + "/v1/" + resource, resource, null, name)
                .in(RBAC);
    }

    private ObjectBody body(TestingRequest request, @Nullable String requested, @Nullable String answered) {
        return decoder.event(request.with(requested, answered).raw()).body();
    }

    private static String role(String rules) {
        return "{\"kind\":\"ClusterRole\",\"apiVersion\":\"" + RBAC + "/v1\",\"metadata\":{\"name\":\"r\"},\"rules\":["
                + rules.replace('\'', '"') + "]}";
    }

    private static String rule(String groups, String resources, String verbs) {
        return "{'verbs':" + array(verbs) + ",'apiGroups':" + array(groups) + ",'resources':" + array(resources) + "}";
    }

    private static String array(String names) {
        StringBuilder array = new StringBuilder("[");
        for (String name : names.split(" ", -1)) {
            array.append(array.length() == 1 ? "'" : ",'").append(name).append('\'');
        }
        return array.append(']').toString();
    }

    @ParameterizedTest
    @CsvSource({
        "'', secrets, get, secrets",
        "'', secrets, watch, secrets",
        "'', secrets, create delete, ''",
        "apps, secrets, get, ''",
        "'', pods/exec, create, pods/exec",
        "'', pods/attach, get, pods/exec",
        "'', '*/exec', create, pods/exec",
        "'', pods/exec, delete, ''",
        "'', serviceaccounts/token, create, serviceaccounts/token",
        "'', nodes/proxy, get, nodes/proxy",
        "'', pods nodes services, '*', ''",
        "'', serviceaccounts, '*', impersonate",
        "'', users, impersonate, impersonate",
        "authentication.k8s.io, userextras/scopes, impersonate, impersonate",
        "rbac.authorization.k8s.io, roles, bind escalate, bind escalate",
        "rbac.authorization.k8s.io, clusterroles, create update, ''",
        "rbac.authorization.k8s.io, '*', '*', bind escalate",
        "example.com, '*', '*', ''",
        "'*', '*', get list, nodes/proxy pods/exec secrets",
        "'', '*', '*', * impersonate nodes/proxy pods/exec secrets serviceaccounts/token",
        "'*', '*', '*', * bind escalate impersonate nodes/proxy pods/exec secrets serviceaccounts/token"
    })
    void tellsTheDangerousRightsOfARole(String groups, String resources, String verbs, String rights) {
        ObjectBody body = body(ROLE, role(rule(groups, resources, verbs)), null);

        assertThat(body.contentSeen()).isTrue();
        assertThat(body.rights()).isEqualTo(rights.isEmpty() ? List.of() : List.of(rights.split(" ")));
    }

    @Test
    void takesEachRuleForItselfAndAllRulesTogether() {
        assertThat(body(ROLE, role(rule("", "secrets", "delete") + "," + rule("", "pods", "get")), null)
                        .rights())
                .isEmpty();
        StringBuilder many = new StringBuilder(rule("apps", "deployments", "get"));
        for (int i = 0; i < 3_000; i++) {
            many.append(',').append(rule("apps", "deployments" + i, "get"));
        }
        many.append(',').append(rule("", "secrets", "get"));
        assertThat(body(ROLE, role(many.toString()), null).rights()).containsExactly("secrets");
    }

    @Test
    void aSecretThatIsNamedIsNoDanger() {
        String named = rule("", "secrets", "get").replace("{'verbs'", "{'resourceNames':['own'],'verbs'");
        assertThat(body(ROLE, role(named), null).rights()).isEmpty();
        assertThat(body(ROLE, role(named.replace("['own']", "[]")), null).rights())
                .containsExactly("secrets");
    }

    @Test
    void aRoleWithoutDangerIsSeenAndOneWithoutBodyIsNot() {
        assertThat(body(ROLE, role(rule("", "pods", "get")), null).contentSeen())
                .isTrue();
        assertThat(body(ROLE, "{\"kind\":\"ClusterRole\",\"rules\":null}", null).contentSeen())
                .isTrue();
        assertThat(body(ROLE, null, null)).isEqualTo(ObjectBody.NONE);
        assertThat(body(ROLE, null, STATUS)).isEqualTo(ObjectBody.NONE);
    }

    @Test
    void prefersTheAnswer() {
        String harmless = role(rule("", "pods", "get"));
        String dangerous = role(rule("", "secrets", "get"));
        assertThat(body(ROLE, harmless, dangerous).rights()).containsExactly("secrets");
        assertThat(body(ROLE, dangerous, STATUS).rights()).containsExactly("secrets");
        assertThat(body(rbac("get", "clusterroles", "r"), null, dangerous).rights())
                .containsExactly("secrets");
    }

    @Test
    void believesNoBodyOfARequestThatDidNothing() {
        String dangerous = role(rule("", "secrets", "get"));
        assertThat(body(ROLE.ending(403, 7, "forbid"), dangerous, null)).isEqualTo(ObjectBody.NONE);
        assertThat(body(rbac("delete", "clusterroles", "r"), dangerous, dangerous))
                .isEqualTo(ObjectBody.NONE);
        assertThat(body(rbac("list", "clusterroles", null), null, dangerous)).isEqualTo(ObjectBody.NONE);
        assertThat(body(ROLE.in("example.com"), dangerous, null)).isEqualTo(ObjectBody.NONE);
    }

    @Test
    void aRoleThatOthersFillIsNotKnownBeforeItIsFilled() {
        String empty = "{\"kind\":\"ClusterRole\",\"aggregationRule\":{\"clusterRoleSelectors\":[]},\"rules\":[]}";
        ObjectBody body = body(ROLE, empty, null);
        assertThat(body.aggregated()).isTrue();
        assertThat(body.contentSeen()).isFalse();
        String filled = empty.replace("[]}", "[" + rule("", "secrets", "get").replace('\'', '"') + "]}");
        assertThat(body(PATCHED_ROLE, null, filled).rights()).containsExactly("secrets");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'rules':[{'verbs':['get'],'apiGroups':[''],'resources':['secrets']}]}; secrets; true",
                "{'rules':[]}; ''; true",
                "{'metadata':{'labels':{'a':'b'}}}; ''; false",
                "[{'op':'replace','path':'/rules','value':[{'verbs':['*'],'apiGroups':[''],'resources':['secrets']}]}];"
                        + " secrets; true",
                "[{'op':'add','path':'/rules/-','value':{'verbs':['get'],'apiGroups':[''],'resources':['nodes/proxy']}}];"
                        + " nodes/proxy; true",
                "[{'op':'add','path':'/rules/0/verbs/-','value':'escalate'}]; escalate; true",
                "[{'op':'add','path':'/rules/0/verbs/-','value':'*'}]; * bind escalate impersonate; true",
                "[{'op':'replace','path':'/rules/0/resources','value':['pods/exec']}]; pods/exec; true",
                "[{'op':'add','path':'/rules/0/verbs/-','value':'get'}]; ''; false",
                "[{'op':'remove','path':'/rules/0'}]; ''; false",
                "[7,{'op':'add','path':'/rules/-','value':{'verbs':['get'],'apiGroups':[''],'resources':['secrets']}},"
                        + "{'op':'add','path':'/rules/0/verbs/-','value':'bind'}]; bind secrets; true"
            })
    void readsOfAPatchWhatItWrites(String patch, String rights, boolean seen) {
        ObjectBody body = body(PATCHED_ROLE, patch.replace('\'', '"'), null);

        assertThat(body.rights()).isEqualTo(rights.isEmpty() ? List.of() : List.of(rights.split(" ")));
        assertThat(body.contentSeen()).isEqualTo(seen);
    }

    @Test
    void namesTheRoleAndTheSubjectsOfABinding() {
        String bound = "{\"kind\":\"ClusterRoleBinding\",\"subjects\":["
                + "{\"kind\":\"ServiceAccount\",\"name\":\"web\",\"namespace\":\"shop\"},{\"kind\":\"User\",\"name\":\"jane\"},"
                + "{\"kind\":\"Group\",\"name\":\"system:authenticated\"},{\"kind\":\"Other\",\"name\":\"x\"},7,"
                + "{\"kind\":\"ServiceAccount\",\"name\":\"nowhere\"}],"
                + "\"roleRef\":{\"apiGroup\":\"x\",\"kind\":\"ClusterRole\",\"name\":\"r\"}}";
        ObjectBody body = body(BINDING, bound, null);
        assertThat(body.role()).isEqualTo("ClusterRole/r");
        assertThat(body.subjects())
                .containsExactly("system:serviceaccount:shop:web", "jane", "group:system:authenticated");
        assertThat(body(BINDING, null, bound.replace("\"kind\":\"ClusterRole\"", "\"kind\":\"Role\""))
                        .role())
                .isEqualTo("Role/r");
        ObjectBody patched = body(
                rbac("patch", "clusterrolebindings", "b"),
                "[{\"op\":\"add\",\"path\":\"/subjects/-\",\"value\":{\"kind\":\"User\",\"name\":\"eve\"}}]",
                null);
        assertThat(patched.subjects()).containsExactly("eve");
        assertThat(patched.role()).isNull();
    }

    @Test
    void saysThatThereAreMoreSubjectsThanAreKept() {
        StringBuilder subjects = new StringBuilder();
        for (int i = 0; i < 100; i++) {
            subjects.append(i == 0 ? "" : ",").append("{\"kind\":\"User\",\"name\":\"u" + i + "\"}");
        }
        ObjectBody body = body(BINDING, "{\"kind\":\"ClusterRoleBinding\",\"subjects\":[" + subjects + "]}", null);
        assertThat(body.subjects()).hasSize(65).endsWith("u63", ObjectBody.OTHERS);
    }

    @Test
    void saysWhatASecretIsAndNeverWhatItHolds() {
        TestingRequest create = TestingRequest.of("create", "/api/v1/namespaces/shop/secrets", "secrets", "shop", "s");
        String secret = "{\"kind\":\"Secret\",\"metadata\":{\"name\":\"s\",\"annotations\":{\"a\":{},"
                + "\"kubernetes.io/service-account.name\":\"web\"}},\"data\":{\"token\":\"SECRET\"},"
                + "\"type\":\"kubernetes.io/service-account-token\"}";
        SecurityEvent event = decoder.event(create.with(secret, secret).raw());
        assertThat(event.body().secretType()).isEqualTo("kubernetes.io/service-account-token");
        assertThat(event.body().secretAccount()).isEqualTo("web");
        assertThat(event.toString()).doesNotContain("SECRET");
        ObjectBody patched = body(
                TestingRequest.of("patch", "/api/v1/namespaces/shop/secrets/s", "secrets", "shop", "s"),
                "[{\"op\":\"add\",\"path\":\"/metadata/annotations/kubernetes.io~1service-account.name\",\"value\":\"w\"}]",
                null);
        assertThat(patched.secretAccount()).isEqualTo("w");
    }

    private static final X500Principal MASTERS = new X500Principal("CN=eve, O=system:masters, O=dev");

    private static String certificate(byte[] name, String more) {
        return "{\"kind\":\"CertificateSigningRequest\",\"spec\":{\"request\":\"" + pem(name)
                + "\",\"signerName\":\"kubernetes.io/kube-apiserver-client\",\"usages\":[\"digital signature\",\"client auth\"],"
                + "\"username\":\"jane\"}" + more + "}";
    }

    /** Base64 of PEM of the beginning of a PKCS#10 request of this name. */
    private static String pem(byte[] name) {
        byte[] version = {2, 1, 0};
        byte[] der = sequence(sequence(version, name), new byte[] {0x30, 0});
        String pem = "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
        return Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] sequence(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] all = new byte[4 + length];
        all[0] = 0x30;
        all[1] = (byte) 0x82;
        all[2] = (byte) (length >> 8);
        all[3] = (byte) length;
        int at = 4;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return all;
    }

    @Test
    void tellsWhatACertificateRequestAsksFor() {
        ObjectBody body = body(CERTIFICATE, certificate(MASTERS.getEncoded(), ""), null);
        assertThat(body.commonName()).isEqualTo("eve");
        assertThat(body.organizations()).containsExactlyInAnyOrder("system:masters", "dev");
        assertThat(body.signer()).isEqualTo("kubernetes.io/kube-apiserver-client");
        assertThat(body.clientAuth()).isTrue();
        assertThat(body.requester()).isEqualTo("jane");
        assertThat(body.verdict()).isNull();
        byte[] twice = new X500Principal("CN=last, CN=first").getEncoded();
        assertThat(body(CERTIFICATE, certificate(twice, ""), null).commonName()).isEqualTo("last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "LS0t", "////"})
    void aRequestThatIsNoneNamesNobody(String request) {
        String whole = certificate(MASTERS.getEncoded(), "");
        ObjectBody body = body(CERTIFICATE, whole.replace(pem(MASTERS.getEncoded()), request), null);
        assertThat(body.commonName()).isNull();
        assertThat(body.signer()).isEqualTo("kubernetes.io/kube-apiserver-client");
    }

    @Test
    void everyCutAndBrokenNameNamesNobodyOrSomebodyButBreaksNothing() {
        byte[] name = MASTERS.getEncoded();
        for (int i = 0; i < name.length; i++) {
            byte[] cut = Arrays.copyOf(name, i);
            assertThat(body(CERTIFICATE, certificate(cut, ""), null).requester())
                    .isEqualTo("jane");
            byte[] broken = name.clone();
            broken[i] = (byte) (broken[i] ^ 0x55);
            assertThat(body(CERTIFICATE, certificate(broken, ""), null).requester())
                    .isEqualTo("jane");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "{'status':{'conditions':[{'type':'Approved','status':'True'}]}}; Approved",
                "{'status':{'conditions':[{'type':'Denied'}]}}; Denied",
                "{'status':{'conditions':[{'type':'Failed'}]}}; -",
                "{'status':{'conditions':{}}}; -",
                "[{'op':'add','path':'/status/conditions','value':[{'type':'Approved'}]}]; Approved",
                "[{'op':'add','path':'/status/conditions/-','value':{'type':'Denied'}}]; Denied",
                "[{'op':'replace','path':'/status','value':{'conditions':[{'type':'Approved'}]}}]; Approved"
            })
    void tellsWhatWasDecided(String patch, @Nullable String verdict) {
        TestingRequest approval = TestingRequest.of(
                        "patch",
                        "/apis/certificates.k8s.io/v1/certificatesigningrequests/c/approval",
                        "certificatesigningrequests",
                        null,
                        "c")
                .in("certificates.k8s.io")
                .on("approval", "ResponseComplete");
        assertThat(body(approval, patch.replace('\'', '"'), null).verdict()).isEqualTo(verdict);
        assertThat(body(approval.on("status", "ResponseComplete"), patch.replace('\'', '"'), null))
                .isEqualTo(ObjectBody.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "pods; ; Pod; {'serviceAccountName':'web'}; web; -1",
                "deployments; apps; Deployment; {'replicas':3,'template':{'spec':{'serviceAccountName':'web'}}}; web; 3",
                "cronjobs; batch; CronJob; {'jobTemplate':{'spec':{'template':{'spec':{'serviceAccountName':'w'}}}}}; w; -1",
                "deployments; apps; Deployment; {'replicas':0}; -; 0",
                "deployments; apps; Deployment; {'replicas':'x'}; -; -1"
            })
    void tellsAsWhomPodsRunAndHowMany(
            String resource, String group, String kind, String spec, @Nullable String account, int replicas) {
        TestingRequest create =
                TestingRequest.of("create", "/x", resource, "shop", "web").in(group == null ? "" : group);
        String object = ("{'kind':'" + kind + "','metadata':{'ownerReferences':[{'kind':'A','name':'a'},"
                        + "{'kind':'ReplicaSet','name':'web-1','controller':true}]},'spec':" + spec + "}")
                .replace('\'', '"');
        ObjectBody body = body(create, object, null);
        assertThat(body.serviceAccount()).isEqualTo(account);
        assertThat(body.replicas()).isEqualTo(replicas);
        assertThat(body.owner()).isEqualTo(spec.contains("'x'") ? null : "ReplicaSet/web-1");
    }

    @Test
    void readsAScale() {
        TestingRequest scale = TestingRequest.of("patch", "/x", "deployments", "logging", "vector")
                .in("apps")
                .on("scale", "ResponseComplete");
        assertThat(body(scale, "{\"spec\":{\"replicas\":0}}", null).replicas()).isZero();
        assertThat(body(scale, "[{\"op\":\"replace\",\"path\":\"/spec/replicas\",\"value\":2}]", null)
                        .replicas())
                .isEqualTo(2);
        assertThat(body(scale, null, "{\"kind\":\"Scale\",\"spec\":{},\"status\":{\"replicas\":1}}"))
                .isEqualTo(ObjectBody.NONE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "7",
                "\"x\"",
                "null",
                "[]",
                "[1]",
                "{}",
                "{\"kind\":7}",
                "{\"kind\":\"ClusterRole\",\"rules\":7}",
                "{\"kind\":\"ClusterRole\",\"rules\":[7,[],{\"verbs\":{}},{\"verbs\":[{}],\"resources\":7}]}",
                "{\"roleRef\":[],\"subjects\":{}}",
                "{\"spec\":[],\"status\":7}",
                "[{\"op\":1},{\"op\":\"add\",\"path\":[]}]",
                "[{\"op\":\"add\",\"path\":\"/rules/0/verbs/x/y/z\",\"value\":{\"a\":[]}}]",
                "[{\"op\":\"add\",\"path\":\"/rules/-\",\"value\":null},{\"op\":\"add\",\"path\":\"/subjects/-\",\"value\":9}]"
            })
    void aBodyThatIsNoneBreaksNothing(String body) {
        for (TestingRequest request : List.of(
                ROLE,
                PATCHED_ROLE,
                BINDING,
                rbac("patch", "rolebindings", "b"),
                CERTIFICATE,
                TestingRequest.of("patch", "/x", "secrets", "shop", "s"),
                TestingRequest.of("patch", "/x", "deployments", "shop", "s").in("apps"))) {
            assertThat(decoder.event(request.with(body, body).raw()).body().rights())
                    .isEmpty();
        }
    }

    @Test
    void ofACutRecordTheReadableIsToldAndTheRestIsUnknown() {
        TestingDecoder cutting = TestingDecoder.autoWithFallbackTime();
        String dangerous = ROLE.with(role(rule("", "secrets", "get") + "," + rule("", "pods", "get")), null)
                .raw();
        ObjectBody body = cutting.event(dangerous.substring(0, dangerous.indexOf("pods") + 2))
                .body();
        assertThat(body.rights()).containsExactly("secrets");
        String harmless = dangerous.replace("\"secrets\"", "\"events\"");
        assertThat(cutting.event(harmless.substring(0, harmless.indexOf("pods") + 2))
                        .body()
                        .contentSeen())
                .isFalse();
        String answered = ROLE.with(role(rule("", "secrets", "get")), role(rule("", "secrets", "get")))
                .raw();
        assertThat(cutting.event(answered.substring(0, answered.indexOf("responseObject") + 40))
                        .body()
                        .rights())
                .as("the request's, which is whole")
                .containsExactly("secrets");
    }

    @Test
    void saysTheSameInTheRecordsOfAllClouds() {
        TestingRequest request = ROLE.with(role(rule("", "secrets", "get")), null);
        for (String record : List.of(
                request.raw(),
                request.gke(),
                request.azure("kube-audit"),
                request.aksTable(false),
                request.aksTable(true))) {
            assertThat(decoder.event(record).body().rights()).as(record).containsExactly("secrets");
        }
        String typed = request.gke()
                .replace("\"kind\":\"ClusterRole\"", "\"@type\":\"rbac.authorization.k8s.io/v1.ClusterRole\"");
        assertThat(decoder.event(typed).body().rights()).containsExactly("secrets");
        assertThat(decoder.event(TestingRecords.replace(typed, "v1.ClusterRole", "v1.Status"))
                        .body())
                .isEqualTo(ObjectBody.NONE);
    }

    @Test
    void readsNoBodyThatNobodyAsksFor() {
        String role = ROLE.with(role(rule("", "secrets", "get")), null).raw();
        assertThat(TestingDecoder.with(Networks.defaults(), Set.<EventField>of())
                        .event(role)
                        .body())
                .isEqualTo(ObjectBody.NONE);
    }
}
