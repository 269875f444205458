package io.tocsin.job.decode.cloud;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The monitored resource of a Cloud Logging entry: it names the cluster, its project and its location. */
public final class GoogleResource {
    private static final String LABELS = "resource/labels/";
    private static final List<String> PATHS =
            List.of(LABELS + "cluster_name", LABELS + "location", LABELS + "project_id");

    private GoogleResource() {}

    /** The members that tell of the resource, and others. */
    public static String[] paths(String... others) {
        return Stream.concat(PATHS.stream(), Arrays.stream(others)).toArray(String[]::new);
    }

    /**
     * Where an entry comes from.
     *
     * @throws BadRecord if a label is no string
     */
    public static Origin origin(Projection entry, Origin around) throws BadRecord {
        String project = entry.name(LABELS + "project_id");
        Origin origin = project == null ? around : around.stream(project, around.instance());
        return origin.in(entry.name(LABELS + "location")).cluster(cluster(entry));
    }

    /** The cluster's name. */
    public static @Nullable String cluster(Projection entry) throws BadRecord {
        return entry.name(LABELS + "cluster_name");
    }
}
