package io.tocsin.sigma;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Which logs a rule reads, in Sigma's words. */
public record LogSource(@Nullable String category, @Nullable String product, @Nullable String service)
        implements Serializable {
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        add(text, "category", category);
        add(text, "product", product);
        add(text, "service", service);
        return text.toString();
    }

    private static void add(StringBuilder text, String name, @Nullable String value) {
        if (value != null) {
            text.append(text.isEmpty() ? "" : ", ").append(name).append(' ').append(value);
        }
    }
}
