package io.tocsin.job.redaction;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** An object or array that is open while JSON is searched. */
final class JsonFrame {
    /** Beyond it, numbers are no text. */
    private static final int MOST_NUMBERS = 1 << 20;

    final @Nullable JsonFrame parent;
    final boolean object;
    /** How many places waited for a word on whether they are of a Secret when this was opened. */
    final int waiting;
    /** Where it starts. */
    final int start;
    /** The member whose value is read; in an array, the member it is the value of. */
    @Nullable
    String member;
    /** Whether all that stands in it is the data of what may be a Secret. */
    boolean data;
    /** Whether it is told to be of a Secret. */
    boolean ofSecret;
    /** Whether it is told what it is. */
    boolean told;
    /** How many places waited when its data began; negative if it has none. */
    int waitingForData = -1;
    /** What {@code name} or {@code key} says, beside a {@code value}. */
    @Nullable
    String pairName;
    /** The same of what this is the {@code value} of. */
    final @Nullable String pairAbove;
    /** Whether {@code path} leads into data, as in a JSON patch. */
    boolean pathIntoData;

    int valueFrom = -1;
    int valueTo;
    /** In an array: what the arguments so far say about the next. */
    @Nullable
    PasswordOption option;

    boolean secretNext;
    /** In an array of numbers only: as bytes. */
    @Nullable
    StringBuilder numbers;

    JsonFrame(@Nullable JsonFrame parent, boolean object, int waiting, int start) {
        this.parent = parent;
        this.object = object;
        this.waiting = waiting;
        this.start = start;
        this.numbers = object ? null : new StringBuilder(0);
        this.pairAbove = parent != null && "value".equals(parent.member) ? parent.pairName : null;
        if (parent != null) {
            this.ofSecret = parent.ofSecret || "stringData".equals(parent.member);
            this.data = parent.data;
            if (object && !data && isData(parent.member)) {
                this.data = true;
                parent.waitingForData = waiting;
            }
            this.member = object ? null : parent.member;
        }
    }

    private static boolean isData(@Nullable String name) {
        return "data".equals(name) || "stringData".equals(name);
    }

    /** Another element that is no number of a byte. */
    void noNumbers() {
        numbers = null;
    }

    void number(String digits) {
        StringBuilder all = numbers;
        if (all == null) {
            return;
        }
        int value = digits.length() > 3 ? -1 : value(digits);
        if (value < 0 || value > 255 || all.length() == MOST_NUMBERS) {
            numbers = null;
        } else {
            all.append((char) value);
        }
    }

    private static int value(String digits) {
        int value = 0;
        for (int i = 0; i < digits.length(); i++) {
            int digit = digits.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            value = 10 * value + digit;
        }
        return value;
    }

    /** Learns from a member whether this is a Secret, or tells of one. */
    void learn(String name, String value) {
        switch (name.toLowerCase(Locale.ROOT)) {
            case "kind", "@type" -> {
                String kind = value.substring(value.lastIndexOf('.') + 1);
                mark(this, kind.equals("Secret") || kind.equals("SecretList"));
                told = true;
            }
            case "requesturi", "resourcename" -> mark(this, value.contains("/secrets"));
            case "methodname" -> mark(this, value.contains(".secrets."));
            case "resource" -> {
                boolean secrets = value.equals("secrets");
                mark(this, secrets);
                if (parent != null && "objectref".equalsIgnoreCase(parent.member)) {
                    mark(parent, secrets);
                    parent.told = true;
                }
            }
            case "name", "key" -> pairName = value;
            case "path" -> pathIntoData = value.startsWith("/data") || value.startsWith("/stringData");
            default -> {
                // Says nothing.
            }
        }
    }

    private static void mark(JsonFrame frame, boolean secret) {
        frame.ofSecret |= secret;
    }
}
