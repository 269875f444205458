package io.tocsin.event;

/** The log a record comes from. The id is what users write as the {@code FORMAT} of an input and read in alerts. */
public enum Source {
    KUBERNETES_AUDIT("kubernetes-audit"),
    EKS_AUTHENTICATOR("eks-authenticator");

    private final String id;

    Source(String id) {
        this.id = id;
    }

    public String id() {
        return id;
    }
}
