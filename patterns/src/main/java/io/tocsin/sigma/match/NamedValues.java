package io.tocsin.sigma.match;

import io.tocsin.sigma.compare.Fold;
import io.tocsin.sigma.compare.TextSearch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The values of a field that rules name in full. All others are the same to a rule that asks for whole values, so that there are
 * only so many kinds of events, whatever an attacker sends.
 */
final class NamedValues implements TextSearch.Found {
    static final int ABSENT = 0;
    static final int SEVERAL = 1;
    static final int OTHER = 2;
    private static final int FIRST = 3;
    private static final int MOST = 1 << 10;
    /** Others, and longer ones, are looked up by what they are in lower case, each time. */
    private static final int KNOWN = 1 << 8;

    private static final int LONGEST = 128;

    /** The field. */
    final Values values;

    private final Map<String, Integer> kinds = new LinkedHashMap<>();
    private final Map<String, Integer> written = new HashMap<>();
    private final List<String> texts = new ArrayList<>();
    private @Nullable TextSearch search;
    private long toldAt;
    private int kind;

    NamedValues(Values values) {
        this.values = values;
    }

    /** A rule names a value. */
    void add(String text) {
        String folded = Fold.fold(text);
        if (texts.size() < MOST && kinds.putIfAbsent(folded, FIRST + texts.size()) == null) {
            texts.add(folded);
            written.clear();
            search = null;
        }
    }

    /** How many kinds there are. */
    int count() {
        return FIRST + texts.size();
    }

    /** The kind of what the scope has at hand. */
    int kind() {
        long now = values.scope.now();
        if (toldAt != now) {
            toldAt = now;
            List<String> list = values.list();
            kind = list.isEmpty() ? ABSENT : SEVERAL;
            if (list.size() == 1) {
                kind = of(list.get(0));
            }
        }
        return kind;
    }

    /** Verbs and resources are few and come again and again, so most are known as they are written. */
    private int of(String value) {
        Integer known = written.get(value);
        if (known != null) {
            return known;
        }
        kind = OTHER;
        compiled().search(value, this);
        if (written.size() < KNOWN && value.length() < LONGEST) {
            written.put(value, kind);
        }
        return kind;
    }

    @Override
    public void found(int text) {
        kind = FIRST + text;
    }

    /** What a question about the field is answered in a kind; null if that is still open. */
    @Nullable
    Boolean answer(Question question, int kind) {
        if (kind == ABSENT) {
            return question.answerForNone();
        }
        if (kind == SEVERAL) {
            return null;
        }
        if (kind >= FIRST) {
            return question.answerFor(texts.get(kind - FIRST));
        }
        return question.answerForOther(kinds.keySet());
    }

    private TextSearch compiled() {
        TextSearch compiled = search;
        if (compiled == null) {
            TextSearch.Builder builder = new TextSearch.Builder();
            for (String text : texts) {
                builder.add(text, true, true, false);
            }
            compiled = builder.build();
            search = compiled;
        }
        return compiled;
    }
}
