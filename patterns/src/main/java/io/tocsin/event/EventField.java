package io.tocsin.event;

/**
 * Fields that cost something to decode. A decoder fills them only when an enabled detection reads them; all others of {@link
 * SecurityEvent} are always there.
 */
public enum EventField {
    /** {@link SecurityEvent#mentionedArns()}: needs the body of a change to the {@code aws-auth} ConfigMap. */
    MENTIONED_ARNS,
    /** {@link SecurityEvent#body()}: needs the bodies of roles, bindings, Secrets, certificate requests and workloads. */
    BODY
}
