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
 * @param value for a rate: what is counted distinct; for a history: the request that was refused; else what the rule says that
 *     events alike agree in, null if nothing
 * @param address the peer
 * @param weight for a rate: how much the value counts
 * @param count observations this signal stands for
 * @param since for a rate: the first observation counted, from which a sequence measures its window; else the time
 * @param evidence the records behind it, in order; for a rate the first and last few
 * @param usual for a rate that is compared with it: what is usual for the entity; 0 where nothing is known
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
        List<Evidence> evidence,
        double usual) {

    /**
     * The one order in which signals are decided: time, then stage, then the event's id, so that signals of one instant have an
     * order too; and those of one event, of which one entity may have several.
     */
    public static final Comparator<Signal> EVENT_ORDER = Comparator.comparing(Signal::time)
            .thenComparingInt(Signal::rank)
            .thenComparing(Signal::eventId)
            .thenComparing(Signal::key)
            .thenComparing(Signal::value, Comparator.nullsFirst(Comparator.naturalOrder()));

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
        return answered(key, address, time, eventId, count, since, evidence, usual);
    }

    /** This signal, told with what is usual for its entity. */
    public Signal usually(double usual) {
        return answered(key, address, time, eventId, count, since, evidence, usual);
    }

    /** This signal from this address. */
    public Signal from(@Nullable String address) {
        return answered(key, address, time, eventId, count, since, evidence, usual);
    }

    /** This signal, judged: no history needs to be asked any more. */
    public Signal judged() {
        return about(key);
    }

    /** This signal, judged, and about another entity. */
    public Signal about(String key) {
        return answered(key, address, time, eventId, count, since, evidence, usual);
    }

    /** This signal, about another entity, asking what it asks. */
    public Signal keyed(String key) {
        return new Signal(
                detection, stage, rank, scope, key, time, eventId, recall, owner, value, address, weight, count, since,
                evidence, usual);
    }

    /** This signal, judged, with what its cause says: the value is a key of its own value and of that, if anything is said. */
    public Signal caused(@Nullable String said, Instant time, String eventId, Instant since, List<Evidence> evidence) {
        String own = value == null ? "" : value;
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
                said == null ? Keys.of(own) : Keys.of(own, said),
                address,
                weight,
                count,
                since,
                evidence,
                usual);
    }

    private Signal answered(
            String key,
            @Nullable String address,
            Instant time,
            String eventId,
            long count,
            Instant since,
            List<Evidence> evidence,
            double usual) {
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
                evidence,
                usual);
    }
}
