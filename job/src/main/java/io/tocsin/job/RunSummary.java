package io.tocsin.job;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Configured;
import io.tocsin.detection.Counts;
import io.tocsin.detection.Identities;
import io.tocsin.detection.Need;
import io.tocsin.job.inspect.Blindness;
import io.tocsin.job.redaction.Redaction;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The figures of a run, from its accumulators. records = events + deadLetters + the sum of skipped.
 *
 * @param records log records, envelopes and batches unwrapped
 * @param events records that became events
 * @param deadLetters records that can't be read
 * @param skipped records that are none of ours, by reason
 * @param truncated events of which only the head is known
 * @param late events that came after the watermark of their task
 * @param duplicates signals dropped because their event was seen
 * @param signals signals that left the sources
 * @param signalsOf the same, by detection and stage
 * @param alerts alerts raised, by detection
 * @param silenced records that an exemption kept from counting, by exemption and detection
 * @param expired records that an exemption would have kept from counting, had it not expired
 * @param learnedEgress addresses outside from which nodes called, by cluster: some of them, where they are many
 * @param learned how many there are, by cluster
 * @param controlPlaneAssumed clusters whose control plane ranges are not configured, so that their cluster ranges serve for both
 * @param blind by cluster and detection: what the stream never carried
 * @param firstDeadLetters the first few, in words
 * @param worst the highest severity raised; null if there was no alert
 * @param millis how long it took
 */
