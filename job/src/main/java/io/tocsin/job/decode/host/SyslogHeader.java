package io.tocsin.job.decode.host;

import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of a syslog message.
 *
 * @param severity 0 to 7; -1 if the line has no priority
 * @param time as it is written; null if the sender had none
 * @param zoned whether the time is RFC 3339; else it lacks year and zone
 * @param host the name that the sender or the relay gives
 * @param program the program's name for itself
 * @param pid its pid
 * @param body where the message starts; the line's length or more if it has none, -1 if structured data don't end
 */
record SyslogHeader(
        int severity,
        @Nullable String time,
        boolean zoned,
        @Nullable String host,
        @Nullable String program,
        @Nullable String pid,
        int body) {
    /** A header that claims a line is not longer, structured data aside. */
    static final int LONGEST = 512;

    private static final int LONGEST_NAME = 255;
    private static final int MAX_PRIORITY = 191;
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    /** What stands behind the time in logs that are none of syslog. */
    private static final Set<String> NO_HOSTS = Set.of(
            "TRACE", "DEBUG", "INFO", "NOTICE", "WARN", "WARNING", "ERROR", "FATAL", "CRITICAL", "stdout", "stderr");

    /** The header that the line starts with; null if it has none. */
    static @Nullable SyslogHeader of(String line) {
        int severity = -1;
        int at = 0;
        if (line.startsWith("<")) {
            int close = line.indexOf('>');
            int priority = close < 2 || close > 4 ? -1 : number(line, 1, close);
            if (priority < 0 || priority > MAX_PRIORITY) {
                return null;
            }
            severity = priority & 7;
            at = close + 1;
            if (isVersion(line, at)) {
                return structured(line, at + 2, severity);
            }
        }
        return classic(line, at, severity);
    }

    /**
     * The time.
     *
     * @return null if it is none
     */
    @Nullable
    Instant instant(ZoneId zone, Instant written) {
        return time == null ? null : zoned ? Rfc3339.parse(time) : Times.syslog(time, zone, written);
    }

    /** {@code 1 2026-01-24T10:00:00.000Z } or {@code 1 - }. */
    private static boolean isVersion(String line, int at) {
        return line.startsWith("1 ", at)
                && line.length() > at + 3
                && (Endpoint.isDigit(line.charAt(at + 2)) || line.startsWith("- ", at + 2));
    }

    /** RFC 5424, from the time on. */
    private static @Nullable SyslogHeader structured(String line, int from, int severity) {
        String[] words = new String[5];
        int at = from;
        for (int i = 0; i < words.length; i++) {
            int space = line.indexOf(' ', at);
            if (space <= at || space - at > LONGEST_NAME) {
                return null;
            }
            words[i] = line.substring(at, space);
            at = space + 1;
        }
        String time = nil(words[0]);
        if (time != null && Rfc3339.parse(time) == null) {
            return null;
        }
        return new SyslogHeader(severity, time, true, nil(words[1]), nil(words[2]), nil(words[3]), dataEnd(line, at));
    }

    /** Where the message starts behind the structured data; -1 if they don't end, or are none. */
    private static int dataEnd(String line, int from) {
        if (line.startsWith("-", from)) {
            return behind(line, from + 1);
        }
        int at = from;
        while (at < line.length() && line.charAt(at) == '[') {
            boolean quoted = false;
            int i = at + 1;
            while (i < line.length() && (quoted || line.charAt(i) != ']')) {
                char c = line.charAt(i);
                if (quoted && c == '\\') {
                    i++;
                } else if (c == '"') {
                    quoted = !quoted;
                }
                i++;
            }
            if (i >= line.length()) {
                return -1;
            }
            at = i + 1;
        }
        return at == from ? -1 : behind(line, at);
    }

    private static int behind(String line, int at) {
        int body = at + 1;
        if (at < line.length() && line.charAt(at) != ' ') {
            return -1;
        }
        return body < line.length() && line.charAt(body) == '\ufeff' ? body + 1 : body;
    }

    /** RFC 3164, and the same with an RFC 3339 time. */
    private static @Nullable SyslogHeader classic(String line, int from, int severity) {
        String time;
        int at;
        boolean zoned = from < line.length() && Endpoint.isDigit(line.charAt(from));
        if (zoned) {
            int space = line.indexOf(' ', from);
            if (space < 0 || space - from > 40 || Rfc3339.parse(line.substring(from, space)) == null) {
                return null;
            }
            time = line.substring(from, space);
            at = space;
        } else {
            at = stampEnd(line, from);
            if (at < 0) {
                return null;
            }
            boolean padded = line.charAt(from + 5) != ' ' && line.charAt(from + 6) == ' ';
            time = padded
                    ? line.substring(from, from + 15)
                    // Some write one space before a day of one digit.
                    : line.substring(from, from + 4) + " " + line.substring(from + 4, from + 14);
            if (at < line.length() && line.charAt(at) == '.') {
                at++;
                while (at < line.length() && Endpoint.isDigit(line.charAt(at))) {
                    at++;
                }
            }
        }
        if (at >= line.length() || line.charAt(at) != ' ') {
            return null;
        }
        return origin(line, at + 1, time, zoned, severity);
    }

    /** Where {@code Dec 10 06:55:46} ends; -1 if that is not what stands here. */
    private static int stampEnd(String line, int from) {
        if (line.length() < from + 15
                || !MONTHS.contains(line.substring(from, from + 3))
                || line.charAt(from + 3) != ' ') {
            return -1;
        }
        int day = line.charAt(from + 4) == ' ' ? from + 5 : from + 4;
        int clock = line.charAt(day + 1) == ' ' ? day + 2 : day + 3;
        boolean digits = number(line, day, clock - 1) >= 0
                && number(line, clock, clock + 2) >= 0
                && number(line, clock + 3, clock + 5) >= 0
                && number(line, clock + 6, clock + 8) >= 0;
        return digits && line.charAt(clock - 1) == ' ' && line.charAt(clock + 2) == ':' && line.charAt(clock + 5) == ':'
                ? clock + 8
                : -1;
    }

    /** Host, program and pid, from the host on, which local senders leave away. */
    private static @Nullable SyslogHeader origin(String line, int from, String time, boolean zoned, int severity) {
        int space = line.indexOf(' ', from);
        int wordEnd = space < 0 ? line.length() : space;
        int tag = from;
        String host = null;
        if (tagEnd(line, from) < 0) {
            host = line.substring(from, wordEnd);
            if (!isHost(host)) {
                return null;
            }
            tag = wordEnd + 1;
        } else if (zoned && severity < 0) {
            // Programs of all kinds write a time and a word with a colon.
            return null;
        }
        int tagEnd = tagEnd(line, tag);
        if (tagEnd < 0) {
            // A message without a program: too little to tell it by, unless the time is syslog's own.
            return zoned && severity < 0 ? null : new SyslogHeader(severity, time, zoned, host, null, null, tag);
        }
        String name = line.substring(tag, tagEnd);
        String pid = null;
        int bracket = name.indexOf('[');
        if (bracket > 0) {
            pid = name.substring(bracket + 1, name.length() - 1);
            name = name.substring(0, bracket);
        }
        int body = tagEnd + 1;
        body = body < line.length() && line.charAt(body) == ' ' ? body + 1 : body;
        return new SyslogHeader(severity, time, zoned, host, name, nil(pid == null ? "-" : pid), body);
    }

    /** Where the colon is behind {@code prog} or {@code prog[pid]}; -1 if that is not what stands here. */
    private static int tagEnd(String line, int from) {
        int at = from;
        while (at < line.length() && at - from <= LONGEST_NAME) {
            char c = line.charAt(at);
            if (c == ' ' || c == '"' || c == '=' || c == '{') {
                return -1;
            }
            if (c == ':' && (at + 1 == line.length() || line.charAt(at + 1) == ' ')) {
                return at == from ? -1 : at;
            }
            if (c == '[' && at > from) {
                int close = line.indexOf(']', at);
                return close > 0
                                && close - at < 32
                                && line.lastIndexOf(' ', close) < at
                                && line.startsWith(":", close + 1)
                        ? close + 1
                        : -1;
            }
            at++;
        }
        return -1;
    }

    private static boolean isHost(String word) {
        if (word.isEmpty() || word.length() > LONGEST_NAME || NO_HOSTS.contains(word)) {
            return false;
        }
        if (word.length() >= 20 && Rfc3339.parse(word) != null) {
            return false; // a time in front of a line that has one of its own, as in an export
        }
        for (int i = 0; i < word.length(); i++) {
            char c = word.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || Endpoint.isDigit(c)
                    || c == '.'
                    || c == '-'
                    || c == '_'
                    || c == ':'
                    || c == '%';
            if (!allowed) {
                return false;
            }
        }
        return true;
    }

    private static @Nullable String nil(String word) {
        return word.equals("-") || word.isEmpty() ? null : word;
    }

    private static int number(String line, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            if (i >= line.length() || !Endpoint.isDigit(line.charAt(i))) {
                return -1;
            }
            number = number * 10 + line.charAt(i) - '0';
        }
        return to > from ? number : -1;
    }
}
