package io.tocsin.sigma.read;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Durations as the job's parameters write them: a whole number and a unit, {@code 14d}, {@code 24 h}, {@code 30 min}. */
final class RuleDuration {
    private static final Pattern SHAPE = Pattern.compile("(\\d{1,9})\\s*([a-z]+)");
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final Map<String, Duration> UNITS = Map.ofEntries(
            Map.entry("d", Duration.ofDays(1)),
            Map.entry("day", Duration.ofDays(1)),
            Map.entry("days", Duration.ofDays(1)),
            Map.entry("h", Duration.ofHours(1)),
            Map.entry("hour", Duration.ofHours(1)),
            Map.entry("hours", Duration.ofHours(1)),
            Map.entry("min", Duration.ofMinutes(1)),
            Map.entry("m", Duration.ofMinutes(1)),
            Map.entry("minute", Duration.ofMinutes(1)),
            Map.entry("minutes", Duration.ofMinutes(1)),
            Map.entry("s", Duration.ofSeconds(1)),
            Map.entry("sec", Duration.ofSeconds(1)),
            Map.entry("second", Duration.ofSeconds(1)),
            Map.entry("seconds", Duration.ofSeconds(1)));

    private RuleDuration() {}

    /** The duration, from 1 second to 366 days; null if the text is none. */
    static @Nullable Duration parse(String text) {
        Matcher matcher = SHAPE.matcher(text.strip());
        if (!matcher.matches()) {
            return null;
        }
        Duration unit = UNITS.get(matcher.group(2));
        if (unit == null) {
            return null;
        }
        Duration duration = unit.multipliedBy(Long.parseLong(matcher.group(1)));
        return duration.isZero() || duration.compareTo(LONGEST) > 0 ? null : duration;
    }
}
