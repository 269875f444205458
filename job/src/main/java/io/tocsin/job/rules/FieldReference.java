package io.tocsin.job.rules;

import io.tocsin.event.Source;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The fields that rules may ask, for people. */
public final class FieldReference {
    private static final int NAME = 36;

    private FieldReference() {}

    /** The fields of some logs. */
    public static String of(Collection<Source> sources) {
        StringBuilder text = new StringBuilder();
        for (Source source : sources) {
            text.append(text.isEmpty() ? "" : "\n")
                    .append(source.id())
                    .append("   logsource: {product: tocsin, service: ");
            text.append(source.id()).append("}\n");
            for (Field field : FieldCatalog.of(source)) {
                line(field, source, text);
            }
        }
        return text.toString();
    }

    private static void line(Field field, Source source, StringBuilder text) {
        text.append("  ")
                .append(field.name())
                .append(" ".repeat(Math.max(1, NAME - field.name().length())));
        text.append(field.description());
        if (!field.values().isEmpty()) {
            text.append(": ").append(String.join(" | ", new TreeSet<>(field.values())));
        }
        Set<String> others = FieldCatalog.otherNames(field, source);
        if (!others.isEmpty()) {
            text.append("  (also ")
                    .append(String.join(", ", List.copyOf(others)))
                    .append(')');
        }
        text.append('\n');
    }
}
