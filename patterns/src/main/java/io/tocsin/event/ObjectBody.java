package io.tocsin.event;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the bodies of a request tell of its object, as far as detections read it: facts, never the content. It is the object as the
 * API server has it where the answer is logged, else as the request has it; of a patch only what it writes.
 *
 * @param contentSeen whether the rules of a role were seen; without them it is unknown what the role allows
 * @param rights of a role: its dangerous rights, sorted, each one of the constants here; empty if none was seen
 * @param aggregated of a role: whether its rules are those of other roles, which a controller fills in
 * @param role of a role binding: the role that is bound, {@code ClusterRole/name} or {@code Role/name}
 * @param subjects of a role binding: who is bound: user names, a service account's {@code system:serviceaccount:NS:NAME} among them, and
 *     {@code group:NAME}; at most 64, and {@link #OTHERS} where there are more
 * @param secretType a Secret's type
 * @param secretAccount the service account that a Secret holds a token of, by its annotation
 * @param signer a certificate request's signer
 * @param clientAuth whether a certificate for clients is asked for
 * @param commonName the common name asked for: the user name of who holds the certificate
 * @param organizations the organizations asked for, which are groups; at most 64, and {@link #OTHERS} where there are more
 * @param requester who created a certificate request, as the API server saw it
 * @param verdict what was decided about a certificate request: {@link #APPROVED} or {@link #DENIED}
 * @param serviceAccount the service account that pods run as, a name in their namespace
 * @param owner the object that controls this one, {@code Kind/name}
 * @param replicas how many pods a workload is to have; -1 where it isn't told
 */
public record ObjectBody(
        boolean contentSeen,
        List<String> rights,
        boolean aggregated,
        @Nullable String role,
        List<String> subjects,
        @Nullable String secretType,
        @Nullable String secretAccount,
        @Nullable String signer,
        boolean clientAuth,
        @Nullable String commonName,
        List<String> organizations,
        @Nullable String requester,
        @Nullable String verdict,
        @Nullable String serviceAccount,
        @Nullable String owner,
        int replicas) {
    /** Every verb on every resource, of the core group or of all. */
    public static final String EVERYTHING = "*";
    /** Giving a role rights that one doesn't have. */
    public static final String ESCALATE = "escalate";
    /** Binding roles whose rights one doesn't have. */
    public static final String BIND = "bind";
    /** Being another user, group or service account. */
    public static final String IMPERSONATE = "impersonate";
    /** Running commands in pods, by exec or attach. */
    public static final String EXEC = "pods/exec";
    /** Minting tokens of service accounts. */
    public static final String TOKENS = "serviceaccounts/token";
    /** Talking to kubelets, and so running commands in every pod. */
    public static final String KUBELETS = "nodes/proxy";
    /** Reading secrets (get, list or watch) that are not named one by one. */
    public static final String SECRETS = "secrets";

    /** There are more than are listed. */
    public static final String OTHERS = "*";

    /** A certificate request was approved. */
    public static final String APPROVED = "Approved";
    /** A certificate request was denied. */
    public static final String DENIED = "Denied";

    /** How a group among subjects begins. */
    public static final String GROUP = "group:";

    /** Nothing is told. */
    public static final ObjectBody NONE = builder().build();

    public ObjectBody {
        rights = rights == null ? List.of() : rights;
        subjects = subjects == null ? List.of() : subjects;
        organizations = organizations == null ? List.of() : organizations;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects the components; one builder may be used again after {@link #clear()}. */
    @SuppressWarnings("NullAway.Init")
    public static final class Builder {
        public boolean contentSeen;
        public List<String> rights;
        public boolean aggregated;
        public @Nullable String role;
        public List<String> subjects;
        public @Nullable String secretType;
        public @Nullable String secretAccount;
        public @Nullable String signer;
        public boolean clientAuth;
        public @Nullable String commonName;
        public List<String> organizations;
        public @Nullable String requester;
        public @Nullable String verdict;
        public @Nullable String serviceAccount;
        public @Nullable String owner;
        public int replicas;

        private Builder() {
            clear();
        }

        /** Forgets everything. */
        public void clear() {
            contentSeen = false;
            rights = List.of();
            aggregated = false;
            role = null;
            subjects = List.of();
            secretType = null;
            secretAccount = null;
            signer = null;
            clientAuth = false;
            commonName = null;
            organizations = List.of();
            requester = null;
            verdict = null;
            serviceAccount = null;
            owner = null;
            replicas = -1;
        }

        public ObjectBody build() {
            return new ObjectBody(
                    contentSeen,
                    rights,
                    aggregated,
                    role,
                    subjects,
                    secretType,
                    secretAccount,
                    signer,
                    clientAuth,
                    commonName,
                    organizations,
                    requester,
                    verdict,
                    serviceAccount,
                    owner,
                    replicas);
        }
    }
}
