package io.tocsin.event;

/** The log a record comes from. The id is what users write as the {@code FORMAT} of an input and read in alerts. */
public enum Source {
    KUBERNETES_AUDIT("kubernetes-audit"),
    EKS_AUTHENTICATOR("eks-authenticator"),
    CLOUDTRAIL("cloudtrail"),
    KUBERNETES_EVENT("kubernetes-event"),
    CONTAINER_LOG("container-log"),
    JOURNALD("journald"),
    SYSLOG("syslog"),
    AUDITD("auditd"),
    ACCESS_LOG("access-log"),
    HUBBLE("hubble"),
    TETRAGON("tetragon"),
    FALCO("falco");

    private final String id;

    Source(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }
}
