package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import java.util.List;

/** Attacks that write themselves rights first: a mapping, a role, a certificate. */
final class GrantAttacks {
    private GrantAttacks() {}

    static void selfMappedRole(Scene scene, long start) {
        IamSession role = new IamSession(
                "artifact-sync", scene.chance.awsId("AROA"), "botocore-session-1772476113", scene.chance.awsId("ASIA"));
        Request api = Request.path("get", "/api?timeout=32s");
        String address = "192.0.2.61";
        long at = start;
        for (int i = 0; i < 5; i++) {
            long refusal = at;
            scene.at(refusal, now -> scene.logs.authenticator.denied(role, now));
            scene.at(
                    refusal + 300_000,
                    now -> scene.logs.audit.unauthenticated(address, Scene.KUBECTL, api, "attempted: bearer", now));
            at += scene.chance.between(50 * SECOND, 110 * SECOND);
        }
        Person administrator = scene.staff.administrator();
        Caller editor = administrator.session.describe(
                administrator.caller(administrator.home, "kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46"));
        long mapped = at + 3 * MINUTE;
        scene.at(
                mapped - 2 * SECOND,
                now -> scene.logs.authenticator.granted(
                        administrator.session, administrator.username, administrator.groups, now));
        scene.call(editor, Request.of("get", Api.CONFIG_MAPS, "kube-system", "aws-auth"), mapped - SECOND);
        scene.at(mapped, now -> Rbac.mapRole(scene.logs.audit, editor, role, "artifact-sync", now));
        scene.at(mapped + 400_000, scene.logs.authenticator::mappingChanged);
        long back = mapped + scene.chance.between(90 * SECOND, 150 * SECOND);
        scene.at(back, now -> scene.logs.authenticator.granted(role, "artifact-sync", "system:masters", now));
        Caller master = role.describe(new Caller(
                "artifact-sync",
                role.uid(),
                List.of("system:masters", "system:authenticated"),
                address,
                Scene.KUBECTL,
                ""));
        long next = scene.discover(master, back + SECOND);
        scene.call(master, Request.of("list", Api.NAMESPACES, null, null, null, "limit=500"), next + 4 * SECOND);
        scene.call(master, Request.of("list", Api.NODES, null, null, null, "limit=500"), next + 31 * SECOND);
        scene.call(master, Request.of("list", Api.DEPLOYMENTS, null, null, null, "limit=500"), next + 75 * SECOND);
        scene.tell(role.canonicalArn(), master, start, back);
    }

    /** A role that reads all secrets, a binding to a build account, a token for that account, and its use from elsewhere. */
    static void roleGrant(Scene scene, long start) {
        Person person = scene.staff.administrator();
        Caller caller = scene.usual(person, start);
        String group = "\"apiVersion\":\"rbac.authorization.k8s.io/v1\"";
        String role = "{\"kind\":\"ClusterRole\"," + group + ",\"metadata\":{\"name\":\"report-reader\"},\"rules\":["
                + "{\"verbs\":[\"get\",\"list\"],\"apiGroups\":[\"\"],\"resources\":[\"secrets\"]},"
                + "{\"verbs\":[\"escalate\",\"bind\"],\"apiGroups\":[\"rbac.authorization.k8s.io\"],"
                + "\"resources\":[\"clusterroles\"]}]}";
        String binding = "{\"kind\":\"ClusterRoleBinding\"," + group + ",\"metadata\":{\"name\":\"report-reader\"},"
                + "\"subjects\":[{\"kind\":\"ServiceAccount\",\"name\":\"report-builder\",\"namespace\":\"ci\"}],"
                + "\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"ClusterRole\","
                + "\"name\":\"report-reader\"}}";
        scene.change(caller, Request.of("create", Api.CLUSTER_ROLES, null, "report-reader"), role, start + 15 * SECOND);
        Request bind = Request.of("create", Api.CLUSTER_ROLE_BINDINGS, null, "report-reader");
        scene.change(caller, bind, binding, start + 70 * SECOND);
        String id = scene.chance.uuid();
        Request token = Request.of("create", Api.SERVICE_ACCOUNTS, "ci", "report-builder", "token", "");
        scene.at(start + 130 * SECOND, now -> scene.logs.audit.issueToken(caller, token, id, now));
        Caller user = Caller.serviceAccount(
                        "ci", "report-builder", scene.chance.uuid(), "192.0.2.155", "curl/8.5.0", "report-reader")
                .credential("JTI=" + id);
        long used = start + scene.chance.between(4 * MINUTE, 7 * MINUTE);
        scene.call(user, Request.of("list", Api.SECRETS, null, null), used);
        scene.tell(user.username(), user, start, used);
    }

    /** Somebody on call asks for a certificate of an administrators' group, approves it, and comes back as that. */
    static void certificate(Scene scene, long start) {
        Person person = scene.staff.onCall();
        Caller caller = scene.usual(person, start);
        String name = "laptop-4711";
        String user = "breakglass-admin";
        String request =
                "{\"kind\":\"CertificateSigningRequest\",\"apiVersion\":\"certificates.k8s.io/v1\",\"metadata\":"
                        + "{\"name\":\"" + name + "\"},\"spec\":{\"request\":\""
                        + CertificateRequest.pem("system:masters", user, scene.chance)
                        + "\",\"signerName\":\"kubernetes.io/kube-apiserver-client\",\"usages\":[\"client auth\"],"
                        + "\"username\":\"" + person.username + "\"},\"status\":{";
        String approved = request + "\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\","
                + "\"reason\":\"KubectlApprove\"}]}}";
        scene.change(
                caller,
                Request.of("create", Api.CERTIFICATE_REQUESTS, null, name),
                request + "}}",
                start + 10 * SECOND);
        Request approve = Request.of("update", Api.CERTIFICATE_REQUESTS, null, name, "approval", "");
        scene.change(caller, approve, approved, start + 55 * SECOND);
        scene.call(caller, Request.of("get", Api.CERTIFICATE_REQUESTS, null, name), start + 62 * SECOND);
        Caller master = new Caller(
                        user, "", List.of("system:masters", "system:authenticated"), "192.0.2.162", Scene.KUBECTL, "")
                .credential("X509SHA256=" + scene.chance.hex(64));
        long used = start + scene.chance.between(8 * MINUTE, 20 * MINUTE);
        scene.call(master, Request.of("list", Api.NODES, null, null, null, "limit=500"), used);
        scene.call(master, Request.of("list", Api.SECRETS, null, null, null, "limit=500"), used + 20 * SECOND);
        scene.tell(user, master, start, used);
    }
}
