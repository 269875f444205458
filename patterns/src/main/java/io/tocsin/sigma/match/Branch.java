package io.tocsin.sigma.match;

import io.tocsin.sigma.match.Condition.Constant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Events that are alike in some fields, with the rules that they may still match and what of these is still open. Asks one more
 * field, such as the verb, and has a branch for each value of it that a rule names; grows as such events come.
 */
final class Branch {
    /** Fewer rules are not worth asking one more field. */
    private static final int FEW = 3;

    /** The rules' places, ascending. */
    final int[] rules;
    /** What is open of each. */
    final Condition[] open;

    private final Set<Values> known;
    /** What to ask next; null if nothing. */
    private final @Nullable NamedValues next;

    private final @Nullable Branch[] branches;
    private @Nullable Candidates candidates;

    private Branch(List<Integer> rules, List<Condition> open, Set<Values> known) {
        this.rules = rules.stream().mapToInt(Integer::intValue).toArray();
        this.open = open.toArray(Condition[]::new);
        this.known = known;
        this.next = mostAsked();
        this.branches = new Branch[next == null ? 0 : next.count()];
    }

    /** All rules of a source. */
    static Branch root(List<Condition> open) {
        List<Integer> rules = new ArrayList<>();
        List<Condition> possible = new ArrayList<>();
        for (int i = 0; i < open.size(); i++) {
            if (open.get(i) != Constant.FALSE) {
                rules.add(i);
                possible.add(open.get(i));
            }
        }
        return new Branch(rules, possible, Set.of());
    }

    /** How much it holds, roughly in references. */
    int size() {
        return 4 * rules.length + branches.length + 16;
    }

    /** The rules by their anchors. */
    Candidates candidates() {
        Candidates made = candidates;
        if (made == null) {
            made = new Candidates(open);
            candidates = made;
        }
        return made;
    }

    /** The branch of the scope's event; null if this one is the last, or the next one is not grown. */
    @Nullable
    Branch next() {
        return next == null ? null : branches[next.kind()];
    }

    /** Whether the event's branch could grow. */
    boolean canGrow() {
        return next != null;
    }

    /** Grows the branch of the scope's event. */
    Branch grow() {
        NamedValues field = next;
        if (field == null) {
            return this;
        }
        int kind = field.kind();
        List<Integer> left = new ArrayList<>();
        List<Condition> open = new ArrayList<>();
        for (int i = 0; i < rules.length; i++) {
            Condition given = this.open[i].given(
                    question -> question.values.named == field ? field.answer(question, kind) : null);
            if (given != Constant.FALSE) {
                left.add(rules[i]);
                open.add(given);
            }
        }
        Set<Values> known = new HashSet<>(this.known);
        known.add(field.values);
        Branch grown = new Branch(left, open, known);
        branches[kind] = grown;
        return grown;
    }

    /** The field that most rules need certain values of. */
    private @Nullable NamedValues mostAsked() {
        Map<Values, Integer> asked = new HashMap<>();
        for (Condition condition : open) {
            for (Values field : condition.needs()) {
                asked.merge(field, 1, Integer::sum);
            }
        }
        Values most = null;
        int times = FEW - 1;
        for (Map.Entry<Values, Integer> entry : asked.entrySet()) {
            int count = entry.getValue();
            boolean first = most == null || entry.getKey().order < most.order;
            if (!known.contains(entry.getKey()) && (count > times || (count == times && most != null && first))) {
                most = entry.getKey();
                times = count;
            }
        }
        return most == null ? null : most.named;
    }
}
