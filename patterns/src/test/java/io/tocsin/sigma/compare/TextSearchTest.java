package io.tocsin.sigma.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class TextSearchTest {
    @Test
    void findsATextThatEndsAnother() {
        TextSearch.Builder builder = new TextSearch.Builder();
        builder.add("ushers", false, false, false);
        builder.add("she", false, false, false);
        builder.add("he", false, false, false);
        builder.add("hers", false, true, false);
        builder.add("us", true, false, false);
        assertThat(search(builder.build(), "Ushers")).containsExactlyInAnyOrder(0, 1, 2, 3, 4);
        assertThat(search(builder.build(), "ushe")).containsExactlyInAnyOrder(1, 2, 4);
    }

    @Test
    void tellsCasesApartOnlyWhereAsked() {
        TextSearch.Builder builder = new TextSearch.Builder();
        builder.add("Root", true, true, true);
        builder.add("Root", true, true, false);
        builder.add("oo", false, false, true);
        TextSearch search = builder.build();
        assertThat(search(search, "Root")).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(search(search, "rOOt")).containsExactly(1);
    }

    @Test
    void agreesWithSearchingEachOnItsOwn() {
        Random random = new Random(7);
        for (int round = 0; round < 300; round++) {
            TextSearch.Builder builder = new TextSearch.Builder();
            List<String> texts = new ArrayList<>();
            for (int i = 0; i < 1 + random.nextInt(40); i++) {
                texts.add(text(random, 1 + random.nextInt(5)));
                builder.add(texts.get(i), i % 3 == 0, i % 5 == 0, i % 2 == 0);
            }
            TextSearch search = builder.build();
            for (int v = 0; v < 50; v++) {
                String value = text(random, random.nextInt(12));
                Set<Integer> meant = new TreeSet<>();
                for (int i = 0; i < texts.size(); i++) {
                    String text = i % 2 == 0 ? texts.get(i) : Fold.fold(texts.get(i));
                    String in = i % 2 == 0 ? value : Fold.fold(value);
                    boolean stands = i % 15 == 0
                            ? in.equals(text)
                            : i % 3 == 0 ? in.startsWith(text) : i % 5 == 0 ? in.endsWith(text) : in.contains(text);
                    if (stands) {
                        meant.add(i);
                    }
                }
                assertThat(new TreeSet<>(search(search, value))).isEqualTo(meant);
            }
        }
    }

    @Test
    void findsLongTextsOfWhichItKnowsTheBeginningOnly() {
        TextSearch.Builder builder = new TextSearch.Builder();
        Random random = new Random(11);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            StringBuilder text = new StringBuilder();
            while (text.length() < 2_000) {
                text.append((char) (' ' + random.nextInt(90)));
            }
            texts.add(text.toString());
            builder.add(texts.get(i), false, false, true);
        }
        TextSearch search = builder.build();
        assertThat(search(search, "x" + texts.get(3) + texts.get(399))).containsExactlyInAnyOrder(3, 399);
        assertThat(search(search, texts.get(5).substring(0, 1_999))).isEmpty();
    }

    private static String text(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("aAbBcé\u212akÉ\u4e2d".charAt(random.nextInt(10)));
        }
        return text.toString();
    }

    private static Set<Integer> search(TextSearch search, String value) {
        Set<Integer> found = new TreeSet<>();
        search.search(value, found::add);
        return found;
    }
}
