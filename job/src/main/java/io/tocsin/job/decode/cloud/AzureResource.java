package io.tocsin.job.decode.cloud;

import io.tocsin.job.decode.Origin;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A cluster as Azure names it: {@code /subscriptions/ID/resourceGroups/GROUP/providers/…/managedClusters/NAME}, or {@code
 * connectedClusters} for Arc. Azure compares names without regard to case and spells them in capitals in one place and small in
 * another, so they are taken in small letters.
 *
 * @param subscription the account
 * @param group the resource group, within which the cluster's name is unique
 * @param cluster the cluster's name; null if the resource is none
 */
public record AzureResource(@Nullable String subscription, @Nullable String group, @Nullable String cluster) {
    private static final int MAX_LENGTH = 1_024;

    public static AzureResource of(@Nullable String id) {
        String subscription = null;
        String group = null;
        String cluster = null;
        if (id != null && id.length() <= MAX_LENGTH) {
            String[] segments = id.toLowerCase(Locale.ROOT).split("/", 32);
            for (int i = 0; i + 1 < segments.length; i++) {
                String value = segments[i + 1].isEmpty() ? null : segments[i + 1];
                switch (segments[i]) {
                    case "subscriptions" -> subscription = subscription == null ? value : subscription;
                    case "resourcegroups" -> group = group == null ? value : group;
                    case "managedclusters", "connectedclusters" -> cluster = cluster == null ? value : cluster;
                    default -> {}
                }
            }
        }
        return new AzureResource(subscription, group, cluster);
    }

    /** Where a record comes from that one of the cluster's API servers wrote. The group has the place of a region in the scope. */
    public Origin origin(Origin around, @Nullable String instance) {
        String account = subscription == null ? around.account() : subscription;
        return around.stream(account, instance == null ? around.instance() : instance)
                .in(group)
                .cluster(cluster);
    }
}
