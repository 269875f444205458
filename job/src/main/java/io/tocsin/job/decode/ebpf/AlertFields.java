package io.tocsin.job.decode.ebpf;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Projection;
import org.jspecify.annotations.Nullable;

/** The members of an alert, in which {@code <NA>} is what others leave out. */
record AlertFields(Projection object) {
    private static final String ABSENT = "<NA>";

    /** A string, a number or a boolean as text. */
    @Nullable
    String text(AlertField field) throws BadRecord {
        String text = object.scalar(field.path);
        return ABSENT.equals(text) ? null : text;
    }

    /** A string that comes again and again. */
    @Nullable
    String name(AlertField field) throws BadRecord {
        String name = object.name(field.path);
        return ABSENT.equals(name) ? null : name;
    }

    /** The first of these that is there. */
    @Nullable
    String firstName(AlertField one, AlertField other) throws BadRecord {
        String name = name(one);
        return name == null ? name(other) : name;
    }

    /** A number or a string that is one; 0 if it is neither, since rules may print anything under any name. */
    int number(AlertField field, int max) throws BadRecord {
        String text = text(field);
        if (text == null || text.length() > 9) {
            return 0;
        }
        int number = 0;
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
            number = number * 10 + text.charAt(i) - '0';
        }
        return number > max ? 0 : number;
    }

    /** Whether one of these is there. */
    boolean has(AlertField one, AlertField other) {
        return object.has(one.path) || object.has(other.path);
    }
}
