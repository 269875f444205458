package io.tocsin.job.decode;

import io.tocsin.event.Place;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the envelopes around a record tell of it. The outermost that tells something is right: what is inside was written by
 * somebody it tells of.
 *
 * @param cluster the cluster's name as people know it
 * @param scope the cluster as state knows it
 * @param clusterGiven whether the user named the cluster, so that no envelope does
 * @param account cloud account, project or subscription
 * @param instance API server instance or log stream
 * @param region cloud region
 * @param time when the envelope's maker received the record
 * @param position the record's own position, such as the CloudWatch event id
 * @param place where the record was written, as the collector tells it
 */
public record Origin(
        String cluster,
        String scope,
        boolean clusterGiven,
        @Nullable String account,
        @Nullable String instance,
        @Nullable String region,
        @Nullable Instant time,
        @Nullable String position,
        Place place) {
    private static final String DEFAULT_CLUSTER = "default";

    /** A record without an envelope. */
    public static Origin of(DecoderOptions options) {
        boolean given = options.cluster() != null;
        String cluster = options.cluster() == null ? DEFAULT_CLUSTER : options.cluster();
        return new Origin(cluster, cluster, given, null, null, null, null, null, Place.NONE);
    }

    /** The same in a cloud region. */
    public Origin in(@Nullable String newRegion) {
        return newRegion == null
                ? this
                : new Origin(cluster, scope, clusterGiven, account, instance, newRegion, time, position, place);
    }

    /** The same at a time (null: as before) and a position, null if it has none. */
    public Origin at(@Nullable Instant newTime, @Nullable String newPosition) {
        Instant at = newTime == null ? time : newTime;
        return new Origin(cluster, scope, clusterGiven, account, instance, region, at, newPosition, place);
    }

    /** The same in a log stream of an account, whose cluster is as named before. */
    public Origin stream(@Nullable String newAccount, @Nullable String newInstance) {
        return new Origin(cluster, scope, clusterGiven, newAccount, newInstance, region, time, position, place);
    }

    /**
     * The same in a cluster that the envelope names, unless the user did: names collide, so account and region are part of its
     * scope.
     */
    public Origin cluster(@Nullable String name) {
        if (clusterGiven || name == null || name.isEmpty()) {
            return this;
        }
        String scoped = region == null ? name : region + "/" + name;
        scoped = account == null ? scoped : account + "/" + scoped;
        return new Origin(name, scoped, false, account, instance, region, time, position, place);
    }

    /** The same at a place, as far as the envelopes around have not told another. */
    public Origin place(Place further) {
        Place known = place.or(further);
        return known.equals(place)
                ? this
                : new Origin(cluster, scope, clusterGiven, account, instance, region, time, position, known);
    }
}
