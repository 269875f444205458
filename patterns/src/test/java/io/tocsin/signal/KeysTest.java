package io.tocsin.signal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class KeysTest {
    @Test
    void escapesWhatSeparates() {
        assertThat(Keys.of("c", "identity", "alice")).isEqualTo("c|identity|alice");
        assertThat(Keys.of("c", "a|b")).isEqualTo("c|a\\|b");
        assertThat(Keys.of("c", "a\\", "b")).isEqualTo("c|a\\\\|b");
    }

    @Test
    void emptyPartsAreParts() {
        assertThat(List.of(Keys.of(""), Keys.of("", ""), Keys.of("", "", ""))).doesNotHaveDuplicates();
    }

    @Test
    void noTwoListsOfPartsGiveOneKey() {
        Random random = new Random(7);
        Map<String, List<String>> known = new HashMap<>();
        for (int i = 0; i < 200_000; i++) {
            List<String> parts = new ArrayList<>();
            for (int part = random.nextInt(4); part >= 0; part--) {
                StringBuilder text = new StringBuilder();
                for (int c = random.nextInt(4); c > 0; c--) {
                    text.append("|\\a".charAt(random.nextInt(3)));
                }
                parts.add(text.toString());
            }
            String key = Keys.of(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
            assertThat(Keys.parts(key)).isEqualTo(parts);
            List<String> before = known.putIfAbsent(key, parts);
            assertThat(before == null ? parts : before).as(key).isEqualTo(parts);
        }
        assertThat(known).hasSizeGreaterThan(20_000);
    }
}
