package io.tocsin.job.inspect;

import io.tocsin.detection.Configured;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.SafeText;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@link Statistics} for a terminal: one table, the sum that must hold, dead letters, and what detections can't see. */
public final class StatisticsText {
    private static final String GAP = "  ";
    private static final int WIDEST_CELL = 60;
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

    private static final List<String> HEADINGS = List.of(
            "FORMAT",
            "CLUSTER",
            "RECORDS",
            "EVENTS",
            "DEAD",
            "SKIPPED",
            "CUT",
            "FIRST (UTC)",
            "LAST (UTC)",
            "BEHIND p50",
            "p99",
            "MOST");
    /** The columns that hold words; figures stand right. */
    private static final List<Integer> LEFT = List.of(0, 1, 7, 8);

    private StatisticsText() {}

    /** The text, with the last line's end. */
    public static String of(Statistics statistics, List<Configured<?>> detections) {
        StringBuilder text = new StringBuilder();
        List<List<String>> rows = new ArrayList<>();
        rows.add(HEADINGS);
        statistics.rows().forEach((row, tally) -> rows.add(cells(row.format(), row.cluster(), tally)));
        Tally total = statistics.total();
        rows.add(cells("total", "", total));
        table(rows, text);
        text.append(format(
                "%nrecords = events + dead letters + skipped: %,d = %,d + %,d + %,d%n",
                total.records(), total.events(), total.deadLetters(), total.skipped()));
        if (!statistics.skipped().isEmpty()) {
            text.append("skipped: ")
                    .append(statistics.skipped().entrySet().stream()
                            .map(reason -> format("%,d %s", reason.getValue(), reason.getKey()))
                            .collect(Collectors.joining(", ")))
                    .append(System.lineSeparator());
        }
        statistics.deadLetters().forEach((kind, letters) -> {
            text.append(format("%ndead letters, %s: %,d%n", SafeText.visible(kind), letters.count()));
            letters.first().forEach(letter -> text.append("  %s%n".formatted(SafeText.visible(letter))));
        });
        List<String> blind = Blindness.lines(Blindness.of(statistics.carried(), detections));
        if (!blind.isEmpty()) {
            text.append(System.lineSeparator());
            blind.forEach(line -> text.append("%s%n".formatted(SafeText.visible(line))));
        }
        return text.toString();
    }

    private static List<String> cells(String format, String cluster, Tally tally) {
        Disorder disorder = tally.disorder();
        boolean measured = disorder.total() > 0;
        return List.of(
                format,
                SafeText.visible(Redaction.of(cluster)),
                format("%,d", tally.records()),
                format("%,d", tally.events()),
                format("%,d", tally.deadLetters()),
                format("%,d", tally.skipped()),
                format("%,d", tally.truncated()),
                when(tally.first()),
                when(tally.last()),
                measured ? duration(disorder.percentile(50)) : "-",
                measured ? duration(disorder.percentile(99)) : "-",
                measured ? duration(disorder.highest()) : "-");
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }

    private static String when(@Nullable Instant time) {
        return time == null ? "-" : WHEN.format(time);
    }

    /** Such as {@code 250 ms}, {@code 3.2 s}, {@code 1h05m}. */
    static String duration(long millis) {
        if (millis == 0) {
            return "0";
        }
        if (millis < 1_000) {
            return millis + " ms";
        }
        if (millis < 60_000) {
            return format("%.1f s", millis / 1e3);
        }
        long minutes = millis / 60_000;
        if (minutes < 60) {
            return "%dm%02ds".formatted(minutes, millis / 1_000 % 60);
        }
        return minutes < 48 * 60 ? "%dh%02dm".formatted(minutes / 60, minutes % 60) : minutes / 60 / 24 + " days";
    }

    private static void table(List<List<String>> rows, StringBuilder text) {
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], cut(row.get(i)).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String cell = cut(row.get(i));
                String padding = " ".repeat(widths[i] - cell.length());
                line.append(i == 0 ? "" : GAP).append(LEFT.contains(i) ? cell + padding : padding + cell);
            }
            text.append(line.toString().stripTrailing()).append(System.lineSeparator());
        }
    }

    private static String cut(String cell) {
        return cell.length() <= WIDEST_CELL ? cell : cell.substring(0, WIDEST_CELL - 3) + "...";
    }
}
