package io.tocsin.detection;

import io.tocsin.event.Content;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.function.Predicate;

/** What a cluster's stream must carry for a detection to see anything. What it never carries is reported as blind. */
public enum Need {
    AUDIT_EVENTS("kubernetes-audit records", event -> event.source() == Source.KUBERNETES_AUDIT),
    AUDITED_EVENTS(
            "kubernetes-audit records about Events (the audit policy may leave them out)",
            event -> event.source() == Source.KUBERNETES_AUDIT && "events".equals(event.resource())),
    AUTHENTICATOR_EVENTS("eks-authenticator records", event -> event.source() == Source.EKS_AUTHENTICATOR),
    RBAC_BODIES(
            "bodies of requests about roles and their bindings (audit level Request or RequestResponse)",
            event -> event.body().contentSeen() || event.body().role() != null),
    PEER_ADDRESSES("peer addresses (sourceIPs)", event -> event.peer() != null),
    CREDENTIAL_IDS("credential ids (user.extra, Kubernetes 1.30 or later)", event -> event.credentialId() != null),
    ISSUED_CREDENTIAL_IDS(
            "TokenRequests with their issued-credential-id annotation (Kubernetes 1.30 or later)",
            event -> event.issuedCredentialId() != null),
    BOUND_CREDENTIALS(
            "service account tokens bound to pods (user.extra pod-name)", event -> event.credentialPod() != null),
    CLOUDTRAIL_EVENTS("cloudtrail records", event -> event.source() == Source.CLOUDTRAIL),
    KUBERNETES_EVENTS("kubernetes-event records", event -> event.source() == Source.KUBERNETES_EVENT),
    CONTAINER_LOGS("container-log records", event -> event.source() == Source.CONTAINER_LOG),
    HOST_LOGINS(
            "logins to nodes (journald, syslog or auditd)",
            event -> "login".equals(event.verb()) && event.place().node() != null),
    ACCESS_LOGS("access-log records", event -> event.source() == Source.ACCESS_LOG),
    FLOWS("hubble records", event -> event.source() == Source.HUBBLE),
    ARNS("IAM ARNs (EKS: user.extra arn, or eks-authenticator records)", event -> event.arn() != null),
    PROCESSES(
            "processes in containers (tetragon or falco)",
            event -> event.source() == Source.TETRAGON || event.source() == Source.FALCO),
    SECRET_READS(
            "kubernetes-audit records of reads of secrets (the audit policy, or a log of writes only, may leave them out)",
            event -> event.source() == Source.KUBERNETES_AUDIT
                    && "secrets".equals(event.resource())
                    && ("get".equals(event.verb()) || "list".equals(event.verb()) || "watch".equals(event.verb()))),
    RECORDS("records of any source", event -> true),
    RECEIVED_REQUESTS(
            "kubernetes-audit records of stage RequestReceived (the audit policy may leave them out)", event -> false),
    BODIES(
            "request or response bodies (audit level Request or RequestResponse)",
            event -> !event.body().equals(ObjectBody.NONE) || holdsBody(event.content())),
    TETRAGON_EVENTS("tetragon records", event -> event.source() == Source.TETRAGON),
    FALCO_ALERTS("falco records", event -> event.source() == Source.FALCO),
    JOURNALD_RECORDS("journald records", event -> event.source() == Source.JOURNALD),
    SYSLOG_RECORDS("syslog records", event -> event.source() == Source.SYSLOG),
    AUDITD_RECORDS("auditd records", event -> event.source() == Source.AUDITD),
    HOST_LOGS(
            "logs of nodes (journald, syslog or auditd)",
            event -> event.source() == Source.JOURNALD
                    || event.source() == Source.SYSLOG
                    || event.source() == Source.AUDITD),
    HOST_PROCESSES(
            "processes (tetragon, falco or auditd)",
            event -> event.source() == Source.TETRAGON
                    || event.source() == Source.FALCO
                    || event.source() == Source.AUDITD),
    CONNECTIONS(
            "connections (hubble or tetragon)",
            event -> event.source() == Source.HUBBLE || event.source() == Source.TETRAGON);

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // predicates without state
    private final Predicate<SecurityEvent> seenIn;

    Need(String description, Predicate<SecurityEvent> seenIn) {
        this.description = description;
        this.seenIn = seenIn;
    }

    private static boolean holdsBody(Content content) {
        for (int i = 0; i < content.leaves().size(); i++) {
            String path = content.leaves().get(i).path();
            if (path.startsWith("requestObject")
                    || path.startsWith("responseObject")
                    || path.startsWith("object.")
                    || path.startsWith("pod.")) {
                return true;
            }
        }
        return false;
    }

    /** What is missing, for people. */
    public String description() {
        return description;
    }

    /** Whether this event shows that the stream carries it. Received requests are no events: they show themselves. */
    public boolean seenIn(SecurityEvent event) {
        return seenIn.test(event);
    }
}
