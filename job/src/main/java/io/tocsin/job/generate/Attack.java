package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** An attack the generator can hide in its traffic. New ones are added at the end: the order is part of what a seed means. */
public enum Attack {
    /** An engineer's session credentials, used from an address never seen: refusals first, then secrets are read. */
    STOLEN_TOKEN(
            0.60,
            "an engineer's session is used from a new place: refused, refused, let in",
            Set.of(),
            "forbidden-then-success"),
    /** A long-standing engineer deletes what two teams run, from the usual address. */
    ROGUE_INSIDER(0.67, "an engineer deletes what two teams run", Set.of(), "delete-burst"),
    /** A role the authenticator refuses is mapped to {@code system:masters} and comes back. */
    SELF_MAPPED_ROLE(
            0.74,
            "a role that was refused is mapped to administrators and comes back",
            Set.of(Source.EKS_AUTHENTICATOR),
            "denied-then-granted"),
    /** A person has a token issued for a service account, and the token is used elsewhere. */
    MINTED_TOKEN(0.81, "a token is issued by hand and used elsewhere", Set.of(), "token-minted-then-used-elsewhere"),
    /** Somebody without a credential reads resources. */
    ANONYMOUS_ACCESS(0.88, "resources are read without a credential", Set.of(), "anonymous-success"),
    /** Exploits at the ingress, a shell in the pod behind it, its token reads secrets, and the catch is carried out. */
    INGRESS_TAKEOVER(
            0.46,
            "an exploit at the ingress, a shell in the pod, its token reads secrets, the catch leaves",
            Set.of(Source.ACCESS_LOG, Source.TETRAGON, Source.HUBBLE),
            "ingress-to-cluster",
            "recon-to-harvest",
            "permission-sweep"),
    /** An engineer reads a team's secrets, deletes what it runs, and deletes the Events that tell of it. */
    COVERED_TRACKS(
            0.51,
            "an insider reads secrets, deletes much, and deletes the Events of it",
            Set.of(),
            "cover-tracks",
            "delete-burst",
            "secret-sweep"),
    /** The log collector is deleted, the containers' log falls silent for more than an hour, secrets are read meanwhile. */
    LOGGING_OFF(
            0.55,
            "the log collector is deleted, and secrets are read while nobody collects",
            Set.of(Source.CONTAINER_LOG),
            "logging-disabled",
            "source-silent"),
    /** A pod's mounted token is read through exec and used from outside. */
    POD_TOKEN_THEFT(
            0.42, "a pod's token is read through exec and used from outside", Set.of(), "service-account-token-theft"),
    /** Passwords of a node are guessed until one fits; then the node's identity asks the API. */
    SSH_BREAK_IN(
            0.38,
            "a node's password is guessed and the node's identity used",
            Set.of(Source.JOURNALD),
            "ssh-brute-force",
            "node-login-to-kubelet"),
    /** A role that reads secrets is written, bound to a service account, and a token is issued for it and used elsewhere. */
    ROLE_GRANT(
            0.34,
            "a role that reads secrets is written, bound, and used with a token from elsewhere",
            Set.of(),
            "rbac-grant-chain",
            "token-minted-then-used-elsewhere"),
    /** A certificate for an administrators' group is requested and approved by the same person, and used from outside. */
    SELF_APPROVED_CERTIFICATE(
            0.30,
            "an administrator's certificate is requested and approved by one person",
            Set.of(),
            "csr-self-approval"),
    /** A service is made to fetch its node's role from the metadata address; the role is used elsewhere. */
    METADATA_ROLE(0.26, "a service fetches its node's role for a stranger", Set.of(Source.HUBBLE), "metadata-to-role"),
    /** Two dozen workloads are created that mine, until quota and nodes are used up. */
    MINING(
            0.22,
            "two dozen workloads mine until the quota is used up",
            Set.of(Source.KUBERNETES_EVENT),
            "hijack-to-quota");

    private final double slot;
    private final String story;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Source> sources;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> detections;

    Attack(double slot, String story, Set<Source> others, String... detections) {
        this.slot = slot;
        this.story = story;
        this.sources = others;
        this.detections = List.of(detections);
    }

    /** The attack's name on the command line, in kebab-case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What happens, in a few words. */
    public String story() {
        return story;
    }

    /** The id of the detection that is there to find it. */
    public String detection() {
        return detections.get(0);
    }

    /**
     * The ids of the detections that must find it, the one that is there for it first. Others, such as those of single events,
     * may tell parts of it.
     */
    public List<String> detections() {
        return detections;
    }

    /** The sources that must be written, besides the audit log, for {@link #detections()} to find it. */
    public Set<Source> sources() {
        return sources;
    }

    /** Where it lies: so much of the run is over when it begins, or up to 0.02 more. */
    double slot() {
        return slot;
    }

    /** The attack of that name. */
    public static Optional<Attack> of(String id) {
        return Arrays.stream(values()).filter(a -> a.id().equals(id)).findFirst();
    }
}
