package io.tocsin.sigma.match;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.TestingSurroundings;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The matcher says of any event and any rules what the plain meaning of each rule says. */
class RuleMatcherPropertyTest {
    private static final long SEED = 20_261_123L;

    @Test
    void agreesOnSingleRules() {
        agree(SEED, 1, 100, 50_000);
    }

    @Test
    void agreesOnTenRules() {
        agree(SEED + 1, 10, 200, 100_000);
    }

    @Test
    void agreesOnHundredRules() {
        agree(SEED + 2, 100, 500, 250_000);
    }

    @Test
    void agreesOnFiveHundredRules() {
        agree(SEED + 3, 500, 300, 300_000);
    }

    @Test
    void agreesOnTwoThousandRules() {
        agree(SEED + 4, 2_000, 150, 300_000);
    }

    private static void agree(long seed, int rules, int events, int atLeast) {
        Random random = new Random(seed);
        NaiveMatcher naive = new NaiveMatcher(TestingFields::find);
        long pairs = 0;
        long matches = 0;
        while (pairs < atLeast) {
            List<SigmaRule> some = new RandomRules(random).rules(rules);
            RuleMatcher matcher = new RuleMatcher(some, TestingFields::find);
            RandomEvents source = new RandomEvents(random);
            for (int i = 0; i < events; i++) {
                Subject subject = new Subject(source.event(), new TestingSurroundings());
                List<String> told = new ArrayList<>();
                matcher.match(subject, (rule, level) -> told.add(some.get(rule).id() + " " + level));
                List<String> meant = new ArrayList<>();
                for (SigmaRule rule : some) {
                    var level = naive.match(rule, subject);
                    if (level != null) {
                        meant.add(rule.id() + " " + level);
                    }
                }
                if (!told.equals(meant)) {
                    assertThat(told)
                            .as(describe(seed, some, told, meant, subject.event()))
                            .isEqualTo(meant);
                }
                pairs += rules;
                matches += meant.size();
            }
        }
        assertThat((double) matches / pairs)
                .as("share of pairs that match, seed %d", seed)
                .isBetween(0.05, 0.9);
    }

    private static String describe(
            long seed, List<SigmaRule> rules, List<String> told, List<String> meant, SecurityEvent event) {
        List<String> differ = new ArrayList<>(told);
        differ.removeAll(meant);
        List<String> missing = new ArrayList<>(meant);
        missing.removeAll(told);
        differ.addAll(missing);
        StringBuilder text = new StringBuilder("seed " + seed + ": " + event);
        for (SigmaRule rule : rules) {
            if (differ.stream().anyMatch(line -> line.startsWith(rule.id() + " "))) {
                text.append("\n").append(rule.id()).append(": ").append(rule.when());
                break;
            }
        }
        return text.toString();
    }
}
