package io.tocsin.job.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The table, one for all groups; and what is said below. */
final class MarkdownTable {
    static final String HEAD = "| what | events/s | CPU µs an event | ratio | least to most | to | bar | |";
    static final String RULE = "|---|--:|--:|--:|--:|---|---|---|";

    private final List<Section> sections;

    MarkdownTable(List<Section> sections) {
        this.sections = List.copyOf(sections);
    }

    /** The lines. */
    List<String> lines() {
        List<String> lines = new ArrayList<>(List.of(HEAD, RULE));
        for (Section section : sections) {
            lines.add("| **" + section.group() + "**: " + section.title() + " | | | | | | | |");
            for (Row row : section.rows()) {
                row(section, row, lines);
            }
        }
        for (Section section : sections) {
            if (!section.notes().isEmpty()) {
                lines.add("");
                lines.add("**" + section.group() + "**");
                lines.add("");
                lines.addAll(section.notes());
            }
        }
        return lines;
    }

    private static void row(Section section, Row row, List<String> lines) {
        boolean stream = row.subject() != null
                && section.median(round -> round.of(row.id()).events()) > 0;
        String perSecond = stream
                ? format("%,.0f", section.median(round -> round.of(row.id()).perSecond()))
                : "";
        String micros =
                stream ? number(section.median(round -> round.of(row.id()).cpuMicros())) : "";
        if (row.ratios().isEmpty()) {
            lines.add("| %s | %s | %s | | | | | |".formatted(row.name(), perSecond, micros));
            return;
        }
        for (int i = 0; i < row.ratios().size(); i++) {
            Ratio ratio = row.ratios().get(i);
            double median = section.median(ratio.of());
            Bar bar = ratio.bar();
            lines.add("| %s | %s | %s | %s | %s to %s | %s | %s | %s |"
                    .formatted(
                            i == 0 ? row.name() : "",
                            i == 0 ? perSecond : "",
                            i == 0 ? micros : "",
                            number(median),
                            number(section.least(ratio.of())),
                            number(section.most(ratio.of())),
                            ratio.to(),
                            bar == null ? "" : bar,
                            bar == null ? "" : bar.isMetBy(median) ? "met" : "**missed**"));
        }
    }

    /** Three digits that count, however large. */
    static String number(double value) {
        double size = Math.abs(value);
        return size >= 100
                ? format("%,.0f", value)
                : size >= 10
                        ? format("%.1f", value)
                        : size >= 1 || size == 0 ? format("%.2f", value) : format("%.3f", value);
    }

    private static String format(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
