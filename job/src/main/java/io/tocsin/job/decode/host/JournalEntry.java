package io.tocsin.job.decode.host;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One entry of the journal, however it was written down. Filled again for each. */
final class JournalEntry {
    private final Map<JournalField, String> values = new EnumMap<>(JournalField.class);
    private boolean believed = true;
    private boolean truncated;

    void clear() {
        values.clear();
        believed = true;
        truncated = false;
    }

    /** Sets a field; an empty value is none. */
    void set(JournalField field, @Nullable String value) {
        if (value == null || value.isEmpty()) {
            values.remove(field);
        } else {
            values.put(field, value);
        }
    }

    @Nullable
    String get(JournalField field) {
        return values.get(field);
    }

    boolean has(JournalField field) {
        return values.containsKey(field);
    }

    /** Nothing tells any more which fields journald set. */
    void disbelieve() {
        believed = false;
    }

    boolean believed() {
        return believed;
    }

    void cut() {
        truncated = true;
    }

    /** Whether fields may be missing. */
    boolean truncated() {
        return truncated;
    }
}
