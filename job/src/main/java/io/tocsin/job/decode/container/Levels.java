package io.tocsin.job.decode.container;

import io.tocsin.job.decode.Texts;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How grave a line of text calls itself, where that is easily seen: klog, {@code level=} of logfmt, {@code "level":} of JSON. */
final class Levels {
    private static final String LOGFMT = "level=";
    private static final String JSON = "\"level\":";
    private static final int LONGEST = 16;
    private static final Set<String> KNOWN = Set.of(
            "trace",
            "debug",
            "info",
            "information",
            "notice",
            "warn",
            "warning",
            "err",
            "error",
            "crit",
            "critical",
            "fatal",
            "panic",
            "alert",
            "emerg",
            "emergency");
    /** Further inside nobody looks for it. */
    private static final int HEAD = 512;

    private Levels() {}

    static @Nullable String of(String line) {
        if (Texts.isKlog(line)) {
            return switch (line.charAt(0)) {
                case 'I' -> "info";
                case 'W' -> "warning";
                case 'E' -> "error";
                default -> "fatal";
            };
        }
        String head = line.length() > HEAD ? line.substring(0, HEAD) : line;
        int json = head.startsWith("{") ? head.indexOf(JSON) : -1;
        if (json >= 0) {
            int start = json + JSON.length();
            start += head.startsWith(" ", start) ? 1 : 0;
            return head.startsWith("\"", start) ? word(head, start + 1, true) : null;
        }
        int logfmt = head.startsWith(LOGFMT) ? 0 : head.indexOf(' ' + LOGFMT) + 1;
        if (logfmt == 0 && !head.startsWith(LOGFMT)) {
            return null;
        }
        int start = logfmt + LOGFMT.length();
        boolean quoted = head.startsWith("\"", start);
        return word(head, quoted ? start + 1 : start, quoted);
    }

    /** The word in lower case if it is a level; null if not. */
    static @Nullable String known(String word) {
        String level = word.length() > LONGEST ? "" : word.toLowerCase(Locale.ROOT);
        return KNOWN.contains(level) ? level : null;
    }

    private static @Nullable String word(String text, int from, boolean quoted) {
        int to = from;
        while (to < text.length() && to - from <= LONGEST && Character.isLetter(text.charAt(to))) {
            to++;
        }
        boolean ends = quoted ? text.startsWith("\"", to) : to == text.length() || text.charAt(to) == ' ';
        return ends ? known(text.substring(from, to)) : null;
    }
}
