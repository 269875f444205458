package io.tocsin.job.decode.ebpf;

import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an alert on a system call tells: the process, where it ran, the file or the connection it was about. {@code proc.cmdline} is
 * the process's name and its arguments, so it gives the name where the rule's output leaves that out.
 */
final class SystemCallAlert {
    private static final String HOST = "host";
    private static final Set<String> EXECS = Set.of("execve", "execveat");
    private static final Set<String> OPENS = Set.of("open", "openat", "openat2", "open_by_handle_at");
    private static final Set<String> ACCEPTS = Set.of("accept", "accept4");
    private static final String CONNECT = "connect";
    private static final String ARROW = "->";

    private final Networks networks;
    private final JsonValues values;

    SystemCallAlert(Networks networks, JsonValues values) {
        this.networks = networks;
        this.values = values;
    }

    /**
     * Reads it into an event.
     *
     * @param collectorsNode the node on which Falco ran as a collector tells it, null if it doesn't
     */
    void read(AlertFields p, SecurityEvent.Builder event, @Nullable String collectorsNode) throws BadRecord {
        event.place = place(p, collectorsNode);
        event.namespace = p.firstName(AlertField.NAMESPACE, AlertField.META_NAMESPACE);
        event.user = p.name(AlertField.USER_NAME);
        event.userUid = p.text(AlertField.USER_UID);
        event.verb = verb(p);
        event.outcome = outcome(p.text(AlertField.EVT_RES));
        String descriptor = p.text(AlertField.FD_NAME);
        event.process = process(p, descriptor);
        connection(p, event, descriptor);
    }

    private Place place(AlertFields p, @Nullable String collectorsNode) throws BadRecord {
        String told = p.firstName(AlertField.NODE, AlertField.META_NODE);
        String node = told == null ? collectorsNode : told;
        String pod = Place.pod(
                p.firstName(AlertField.NAMESPACE, AlertField.META_NAMESPACE),
                p.firstName(AlertField.POD, AlertField.META_POD));
        String container = p.name(AlertField.CONTAINER_NAME);
        boolean onHost = HOST.equals(p.name(AlertField.CONTAINER_ID)) || HOST.equals(container);
        if (onHost && pod == null) {
            return Place.onNode(node);
        }
        String deployment = p.firstName(AlertField.DEPLOYMENT, AlertField.META_DEPLOYMENT);
        Place place = new Place(
                node,
                null,
                pod == null ? null : values.recurring().of(pod),
                p.firstName(AlertField.POD_UID, AlertField.META_POD_UID),
                null,
                container,
                image(p),
                deployment == null ? null : values.recurring().of("Deployment/" + deployment));
        return place.equals(Place.NONE) ? Place.NONE : place;
    }

    private @Nullable String image(AlertFields p) throws BadRecord {
        String repository = p.name(AlertField.IMAGE_REPOSITORY);
        if (repository == null) {
            return p.name(AlertField.IMAGE);
        }
        String tag = p.name(AlertField.IMAGE_TAG);
        return tag == null ? repository : values.recurring().of(repository + ":" + tag);
    }

    private static @Nullable String verb(AlertFields p) throws BadRecord {
        String type = p.name(AlertField.EVT_TYPE);
        if (type == null) {
            return null;
        }
        if (EXECS.contains(type)) {
            return "exec";
        }
        if (type.equals("creat")) {
            return "write";
        }
        if (OPENS.contains(type)) {
            String flags = p.text(AlertField.EVT_FLAGS);
            boolean writes = "true".equals(p.text(AlertField.EVT_OPEN_WRITE))
                    || (flags != null && (flags.contains("O_WRONLY") || flags.contains("O_RDWR")));
            return writes ? "write" : "open";
        }
        return ACCEPTS.contains(type) ? "accept" : type;
    }

    private static Outcome outcome(@Nullable String result) {
        if (result == null) {
            return Outcome.UNKNOWN;
        }
        return switch (result) {
            case "SUCCESS" -> Outcome.SUCCESS;
            case "EPERM", "EACCES" -> Outcome.DENIED;
            default -> Outcome.ERROR;
        };
    }

    private HostProcess process(AlertFields p, @Nullable String descriptor) throws BadRecord {
        String line = p.text(AlertField.PROC_CMDLINE);
        String name = p.name(AlertField.PROC_NAME);
        String arguments = p.text(AlertField.PROC_ARGS);
        if (line != null) {
            int end = line.indexOf(' ');
            String first = name != null && line.startsWith(name) ? name : end < 0 ? line : line.substring(0, end);
            name = name == null ? values.recurring().of(first) : name;
            boolean whole = line.length() == first.length();
            boolean named = !whole && line.charAt(first.length()) == ' ';
            arguments = arguments != null || whole
                    ? arguments
                    : named && first.equals(name) ? line.substring(first.length() + 1) : line;
        }
        String path = p.name(AlertField.PROC_EXEPATH);
        String parentPath = p.name(AlertField.PROC_PEXEPATH);
        String file = descriptor != null && descriptor.startsWith("/") && !descriptor.contains(ARROW)
                ? descriptor
                : p.text(AlertField.FS_PATH);
        HostProcess process = new HostProcess(
                path == null ? name : path,
                arguments,
                p.name(AlertField.PROC_CWD),
                p.text(AlertField.PROC_PID),
                p.text(AlertField.PROC_PPID),
                parentPath == null ? p.name(AlertField.PROC_PNAME) : parentPath,
                file);
        return process.equals(HostProcess.NONE) ? HostProcess.NONE : process;
    }

    /** A connection is named {@code client:port->server:port}; what connects to it knows it by its far end, too. */
    private void connection(AlertFields p, SecurityEvent.Builder event, @Nullable String descriptor) throws BadRecord {
        Network network = networks.of(event.cluster);
        String direction = CONNECT.equals(event.verb) ? "egress" : "accept".equals(event.verb) ? "ingress" : null;
        String protocol = p.name(AlertField.FD_PROTOCOL);
        int arrow = descriptor == null ? -1 : descriptor.indexOf(ARROW);
        if (descriptor != null && arrow > 0) {
            String client = descriptor.substring(0, arrow);
            String server = descriptor.substring(arrow + ARROW.length());
            Network.Address from = network.address(host(client));
            Network.Address to = network.address(host(server));
            if (from != null) {
                event.peer = from.canonical();
                event.zone = from.zone();
            }
            if (to != null) {
                event.flow = new Flow(protocol, to.canonical(), port(server), null, null, null, direction);
            }
        } else if (CONNECT.equals(event.verb)) {
            Network.Address to = network.address(p.name(AlertField.FD_RIP));
            if (to != null) {
                int port = p.number(AlertField.FD_RPORT, 65_535);
                event.flow = new Flow(protocol, to.canonical(), port, null, null, null, direction);
            }
        }
    }

    private static String host(String end) {
        int colon = end.lastIndexOf(':');
        return colon < 0 ? end : end.substring(0, colon);
    }

    private static int port(String end) {
        int colon = end.lastIndexOf(':');
        if (colon < 0 || end.length() - colon > 6 || colon == end.length() - 1) {
            return 0;
        }
        int port = 0;
        for (int i = colon + 1; i < end.length(); i++) {
            int digit = end.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port > 65_535 ? 0 : port;
    }
}