record RunSummary(
        long records,
        long events,
        long deadLetters,
        Map<String, Long> skipped,
        long truncated,
        long late,
        long duplicates,
        long signals,
        Map<String, Long> signalsOf,
        Map<String, Long> alerts,
        Map<String, Long> silenced,
        Map<String, Long> expired,
        Map<String, Set<String>> learnedEgress,
        Map<String, Long> learned,
        Set<String> controlPlaneAssumed,
        Map<String, Map<String, String>> blind,
        List<String> firstDeadLetters,
        @Nullable Severity worst,
        long millis) {
    static final String RECORDS = "records";
    static final String EVENTS = "events";
    static final String DEAD_LETTERS = "dead-letters";
    static final String SKIPPED = "skipped|";
    static final String TRUNCATED = "truncated";
    static final String LATE = "late";
    static final String SEVERITY = "severity|";
    static final String FIRST_DEAD_LETTERS = Counts.PREFIX + "first-dead-letters";

    private static final int SHOWN = 5;
    /** So many learned addresses of a cluster are named. */
    private static final int ADDRESSES = 32;

    /** The figures of these accumulators. */
    static RunSummary of(
            Map<String, Object> accumulators, List<Configured<?>> detections, Identities identities, long millis) {
        Map<String, Long> counts = new TreeMap<>();
        accumulators.forEach((name, value) -> {
            if (name.startsWith(Counts.PREFIX) && value instanceof Long count) {
                counts.put(name.substring(Counts.PREFIX.length()), count);
            }
        });
        Severity worst = null;
        for (Severity severity : Severity.values()) {
            worst = counts.containsKey(SEVERITY + severity.name()) ? severity : worst;
        }
        return new RunSummary(
                counts.getOrDefault(RECORDS, 0L),
                counts.getOrDefault(EVENTS, 0L),
                counts.getOrDefault(DEAD_LETTERS, 0L),
                under(counts, SKIPPED),
                counts.getOrDefault(TRUNCATED, 0L),
                counts.getOrDefault(LATE, 0L),
                counts.getOrDefault(Counts.DUPLICATES, 0L),
                counts.getOrDefault(Counts.SIGNALS, 0L),
                under(counts, Counts.SIGNALS_OF),
                under(counts, Counts.ALERTS),
                under(counts, Counts.SILENCED),
                under(counts, Counts.EXPIRED),
                learnedEgress(accumulators.get(Counts.LEARNED_ADDRESSES)),
                under(counts, Counts.LEARNED_EGRESS),
                controlPlaneAssumed(counts, identities),
                blind(counts, detections),
                first(accumulators.get(FIRST_DEAD_LETTERS)),
                worst,
                millis);
    }

    private static Map<String, Long> under(Map<String, Long> counts, String prefix) {
        Map<String, Long> under = new TreeMap<>();
        counts.forEach((name, count) -> {
            if (name.startsWith(prefix)) {
                under.put(name.substring(prefix.length()), count);
            }
        });
        return under;
    }

    private static Map<String, Set<String>> learnedEgress(@Nullable Object accumulated) {
        Map<String, Set<String>> all = new TreeMap<>();
        if (accumulated instanceof Iterable<?> addresses) {
            for (Object one : addresses) {
                String text = String.valueOf(one);
                int end = text.lastIndexOf('|');
                all.computeIfAbsent(Redaction.of(text.substring(0, Math.max(0, end))), any -> new TreeSet<>())
                        .add(text.substring(end + 1));
            }
        }
        all.replaceAll((cluster, addresses) ->
                addresses.stream().limit(ADDRESSES).collect(Collectors.toCollection(TreeSet::new)));
        return all;
    }

    /** Of the clusters that told anything. */
    private static Set<String> controlPlaneAssumed(Map<String, Long> counts, Identities identities) {
        Set<String> assumed = new TreeSet<>();
        under(counts, Counts.SEEN).keySet().forEach(seen -> {
            String cluster = seen.substring(seen.indexOf('|') + 1);
            if (!identities.knowsControlPlaneOf(cluster)) {
                assumed.add(Redaction.of(cluster));
            }
        });
        return assumed;
    }

    private static Map<String, Map<String, String>> blind(Map<String, Long> counts, List<Configured<?>> detections) {
        Map<String, Set<Need>> carried = new TreeMap<>();
        under(counts, Counts.SEEN).keySet().forEach(seen -> {
            int end = seen.indexOf('|');
            carried.computeIfAbsent(seen.substring(end + 1), any -> new TreeSet<>())
                    .add(Need.valueOf(seen.substring(0, end)));
        });
        return Blindness.of(carried, detections);
    }

    private static List<String> first(@Nullable Object accumulated) {
        List<String> letters = new ArrayList<>();
        if (accumulated instanceof Iterable<?> all) {
            all.forEach(letter -> letters.add(String.valueOf(letter)));
        }
        Collections.sort(letters);
        return letters.size() > SHOWN ? letters.subList(0, SHOWN) : letters;
    }

    /** The file of {@code --summary}. */
    String json() {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeNumberField("records", records);
            json.writeNumberField("events", events);
            json.writeNumberField("deadLetters", deadLetters);
            numbers(json, "skipped", skipped);
            json.writeNumberField("truncated", truncated);
            json.writeNumberField("late", late);
            json.writeNumberField("duplicates", duplicates);
            json.writeNumberField("signals", signals);
            numbers(json, "signalsOf", signalsOf);
            numbers(json, "alerts", alerts);
            numbers(json, "silenced", silenced);
            numbers(json, "expired", expired);
            json.writeObjectFieldStart("learnedEgress");
            for (Map.Entry<String, Set<String>> cluster : learnedEgress.entrySet()) {
                strings(json, cluster.getKey(), cluster.getValue());
            }
            json.writeEndObject();
            strings(json, "controlPlaneAssumed", controlPlaneAssumed);
            json.writeObjectFieldStart("blind");
            for (Map.Entry<String, Map<String, String>> cluster : blind.entrySet()) {
                json.writeObjectFieldStart(cluster.getKey());
                for (Map.Entry<String, String> detection : cluster.getValue().entrySet()) {
                    json.writeStringField(detection.getKey(), detection.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeNumberField("seconds", millis / 1000.0);
            json.writeEndObject();
        } catch (IOException e) {
            throw new IllegalStateException("writing to memory does not fail", e);
        }
        return text.append('\n').toString();
    }

    private static void strings(JsonGenerator json, String name, Set<String> texts) throws IOException {
        json.writeArrayFieldStart(name);
        for (String text : texts) {
            json.writeString(text);
        }
        json.writeEndArray();
    }

    private static void numbers(JsonGenerator json, String name, Map<String, Long> numbers) throws IOException {
        json.writeObjectFieldStart(name);
        for (Map.Entry<String, Long> number : numbers.entrySet()) {
            json.writeNumberField(number.getKey(), number.getValue());
        }
        json.writeEndObject();
    }

    /** The same for people, a few lines. */
    String text() {
        StringBuilder text = new StringBuilder();
        long raised = alerts.values().stream().mapToLong(Long::longValue).sum();
        text.append("%,d records in %.1f s: %,d events, %,d dead letters, %,d skipped%s%n"
                .formatted(
                        records,
                        millis / 1000.0,
                        events,
                        deadLetters,
                        skipped.values().stream().mapToLong(Long::longValue).sum(),
                        skipped.isEmpty() ? "" : " " + skipped));
        text.append("%,d signals, %,d duplicates, %,d late, %,d truncated; %,d alerts%s%n"
                .formatted(signals, duplicates, late, truncated, raised, alerts.isEmpty() ? "" : " " + alerts));
        silenced.forEach((exemption, count) ->
                text.append("exempt: %,d by %s%n".formatted(count, exemption.replace("|", " from "))));
        expired.forEach((exemption, count) ->
                text.append("exemption %s has expired; it would have silenced %,d%n".formatted(exemption, count)));
        learnedEgress.forEach((cluster, addresses) -> text.append("learned egress of %s: %s%s%n"
                .formatted(
                        cluster,
                        String.join(", ", addresses),
                        learned.getOrDefault(cluster, 0L) > addresses.size()
                                ? " and more, %,d in all".formatted(learned.get(cluster))
                                : "")));
        if (!controlPlaneAssumed.isEmpty()) {
            text.append(
                    "network.control-plane is not set for %s: the cluster's ranges count as the control plane's too%n"
                            .formatted(String.join(", ", controlPlaneAssumed)));
        }
        for (String letter : firstDeadLetters) {
            text.append("dead letter: ").append(letter).append(System.lineSeparator());
        }
        Blindness.lines(blind).forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }
}
