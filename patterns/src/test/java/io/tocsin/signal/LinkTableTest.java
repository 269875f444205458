package io.tocsin.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tocsin.signal.Link.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinkTableTest {
    private static final Instant T0 = Instant.parse("2026-03-02T10:00:00Z");
    private static final String ADDRESS = "10.1.0.7";

    private final LinkTable table = LinkTable.usual();

    @Test
    void findsWhatWasTold() {
        table.learn(at(0, "shop/web-0"));

        assertThat(find(0)).isEqualTo("shop/web-0");
        assertThat(find(5)).isEqualTo("shop/web-0");
        assertThat(table.find(Kind.POD_NODE, "prod", ADDRESS, T0)).isNull();
        assertThat(table.find(Kind.POD_ADDRESS, "dev", ADDRESS, T0)).isNull();
        assertThat(table.find(Kind.POD_ADDRESS, "prod", "10.1.0.8", T0)).isNull();
    }

    @Test
    void knowsNothingOfTheTimeBeforeTheFirstSighting() {
        table.learn(at(10, "shop/web-0"));

        assertThat(find(9)).isNull();
    }

    @Test
    void believesALinkForItsTimeAfterTheLastSighting() {
        table.learn(at(0, "shop/web-0"));
        table.learn(at(60, "shop/web-0"));

        assertThat(find(60 + 24 * 60)).isEqualTo("shop/web-0");
        assertThat(find(60 + 24 * 60 + 1)).isNull();
    }

    @Test
    void tellsAnAddressThatMovedByTheTimeAsked() {
        table.learn(at(0, "shop/web-0"));
        table.learn(at(10, "shop/web-0"));
        table.learn(at(20, "shop/db-0"));

        assertThat(find(15)).isEqualTo("shop/web-0");
        assertThat(find(20)).isEqualTo("shop/db-0");
        assertThat(find(19)).isEqualTo("shop/web-0");
    }

    @Test
    void answersTheSameWhateverTheOrderOfSightings() {
        List<Link> sightings = new ArrayList<>();
        for (int minute = 0; minute < 10; minute++) {
            sightings.add(at(minute, "shop/a"));
            sightings.add(at(20 + minute, "shop/b"));
            sightings.add(at(40 + minute, "shop/c"));
        }
        List<@Nullable String> expected = answers(sightings);
        assertThat(expected).contains("shop/a", "shop/b", "shop/c");
        Random random = new Random(7);
        for (int i = 0; i < 200; i++) {
            // Stretches may come in any order, and each in any order.
            List<List<Link>> stretches = new ArrayList<>();
            for (int from = 0; from < sightings.size(); from++) {
                if (from < 3) {
                    stretches.add(new ArrayList<>());
                }
                stretches.get(from % 3).add(sightings.get(from));
            }
            stretches.forEach(stretch -> Collections.shuffle(stretch, random));
            Collections.shuffle(stretches, random);
            assertThat(answers(stretches.stream().flatMap(List::stream).toList()))
                    .isEqualTo(expected);
        }
    }

    @Test
    void twoAtOneInstantAreDecidedAlike() {
        assertThat(answers(List.of(at(5, "shop/a"), at(5, "shop/b"))))
                .isEqualTo(answers(List.of(at(5, "shop/b"), at(5, "shop/a"))));
        assertThat(answers(List.of(at(5, "shop/a"), at(9, "shop/a"), at(5, "shop/b"))))
                .isEqualTo(answers(List.of(at(5, "shop/b"), at(5, "shop/a"), at(9, "shop/a"))));
        assertThat(answers(List.of(at(1, "shop/a"), at(5, "shop/a"), at(5, "shop/b"))))
                .isEqualTo(answers(List.of(at(5, "shop/b"), at(1, "shop/a"), at(5, "shop/a"))));
    }

    @Test
    void aLateSightingCutsTheStayAroundIt() {
        table.learn(at(0, "shop/a"));
        table.learn(at(30, "shop/a"));
        table.learn(at(10, "shop/b"));

        assertThat(find(9)).isEqualTo("shop/a");
        assertThat(find(10)).isEqualTo("shop/b");
        assertThat(find(29)).isEqualTo("shop/b");
        assertThat(find(30)).isEqualTo("shop/a");
    }

    @Test
    void keepsTheNewestStays() {
        for (int i = 0; i < 10; i++) {
            table.learn(at(i, "shop/pod-" + i));
        }

        assertThat(find(9)).isEqualTo("shop/pod-9");
        assertThat(find(6)).isEqualTo("shop/pod-6");
        assertThat(find(5)).isNull();
    }

    @Test
    void forgetsTheKeysNotSeenForTheLongestWhenItIsFull() {
        LinkTable small = new LinkTable(LinkTable.DEFAULT_TTL, 100);
        for (int i = 0; i < 1_000; i++) {
            small.learn(new Link(Kind.POD_ADDRESS, "prod", "10.2.0." + i, "shop/pod-" + i, T0.plusSeconds(i)));
            small.learn(new Link(Kind.POD_ADDRESS, "prod", ADDRESS, "shop/web-0", T0.plusSeconds(i)));
            assertThat(small.size(Kind.POD_ADDRESS)).isLessThanOrEqualTo(100);
        }

        Instant end = T0.plusSeconds(1_000);
        assertThat(small.find(Kind.POD_ADDRESS, "prod", ADDRESS, end)).isEqualTo("shop/web-0");
        assertThat(small.find(Kind.POD_ADDRESS, "prod", "10.2.0.999", end)).isEqualTo("shop/pod-999");
        assertThat(small.find(Kind.POD_ADDRESS, "prod", "10.2.0.3", end)).isNull();
        assertThat(small.size(Kind.POD_ADDRESS)).isGreaterThan(80);
    }

    @Test
    void takesAPodOverItsTokensUseAndANodeOverBoth() {
        table.learn(new Link(Kind.CREDENTIAL_POD_PEER, "prod", ADDRESS, "shop/thief", T0));
        assertThat(table.podAt("prod", ADDRESS, T0)).isEqualTo("shop/thief");

        table.learn(at(0, "shop/web-0"));
        assertThat(table.podAt("prod", ADDRESS, T0)).isEqualTo("shop/web-0");

        table.learn(new Link(Kind.NODE_ADDRESS, "prod", ADDRESS, "node-1", T0));
        assertThat(table.podAt("prod", ADDRESS, T0)).isNull();
    }

    @Test
    void givesWhatItKnowsAndTakesItBack() {
        table.learn(at(0, "shop/a"));
        table.learn(at(10, "shop/b"));
        table.learn(new Link(Kind.POD_ADDRESS, "a|b", "c", "shop/d", T0));
        Map<String, List<Stay>> entries = new LinkedHashMap<>();
        table.entries(Kind.POD_ADDRESS, entries::put);
        assertThat(entries.keySet()).containsExactly("a\\|b|c", "prod|" + ADDRESS);

        LinkTable restored = LinkTable.usual();
        entries.forEach((key, stays) -> restored.put(Kind.POD_ADDRESS, key, stays));

        assertThat(restored.find(Kind.POD_ADDRESS, "prod", ADDRESS, T0.plusSeconds(60)))
                .isEqualTo("shop/a");
        restored.learn(at(20, "shop/b"));
        assertThat(restored.find(Kind.POD_ADDRESS, "prod", ADDRESS, T0.plusSeconds(1200)))
                .isEqualTo("shop/b");
    }

    @Test
    void refusesToBeUnbounded() {
        assertThatThrownBy(() -> new LinkTable(Duration.ofHours(-1), 1)).hasMessage("ttl must not be negative: PT-1H");
        assertThatThrownBy(() -> new LinkTable(Duration.ZERO, 0)).hasMessage("maxKeys must be at least 1: 0");
    }

    private static List<@Nullable String> answers(List<Link> sightings) {
        LinkTable learned = LinkTable.usual();
        sightings.forEach(learned::learn);
        List<@Nullable String> answers = new ArrayList<>();
        for (int minute = -1; minute < 60; minute++) {
            answers.add(learned.find(Kind.POD_ADDRESS, "prod", ADDRESS, T0.plusSeconds(60L * minute)));
        }
        return answers;
    }

    private @Nullable String find(int minute) {
        return table.find(Kind.POD_ADDRESS, "prod", ADDRESS, T0.plusSeconds(60L * minute));
    }

    private static Link at(int minute, String pod) {
        return new Link(Kind.POD_ADDRESS, "prod", ADDRESS, pod, T0.plusSeconds(60L * minute));
    }
}
