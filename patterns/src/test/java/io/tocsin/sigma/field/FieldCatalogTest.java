package io.tocsin.sigma.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Content;
import io.tocsin.event.EventField;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.TestingSurroundings;
import io.tocsin.sigma.WrittenRule;
import io.tocsin.sigma.link.RuleLinker;
import io.tocsin.sigma.match.ContentPlans;
import io.tocsin.sigma.read.SigmaDocuments;
import io.tocsin.testkit.AuditEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldCatalogTest {
    private static Field field(String name, Source source) {
        Field field = FieldCatalog.find(name, source);
        assertThat(field).as("%s of %s", name, source).isNotNull();
        return field;
    }

    private static List<String> read(String name, SecurityEvent event) {
        List<String> values = new ArrayList<>();
        field(name, event.source()).reader().read(new Subject(event, new TestingSurroundings()), values);
        return values;
    }

    private static SecurityEvent of(Source source, Consumer<SecurityEvent.Builder> having) {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        builder.time = Instant.parse("2026-01-02T03:04:05Z");
        builder.source = source;
        builder.cluster = "prod";
        builder.scope = "prod";
        having.accept(builder);
        return builder.build();
    }

    private static Content content(Map<String, String> values) {
        List<Content.Leaf> leaves = new ArrayList<>();
        values.forEach((path, value) -> leaves.add(new Content.Leaf(path, path, value)));
        return new Content(leaves, null);
    }

    @ParameterizedTest
    @CsvSource({
        "verb,verb",
        "ka.verb,verb",
        "api.operation,verb",
        "event.action,verb",
        "kubernetes.audit.verb,verb",
        "kubernetes.audit.user.username,user.username",
        "kubernetes.audit.requestObject.spec.hostPID,requestObject.spec.hostPID",
        "user.name,user.username",
        "actor.user.name,actor.user",
        "actor.user.groups.name,actor.groups",
        "source.ip,source.ip",
        "src_endpoint.ip,source.ip",
        "user_agent.original,userAgent",
        "http_request.user_agent,userAgent",
        "http_request.url.path,request.path",
        "url.path,request.path",
        "http.response.status_code,responseStatus.code",
        "api.response.code,responseStatus.code",
        "ka.target.subresource,objectRef.subresource",
        "resource,objectRef.resource",
        "apiGroup,objectRef.apiGroup",
        "resources.name,objectRef.name",
        "ka.req.pod.host_network,pod.hostNetwork",
        "kubernetes.audit.annotations.authorization_k8s_io/decision,annotations.authorization.k8s.io/decision",
        "requestObject.rules[].verbs,requestObject.rules.verbs",
        "pod.containers[].image,pod.containers.image",
        "user.extra.authentication.kubernetes.io/pod-name,user.extra.authentication.kubernetes.io/pod-name",
        "objectRef.uid,objectRef.uid",
        "responseStatus.message,responseStatus.message",
        "impersonatedUser.extra.scopes,impersonatedUser.extra.scopes"
    })
    void everybodysNamesLeadToAnAuditEventsField(String name, String own) {
        assertThat(field(name, Source.KUBERNETES_AUDIT).name()).isEqualTo(own);
    }

    @ParameterizedTest
    @CsvSource({
        "CommandLine,tetragon,process.command_line",
        "Image,auditd,process.executable",
        "ParentImage,falco,process.parent",
        "proc.name,falco,output_fields.proc.name",
        "ka.user.name,falco,output_fields.ka.user.name",
        "rule,falco,rule",
        "source,falco,source",
        "DestinationPort,hubble,destination.port",
        "flow.l7.http.headers,hubble,flow.l7.http.headers",
        "process_exec.process.binary,tetragon,process_exec.process.binary",
        "cs-method,access-log,http.method",
        "sc-status,access-log,http.status",
        "cs-uri-query,access-log,request.query",
        "cs-user-agent,access-log,client.user_agent",
        "http.request.method,access-log,http.method",
        "eventName,cloudtrail,eventName",
        "userIdentity.sessionContext.sessionIssuer.arn,cloudtrail,userIdentity.sessionContext.sessionIssuer.arn",
        "userAgent,cloudtrail,client.user_agent",
        "involvedObject.kind,kubernetes-event,involvedObject.kind",
        "type,kubernetes-event,log.level",
        "_SYSTEMD_UNIT,journald,_SYSTEMD_UNIT",
        "MESSAGE,journald,message",
        "arn,eks-authenticator,actor.arn",
        "kubernetes.labels.app,container-log,kubernetes.labels.app"
    })
    void otherLogsHaveTheirFields(String name, String source, String own) {
        Source log = Source.valueOf(source.toUpperCase(Locale.ROOT).replace('-', '_'));
        assertThat(field(name, log).name()).isEqualTo(own);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "capabilities",
                "hostPath",
                "objectRef.",
                "requestObject.",
                "requestObject..a",
                "impersonateduser",
                "objectref.resource",
                "nothing.at.all",
                ""
            })
    void otherNamesAreNone(String name) {
        assertThat(FieldCatalog.find(name, Source.KUBERNETES_AUDIT)).isNull();
    }

    @ParameterizedTest
    @EnumSource(Source.class)
    void everyLogHasFieldsThatSayWhatTheyAreAndOtherNamesThatLeadToThem(Source source) {
        assertThat(FieldCatalog.of(source)).hasSizeGreaterThan(8).allSatisfy(field -> {
            assertThat(field.sources()).contains(source);
            assertThat(field.description()).isNotBlank().doesNotEndWith(".");
            assertThat(field.values()).allSatisfy(value -> assertThat(value).isLowerCase());
            assertThat(FieldCatalog.find(field.name(), source)).isEqualTo(field);
            for (String other : FieldCatalog.otherNames(field, source)) {
                assertThat(field(other, source)).as(other).isEqualTo(field);
            }
        });
        for (String name : FieldCatalog.names(source)) {
            boolean root = FieldCatalog.roots(source).stream()
                    .anyMatch(path -> path.path().equals(name));
            assertThat(root || FieldCatalog.find(name, source) != null).as(name).isTrue();
        }
    }

    /** Nothing is read of an event that has nothing, and nothing fails. */
    @ParameterizedTest
    @EnumSource(Source.class)
    void anEmptyEventHasFewFields(Source source) {
        SecurityEvent empty = of(source, builder -> {});
        for (Field field : FieldCatalog.of(source)) {
            List<String> values = read(field.name(), empty);
            assertThat(values).as(field.name()).hasSizeLessThanOrEqualTo(1).doesNotContainNull();
            assertThat(field.values().isEmpty() || field.values().containsAll(values))
                    .as(field.name())
                    .isTrue();
        }
    }

    @Test
    void whoIsImpersonatedIsNotWhoAuthenticated() {
        SecurityEvent event = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.user = "admin";
            builder.groups = List.of("system:masters");
            builder.userUid = "2";
            builder.impersonator = "eve";
            builder.content = content(Map.of("user.groups", "devs", "user.uid", "1"));
        });
        assertThat(read("user.username", event)).containsExactly("eve");
        assertThat(read("user.groups", event)).containsExactly("devs");
        assertThat(read("user.uid", event)).containsExactly("1");
        assertThat(read("impersonatedUser.username", event)).containsExactly("admin");
        assertThat(read("impersonatedUser.groups", event)).containsExactly("system:masters");
        assertThat(read("impersonatedUser.uid", event)).containsExactly("2");
        assertThat(read("actor.user", event)).containsExactly("admin");
        assertThat(read("actor.impersonates", event)).containsExactly("true");

        SecurityEvent alone = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.user = "eve";
            builder.groups = List.of("devs");
        });
        assertThat(read("user.username", alone)).containsExactly("eve");
        assertThat(read("user.groups", alone)).containsExactly("devs");
        assertThat(read("impersonatedUser.username", alone)).isEmpty();
        assertThat(read("impersonatedUser.groups", alone)).isEmpty();
        assertThat(read("actor.impersonates", alone)).containsExactly("false");
    }

    @ParameterizedTest
    @CsvSource({
        "system:serviceaccount:web:app,CLUSTER,true",
        "system:serviceaccount:web:app,UNKNOWN,true",
        "system:serviceaccount:web:app,OUTSIDE,false",
        "system:kube-proxy,CLUSTER,true",
        "system:node:n1,CLUSTER,true",
        "system:kube-scheduler,CONTROL_PLANE,true",
        "system:kube-scheduler,OUTSIDE,false",
        "alice,CLUSTER,false",
        "system:anonymous,CLUSTER,false"
    })
    void aMachineIsAtHomeWhereItBelongs(String user, Zone zone, String home) {
        SecurityEvent event = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.user = user;
            builder.zone = zone;
        });
        assertThat(read("actor.at_home", event)).containsExactly(home);
        SecurityEvent taken = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.user = user;
            builder.zone = zone;
            builder.impersonator = "eve";
        });
        assertThat(read("actor.at_home", taken)).containsExactly("false");
    }

    @Test
    void anAuditEventTellsWhatWasAskedAndAnswered() {
        SecurityEvent event = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.user = "alice";
            builder.verb = "get";
            builder.resource = "pods";
            builder.subresource = "exec";
            builder.namespace = "kube-system";
            builder.name = "argocd-server";
            builder.uri =
                    "/api/v1/namespaces/kube-system/pods/argocd-server/exec?command=sh&command=-c&command=cat+%2Fetc%2Fshadow";
            builder.claimed = List.of("10.0.0.1");
            builder.peer = "203.0.113.9";
            builder.zone = Zone.OUTSIDE;
            builder.userAgent = "kubectl/v1.30.0 (linux/amd64)";
            builder.outcome = Outcome.ADMISSION_DENIED;
            builder.code = 403;
        });
        assertThat(read("sourceIPs", event)).containsExactly("10.0.0.1", "203.0.113.9");
        assertThat(read("source.ip", event)).containsExactly("203.0.113.9");
        assertThat(read("source.zone", event)).containsExactly("outside");
        assertThat(read("source.new", event)).isEmpty();
        assertThat(read("client.family", event)).containsExactly("kubectl");
        assertThat(read("outcome", event)).containsExactly("admission-denied");
        assertThat(read("responseStatus.code", event)).containsExactly("403");
        assertThat(read("actor.kind", event)).containsExactly("person");
        assertThat(read("exec.command", event)).containsExactly("sh -c cat /etc/shadow");
        assertThat(read("exec.reads_credentials", event)).containsExactly("true");
        assertThat(read("exec.opens_shell", event)).containsExactly("false");
        assertThat(read("namespace.system", event)).containsExactly("true");
        assertThat(read("app.sensitive", event)).containsExactly("true");
        assertThat(read("request.path", event))
                .containsExactly("/api/v1/namespaces/kube-system/pods/argocd-server/exec");
        assertThat(read("request.query", event)).singleElement().asString().startsWith("command=sh&");
        assertThat(read("time", event)).containsExactly("2026-01-02T03:04:05Z");
    }

    @Test
    void whatIsMountedAndLabelledIsSensitiveByItsList() {
        SecurityEvent event = of(Source.KUBERNETES_AUDIT, builder -> {
            builder.namespace = "web";
            builder.name = "x";
            builder.content = content(Map.of(
                    "pod.volumes.hostPath.path",
                    "/etc",
                    "object.spec.hostPath.path",
                    "/data",
                    "object.metadata.labels.app.kubernetes.io/name",
                    "argocd"));
        });
        assertThat(read("sensitive_host_path", event)).containsExactly("/etc");
        SecurityEvent local = of(
                Source.KUBERNETES_AUDIT,
                builder -> builder.content = content(Map.of("object.spec.local.path", "/etc")));
        assertThat(read("sensitive_host_path", local)).containsExactly("/etc");
        assertThat(read("app.sensitive", event)).containsExactly("true");
        Field field = field("sensitive_host_path", Source.KUBERNETES_AUDIT);
        assertThat(field.content()).isEqualTo("pod.volumes.hostPath.path");
        assertThat(field.beside()).containsExactlyInAnyOrder("object.spec.hostPath.path", "object.spec.local.path");
        assertThat(read("app.sensitive", of(Source.KUBERNETES_AUDIT, builder -> builder.namespace = "web")))
                .containsExactly("false");
    }

    @Test
    void aRequestsBodyMayBeAnArrayWhoseElementsAreAsked() {
        SigmaDocuments read =
                WrittenRule.detection("s:\n    requestObject[]: {op: remove, path: /webhooks/0}\ncondition: s");
        List<SigmaProblem> problems = new ArrayList<>(read.problems());
        List<SigmaRule> linked = RuleLinker.link(read.rules(), List.of(), problems);
        assertThat(problems).isEmpty();
        assertThat(ContentPlans.of(linked).paths(Source.KUBERNETES_AUDIT, "patch", "deployments"))
                .containsExactly("requestObject.op", "requestObject.path");
    }

    @Test
    void bodiesAreDecodedForWhatIsMadeOfThem() {
        ObjectBody.Builder body = ObjectBody.builder();
        body.rights = List.of("*", "secrets");
        body.role = "ClusterRole/cluster-admin";
        body.subjects = List.of("group:devs");
        body.verdict = ObjectBody.APPROVED;
        body.clientAuth = true;
        SecurityEvent event = of(Source.KUBERNETES_AUDIT, builder -> builder.body = body.build());
        assertThat(read("role.rights", event)).containsExactly("*", "secrets");
        assertThat(read("binding.role", event)).containsExactly("ClusterRole/cluster-admin");
        assertThat(read("binding.subjects", event)).containsExactly("group:devs");
        assertThat(read("csr.signer", event)).isEmpty();
        assertThat(read("csr.verdict", event)).containsExactly("approved");
        assertThat(read("csr.client_auth", event)).containsExactly("true");
        assertThat(field("csr.verdict", Source.KUBERNETES_AUDIT).costs()).containsExactly(EventField.BODY);
        assertThat(field("mentioned_arns", Source.KUBERNETES_AUDIT).costs()).containsExactly(EventField.MENTIONED_ARNS);
    }

    @Test
    void allThatAFieldReadsIsAskedOfTheDecoder() {
        SigmaDocuments read = WrittenRule.detection("s: {sensitive_host_path: /etc}\ncondition: s");
        List<SigmaRule> linked = RuleLinker.link(read.rules(), List.of(), new ArrayList<>());
        assertThat(ContentPlans.of(linked).paths(Source.KUBERNETES_AUDIT, "create", "persistentvolumes"))
                .containsExactly("object.spec.hostPath.path", "object.spec.local.path", "pod.volumes.hostPath.path");
    }

    @Test
    void webhooksThatFailedOpenAreNamedWhateverTheirNumbers() {
        SecurityEvent event = of(
                Source.KUBERNETES_AUDIT,
                builder -> builder.content = content(Map.of(
                        "annotations.failed-open.validating.webhook.admission.k8s.io/round_0_index_3",
                                "policy.example.com",
                        "annotations.authorization.k8s.io/reason", "")));
        assertThat(read("admission.failed_open", event)).containsExactly("policy.example.com");
    }

    @Test
    void aProcessTellsItsCommandLine() {
        SecurityEvent event = of(Source.TETRAGON, builder -> {
            builder.verb = "exec";
            builder.place = new Place("n1", null, "web/a", null, null, "app", "img", "Deployment/a");
            builder.process = new HostProcess("/bin/sh", "-c id", "/", "1", "0", "/usr/bin/nginx", null);
        });
        assertThat(read("process.command_line", event)).containsExactly("/bin/sh -c id");
        assertThat(read("event.action", event)).containsExactly("exec");
        assertThat(read("pod.name", event)).containsExactly("a");
        assertThat(read("namespace", event)).containsExactly("web");
        assertThat(read("workload", event)).containsExactly("Deployment/a");
        assertThat(read("ParentImage", event)).containsExactly("/usr/bin/nginx");
    }

    @Test
    void aRequestIsReadDecodedAndForAttacks() {
        SecurityEvent event = of(Source.ACCESS_LOG, builder -> {
            builder.verb = "get";
            builder.code = 404;
            builder.uri = "/a%252e%252e%252fEtc?x=${jndi:ldap://e}";
            builder.flow = new Flow("http/1.1", null, 0, "www.example.com", null, null, null);
        });
        assertThat(read("cs-method", event)).containsExactly("GET");
        assertThat(read("sc-status", event)).containsExactly("404");
        assertThat(read("url.decoded", event)).containsExactly("/a../etc?x=${jndi:ldap://e}");
        assertThat(read("attack.kind", event)).contains("jndi", "traversal");
        assertThat(read("cs-host", event)).containsExactly("www.example.com");
    }

    @Test
    void aCallOfCloudTrailNamesItsServiceAgain() {
        SecurityEvent event = of(Source.CLOUDTRAIL, builder -> {
            builder.verb = "DeleteCluster";
            builder.resource = "eks";
            builder.reason = "AccessDenied";
        });
        assertThat(read("eventSource", event)).containsExactly("eks.amazonaws.com");
        assertThat(read("errorCode", event)).containsExactly("AccessDenied");
        assertThat(read("eventName", event)).containsExactly("DeleteCluster");
    }

    @Test
    void aServiceAccountsTokenHasAnId() {
        SecurityEvent event = AuditEvents.event()
                .having(builder -> builder.credentialId = "JTI=1")
                .build();
        assertThat(read("actor.credential_id", event)).containsExactly("JTI=1");
    }

    /** What is known of an event holds for one that repeats it only if rules read nothing of it that differs. */
    @ParameterizedTest
    @EnumSource(Source.class)
    void fieldsThatDoNotVaryReadNeitherTimeNorIds(Source source) {
        SecurityEvent one = of(source, builder -> ids(builder, "2026-01-02T03:04:05Z", "1"));
        SecurityEvent other = of(source, builder -> ids(builder, "2031-11-12T13:14:15.5Z", "2"));
        int varying = 0;
        for (Field field : FieldCatalog.of(source)) {
            if (field.varies() == Field.Varies.WITH_IDS) {
                varying++;
            } else {
                assertThat(read(field.name(), other)).as(field.name()).isEqualTo(read(field.name(), one));
            }
        }
        assertThat(varying).isPositive();
    }

    private static void ids(SecurityEvent.Builder builder, String time, String id) {
        builder.time = Instant.parse(time);
        builder.received = Instant.parse(time);
        builder.auditId = "audit-" + id;
        builder.recordId = "record-" + id;
        builder.user = "alice";
        builder.verb = "get";
        builder.uri = "/api/v1/pods?limit=1";
        builder.outcome = Outcome.SUCCESS;
    }
}
