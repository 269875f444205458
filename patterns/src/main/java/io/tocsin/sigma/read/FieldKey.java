package io.tocsin.sigma.read;

import io.tocsin.sigma.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A key of a selection: a field and what is done with the values.
 *
 * @param field its name; {@link Expression#KEYWORDS} for the whole record
 * @param element whether one element of an array is meant: the name ended in {@code []}
 * @param modifiers in the order in which they were written
 */
record FieldKey(String field, boolean element, List<Modifier> modifiers) {
    FieldKey {
        modifiers = List.copyOf(modifiers);
    }

    /** Reads a key; null with a problem. */
    static @Nullable FieldKey parse(String key, int line, Problems problems) {
        String[] words = key.split("\\|", -1);
        String field = words[0].trim();
        if (field.isEmpty() && words.length == 1) {
            problems.add(line, "a field's name is missing");
            return null;
        }
        if (field.equals(Expression.KEYWORDS)) {
            problems.add(line, "* is no field: to search the whole record, list the keywords, or write '|all': [...]");
            return null;
        }
        List<Modifier> modifiers = new ArrayList<>();
        int before = problems.count();
        for (int i = 1; i < words.length; i++) {
            Modifier modifier = Modifier.of(words[i]);
            if (modifier == null) {
                problems.add(
                        line,
                        "there is no modifier %s%s"
                                .formatted(
                                        words[i].isEmpty() ? "between | and |" : words[i],
                                        Problems.meant(words[i], Modifier.words())));
            } else {
                modifiers.add(modifier);
            }
        }
        String objection = Modifier.objection(modifiers);
        if (objection != null) {
            problems.add(line, objection);
        }
        if (problems.count() > before) {
            return null;
        }
        return new FieldKey(field.isEmpty() ? Expression.KEYWORDS : plain(field), field.endsWith("[]"), modifiers);
    }

    /** A field's name without the brackets of arrays, which make no difference but at the end of a key. */
    static String plain(String field) {
        return field.replace("[]", "");
    }

    boolean has(Modifier modifier) {
        return modifiers.contains(modifier);
    }

    boolean isKeywords() {
        return field.equals(Expression.KEYWORDS);
    }

    /** The one of a group that it has; null without. */
    @Nullable
    Modifier oneOf(Set<Modifier> group) {
        for (Modifier modifier : modifiers) {
            if (group.contains(modifier)) {
                return modifier;
            }
        }
        return null;
    }
}
