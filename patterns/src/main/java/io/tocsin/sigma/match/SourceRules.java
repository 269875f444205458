package io.tocsin.sigma.match;

import io.tocsin.alert.Severity;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The rules of one source, with what they have in common. */
final class SourceRules {
    /** After so many events that would have grown it, it starts anew: what it holds may be what nobody sends any more. */
    private static final int PATIENCE = 1 << 20;

    private final EventScope scope;
    private final int[] places;
    private final Severity[] levels;
    private final Condition[][] grades;
    private final Severity[][] gradeLevels;
    private final List<Condition> conditions = new ArrayList<>();
    private final long[] bits;
    private final int largest;

    private Branch root;
    private long size;
    private int refused;

    /**
     * Compiles rules.
     *
     * @param all all rules
     * @param places which of them, ascending
     * @param fields finds a field of the source
     * @param largest the tree of branches is not grown beyond this, in references
     */
    SourceRules(List<SigmaRule> all, List<Integer> places, Function<String, @Nullable Field> fields, int largest) {
        this.largest = largest;
        int count = places.size();
        this.scope = new EventScope(fields);
        this.places = places.stream().mapToInt(Integer::intValue).toArray();
        this.levels = new Severity[count];
        this.grades = new Condition[count][];
        this.gradeLevels = new Severity[count][];
        this.bits = new long[(count + 63) >> 6];
        for (int i = 0; i < count; i++) {
            SigmaRule rule = all.get(this.places[i]);
            levels[i] = rule.level();
            conditions.add(Compiler.compile(rule.when(), scope));
            grades[i] = rule.grades().stream()
                    .map(grade -> Compiler.compile(grade.when(), scope))
                    .toArray(Condition[]::new);
            gradeLevels[i] = rule.grades().stream().map(SigmaRule.Grade::level).toArray(Severity[]::new);
        }
        root = Branch.root(conditions);
    }

    /** Tells the rules that match, in their order. */
    void match(Subject subject, RuleMatcher.Matches matches) {
        scope.take(subject);
        Branch branch = branch();
        if (branch.rules.length == 0) {
            return;
        }
        Candidates candidates = branch.candidates();
        candidates.mark(bits);
        boolean dryRun = subject.event().dryRun();
        for (int word = 0; word < candidates.words(); word++) {
            for (long left = bits[word]; left != 0; left &= left - 1) {
                int at = (word << 6) + Long.numberOfTrailingZeros(left);
                if (branch.open[at].holds()) {
                    int rule = branch.rules[at];
                    matches.match(places[rule], dryRun ? Severity.INFORMATIONAL : level(rule));
                }
            }
        }
    }

    /** Whether the answer about the last event depends on the query of its URI. */
    boolean readQuery() {
        return scope.readQuery();
    }

    private Severity level(int rule) {
        Condition[] when = grades[rule];
        for (int i = 0; i < when.length; i++) {
            if (when[i].holds()) {
                return gradeLevels[rule][i];
            }
        }
        return levels[rule];
    }

    private Branch branch() {
        Branch branch = root;
        while (branch.canGrow()) {
            Branch next = branch.next();
            if (next == null) {
                if (size > largest) {
                    refuse();
                    return branch;
                }
                next = branch.grow();
                size += next.size();
            }
            branch = next;
        }
        return branch;
    }

    private void refuse() {
        if (++refused >= PATIENCE) {
            refused = 0;
            size = 0;
            root = Branch.root(conditions);
        }
    }
}
