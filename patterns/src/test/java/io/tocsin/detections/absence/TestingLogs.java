package io.tocsin.detections.absence;

import static io.tocsin.testkit.AuditEvents.T0;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Logs that speak steadily. */
final class TestingLogs {
    private TestingLogs() {}

    static Instant at(long minutes) {
        return T0.plus(Duration.ofMinutes(minutes));
    }

    /** One record. */
    static SecurityEvent record(Source source, String cluster, Instant time) {
        return AuditEvents.event()
                .log(source)
                .in(cluster)
                .at(time)
                .auditId(source + " " + time)
                .build();
    }

    /** A record every so often, from the first time up to and with the last. */
    static List<SecurityEvent> steady(Source source, String cluster, Duration every, Instant first, Instant last) {
        List<SecurityEvent> events = new ArrayList<>();
        for (Instant time = first; !time.isAfter(last); time = time.plus(every)) {
            events.add(record(source, cluster, time));
        }
        return events;
    }

    /** A record each minute, from the first minute up to and with the last. */
    static List<SecurityEvent> minutes(Source source, long first, long last) {
        return steady(source, "c1", Duration.ofMinutes(1), at(first), at(last));
    }

    /** All of them in event order. */
    @SafeVarargs
    static List<SecurityEvent> merged(List<SecurityEvent>... logs) {
        List<SecurityEvent> all = new ArrayList<>();
        for (List<SecurityEvent> log : logs) {
            all.addAll(log);
        }
        all.sort(Comparator.comparing(SecurityEvent::time).thenComparing(SecurityEvent::source));
        return all;
    }
}
