package io.tocsin.job.sink;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Alerts as rows of a table, for people: when (UTC), how bad, who, from where, what happened, and the first characters of the
 * alert's uid. Cells wrap; nothing a client chose reaches the terminal as a control character.
 */
public final class AlertTable implements Serializable {
    private static final long serialVersionUID = 1L;

    /** The width where the terminal's is not known. */
    public static final int DEFAULT_WIDTH = 120;

    private static final int MIN_WIDTH = 80;
    private static final int MAX_WIDTH = 240;
    private static final int CELL_LIMIT = 1024;
    private static final String GAP = "  ";
    private static final DateTimeFormatter WHEN =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final List<String> HEADINGS = List.of("WHEN (UTC)", "SEVERITY", "WHO", "FROM", "WHAT", "ALERT");

    private final int[] widths;
    private final boolean colour;

    /**
     * @param width columns of the terminal
     * @param colour whether the severity is coloured
     */
    public AlertTable(int width, boolean colour) {
        int total = Math.max(MIN_WIDTH, Math.min(MAX_WIDTH, width));
        int fixed = 19 + 8 + 12 + (HEADINGS.size() - 1) * GAP.length();
        int free = total - fixed;
        int who = free / 4;
        // Room for any IPv4 address; an IPv6 address wraps on a narrow terminal.
        int from = Math.max(15, Math.min(39, free / 5));
        if (total < 100) {
            from = 10;
        }
        this.widths = new int[] {19, 8, who, from, free - who - from, 12};
        this.colour = colour;
    }

    /**
     * For the terminal this process writes to: its width from {@code COLUMNS}, colour only if it is a terminal and neither {@code
     * NO_COLOR} nor a dumb one says otherwise.
     */
    public static AlertTable forTerminal(Map<String, String> environment, boolean terminal) {
        int width = DEFAULT_WIDTH;
        String columns = environment.getOrDefault("COLUMNS", "");
        if (columns.matches("[1-9][0-9]{0,3}")) {
            width = Integer.parseInt(columns);
        }
        boolean dumb = "dumb".equals(environment.get("TERM"));
        String noColour = environment.getOrDefault("NO_COLOR", "");
        return new AlertTable(width, terminal && !dumb && noColour.isEmpty());
    }

    /** The headings, without a line's end. */
    public String header() {
        return row(HEADINGS, null);
    }

    /** One alert, over as many lines as its cells need, without the last line's end. */
    public String row(Alert alert) {
        return row(
                List.of(
                        when(alert.time()),
                        alert.severity().name().equals("INFORMATIONAL")
                                ? "INFO"
                                : alert.severity().name(),
                        who(alert),
                        where(alert),
                        alert.activityId() == Alert.UPDATE
                                ? alert.message() + " (" + alert.count() + " times so far)"
                                : alert.message(),
                        alert.uid().substring(0, Math.min(12, alert.uid().length()))),
                alert.severity());
    }

    /** The row as a sink's line. */
    public Line line(Alert alert) {
        return new Line(alert.uid(), row(alert).getBytes(StandardCharsets.UTF_8));
    }

    private String row(List<String> cells, @Nullable Severity severity) {
        List<List<String>> columns = new ArrayList<>();
        int height = 1;
        for (int i = 0; i < cells.size(); i++) {
            List<String> lines = wrap(SafeText.visible(SafeText.of(cells.get(i), CELL_LIMIT)), widths[i]);
            columns.add(lines);
            height = Math.max(height, lines.size());
        }
        StringBuilder table = new StringBuilder();
        for (int y = 0; y < height; y++) {
            StringBuilder line = new StringBuilder();
            for (int x = 0; x < columns.size(); x++) {
                String cell = y < columns.get(x).size() ? columns.get(x).get(y) : "";
                String padded = cell + " ".repeat(widths[x] - columnsOf(cell));
                line.append(x == 0 ? "" : GAP)
                        .append(x == 1 && y == 0 && severity != null && colour ? painted(padded, severity) : padded);
            }
            table.append(y == 0 ? "" : "\n").append(line.toString().stripTrailing());
        }
        return table.toString();
    }

    /** The last record completes the alert, so it tells who did it. */
    private static String who(Alert alert) {
        List<Evidence> evidence = alert.evidence();
        return evidence.isEmpty() ? "-" : evidence.get(evidence.size() - 1).who();
    }

    private static String where(Alert alert) {
        List<Evidence> evidence = alert.evidence();
        String address =
                evidence.isEmpty() ? null : evidence.get(evidence.size() - 1).address();
        return address == null ? "-" : address;
    }

    private static String when(Instant time) {
        return WHEN.format(time);
    }

    private static String painted(String text, Severity severity) {
        String code =
                switch (severity) {
                    case CRITICAL -> "1;31";
                    case HIGH -> "31";
                    case MEDIUM -> "33";
                    default -> "2";
                };
        return "\u001b[" + code + "m" + text + "\u001b[0m";
    }

    /** Breaks at spaces, and within a word only where it is longer than a line. */
    private static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            String rest = word;
            if (!line.isEmpty() && columnsOf(line) + 1 + columnsOf(rest) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ");
            while (columnsOf(line) + columnsOf(rest) > width) {
                int cut = prefix(rest, width - columnsOf(line));
                lines.add(line + rest.substring(0, cut));
                line.setLength(0);
                rest = rest.substring(cut);
            }
            line.append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    /** How many chars of the text fill at most so many columns; at least one character. */
    private static int prefix(String text, int columns) {
        int used = 0;
        int at = 0;
        while (at < text.length()) {
            int c = text.codePointAt(at);
            used += columnsOf(c);
            if (used > columns && at > 0) {
                break;
            }
            at += Character.charCount(c);
        }
        return at;
    }

    private static int columnsOf(CharSequence text) {
        return text.codePoints().map(AlertTable::columnsOf).sum();
    }

    /** Terminals show East Asian characters and pictures over two columns, and combining marks over none. */
    private static int columnsOf(int c) {
        int type = Character.getType(c);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK) {
            return 0;
        }
        return (c >= 0x1100 && c <= 0x115F)
                        || (c >= 0x2E80 && c <= 0xA4CF)
                        || (c >= 0xAC00 && c <= 0xD7A3)
                        || (c >= 0xF900 && c <= 0xFAFF)
                        || (c >= 0xFE30 && c <= 0xFE6F)
                        || (c >= 0xFF00 && c <= 0xFF60)
                        || (c >= 0xFFE0 && c <= 0xFFE6)
                        || (c >= 0x1F300 && c <= 0x1FAFF)
                        || (c >= 0x20000 && c <= 0x3FFFD)
                ? 2
                : 1;
    }
}
