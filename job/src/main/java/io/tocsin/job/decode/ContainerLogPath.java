package io.tocsin.job.decode;

import io.tocsin.event.Place;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the path of a container's log file tells, which the kubelet chose: {@code
 * /var/log/pods/NAMESPACE_POD_UID/CONTAINER/N.log} and its link {@code
 * /var/log/containers/POD_NAMESPACE_CONTAINER-ID.log}.
 */
public final class ContainerLogPath {
    private static final String NAME = "([a-z0-9][a-z0-9.-]*)";
    private static final Pattern PODS =
            Pattern.compile("(?:.*/)?pods/" + NAME + "_" + NAME + "_([0-9a-f-]{32,36})/" + NAME + "/[^/]+");
    private static final Pattern CONTAINERS =
            Pattern.compile("(?:.*/)?" + NAME + "_" + NAME + "_" + NAME + "-[0-9a-f]{64}\\.log(?:\\.gz)?");

    private ContainerLogPath() {}

    /** The place, {@link Place#NONE} if the path tells none. */
    public static Place place(String path) {
        Matcher pods = PODS.matcher(path);
        if (pods.matches()) {
            String pod = Place.pod(pods.group(1), pods.group(2));
            return new Place(null, null, pod, pods.group(3), null, pods.group(4), null, null);
        }
        Matcher containers = CONTAINERS.matcher(path);
        if (containers.matches()) {
            String pod = Place.pod(containers.group(2), containers.group(1));
            return new Place(null, null, pod, null, null, containers.group(3), null, null);
        }
        return Place.NONE;
    }
}
