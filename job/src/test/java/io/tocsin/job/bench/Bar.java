package io.tocsin.job.bench;

import java.util.Locale;

/**
 * What a ratio or a figure should reach.
 *
 * @param least whether it is a least value; otherwise it is the most
 * @param value the value
 * @param aim what is said besides, such as {@code aim 4}; empty: nothing
 */
public record Bar(boolean least, double value, String aim) {
    public static Bar atLeast(double value) {
        return new Bar(true, value, "");
    }

    public static Bar atMost(double value) {
        return new Bar(false, value, "");
    }

    /** The same, with something to aim at. */
    public Bar aiming(String at) {
        return new Bar(least, value, at);
    }

    public boolean isMetBy(double ratio) {
        return least ? ratio >= value : ratio <= value;
    }

    @Override
    public String toString() {
        String number = value == Math.rint(value)
                ? String.format(Locale.ROOT, "%,d", (long) value)
                : String.format(Locale.ROOT, "%s", value);
        return (least ? "≥ " : "≤ ") + number + (aim.isEmpty() ? "" : " (" + aim + ")");
    }
}
