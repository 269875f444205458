package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.alert.Tactic;
import io.tocsin.event.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * State: the alerts of one entity so far.
 *
 * @param kept the first ones, and beyond their number each that brought a tactic
 * @param count how many there were
 * @param tactics of all of them
 * @param techniques of all of them, as far as {@value #TECHNIQUES}
 * @param sources the logs they rest on
 * @param gravest the gravest severity
 * @param start the first record's time
 * @param last the latest alert's time
 * @param before who is in all of them with a better claim to tell
 */
public record Grouped(
        List<Kept> kept,
        long count,
        List<Tactic> tactics,
        List<String> techniques,
        List<String> sources,
        Severity gravest,
        Instant start,
        Instant last,
        List<String> before) {
    static final int KEPT = 16;

    private static final int TECHNIQUES = 32;
    private static final int SEVERAL = 3;
    private static final int BEHAVIOURAL = 2;

    /**
     * An alert that is remembered.
     *
     * @param alert it
     * @param telling whether it brought a tactic
     */
    public record Kept(Involved alert, boolean telling) {}

    public Grouped {
        kept = kept == null ? List.of() : kept;
        tactics = tactics == null ? List.of() : tactics;
        techniques = techniques == null ? List.of() : techniques;
        sources = sources == null ? List.of() : sources;
        before = before == null ? List.of() : before;
    }

    static Grouped of(Involved alert) {
        return new Grouped(
                List.of(new Kept(alert, true)),
                1,
                alert.tactics(),
                alert.techniques(),
                alert.sources(),
                alert.severity(),
                alert.start(),
                alert.time(),
                alert.before());
    }

    /** The same with one more; the same alert again changes nothing. */
    Grouped with(Involved alert) {
        for (Kept one : kept) {
            if (one.alert().uid().equals(alert.uid())) {
                return this;
            }
        }
        Set<Tactic> all = EnumSet.noneOf(Tactic.class);
        all.addAll(tactics);
        all.addAll(alert.tactics());
        Set<String> logs = new TreeSet<>(sources);
        logs.addAll(alert.sources());
        List<String> shared = new ArrayList<>(before);
        shared.retainAll(alert.before());
        return new Grouped(
                keeping(new Kept(alert, all.size() > tactics.size())),
                count + 1,
                List.copyOf(all),
                joined(techniques, alert.techniques()),
                List.copyOf(logs),
                alert.severity().compareTo(gravest) > 0 ? alert.severity() : gravest,
                alert.start().isBefore(start) ? alert.start() : start,
                alert.time().isAfter(last) ? alert.time() : last,
                List.copyOf(shared));
    }

    private List<Kept> keeping(Kept next) {
        List<Kept> some = new ArrayList<>(kept);
        if (some.size() >= KEPT) {
            int room = next.telling() ? some.size() - 1 : -1;
            while (room >= 0 && some.get(room).telling()) {
                room--;
            }
            if (room < 0) {
                return kept;
            }
            some.remove(room);
        }
        some.add(next);
        return List.copyOf(some);
    }

    private static List<String> joined(List<String> some, Collection<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        for (String one : more) {
            if (all.size() < TECHNIQUES) {
                all.add(one);
            }
        }
        return List.copyOf(all);
    }

    /** Whether these are an incident, and nobody else tells all of it. */
    boolean isIncident(int minTactics) {
        boolean grave = gravest == Severity.CRITICAL || (count > 1 && tactics.size() >= minTactics);
        return grave && before.isEmpty();
    }

    /** As grave as an incident can be with three tactics or a critical alert; else risen by tactics and by logs. */
    Severity severity(IncidentOptions options) {
        int most = options.severity().id();
        if (gravest == Severity.CRITICAL || tactics.size() >= SEVERAL) {
            return options.severity();
        }
        int risen = gravest.id() + (tactics.size() > 1 ? 1 : 0) + (sources.size() > 1 ? 1 : 0);
        return Severity.of(Math.min(most, risen));
    }

    /**
     * The incident.
     *
     * @param completing the id of the alert that made it one
     */
    Alert alert(String completing, IncidentOptions options) {
        Involved latest = kept.get(kept.size() - 1).alert();
        String uid = new Digest()
                .add(IncidentOptions.ID)
                .add(latest.key())
                .add(completing)
                .hex();
        return alert(uid, Alert.CREATE, options);
    }

    /** What it has grown to. */
    Alert update(Alert told, IncidentOptions options) {
        return alert(told.uid(), Alert.UPDATE, options);
    }

    private Alert alert(String uid, int activity, IncidentOptions options) {
        List<Involved> alerts = new ArrayList<>();
        for (Kept one : kept) {
            alerts.add(one.alert());
        }
        alerts.sort(Comparator.comparing(Involved::time).thenComparing(Involved::uid));
        Involved latest = alerts.get(alerts.size() - 1);
        List<Alert.Related> related = new ArrayList<>();
        List<Evidence> evidence = new ArrayList<>();
        Set<String> records = new HashSet<>();
        for (Involved alert : alerts) {
            related.add(new Alert.Related(alert.uid(), alert.title(), alert.time()));
            Evidence first = alert.first();
            if (first != null && records.add(first.eventId() + first.stage())) {
                evidence.add(first);
            }
        }
        evidence.sort(Comparator.comparing(Evidence::time).thenComparing(Evidence::eventId));
        return new Alert(
                uid,
                activity,
                IncidentOptions.ID,
                BEHAVIOURAL,
                "Several alerts that belong together",
                severity(options),
                message(alerts),
                techniques,
                last,
                start,
                latest.scope(),
                latest.cluster(),
                latest.account(),
                count,
                List.copyOf(evidence),
                "Treat the alerts as one attack: read them in order, contain whom they name (revoke the credential, cordon the"
                        + " node, isolate the pod), then look for what came before the first one.",
                List.of(latest.key()),
                options.quiet().toMillis(),
                Map.of("tactics", tacticLabels(), "sources", String.join(", ", sources)),
                "The work of one administrator on one day can touch several tactics. What each alert says of false positives"
                        + " holds here too; exempt what is expected there, and the incident goes with it.",
                List.copyOf(related));
    }

    private String message(List<Involved> alerts) {
        Involved first = alerts.get(0);
        return "%s: %d alert%s, %d tactic%s (%s), %d log%s (%s), within %d min; first %s: %s"
                .formatted(
                        first.who(),
                        count,
                        count == 1 ? "" : "s",
                        tactics.size(),
                        tactics.size() == 1 ? "" : "s",
                        tacticLabels(),
                        sources.size(),
                        sources.size() == 1 ? "" : "s",
                        String.join(", ", sources),
                        Duration.between(start, last).toMinutes(),
                        first.detection(),
                        first.title());
    }

    private String tacticLabels() {
        return tactics.stream().map(Tactic::label).collect(Collectors.joining(", "));
    }
}
