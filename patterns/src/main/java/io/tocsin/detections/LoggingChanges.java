package io.tocsin.detections;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Changes that turn a cluster's logging down, or change what writes and ships its logs. */
public final class LoggingChanges {
    private static final String LOGGING_OFF = "logging off: ";
    /** Of the logs of an EKS control plane, those that tell who did what. */
    private static final Set<String> WHO_DID_WHAT = Set.of("audit", "authenticator", "api");

    private LoggingChanges() {}

    /** Whether it is done, and stops or changes a collector, the audit policy or webhook, or the cloud's logging. */
    public static boolean isOne(SecurityEvent event) {
        if (event.source() == Source.CLOUDTRAIL) {
            return "UpdateClusterConfig".equals(event.verb())
                    && "eks".equals(event.resource())
                    && event.outcome() == Outcome.SUCCESS
                    && !event.dryRun()
                    && turnsOff(event.message());
        }
        return Requests.succeeded(event) && (LogCollectors.isTouchedBy(event) || writesAuditSink(event));
    }

    /** Not the logs of scheduler and controller manager, which many turn off when they turn the others on. */
    private static boolean turnsOff(@Nullable String message) {
        if (message == null || !message.startsWith(LOGGING_OFF)) {
            return false;
        }
        int end = message.indexOf(';');
        String types = message.substring(LOGGING_OFF.length(), end < 0 ? message.length() : end);
        for (String type : types.split(",", -1)) {
            if (WHO_DID_WHAT.contains(type.trim())) {
                return true;
            }
        }
        return false;
    }

    private static boolean writesAuditSink(SecurityEvent event) {
        return "auditsinks".equals(event.resource())
                && "auditregistration.k8s.io".equals(event.apiGroup())
                && event.verb() != null
                && !event.verb().equals("get")
                && !event.verb().equals("list")
                && !event.verb().equals("watch");
    }
}
