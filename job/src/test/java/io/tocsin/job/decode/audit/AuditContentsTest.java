package io.tocsin.job.decode.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Content;
import io.tocsin.event.ContentPlan;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRecords;
import io.tocsin.job.decode.TestingRequest;
import io.tocsin.job.decode.content.TestingPlans;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditContentsTest {
    private static final String POD = json(
            "{'kind':'Pod','apiVersion':'v1','metadata':{'name':'web-0','labels':{'app.kubernetes.io/name':'web'}},"
                    + "'spec':{'hostNetwork':true,'initContainers':[{'name':'i'}],'containers':[{'name':'a'},{'name':'b'}],"
                    + "'ephemeralContainers':[{'name':'e'}]}}");
    private static final String STATUS = json("{'kind':'Status','apiVersion':'v1','status':'Failure','code':403}");
    private static final String TABLE = json("{'kind':'Table','apiVersion':'meta.k8s.io/v1','rows':[]}");
    private static final String PARTIAL =
            json("{'kind':'PartialObjectMetadata','apiVersion':'meta.k8s.io/v1','metadata':{'name':'web-0'}}");
    private static final TestingRequest CREATE =
            TestingRequest.of("create", "/api/v1/namespaces/shop/pods", "pods", "shop", "web-0");
    private static final TestingRequest PATCH =
            TestingRequest.of("patch", "/api/v1/namespaces/shop/pods/web-0", "pods", "shop", "web-0");

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static Content read(String record, String... paths) {
        return event(record, TestingPlans.of(Source.KUBERNETES_AUDIT, paths)).content();
    }

    private static SecurityEvent event(String record, ContentPlan plan) {
        return TestingDecoder.with(DecoderOptions.of("auto").reading(plan)).event(record);
    }

    private static List<String> told(TestingRequest request, String... paths) {
        return TestingPlans.told(read(request.raw(), paths));
    }

    private static Stream<String> variants() {
        TestingRequest request = CREATE.in("apps").as("admin").with(POD, POD.replace("'a'", "'z'"));
        return Stream.of(
                request.raw(),
                "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + request.raw() + "]}",
                request.insights(),
                request.azure("kube-audit"),
                request.diagnostics(),
                request.aksTable(true),
                request.aksTable(false),
                // What the parser reads that the plain reader doesn't.
                request.raw().replace("\"auditID\"", " \"\\u0061uditID\""),
                TestingRecords.subscription("kube-apiserver-audit-0a1b", request.raw()));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void rootsAreCalledTheSameInEveryForm(String record) {
        assertThat(TestingPlans.told(read(
                        record,
                        "user.username",
                        "user.groups",
                        "user.extra.authentication.kubernetes.io/credential-id",
                        "impersonatedUser.username",
                        "objectRef.apiVersion",
                        "responseStatus.code",
                        "annotations.authorization.k8s.io/decision",
                        "requestObject.metadata.name",
                        "responseObject.kind",
                        "object.metadata.labels.app.kubernetes.io/name",
                        "pod.hostNetwork",
                        "pod.containers.name")))
                .containsExactly(
                        "user.username=jane",
                        "user.groups[0]=dev",
                        "user.groups[1]=system:authenticated",
                        "user.extra.authentication.kubernetes.io/credential-id[0]=JTI=1-2",
                        "impersonatedUser.username=admin",
                        "objectRef.apiVersion=v1",
                        "responseStatus.code=200",
                        "annotations.authorization.k8s.io/decision=allow",
                        "requestObject.metadata.name=web-0",
                        "responseObject.kind=Pod",
                        "object.metadata.labels.app.kubernetes.io/name=web",
                        "pod.hostNetwork=true",
                        "pod.containers[0].name=i",
                        "pod.containers[1].name=a",
                        "pod.containers[2].name=b",
                        "pod.containers[3].name=e");
    }

    @Test
    void gkeTellsWhatItHasByTheSameNames() {
        TestingRequest request = CREATE.as("admin").with(POD, POD);
        assertThat(TestingPlans.told(read(
                        request.gke(),
                        "user",
                        "impersonatedUser",
                        "objectRef",
                        "responseStatus",
                        "annotations",
                        "requestObject.kind",
                        "responseObject.kind",
                        "object.kind",
                        "pod.hostNetwork")))
                .containsExactly(
                        "user.username=jane",
                        "impersonatedUser.username=admin",
                        "objectRef.resource=pods",
                        "objectRef.namespace=shop",
                        "objectRef.name=web-0",
                        "annotations.authorization.k8s.io/decision=allow",
                        "annotations.authorization.k8s.io/reason=r",
                        "requestObject.kind=Pod",
                        "responseObject.kind=Pod",
                        "object.kind=Pod",
                        "pod.hostNetwork=true");
        assertThat(TestingPlans.told(read(CREATE.ending(403, 7, "forbid").gke(), "responseStatus")))
                .containsExactly("responseStatus.code=403");
    }

    @Test
    void aLegacyLineTellsWhatItHas() {
        assertThat(TestingPlans.told(read(CREATE.legacy(), "user", "objectRef.resource", "responseStatus", "object")))
                .containsExactly(
                        "user.username=jane",
                        "user.groups[0]=dev",
                        "user.groups[1]=system:authenticated",
                        "objectRef.resource=pods",
                        "responseStatus.code=200");
    }

    @Test
    void capitalisedNamesAreToldAsKubernetesWritesThem() {
        String record = TestingRecords.GET_POD
                .replace("\"user\":{\"username\"", "\"User\":{\"Username\"")
                .replace("\"uid\"", "\"UID\"")
                .replace("\"objectRef\":{\"resource\"", "\"ObjectRef\":{\"Resource\"")
                .replace("\"namespace\":", "\"APIGroup\":\"x\",\"Namespace\":");
        assertThat(TestingPlans.told(read(record, "user.username", "user.uid", "objectRef.apiGroup")))
                .containsExactly("user.username=jane", "user.uid=u-1", "objectRef.apiGroup=x");
    }

    @Test
    void theObjectIsTheAnswerUnlessThatIsNoObject() {
        String asked = json("{'kind':'Pod','metadata':{'name':'asked'}}");
        String answered = json("{'kind':'Pod','metadata':{'name':'answered'}}");
        assertThat(told(CREATE.with(asked, answered), "object.metadata.name"))
                .containsExactly("object.metadata.name=answered");
        assertThat(told(CREATE.with(null, answered), "object.metadata.name"))
                .containsExactly("object.metadata.name=answered");
        for (String other : new String[] {null, STATUS, TABLE, PARTIAL}) {
            assertThat(told(CREATE.with(asked, other), "object.metadata.name"))
                    .containsExactly("object.metadata.name=asked");
        }
        assertThat(told(CREATE.with(null, STATUS), "object", "pod")).isEmpty();
        assertThat(told(CREATE, "object", "pod", "requestObject")).isEmpty();
    }

    @Test
    void bodiesOfRequestsThatFailedAreRead() {
        assertThat(told(CREATE.ending(403, 7, "forbid").with(POD, STATUS), "pod.hostNetwork", "responseObject.code"))
                .containsExactlyInAnyOrder("pod.hostNetwork=true", "responseObject.code=403");
    }

    @ParameterizedTest
    @CsvSource({
        "pods, {'spec':#}",
        "podtemplates, {'template':{'spec':#}}",
        "deployments, {'spec':{'template':{'spec':#}}}",
        "daemonsets, {'spec':{'template':{'spec':#}}}",
        "statefulsets, {'spec':{'template':{'spec':#}}}",
        "replicasets, {'spec':{'template':{'spec':#}}}",
        "replicationcontrollers, {'spec':{'template':{'spec':#}}}",
        "jobs, {'spec':{'template':{'spec':#}}}",
        "cronjobs, {'spec':{'jobTemplate':{'spec':{'template':{'spec':#}}}}}"
    })
    void thePodIsFoundWhereverItsSpecStands(String resource, String around) {
        TestingRequest request = TestingRequest.of("create", "/x", resource, "shop", "o");
        String spec =
                "{'hostPID':true,'containers':[{'image':'x','securityContext':{'privileged':true}}],'volumes':[]}";
        String[] paths = {"pod.hostPID", "pod.containers.securityContext.privileged", "pod.volumes"};
        String object = json(around.replace("#", spec));
        assertThat(told(request.with(object, null), paths))
                .containsExactly(
                        "pod.hostPID=true", "pod.containers[0].securityContext.privileged=true", "pod.volumes=");
        // Beside the spec there is no pod.
        String elsewhere = json("{'hostPID':true,'spec':{'x':{'spec':{'hostPID':true}}}}");
        assertThat(told(request.with(elsewhere, null), "pod.hostPID")).isEmpty();
    }

    @Test
    void otherObjectsHaveNoPod() {
        TestingRequest request = TestingRequest.of("create", "/x", "widgets", "shop", "o");
        assertThat(told(request.with(POD, null), "pod", "object.kind")).containsExactly("object.kind=Pod");
    }

    @Test
    void aWholePodHasAllItsContainersInOneList() {
        assertThat(told(CREATE.with(POD, null), "pod"))
                .containsExactly(
                        "pod.hostNetwork=true",
                        "pod.containers[0].name=i",
                        "pod.containers[1].name=a",
                        "pod.containers[2].name=b",
                        "pod.containers[3].name=e");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ephemeralcontainers", "resize"})
    void thePodIsReadOfItsSubresourcesToo(String subresource) {
        assertThat(told(PATCH.on(subresource, "ResponseComplete").with("{}", POD), "pod.containers.name"))
                .endsWith("pod.containers[3].name=e");
    }

    @Test
    void aPatchTellsWhatItWrites() {
        String patch = json("[{'op':'add','path':'/spec/containers/1/securityContext','value':{'privileged':true}},"
                + "{'op':'add','path':'/spec/ephemeralContainers/-','value':{'image':'e','securityContext':{'privileged':false}}},"
                + "{'op':'replace','path':'/spec/initContainers/1/image','value':'i'},"
                + "{'op':'add','path':'/metadata/labels/app.kubernetes.io~1name','value':'web'},"
                + "{'op':'replace','path':'/spec/hostNetwork','value':true},"
                + "{'op':'replace','path':'/spec/initContainers','value':[{'image':'j'}]}]");
        assertThat(told(
                        PATCH.with(patch, TABLE),
                        "pod.containers.securityContext.privileged",
                        "pod.containers.image",
                        "pod.hostNetwork"))
                .containsExactly(
                        "pod.containers[1].securityContext.privileged=true",
                        "pod.containers[12000001].image=e",
                        "pod.containers[12000001].securityContext.privileged=false",
                        "pod.containers[1000001].image=i",
                        "pod.hostNetwork=true",
                        "pod.containers[1000000].image=j");
        assertThat(told(
                        PATCH.with(patch, null),
                        "object.metadata.labels.app.kubernetes.io/name",
                        "object.spec.hostNetwork",
                        "requestObject.path"))
                .contains(
                        "requestObject[0].path=/spec/containers/1/securityContext",
                        "object.metadata.labels.app.kubernetes.io/name=web",
                        "object.spec.hostNetwork=true");
        assertThat(told(PATCH.with(patch, POD), "pod.containers.image", "pod.hostNetwork"))
                .as("the answer tells all")
                .containsExactly("pod.hostNetwork=true");
    }

    @Test
    void aMergePatchTellsItsMembers() {
        TestingRequest request = TestingRequest.of("patch", "/x", "deployments", "shop", "web");
        String patch = json("{'spec':{'template':{'spec':{'$setElementOrder/containers':[{'name':'a'}],"
                + "'containers':[{'name':'a','image':'x'}],'hostIPC':null}}}}");
        assertThat(told(request.with(patch, null), "pod.containers.image", "pod.hostIPC"))
                .containsExactly("pod.containers[0].image=x", "pod.hostIPC=null");
    }

    @Test
    void ofACutRecordWhatIsThereIsRead() {
        String record = CREATE.with(POD, null).raw();
        String cut = record.substring(0, record.indexOf("\"b\"") + 2);
        assertThat(TestingPlans.told(TestingDecoder.with(DecoderOptions.of("auto")
                                .reading(TestingPlans.of(
                                        Source.KUBERNETES_AUDIT, "pod.containers.name", "user.username")))
                        .records(TestingDecoder.WRITTEN + " stdout F " + cut)
                        .get(0)
                        .event()
                        .content()))
                .containsExactly("user.username=jane", "pod.containers[0].name=i", "pod.containers[1].name=a");
    }

    private static Stream<TestingRequest> secrets() {
        String secret = json("{'kind':'Secret','type':'Opaque','metadata':{'annotations':{'a':'b',"
                + "'kubectl.kubernetes.io/last-applied-configuration':'{hush}'}},'data':{'key':'hush'},"
                + "'stringData':{'other':'hush'}}");
        String list = json("{'kind':'SecretList','items':[") + secret + "]}";
        String patch = json(
                "[{'op':'add','path':'/data/key','value':'hush'},{'op':'add','path':'/data','value':{'key':'hush'}},"
                        + "{'op':'add','path':'/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration','value':'hush'},"
                        + "{'op':'add','path':'','value':{'data':{'key':'hush'}}}]");
        TestingRequest create = TestingRequest.of("create", "/x", "secrets", "shop", "s");
        TestingRequest token = TestingRequest.of("create", "/x", "serviceaccounts", "shop", "s");
        return Stream.of(
                create.with(secret, secret),
                create.with(null, secret),
                TestingRequest.of("list", "/x", "secrets", "shop", null).with(null, list),
                TestingRequest.of("patch", "/x", "secrets", "shop", "s").with(patch, null),
                TestingRequest.of("patch", "/x", "secrets", "shop", "s").with(secret, secret),
                token.on("token", "ResponseComplete")
                        .with(null, json("{'kind':'TokenRequest','status':{'token':'hush','key':'x'}}")),
                TestingRequest.of("create", "/x", "tokenreviews", null, null)
                        .with(json("{'kind':'TokenReview','spec':{'token':'hush','key':'x'}}"), null));
    }

    @ParameterizedTest
    @MethodSource("secrets")
    void whatSecretsHoldIsNeverRead(TestingRequest request) {
        for (String record : List.of(request.raw(), request.gke(), request.aksTable(true), request.aksTable(false))) {
            SecurityEvent event = event(record, TestingPlans.much());
            assertThat(event.content().leaves()).isNotEmpty();
            assertThat(event.content().toString()).contains("key").doesNotContain("hush");
        }
    }

    @Test
    void ofSecretsTheNamesAreRead() {
        TestingRequest request = TestingRequest.of("create", "/x", "secrets", "shop", "s");
        assertThat(told(request.with(json("{'kind':'Secret','data':{'key':'hush'},'type':'Opaque'}"), null), "object"))
                .containsExactly("object.kind=Secret", "object.data.key=", "object.type=Opaque");
    }

    @Test
    void theTextIsTheRecordAsItWasLogged() {
        String record = CREATE.with(POD, null).raw();
        ContentPlan plan = TestingPlans.text(Source.KUBERNETES_AUDIT);
        assertThat(event(record, plan).content()).isEqualTo(new Content(List.of(), record));
        assertThat(event("{\"items\":[" + record + "],\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\"}", plan)
                        .content()
                        .text())
                .isEqualTo(record);
        String legacy = CREATE.legacy();
        assertThat(event(legacy, plan).content().text()).isEqualTo(legacy);
        String secret = TestingRequest.of("create", "/x", "secrets", "shop", "s")
                .with("{\"data\":{\"k\":\"hush\"}}", "{\"data\":{\"k\":\"hush\"}}")
                .raw();
        assertThat(event(secret, plan).content().text()).isEqualTo(secret.replace("{\"data\":{\"k\":\"hush\"}}", ""));
    }

    @Test
    void whatNoRuleAsksAboutCostsNothing() {
        ContentPlan ofOthers = new ContentPlan(List.of(new ContentPlan.Wish(
                Source.KUBERNETES_AUDIT, Set.of("delete"), Set.of(), Set.of("object", "user"), true)));
        for (ContentPlan plan : List.of(ContentPlan.NONE, ofOthers)) {
            assertThat(event(CREATE.with(POD, POD).raw(), plan).content()).isSameAs(Content.NONE);
        }
        assertThat(read(CREATE.raw(), "object.spec")).isSameAs(Content.NONE);
    }

    @Test
    void aContainerListOfThousandsIsReadUpToTheBound() {
        String containers = "{'name':'n','securityContext':{'privileged':false}},".repeat(10_000);
        String pod = json("{'kind':'Pod','spec':{'containers':[" + containers + "{'name':'n'}],'hostNetwork':true}}");
        Content content = read(
                CREATE.with(null, pod).raw(),
                "pod.containers.name",
                "pod.containers.securityContext",
                "pod.hostNetwork");
        assertThat(content.leaves()).hasSizeBetween(1_000, 4_096);
        assertThat(content.values("pod.hostNetwork")).containsExactly("true");
    }
}
