package io.tocsin.sigma.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.sigma.Expression;
import io.tocsin.sigma.WrittenRule;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The grammar of conditions. */
class SigmaConditionTest {
    /** Search identifiers that all conditions here have; a last term uses those that the condition does not. */
    private static final String SELECTIONS =
            """
            a: {f: a}
            b: {f: b}
            c: {f: c}
            sel_1: {f: s1}
            sel_2: {f: s2}
            x_sel: {f: xs}
            _hidden: {f: h}
            """;

    private static String meaning(String condition) {
        SigmaDocuments read = WrittenRule.detection(
                SELECTIONS + "condition:\n  - " + quoted(condition) + "\n  - a or b or c or 1 of *sel* or _hidden");
        assertThat(read.problems()).isEmpty();
        Expression when = ((Expression.Any) read.rules().get(0).when()).of().get(0);
        return WrittenRule.meaning(when).replace("f is ", "").replace("'", "");
    }

    private static List<String> refused(String condition) {
        return WrittenRule.problems(WrittenRule.detection(SELECTIONS + "condition: " + quoted(condition)));
    }

    private static String quoted(String condition) {
        return "'" + condition.replace("'", "''") + "'";
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "a => a",
                "a and b => (a & b)",
                "a or b => (a | b)",
                "not a => !a",
                "not not a => a",
                "a and not b => (a & !b)",
                "a or b and c => (a | (b & c))",
                "a and b or c => ((a & b) | c)",
                "(a or b) and c => ((a | b) & c)",
                "not a and b => (!a & b)",
                "not (a and b) => !(a & b)",
                "not a or b => (!a | b)",
                "a and b and c => (a & b & c)",
                "((a)) => a",
                "(a)or(b) => (a | b)",
                "A AND b => ?",
                "a AND NOT b => (a & !b)",
                "a Or b => (a | b)",
                "1 of sel_* => (s1 | s2)",
                "any of sel_* => (s1 | s2)",
                "ANY OF sel_* => (s1 | s2)",
                "all of sel_* => (s1 & s2)",
                "All Of sel_* => (s1 & s2)",
                "1 of *sel => xs",
                "all of *sel* => (s1 & s2 & xs)",
                "1 of s*_1 => s1",
                "1 of a => a",
                "not 1 of sel_* => !(s1 | s2)",
                "a and not 1 of sel_* => (a & !(s1 | s2))",
                "not 1 of sel_* and a => (!(s1 | s2) & a)",
                "1 of them => (a | b | c | s1 | s2 | xs)",
                "all of THEM => (a & b & c & s1 & s2 & xs)",
                "1 of * => (a | b | c | s1 | s2 | xs)",
                "1 of _* => h",
                "_hidden => h",
            })
    void conditionsMeanWhatTheSpecificationSays(String condition, String meaning) {
        if (meaning.equals("?")) {
            assertThat(refused(condition))
                    .containsExactly("11: condition: there is no search identifier A; did you mean a?");
        } else {
            assertThat(meaning(condition)).isEqualTo(meaning);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            value = {
                "a and => expected a search identifier after and",
                "and a => expected a search identifier before and",
                "not => expected a search identifier after not",
                "a b => expected and, or, or the end before b",
                "a or or b => expected a search identifier before or",
                "(a or b => a parenthesis is not closed",
                "(a b) => expected and, or, or ) before b",
                "a) => expected and, or, or the end before )",
                "() => expected a search identifier before )",
                "selection => there is no search identifier selection",
                "sel1 => there is no search identifier sel1; did you mean sel_1?",
                "1 of sol_* => no search identifier is called sol_*; did you mean sel_1?",
                "2 of sel_* => expected 1, any or all before of: 2",
                "some of them => expected 1, any or all before of: some",
                "1 of => expected them or a pattern such as selection_* after of",
                "1 of (a) => expected them or a pattern such as selection_* after of",
                "1 sel_* => expected of after 1",
                "all sel_* => expected of after all",
                "them => expected a search identifier before them",
                "sel_* => a pattern needs 1 of or all of before it: sel_*",
                "a & b => expected a search identifier, and, or, not, 1 of, all of, or a parenthesis: & b",
                "a | count() by f > 5 => aggregations behind | are those of Sigma 1: counts over time are rates, tell Tocsin's own (tocsin detections), or name this rule as the signal of one",
            })
    void conditionsThatAreNoneAreRefusedWithTheReason(String condition, String reason) {
        assertThat(refused(condition)).containsExactly("11: condition: " + reason);
    }

    @Test
    void aListOfConditionsIsOneOfThem() {
        assertThat(WrittenRule.meaning(WrittenRule.detection("a: {f: a}\nb: {f: b}\ncondition: [a, b]")))
                .isEqualTo("(f is 'a' | f is 'b')");
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\ncondition: []")))
                .containsExactly("5: condition is an empty list", "4: no condition names the search identifier a");
    }

    @Test
    void unusedSearchIdentifiersAreToldWithTheirLine() {
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\nb: {f: b}\n_c: {f: c}\ncondition: a")))
                .containsExactly(
                        "5: no condition names the search identifier b",
                        "6: no condition names the search identifier _c");
    }

    @Test
    void aConditionMustBeThereAndBeAText() {
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}")))
                .containsExactly(
                        "4: detection.condition is missing: how the search identifiers are joined, such as: selection and not filter");
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\ncondition: {a: b}")))
                .containsExactly(
                        "5: condition must be a text such as: selection and not filter; given: keys and values");
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\ncondition: ''")))
                .containsExactly("5: condition must be a text such as: selection and not filter; given: an empty text");
    }

    @Test
    void searchIdentifiersMustBeWordsThatConditionsCanName() {
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\n'b c': {f: b}\nNot: {f: b}\ncondition: a")))
                .contains(
                        "5: a search identifier is letters, digits, _, - and ., or else no condition can name it: b c",
                        "6: Not is a word of conditions and can't be a search identifier");
    }

    @Test
    void timeframesOfSigma1AreRefused() {
        assertThat(WrittenRule.problems(WrittenRule.detection("a: {f: a}\ntimeframe: 5m\ncondition: a")))
                .containsExactly(
                        "5: timeframe belongs to the aggregations of Sigma 1: what happens several times is told by Tocsin's own rates");
    }

    @Test
    void conditionsAreBounded() {
        assertThat(refused("(".repeat(51) + "a" + ")".repeat(51)))
                .containsExactly("11: condition: parentheses may nest at most 50 deep");
        assertThat(meaning("(".repeat(50) + "a" + ")".repeat(50))).isEqualTo("a");
        assertThat(refused("a and ".repeat(1_000) + "a")).containsExactly("11: condition: more than 2000 words");
        assertThat(meaning("not ".repeat(1_998) + "a")).isEqualTo("a");
        String many = "s: {f: [" + "x,".repeat(1_000) + "y]}\n";
        assertThat(WrittenRule.problems(WrittenRule.detection(many + "condition: " + "s or ".repeat(100) + "s")))
                .containsExactly(
                        "5: condition: with its search identifiers put in it compares more than 100000 values");
    }
}
