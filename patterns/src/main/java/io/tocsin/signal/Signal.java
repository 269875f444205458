package io.tocsin.signal;

import io.tocsin.alert.Evidence;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * "This stage of some detection happened to this entity": what the stateful part sees instead of events.
 *
 * @param detection the detection's id
 * @param stage the stage's name
 * @param rank the stage's position in its detection: orders signals of one instant
 * @param scope the cluster as state knows it
 * @param key the entity the sequence is about, by {@link Keys}
 * @param time event time; for a rate the crossing
 * @param eventId the event, or for a rate the crossing event
 * @param recall what the owner's history is asked before the signal counts
 * @param owner key of the history that is asked; null where none is
 * @param value for a rate: what is counted distinct; for a history: the request that was refused
 * @param address the peer
 * @param weight for a rate: how much the value counts
 * @param count observations this signal stands for
 * @param since for a rate: the first observation counted, from which a sequence measures its window; else the time
 * @param evidence the records behind it, in order; for a rate the first and last few
 */
public record Signal(
        String detection,
        String stage,
        int rank,
        String scope,
        String key,
        Instant time,
        String eventId,
        Recall recall,
        @Nullable String owner,
        @Nullable String value,
        @Nullable String address,
        int weight,
        long count,
        Instant since,
        List<Evidence> evidence) {

    /**
     * The one order in which signals are decided: time, then stage, then the event's id, so that signals of one instant have an
     * order too.
     */
    public static final Comparator<Signal> EVENT_ORDER = Comparator.comparing(Signal::time)
            .thenComparingInt(Signal::rank)
            .thenComparing(Signal::eventId)
            .thenComparing(Signal::key);

    public Signal {
        recall = recall == null ? Recall.NOTHING : recall;
        since = since == null ? time : since;
        evidence = evidence == null ? List.of() : evidence;
    }

    /** The key under which detections keep state: detection and entity. */
    public String correlation() {
        return detection + "|" + key;
    }

    /** This signal, at another time and standing for what a rate has counted. */
    public Signal counted(Instant time, String eventId, long count, Instant since, List<Evidence> evidence) {
        return answered(key, time, eventId, count, since, evidence);
    }

    /** This signal, judged: no history needs to be asked any more. */
    public Signal judged() {
        return about(key);
    }

    /** This signal, judged, and about another entity. */
    public Signal about(String key) {
        return answered(key, time, eventId, count, since, evidence);
    }

    private Signal answered(
            String key, Instant time, String eventId, long count, Instant since, List<Evidence> evidence) {
        return new Signal(
                detection,
                stage,
                rank,
                scope,
                key,
                time,
                eventId,
                Recall.NOTHING,
                null,
                value,
                address,
                weight,
                count,
                since,
                evidence);
    }
}
