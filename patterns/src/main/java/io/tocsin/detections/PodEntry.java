package io.tocsin.detections;

import io.tocsin.enrich.Percent;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Signal;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Getting into a running pod, as the audit log and the kernel tell it. */
public final class PodEntry {
    /** The pod that is entered, or in which a process did something. */
    public static final Entity POD =
            event -> event.source() == Source.KUBERNETES_AUDIT ? Entity.REQUESTED_POD.of(event) : Entity.POD.of(event);

    private PodEntry() {}

    /**
     * Exec, attach with an input, or an ephemeral container, let in. Told by the subresource and never by the verb: exec over
     * WebSocket is audited as {@code get}.
     */
    public static boolean isEntry(SecurityEvent event) {
        if (event.subresource() == null || !"pods".equals(event.resource()) || !Requests.succeeded(event)) {
            return false;
        }
        return switch (event.subresource()) {
            case "exec" -> true;
            case "attach" -> hasInput(event.uri());
            case "ephemeralcontainers" -> !"get".equals(event.verb());
            default -> false;
        };
    }

    /** Whether the runtime says that the kubelet runs this as a probe. */
    public static boolean isProbe(SecurityEvent event) {
        return event.reason() != null && event.reason().contains("maybe_exec_probe");
    }

    /** The pod of a signal whose key is a pod's. */
    public static String podOf(Signal signal) {
        return signal.key().substring(signal.key().lastIndexOf('|') + 1);
    }

    private static boolean hasInput(@Nullable String uri) {
        if (uri == null || uri.indexOf('?') < 0) {
            return true; // not told
        }
        String query = Percent.query(uri.substring(uri.indexOf('?'))).toLowerCase(Locale.ROOT);
        return query.contains("stdin=true") || query.contains("stdin=1") || query.contains("stdin=t");
    }
}
