package io.tocsin.job.redaction;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The edits of one text, found in any order and more than once. */
final class Edits {
    private static final Comparator<Edit> BY_PLACE = Comparator.comparingInt(Edit::from)
            .thenComparing(Comparator.comparingInt(Edit::to).reversed());

    private final List<Edit> found = new ArrayList<>();

    /** Takes away a place. */
    void redact(int from, int to) {
        replace(from, to, Redaction.REDACTED);
    }

    void replace(int from, int to, String text) {
        if (to > from) {
            found.add(new Edit(from, to, text));
        }
    }

    /** Adds what was found in a part of the text that starts here. */
    void add(List<Edit> inPart, int start) {
        for (Edit edit : inPart) {
            found.add(edit.moved(start));
        }
    }

    /** In the order of the text. Where they overlap, they are one: what one way of reading took, no other puts back. */
    List<Edit> merged() {
        if (found.size() < 2) {
            return found;
        }
        found.sort(BY_PLACE);
        List<Edit> merged = new ArrayList<>(found.size());
        Edit last = found.get(0);
        for (Edit next : found.subList(1, found.size())) {
            if (next.from() < last.to()) {
                boolean within = next.to() <= last.to();
                String text = within && last.text().contains(Redaction.REDACTED) ? last.text() : Redaction.REDACTED;
                last = new Edit(last.from(), Math.max(last.to(), next.to()), text);
            } else if (next.from() == last.to()
                    && next.text().equals(Redaction.REDACTED)
                    && last.text().equals(Redaction.REDACTED)) {
                last = new Edit(last.from(), next.to(), Redaction.REDACTED);
            } else {
                merged.add(last);
                last = next;
            }
        }
        merged.add(last);
        return merged;
    }

    /** The text with merged edits made. */
    static String apply(String text, List<Edit> edits) {
        StringBuilder result = new StringBuilder(text.length());
        int copied = 0;
        for (Edit edit : edits) {
            result.append(text, copied, edit.from()).append(edit.text());
            copied = edit.to();
        }
        return result.append(text, copied, text.length()).toString();
    }
}
