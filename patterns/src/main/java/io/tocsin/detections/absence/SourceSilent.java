package io.tocsin.detections.absence;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.detection.AbsenceDetection;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Missing;
import io.tocsin.detection.Need;
import io.tocsin.detection.Watch;
import io.tocsin.detections.LoggingChanges;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.jspecify.annotations.Nullable;

/**
 * A cluster's log falls silent while its other logs go on.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1562/008/">T1562.008</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class SourceSilent implements AbsenceDetection<SourceSilent.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "source-silent",
            1,
            "A log source has fallen silent",
            Severity.MEDIUM,
            Duration.ofMinutes(30),
            List.of("T1562.006", "T1562.008"),
            EnumSet.allOf(Source.class),
            Set.of(Need.RECORDS),
            "The newest record of another source of the same cluster is ahead of a source's newest by more than that source's usual"
                    + " gap (the longest of the last 24 hours in which it spoke), its lateness and the patience. A source of which"
                    + " fewer than ten records are known has no rhythm and is not judged. Of one that speaks irregularly (its longest"
                    + " gap is over three times the mean one, and that more than the patience) the longest gap counts threefold, and"
                    + " tenfold until a day of it is known. Where inputs are followed, a cluster of"
                    + " which nothing comes at all is told by the wall clock (unmapped.clock is wall). High where a change of"
                    + " logging, of a collector or of the audit policy preceded the silence; the alert names it. When the source"
                    + " speaks again and has not paused like that for as long as the story is kept (suppress-for), or at the end"
                    + " of the input, one closing line tells how long it was silent; pauses in between are counted, not told.",
            "record · record · … · record ──▶ nothing, while a sibling goes on for usual gap + lateness + patience",
            "Whoever can write a log keeps it alive with a forged record now and then (volume-drop looks at how many). Part of a"
                    + " source: one node, one API server or one kind of record, while the rest goes on. A source that is cut off"
                    + " before its tenth record, or was never connected (blind tells). A pause no longer than one of the last day,"
                    + " also one that was told of. All sources silent in a replay. Whoever can forge records of a sibling far"
                    + " ahead in time can raise it, and a job that is itself far behind tells late.",
            "Find out what stopped: the writer, its node, the collector, the transport or the cloud's logging. If a change is"
                    + " named, ask who made it and why. Bring the source back, fetch what its writer still has, and look at what"
                    + " the other sources tell of the time between.",
            "A source that has nothing to say: few nodes, a quiet night, a rolling restart of its collector; inputs whose"
                    + " delivery is later than lateness.FORMAT says. Raise patience, or that lateness.");

    public static final ConfigOption<Duration> PATIENCE = ConfigOptions.key(INFO.optionKey("patience"))
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription(
                    "How much longer than its usual gap and its lateness together a source may be silent; at least 10 s.");

    public static final ConfigOption<Duration> CHANGE_WINDOW = ConfigOptions.key(INFO.optionKey("change-window"))
            .durationType()
            .defaultValue(Duration.ofMinutes(30))
            .withDescription("How long before a silence a change of logging is taken for its cause; not negative.");

    /** Its parameters. */
    public record Params(Duration patience, Duration changeWindow) implements Detection.Params {
        public Params {
            check(patience.toMillis() >= 10_000, "%s must be at least 10 s: %s", PATIENCE.key(), patience);
            check(!changeWindow.isNegative(), "%s must not be negative: %s", CHANGE_WINDOW.key(), changeWindow);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(PATIENCE, CHANGE_WINDOW);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(PATIENCE), config.get(CHANGE_WINDOW));
    }

    @Override
    public Watch watch(Params params) {
        return new Watch.Silence(params.patience(), params.changeWindow());
    }

    @Override
    public boolean changesLogging(SecurityEvent event) {
        return LoggingChanges.isOne(event);
    }

    @Override
    public @Nullable Severity severity(Missing missing) {
        return missing.changes().isEmpty() ? null : Severity.HIGH;
    }

    @Override
    public String message(Missing missing, Params params) {
        String where = "%s of cluster %s".formatted(missing.what(), missing.cluster());
        if (missing.back()) {
            return "%s speaks again after %s%s"
                    .formatted(
                            where,
                            missing.lasted(),
                            missing.count() > 1 ? ", silent %d times meanwhile".formatted(missing.count()) : "");
        }
        String silent = missing.what().equals(Missing.EVERYTHING)
                ? "%s has been silent for %s by the wall clock; %s usually pauses for %s at most"
                        .formatted(where, missing.fact("silence"), missing.fact("source"), missing.fact("usual-gap"))
                : "%s has been silent for %s while %s went on; it usually pauses for %s at most"
                        .formatted(where, missing.fact("silence"), missing.fact("ahead"), missing.fact("usual-gap"));
        if (missing.changes().isEmpty()) {
            return silent;
        }
        Evidence change = missing.changes().get(0);
        return "%s. Before it, %s did from %s: %s".formatted(silent, change.who(), change.where(), change.action());
    }
}
