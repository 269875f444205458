package io.tocsin.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An API server has received a request and not answered it yet: a record that is no event, since what the request led to is told by
 * a later one. It shows that the log speaks, and what has to be answered.
 *
 * @param time when it was received
 * @param cluster the cluster's name as people know it
 * @param scope the cluster as state knows it
 * @param account cloud account, project or subscription
 * @param verb the Kubernetes verb
 * @param subresource subresource
 */
public record ReceivedRequest(
        Instant time,
        String cluster,
        String scope,
        @Nullable String account,
        @Nullable String verb,
        @Nullable String subresource) {}
