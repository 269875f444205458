package io.tocsin.alert;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a detection found, ready for a sink. Written as one OCSF Detection Finding.
 *
 * @param uid hash of detection, key and completing event: the same finding has the same uid in every run
 * @param activityId OCSF activity: 1 create, 2 update, 3 close
 * @param detection the detection's id
 * @param kind OCSF analytic type: 1 match, 2 sequence, 3 rate or absence
 * @param title what was found, for people
 * @param severity how bad
 * @param message one sentence: who, from where, what happened
 * @param techniques ATT&amp;CK technique ids
 * @param time event time of the completing record
 * @param start event time of the first record
 * @param scope the cluster as state knows it
 * @param cluster the cluster's name
 * @param account cloud account, where known
 * @param count how often it was observed, repeats included; at least 1
 * @param evidence the matched records, in order
 * @param remediation first steps of response
 * @param stories suppression keys, the main one first: an alert that shares its detection, scope and any of these with a
 *     recent one is a repeat of it, unless it is graver
 * @param suppressMillis how long after the last repeat a story stays closed to new alerts
 * @param facts the numbers behind the decision, by name
 * @param falsePositives what benign thing looks alike, and how to say so
 * @param related of an incident: the alerts it is made of; empty for what rests on records alone
 */
public record Alert(
        String uid,
        int activityId,
        String detection,
        int kind,
        String title,
        Severity severity,
        String message,
        List<String> techniques,
        Instant time,
        Instant start,
        String scope,
        String cluster,
        @Nullable String account,
        long count,
        List<Evidence> evidence,
        String remediation,
        List<String> stories,
        long suppressMillis,
        Map<String, String> facts,
        String falsePositives,
        List<Related> related) {

    /**
     * An alert that an incident is made of.
     *
     * @param uid its id
     * @param title what it is called
     * @param time event time of its completing record
     */
    public record Related(String uid, String title, Instant time) {}

    /** OCSF activity of a new finding. */
    public static final int CREATE = 1;
    /** OCSF activity of a finding that grew. */
    public static final int UPDATE = 2;
    /** OCSF activity of a finding that is over. */
    public static final int CLOSE = 3;

    public Alert {
        techniques = techniques == null ? List.of() : techniques;
        evidence = evidence == null ? List.of() : evidence;
        stories = stories == null ? List.of() : stories;
        facts = facts == null ? Map.of() : facts;
        falsePositives = falsePositives == null ? "" : falsePositives;
        related = related == null ? List.of() : related;
    }

    /** The same finding, grown: last observed at this time, so often in all. */
    public Alert updated(Instant last, long total) {
        return as(UPDATE, message, last, total, facts);
    }

    /** The same finding, over since this time, observed so often in all. */
    public Alert closed(Instant last, long total, String words, Map<String, String> numbers) {
        return as(CLOSE, words, last, total, numbers);
    }

    /** The same finding, told at this time. */
    public Alert at(Instant told) {
        return as(activityId, message, told, count, facts);
    }

    private Alert as(int activity, String words, Instant last, long total, Map<String, String> numbers) {
        return new Alert(
                uid,
                activity,
                detection,
                kind,
                title,
                severity,
                words,
                techniques,
                last,
                start,
                scope,
                cluster,
                account,
                total,
                evidence,
                remediation,
                stories,
                suppressMillis,
                numbers,
                falsePositives,
                related);
    }
}
