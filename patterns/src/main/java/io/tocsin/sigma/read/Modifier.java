package io.tocsin.sigma.read;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What may stand after a field's name, behind a {@code |}. */
enum Modifier {
    CONTAINS,
    STARTSWITH,
    ENDSWITH,
    CASED,
    WINDASH,
    UTF16,
    UTF16LE,
    UTF16BE,
    WIDE,
    BASE64,
    BASE64OFFSET,
    ALL,
    NEQ,
    EXPAND,
    RE,
    I,
    M,
    S,
    CIDR,
    EXISTS,
    FIELDREF,
    LT,
    LTE,
    GT,
    GTE,
    MINUTE,
    HOUR,
    DAY,
    WEEK,
    MONTH,
    YEAR;

    /** Where in the field the value stands. */
    static final Set<Modifier> PLACES = Set.copyOf(EnumSet.of(CONTAINS, STARTSWITH, ENDSWITH));
    /** Which characters the value was written in. */
    static final Set<Modifier> CHARSETS = Set.copyOf(EnumSet.of(UTF16, UTF16LE, UTF16BE, WIDE));

    static final Set<Modifier> BASE64S = Set.copyOf(EnumSet.of(BASE64, BASE64OFFSET));
    /** How a number is compared. */
    static final Set<Modifier> ORDERS = Set.copyOf(EnumSet.of(LT, LTE, GT, GTE));
    /** Which part of a time is compared. */
    static final Set<Modifier> TIMES = Set.copyOf(EnumSet.of(MINUTE, HOUR, DAY, WEEK, MONTH, YEAR));

    private static final Set<Modifier> FLAGS = Set.copyOf(EnumSet.of(I, M, S));
    private static final List<Set<Modifier>> ONE_OF = List.of(PLACES, CHARSETS, BASE64S, ORDERS, TIMES);

    /** The word in a rule. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All words. */
    static List<String> words() {
        List<String> words = new ArrayList<>();
        for (Modifier modifier : values()) {
            words.add(modifier.word());
        }
        return words;
    }

    /** The modifier of a word; null if there is none. */
    static @Nullable Modifier of(String word) {
        for (Modifier modifier : values()) {
            if (modifier.word().equals(word)) {
                return modifier;
            }
        }
        return null;
    }

    /** Why these, in this order, make no sense; null if they do. */
    static @Nullable String objection(List<Modifier> modifiers) {
        for (int i = 0; i < modifiers.size(); i++) {
            Modifier modifier = modifiers.get(i);
            for (int j = 0; j < i; j++) {
                String objection = objection(modifiers.get(j), modifier);
                if (objection != null) {
                    return objection;
                }
            }
            if (FLAGS.contains(modifier) && !modifiers.subList(0, i).contains(RE)) {
                return "%s belongs to re and stands behind it: re|%s".formatted(modifier.word(), modifier.word());
            }
        }
        return null;
    }

    private static @Nullable String objection(Modifier before, Modifier after) {
        if (before == after) {
            return "%s stands here twice".formatted(after.word());
        }
        for (Set<Modifier> group : ONE_OF) {
            if (group.contains(before) && group.contains(after)) {
                return "%s and %s make no sense together".formatted(before.word(), after.word());
            }
        }
        Modifier place = PLACES.contains(before) ? before : after;
        Modifier other = place == before ? after : before;
        if (other == RE && PLACES.contains(place)) {
            return "%s makes no sense with re, which finds its match anywhere: use ^ and $ for the beginning and the end"
                    .formatted(place.word());
        }
        if (!before.goesWith().contains(after) || !after.goesWith().contains(before)) {
            return "%s and %s make no sense together".formatted(before.word(), after.word());
        }
        if (BASE64S.contains(after) && PLACES.contains(before)) {
            return "%s must stand before %s: what it makes is looked for".formatted(after.word(), before.word());
        }
        if (BASE64S.contains(before) && (CHARSETS.contains(after) || after == WINDASH)) {
            return "%s must stand before %s, which hides the text".formatted(after.word(), before.word());
        }
        return null;
    }

    /** What it may stand beside. */
    private Set<Modifier> goesWith() {
        EnumSet<Modifier> with =
                switch (this) {
                    case RE -> EnumSet.of(I, M, S, ALL, NEQ, EXPAND);
                    case I, M, S -> EnumSet.of(RE, I, M, S, ALL, NEQ, EXPAND);
                    case CIDR -> EnumSet.of(ALL, NEQ, EXPAND);
                    case EXISTS -> EnumSet.noneOf(Modifier.class);
                    case FIELDREF -> EnumSet.of(CONTAINS, STARTSWITH, ENDSWITH, CASED, ALL, NEQ);
                    case LT, LTE, GT, GTE -> EnumSet.of(MINUTE, HOUR, DAY, WEEK, MONTH, YEAR);
                    case MINUTE, HOUR, DAY, WEEK, MONTH, YEAR -> EnumSet.of(LT, LTE, GT, GTE, NEQ);
                    // A list that is negated and joined by and can be read two ways.
                    case ALL -> EnumSet.complementOf(EnumSet.of(NEQ));
                    case NEQ -> EnumSet.complementOf(EnumSet.of(ALL));
                    default -> EnumSet.allOf(Modifier.class);
                };
        return Set.copyOf(with);
    }
}
