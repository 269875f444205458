package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.function.Predicate;

/** What a cluster's stream must carry for a detection to see anything. What it never carries is reported as blind. */
public enum Need {
    AUDIT_EVENTS("kubernetes-audit records", event -> event.source() == Source.KUBERNETES_AUDIT),
    AUTHENTICATOR_EVENTS("eks-authenticator records", event -> event.source() == Source.EKS_AUTHENTICATOR),
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
    PROCESSES(
            "processes in containers (tetragon or falco)",
            event -> event.source() == Source.TETRAGON || event.source() == Source.FALCO);

    private final String description;

    @SuppressWarnings("ImmutableEnumChecker") // predicates without state
    private final Predicate<SecurityEvent> seenIn;

    Need(String description, Predicate<SecurityEvent> seenIn) {
        this.description = description;
        this.seenIn = seenIn;
    }

    /** What is missing, for people. */
    public String description() {
        return description;
    }

    /** Whether this event shows that the stream carries it. */
    public boolean seenIn(SecurityEvent event) {
        return seenIn.test(event);
    }
}
