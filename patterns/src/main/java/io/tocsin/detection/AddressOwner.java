package io.tocsin.detection;

import io.tocsin.event.Digest;
import io.tocsin.event.HostProcess;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.signal.Keys;
import org.jspecify.annotations.Nullable;

/**
 * Whose address history says whether an event's address is new.
 *
 * <p>People have one by identity. Service accounts and the platform's own identities call from many addresses of the cluster, so
 * inside only a credential that was already used elsewhere makes an address new, and the history is the credential's; outside, any
 * address is new to them. The tokens of a pod come and go every hour, the pod and its address stay: a token bound to a pod has the
 * pod's history, so that a token that is used elsewhere at once is known too; one of a controller that the control plane runs has
 * the controller's. Without a peer address nothing is new. Whoever is
 * impersonated calls from where the impersonator is, and so has a history by identity too.
 *
 * @param key the history's key; null if no history is needed
 * @param credential whether the history is a credential's
 * @param maybeNew whether the address may be new at all
 */
record AddressOwner(@Nullable String key, boolean credential, boolean maybeNew) {
    /** The address is not new, whatever history says. */
    static final AddressOwner NEVER_NEW = new AddressOwner(null, false, false);
    /** The address is new, whatever history says. */
    static final AddressOwner ALWAYS_NEW = new AddressOwner(null, false, true);

    /** Longer commands are remembered by their digest. */
    private static final int COMMAND = 200;

    /** The part of a key that says that the history is a credential's. */
    static final String CREDENTIAL = "credential-addresses";

    /**
     * Whose use of the API this is, wherever it comes from: a pod's, by the token bound to it; a node's; else the credential's. A
     * pod behind NAT calls from outside all day, so here outside alone makes nothing new. What processes run and where connections
     * go is usual for a workload, since pods come and go.
     */
    static AddressOwner ofUse(SecurityEvent event) {
        if (used(event) == null) {
            return NEVER_NEW;
        }
        if (event.source() != Source.KUBERNETES_AUDIT) {
            String namespace = event.place().namespace();
            String workload = event.place().workload() == null
                    ? event.place().pod()
                    : event.place().workload();
            return workload == null
                    ? NEVER_NEW
                    : new AddressOwner(
                            Keys.of(
                                    event.scope(),
                                    event.source() == Source.HUBBLE ? "destinations" : "commands",
                                    namespace == null ? "" : namespace,
                                    workload),
                            false,
                            true);
        }
        String user = event.user();
        if (user != null && Identities.isNode(user) && event.impersonator() == null) {
            return new AddressOwner(Keys.of(event.scope(), "node-uses", user), false, true);
        }
        String carrier = event.credentialPodUid() == null ? event.credentialId() : event.credentialPodUid();
        return carrier == null
                ? NEVER_NEW
                : new AddressOwner(Keys.of(event.scope(), CREDENTIAL, "uses", carrier), true, true);
    }

    /** What may be new in a use: the address a request came from or a connection goes to, or the command that was run. */
    static @Nullable String used(SecurityEvent event) {
        return switch (event.source()) {
            case HUBBLE ->
                event.flow().name() == null
                        ? event.flow().destination()
                        : event.flow().name();
            case TETRAGON, FALCO -> command(event.process());
            default -> event.peer();
        };
    }

    private static @Nullable String command(HostProcess process) {
        if (process.binary() == null) {
            return null;
        }
        String command = process.command() == null ? process.binary() : process.binary() + " " + process.command();
        return command.length() <= COMMAND ? command : new Digest().add(command).hex();
    }

    static AddressOwner of(SecurityEvent event) {
        String identity = event.identity();
        if (event.peer() == null || identity == null) {
            return NEVER_NEW;
        }
        if (!Identities.isSystem(event.user()) || event.impersonator() != null) {
            return new AddressOwner(Keys.of(event.scope(), "identity-addresses", identity), false, true);
        }
        if (event.zone() == Zone.OUTSIDE) {
            return ALWAYS_NEW;
        }
        String carrier = carrier(event);
        return event.credentialId() == null || carrier == null
                ? NEVER_NEW
                : new AddressOwner(Keys.of(event.scope(), CREDENTIAL, carrier), true, true);
    }

    /**
     * What stays while the tokens come and go: the pod of one that is bound to it, the controller of one that the control plane
     * mints for a controller of its own; else the credential itself.
     */
    static @Nullable String carrier(SecurityEvent event) {
        if (event.credentialPodUid() != null) {
            return event.credentialPodUid();
        }
        String user = event.user();
        boolean controller = Identities.isControlPlane(user)
                && Identities.isServiceAccount(user)
                && event.impersonator() == null
                && event.credentialId() != null;
        return controller ? user : event.credentialId();
    }
}
