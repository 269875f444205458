package io.tocsin.job.decode;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the envelopes around a record tell of it.
 *
 * @param cluster the cluster's name as people know it
 * @param scope the cluster as state knows it
 * @param account cloud account, project or subscription
 * @param instance API server instance or log stream
 * @param region cloud region
 * @param time when the envelope's maker received the record
 * @param position the record's own position, such as the CloudWatch event id
 */
record Origin(
        String cluster,
        String scope,
        @Nullable String account,
        @Nullable String instance,
        @Nullable String region,
        @Nullable Instant time,
        @Nullable String position) {
    private static final String DEFAULT_CLUSTER = "default";

    /** A record without an envelope. */
    static Origin of(DecoderOptions options) {
        String cluster = options.cluster() == null ? DEFAULT_CLUSTER : options.cluster();
        return new Origin(cluster, cluster, null, null, null, null, null);
    }

    Origin in(@Nullable String newRegion) {
        return newRegion == null ? this : new Origin(cluster, scope, account, instance, newRegion, time, position);
    }

    Origin at(@Nullable Instant newTime, @Nullable String newPosition) {
        return new Origin(cluster, scope, account, instance, region, newTime == null ? time : newTime, newPosition);
    }

    /** The same in a log stream of an account, whose cluster is as named before. */
    Origin stream(@Nullable String newAccount, @Nullable String newInstance) {
        return new Origin(cluster, scope, newAccount, newInstance, region, time, position);
    }

    /** The same in a cluster that the envelope names: names collide, so account and region are part of its scope. */
    Origin cluster(String name) {
        String scoped = region == null ? name : region + "/" + name;
        scoped = account == null ? scoped : account + "/" + scoped;
        return new Origin(name, scoped, account, instance, region, time, position);
    }
}
