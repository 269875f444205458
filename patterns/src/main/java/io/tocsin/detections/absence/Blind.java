package io.tocsin.detections.absence;

import static io.tocsin.detections.Requests.check;

import com.google.auto.service.AutoService;
import io.tocsin.alert.Severity;
import io.tocsin.detection.AbsenceDetection;
import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionInfo;
import io.tocsin.detection.Missing;
import io.tocsin.detection.Need;
import io.tocsin.detection.Watch;
import io.tocsin.event.Source;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Detections that are on can't see what they need in a cluster, because its logs never carry it.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1562/">T1562</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class Blind implements AbsenceDetection<Blind.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "blind",
            1,
            "Detections that can't see what they need",
            Severity.INFORMATIONAL,
            Duration.ofDays(2),
            List.of("T1562"),
            EnumSet.allOf(Source.class),
            Set.of(Need.RECORDS),
            "Once enough of a cluster has been seen, what its records have carried lately is compared, once a day, with what each"
                    + " enabled detection needs: sources, stages, fields. One alert per cluster lists the detections that lack"
                    + " something, and what. The same list again is a repeat, another list is news.",
            "a day of records and a thousand of them ──▶ a need of an enabled detection that none of them carried",
            "A need that is carried, but rarely or for part of the cluster only: one record in the time looked back on is enough."
                    + " Needs nobody declared. Whoever can write a log can forge the record that seems to carry it.",
            "Connect the source or extend the audit policy that carries what is missing, or disable the detection for good where it"
                    + " can't be had. A list that has grown tells that something was turned off.",
            "It is no attack but a report. Disable detections whose source you will never have, and it names only"
                    + " what changed.");

    public static final ConfigOption<Duration> WARM_UP = ConfigOptions.key(INFO.optionKey("warm-up"))
            .durationType()
            .defaultValue(Duration.ofHours(24))
            .withDescription(
                    "Event time between a cluster's first record and the first that may raise it; not negative.");

    public static final ConfigOption<Integer> MIN_RECORDS = ConfigOptions.key(INFO.optionKey("min-records"))
            .intType()
            .defaultValue(1_000)
            .withDescription("Records of a cluster that must have been seen; at least 1.");

    public static final ConfigOption<Duration> LOOK_BACK = ConfigOptions.key(INFO.optionKey("look-back"))
            .durationType()
            .defaultValue(Duration.ofDays(7))
            .withDescription("What no record has carried for this long is missing; at least 2 d.");

    /** Its parameters. */
    public record Params(Duration warmUp, int minRecords, Duration lookBack) implements Detection.Params {
        public Params {
            check(!warmUp.isNegative(), "%s must not be negative: %s", WARM_UP.key(), warmUp);
            check(minRecords >= 1, "%s must be at least 1: %s", MIN_RECORDS.key(), minRecords);
            // What is carried all the time is heard of once a day.
            check(lookBack.toDays() >= 2, "%s must be at least 2 d: %s", LOOK_BACK.key(), lookBack);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(WARM_UP, MIN_RECORDS, LOOK_BACK);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(WARM_UP), config.get(MIN_RECORDS), config.get(LOOK_BACK));
    }

    @Override
    public Watch watch(Params params) {
        return new Watch.Needs(params.warmUp(), params.minRecords(), params.lookBack());
    }

    @Override
    public String message(Missing missing, Params params) {
        return "%s of %s detections are blind in cluster %s: %s. Its records have not carried: %s"
                .formatted(
                        missing.fact("blind"),
                        missing.fact("enabled"),
                        missing.cluster(),
                        missing.what(),
                        missing.fact("needs"));
    }
}
