package io.tocsin.job.decode.host;

import io.tocsin.event.HostProcess;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Logfmt;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ValueReader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What the kubelet (klog) and containerd (logrus) write: level, words, error, and the pod it is about where it is told so that
 * nobody can make it up: in a key of its own, or at the very start of containerd's message. Their times are the envelope's.
 */
final class NodeAgentMessage {
    private static final String SANDBOX = "RunPodSandbox for &PodSandboxMetadata{";
    private static final String CONTAINER = " for &ContainerMetadata{";
    private static final String CONTAINER_START = "CreateContainer within sandbox \"";
    private static final String EXEC = "Exec for \"";
    private static final String EXEC_SYNC = "ExecSync for \"";
    private static final String COMMAND = "\" with command ";

    private NodeAgentMessage() {}

    static void read(String message, SecurityEvent.Builder event) {
        if (Texts.isKlog(message)) {
            klog(message, event);
        } else if (message.startsWith("time=\"")) {
            logrus(message, event);
        }
    }

    /** {@code I1119 22:47:49.358276 1675 file.go:637] "msg" key="value"}. */
    private static void klog(String message, SecurityEvent.Builder event) {
        event.level = switch (message.charAt(0)) {
            case 'W' -> "warning";
            case 'E' -> "error";
            case 'F' -> "fatal";
            default -> "info";
        };
        int header = message.indexOf("] ");
        if (header < 0) {
            return;
        }
        String text = message.substring(header + 2);
        event.message = HostMessages.present(text, ValueReader.LONG);
        int quote = quotedEnd(text);
        if (quote < 0) {
            return;
        }
        String pod = null;
        String podUid = null;
        String container = null;
        try {
            Logfmt pairs = new Logfmt(text.substring(quote));
            while (pairs.next() && !pairs.cut()) {
                String value = HostMessages.present(pairs.value());
                switch (pairs.key()) {
                    case "pod" -> pod = pod == null ? value : pod;
                    case "podUID" -> podUid = podUid == null ? value : podUid;
                    case "containerName" -> container = container == null ? value : container;
                    case "err" -> event.reason = event.reason == null ? value : event.reason;
                    default -> {}
                }
            }
        } catch (BadRecord e) {
            // klog writes structures that are no logfmt: what came before holds.
        }
        int slash = pod == null ? -1 : pod.indexOf('/');
        if (pod != null && slash > 0 && slash < pod.length() - 1) {
            about(pod.substring(0, slash), pod.substring(slash + 1), podUid, container, event);
        }
    }

    /** Where the quoted message ends that a structured line starts with; -1 if it is none. */
    private static int quotedEnd(String text) {
        if (!text.startsWith("\"")) {
            return -1;
        }
        for (int i = 1; i < text.length(); i++) {
            if (text.charAt(i) == '\\') {
                i++;
            } else if (text.charAt(i) == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    /** {@code time="..." level=info msg="..."}. */
    private static void logrus(String message, SecurityEvent.Builder event) {
        String said = null;
        try {
            Logfmt pairs = new Logfmt(message);
            while (pairs.next() && !pairs.cut()) {
                switch (pairs.key()) {
                    case "level" -> event.level = level(pairs.value());
                    case "msg" -> said = said == null ? pairs.value() : said;
                    case "error" -> event.reason = HostMessages.present(pairs.value());
                    default -> {}
                }
            }
        } catch (BadRecord e) {
            // What came before holds.
        }
        if (said == null) {
            return;
        }
        event.message = HostMessages.present(said, ValueReader.LONG);
        if (said.startsWith(SANDBOX)) {
            int end = said.indexOf('}');
            String fields = "," + said.substring(SANDBOX.length(), end < 0 ? said.length() : end);
            String name = field(fields, ",Name:");
            String namespace = field(fields, ",Namespace:");
            if (name != null && namespace != null) {
                about(namespace, name, field(fields, ",Uid:"), null, event);
            }
        } else if (said.startsWith(CONTAINER_START)) {
            int at = said.indexOf(CONTAINER);
            // Behind the sandbox's id, and nothing else.
            if (at > 0 && said.indexOf('"', CONTAINER_START.length()) == at - 1) {
                String name = field("," + said.substring(at + CONTAINER.length()), ",Name:");
                event.place = event.place.or(new Place(null, null, null, null, null, name, null, null));
            }
        } else if (said.startsWith(EXEC) || said.startsWith(EXEC_SYNC)) {
            exec(said, event);
        }
    }

    /** {@code Exec for "id" with command [sh -c id], tty true and stdin true}. */
    private static void exec(String said, SecurityEvent.Builder event) {
        int id = said.indexOf('"') + 1;
        int idEnd = said.indexOf('"', id);
        if (!said.startsWith(COMMAND, idEnd)) {
            return;
        }
        int from = idEnd + COMMAND.length();
        int to = said.lastIndexOf(']');
        String command = said.startsWith("[", from) && to > from ? said.substring(from + 1, to) : said.substring(from);
        HostProcess agent = event.process;
        event.verb = "exec";
        event.process = new HostProcess(
                agent.binary(),
                HostMessages.present(command, ValueReader.LONG),
                null,
                agent.id(),
                agent.parentId(),
                agent.parent(),
                null);
    }

    private static void about(
            String namespace,
            String name,
            @Nullable String uid,
            @Nullable String container,
            SecurityEvent.Builder event) {
        event.resource = "pods";
        event.namespace = namespace;
        event.name = name;
        event.place =
                event.place.or(new Place(null, null, Place.pod(namespace, name), uid, null, container, null, null));
    }

    private static @Nullable String field(String fields, String name) {
        int at = fields.indexOf(name);
        if (at < 0) {
            return null;
        }
        int end = fields.indexOf(',', at + name.length());
        return HostMessages.present(fields.substring(at + name.length(), end < 0 ? fields.length() : end));
    }

    private static @Nullable String level(String level) {
        return level.length() > 16 ? null : HostMessages.present(level.toLowerCase(Locale.ROOT));
    }
}
