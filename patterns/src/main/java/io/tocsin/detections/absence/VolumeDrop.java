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
 * A cluster's log still speaks, but has far fewer records than at this time of the week.
 *
 * @see <a href="https://attack.mitre.org/techniques/T1562/006/">T1562.006</a>
 */
@AutoService(Detection.class)
@SuppressWarnings("rawtypes") // a service is found by its raw type
public final class VolumeDrop implements AbsenceDetection<VolumeDrop.Params> {
    private static final long serialVersionUID = 1L;

    private static final DetectionInfo INFO = new DetectionInfo(
            "volume-drop",
            1,
            "A log source has far fewer records than usual",
            Severity.MEDIUM,
            Duration.ofHours(2),
            List.of("T1562.006", "T1562.008"),
            EnumSet.allOf(Source.class),
            Set.of(Need.RECORDS),
            "In a whole hour (UTC) a source has less than a tenth of the records it usually has in that hour of the week: the median"
                    + " of the last four weeks that are known, of two in the middle the lower. Decided when a record of the"
                    + " cluster shows that the hour is over; not while source-silent has told of the source. The alert closes"
                    + " when hours have been as usual for as long as the story is kept (suppress-for).",
            "hour of the week: usual · usual · usual ──▶ an hour with less than a tenth of it",
            "The first week, since nothing is usual yet; an hour with usually few records; a drop that leaves a tenth, or records"
                    + " that are forged to fill the hour; a slow decline, which becomes usual within weeks; hours of which the"
                    + " cluster has no record at all. Delivery twice counts twice, in the past as now.",
            "See which of the source's writers are gone: nodes, API servers, kinds of record. Compare with the change log of the"
                    + " audit policy, of collector filters and of sampling, and restore what is missing.",
            "A public holiday, a maintenance, a workload that moved to another cluster, an audit policy that was made"
                    + " leaner: within weeks the new volume is usual. Raise min-records for small sources.");

    public static final ConfigOption<Integer> PERCENT = ConfigOptions.key(INFO.optionKey("percent"))
            .intType()
            .defaultValue(10)
            .withDescription("An hour with fewer records than this percentage of the usual has dropped; 1 to 100.");

    public static final ConfigOption<Integer> MIN_RECORDS = ConfigOptions.key(INFO.optionKey("min-records"))
            .intType()
            .defaultValue(100)
            .withDescription("Hours that usually have fewer records than this are not judged; at least 1.");

    /** Its parameters. */
    public record Params(int percent, int minRecords) implements Detection.Params {
        public Params {
            check(percent >= 1 && percent <= 100, "%s must be 1 to 100: %s", PERCENT.key(), percent);
            check(minRecords >= 1, "%s must be at least 1: %s", MIN_RECORDS.key(), minRecords);
        }
    }

    @Override
    public DetectionInfo info() {
        return INFO;
    }

    @Override
    public List<ConfigOption<?>> options() {
        return List.of(PERCENT, MIN_RECORDS);
    }

    @Override
    public Params params(ReadableConfig config) {
        return new Params(config.get(PERCENT), config.get(MIN_RECORDS));
    }

    @Override
    public Watch watch(Params params) {
        return new Watch.Volume(params.percent(), params.minRecords());
    }

    @Override
    public String message(Missing missing, Params params) {
        String where = "%s of cluster %s".formatted(missing.what(), missing.cluster());
        return missing.back()
                ? "%s has as many records as usual again, after %s".formatted(where, missing.lasted())
                : "%s had %s records in the hour from %s; usual in this hour of the week are %s"
                        .formatted(where, missing.fact("records"), missing.since(), missing.fact("usual-records"));
    }
}
