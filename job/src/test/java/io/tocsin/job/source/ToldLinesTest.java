package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToldLinesTest {
    private record Told(int start, int length, long time) {}

    @Test
    void givesTheLineOfTheHighestTimeFirstAndOfTwoTheLaterOne() {
        Random random = new Random(1);
        ToldLines lines = new ToldLines();
        for (int round = 0; round < 200; round++) {
            List<Told> plain = new ArrayList<>();
            int count = random.nextInt(200);
            for (int i = 0; i < count; i++) {
                Told told = new Told(i * 10, 1 + random.nextInt(9), random.nextInt(50));
                plain.add(told);
                lines.add(told.start(), told.length(), told.time());
            }
            for (int taken = random.nextInt(count + 1); taken > 0; taken--) {
                Told highest = plain.stream()
                        .max(Comparator.comparingLong(Told::time).thenComparingInt(Told::start))
                        .orElseThrow();
                assertThat(lines.highest()).isEqualTo(highest.time());
                assertThat(lines.takeHighest()).isEqualTo(new ToldLines.Line(highest.start(), highest.length()));
                plain.remove(highest);
            }
            assertThat(lines.highest())
                    .isEqualTo(plain.stream().mapToLong(Told::time).max().orElse(RecordClock.NO_TIME));
            lines.clear();
            assertThat(lines.highest()).isEqualTo(RecordClock.NO_TIME);
        }
    }
}
