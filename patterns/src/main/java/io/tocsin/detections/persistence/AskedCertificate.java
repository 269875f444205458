package io.tocsin.detections.persistence;

import io.tocsin.event.ObjectBody;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a certificate request asks for, as far as its body tells it. */
final class AskedCertificate {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String LEGACY = "kubernetes.io/legacy-unknown";

    private static final Set<String> ADMINISTRATORS =
            Set.of("system:masters", "kubeadm:cluster-admins", "cluster-admins", "cluster-admin");
    private static final Set<String> NAMES =
            Set.of("system:admin", "system:apiserver", "kubernetes-admin", "kubernetes-super-admin", "masterclient");
    private static final Set<String> BOOTSTRAPPERS =
            Set.of("kubelet", "kubelet-bootstrap", "kubelet-nodepool-bootstrap");
    private static final String NODE = "system:node:";
    private static final String NODES = "system:nodes";
    private static final String PLATFORM = "system:kube-";

    private AskedCertificate() {}

    /** Whether its holder could be let in by it, or that isn't told. */
    static boolean maybeForClients(ObjectBody body) {
        String signer = body.signer();
        return signer == null
                || signer.equals(CLIENT)
                || signer.equals(KUBELET_CLIENT)
                || (signer.equals(LEGACY) && body.clientAuth());
    }

    /**
     * Whether it asks for the name or a group of who may do everything or is the platform itself; of a node, where it is known to be
     * asked for by what is no node and sets up none.
     */
    static boolean isPrivileged(ObjectBody body) {
        String name = body.commonName();
        boolean node = name != null && name.startsWith(NODE);
        if (name != null && (name.startsWith(PLATFORM) || NAMES.contains(name))) {
            return true;
        }
        for (String group : body.organizations()) {
            if (ADMINISTRATORS.contains(group.toLowerCase(Locale.ROOT))
                    || group.startsWith(PLATFORM)
                    || group.equals(ObjectBody.OTHERS)) {
                return true;
            }
            node |= group.equals(NODES);
        }
        return node && body.requester() != null && !setsUpNodes(body.requester());
    }

    private static boolean setsUpNodes(String requester) {
        return requester.startsWith(NODE)
                || requester.startsWith("system:bootstrap:")
                || requester.endsWith(":node-bootstrapper")
                || BOOTSTRAPPERS.contains(requester);
    }

    /** Whom it names, in words; null where that isn't told. */
    static @Nullable String name(ObjectBody body) {
        if (body.commonName() == null && body.organizations().isEmpty()) {
            return null;
        }
        String name = body.commonName() == null ? "nobody" : body.commonName();
        return body.organizations().isEmpty() ? name : name + " of " + String.join(", ", body.organizations());
    }
}
