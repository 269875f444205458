package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Silence holds no longer than its reasons. */
class QuietTest {
    private static final class Thing extends Remembered {}

    @Test
    void whoSpokeOrGaveNoReasonIsNotQuiet() {
        Quiet quiet = new Quiet();
        quiet.start();
        assertThat(quiet.holds(1)).as("no reason").isFalse();
        quiet.always();
        assertThat(quiet.holds(1)).isTrue();
        quiet.spoke();
        assertThat(quiet.holds(1)).isFalse();
    }

    @Test
    void whatChangedBetweenIsNotForgottenWhenManyBecomeOne() {
        Thing thing = new Thing();
        Quiet quiet = reason(0, 10, thing);
        thing.changed();
        Quiet all = new Quiet();
        all.start();
        all.and(quiet);
        assertThat(all.holds(5)).isFalse();
        all.and(reason(0, 10, thing));
        assertThat(all.holds(5)).as("the one that does not hold still counts").isFalse();
    }

    @RepeatedTest(200)
    void ofManyOneHoldsWhenAllDo(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        List<Thing> things = List.of(new Thing(), new Thing(), new Thing());
        List<Quiet> many = new ArrayList<>();
        Quiet all = new Quiet();
        all.start();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            Quiet one = reason(random.nextInt(8), 12 + random.nextInt(8), things.get(random.nextInt(3)));
            if (random.nextInt(8) == 0) {
                one.spoke();
            }
            if (random.nextInt(8) == 0) {
                one.start();
            }
            if (random.nextInt(8) == 0) {
                things.get(random.nextInt(3)).changed();
            }
            many.add(one);
        }
        many.forEach(all::and);
        for (int step = 0; step < 3; step++) {
            for (long millis = 0; millis < 22; millis++) {
                long at = millis;
                assertThat(all.holds(at)).isEqualTo(many.stream().allMatch(one -> one.holds(at)));
            }
            things.get(step).changed();
        }
    }

    private static Quiet reason(long from, long to, Remembered on) {
        Quiet quiet = new Quiet();
        quiet.start();
        quiet.between(from, to);
        quiet.unless(on);
        return quiet;
    }
}
