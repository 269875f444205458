package io.tocsin.job.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class DisorderTest {
    @Test
    void givesExactPercentiles() {
        Disorder disorder = of(LongStream.rangeClosed(1, 100).boxed().toList());

        assertThat(disorder.percentile(50)).isEqualTo(50);
        assertThat(disorder.percentile(99)).isEqualTo(99);
        assertThat(disorder.highest()).isEqualTo(100);
        assertThat(disorder.total()).isEqualTo(100);
    }

    @Test
    void ofFewRecordsThePercentileIsOneOfThem() {
        assertThat(of(List.of(7L)).percentile(50)).isEqualTo(7);
        assertThat(of(List.of(7L)).percentile(99)).isEqualTo(7);
        assertThat(of(List.of(0L, 0L, 9L)).percentile(50)).isZero();
        assertThat(of(List.of()).percentile(50)).isZero();
    }

    @Test
    void withTooManyDifferentOnesItIsCoarserButNotOrderDependent() {
        List<Long> millis = new ArrayList<>(LongStream.range(0, 100_000).boxed().toList());
        Disorder sorted = of(millis);
        Collections.shuffle(millis, new Random(7));
        Disorder shuffled = of(millis);

        assertThat(sorted.percentile(50)).isBetween(49_999L, 50_031L);
        assertThat(sorted.percentile(99)).isBetween(98_999L, 99_031L).isEqualTo(shuffled.percentile(99));
        assertThat(sorted.percentile(50)).isEqualTo(shuffled.percentile(50));
        assertThat(sorted.highest()).isEqualTo(99_999);
    }

    @Test
    void twoTogetherAreAsIfCountedInOne() {
        Disorder together = of(LongStream.range(0, 50_000).boxed().toList());
        together.add(of(List.of(3L)));
        Disorder one = of(LongStream.concat(LongStream.range(0, 50_000), LongStream.of(3))
                .boxed()
                .toList());

        assertThat(together.percentile(50)).isEqualTo(one.percentile(50));
        assertThat(together.total()).isEqualTo(50_001);
        Disorder other = of(List.of(3L));
        other.add(of(LongStream.range(0, 50_000).boxed().toList()));
        assertThat(other.percentile(99)).isEqualTo(one.percentile(99));
        assertThat(other.highest()).isEqualTo(49_999);
    }

    private static Disorder of(List<Long> millis) {
        Disorder disorder = new Disorder();
        millis.forEach(disorder::add);
        return disorder;
    }
}
