package io.tocsin.signal;

import io.tocsin.event.SecurityEvent;
import java.util.List;

/** What a sequence or a rate is about. One event may concern several entities of a kind, or none. */
@FunctionalInterface
public interface Entity {
    /** Who: the canonical IAM role or user, else the user name. */
    Entity IDENTITY = event -> {
        String identity = event.identity();
        return identity == null ? List.of() : List.of(Keys.of(event.scope(), "identity", identity));
    };

    /** Who, from where. */
    Entity IDENTITY_AT_ADDRESS = event -> {
        String identity = event.identity();
        return identity == null || event.peer() == null
                ? List.of()
                : List.of(Keys.of(event.scope(), "identity-at", identity, event.peer()));
    };

    /** From where. */
    Entity ADDRESS =
            event -> event.peer() == null ? List.of() : List.of(Keys.of(event.scope(), "address", event.peer()));

    /** The credential used. */
    Entity CREDENTIAL = event -> event.credentialId() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "credential", event.credentialId()));

    /** The credential a TokenRequest issued. */
    Entity ISSUED_CREDENTIAL = event -> event.issuedCredentialId() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "credential", event.issuedCredentialId()));

    /** The IAM role or user. */
    Entity ARN = event -> event.arn() == null ? List.of() : List.of(Keys.of(event.scope(), "arn", event.arn()));

    /** The IAM roles and users a change names. */
    Entity MENTIONED_ARNS = event -> event.mentionedArns().stream()
            .map(arn -> Keys.of(event.scope(), "arn", arn))
            .toList();

    /** The credential used, in whatever cluster. */
    Entity CREDENTIAL_ANYWHERE = event ->
            event.credentialId() == null ? List.of() : List.of(Keys.of("*", "credential", event.credentialId()));

    /** Nobody in particular: with {@link SignalRule.Relay#EVERY_KNOWN}, all that are known. */
    Entity NOBODY = event -> List.of();

    /** The access key used, in whatever cluster. */
    Entity ACCESS_KEY_ANYWHERE =
            event -> event.accessKeyId() == null ? List.of() : List.of(Keys.of("*", "access-key", event.accessKeyId()));

    /** The IAM role or user, in whatever cluster. */
    Entity ARN_ANYWHERE = event -> event.arn() == null ? List.of() : List.of(Keys.of("*", "arn", event.arn()));

    /** The node that the credential is bound to. */
    Entity CREDENTIAL_NODE = event -> event.credentialNode() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "node", event.credentialNode()));

    /** The cluster. */
    Entity CLUSTER = event -> List.of(Keys.of(event.scope(), "cluster"));

    /** The namespace of the object, or of the pod. */
    Entity NAMESPACE = event ->
            event.namespace() == null ? List.of() : List.of(Keys.of(event.scope(), "namespace", event.namespace()));

    /** The node it happened on. */
    Entity NODE = event -> event.place().node() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "node", event.place().node()));

    /** The node it happened on, and from where. */
    Entity NODE_AND_ADDRESS = event -> event.place().node() == null || event.peer() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "node-and-address", event.place().node(), event.peer()));

    /** The pod it happened in, {@code namespace/name}. */
    Entity POD = event -> event.place().pod() == null
            ? List.of()
            : List.of(Keys.of(event.scope(), "pod", event.place().pod()));

    /** The pod that a request is about, {@code namespace/name}. */
    Entity REQUESTED_POD =
            event -> !"pods".equals(event.resource()) || event.namespace() == null || event.name() == null
                    ? List.of()
                    : List.of(Keys.of(event.scope(), "pod", event.namespace() + "/" + event.name()));

    /** The pod whose token was used, {@code namespace/name}. */
    Entity CREDENTIAL_POD = event ->
            event.credentialPod() == null ? List.of() : List.of(Keys.of(event.scope(), "pod", event.credentialPod()));

    /** The node that calls. */
    Entity CALLING_NODE =
            event -> event.user() == null || !event.user().startsWith("system:node:") || event.impersonator() != null
                    ? List.of()
                    : List.of(Keys.of(event.scope(), "node", event.user().substring("system:node:".length())));

    /** The workload it happened in, in its namespace. */
    Entity WORKLOAD = event -> event.place().workload() == null
            ? List.of()
            : List.of(Keys.of(
                    event.scope(),
                    "workload",
                    event.namespace() == null ? "" : event.namespace(),
                    event.place().workload()));

    /** The keys of the entities this event concerns. */
    List<String> of(SecurityEvent event);
}
