package io.tocsin.signal;

import io.tocsin.event.SecurityEvent;
import org.jspecify.annotations.Nullable;

/** Of what a history keeps the places of use, with {@link Recall#ELSEWHERE}: a pod's tokens and addresses, a key and clusters. */
@FunctionalInterface
public interface Uses {
    /**
     * One use.
     *
     * @param owner key of the history; it may hold several carriers, such as the pods of a node
     * @param carrier who or what is used: a pod by its uid, whose tokens come and go, else the credential
     * @param by the very credential
     * @param where the place: an address, a cluster
     */
    record Use(String owner, String carrier, String by, String where) {}

    /** What this event uses, null if nothing that is followed. */
    @Nullable
    Use of(SecurityEvent event);
}
