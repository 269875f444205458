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
