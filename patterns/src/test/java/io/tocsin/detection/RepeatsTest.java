package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes again is known; whoever floods or forges is looked at anew, and pushes out nobody else. */
class RepeatsTest {
    private static final int PLACES = 64;

    private final Repeats repeats = new Repeats(PLACES);
    private final Repeat draft = Repeat.draft();

    private static SecurityEvent named(String name) {
        return AuditEvents.event().doing("get", "secrets", "web", name).build();
    }

    /** Whether it is known; if not, it is held. */
    private boolean looked(SecurityEvent event) {
        if (repeats.find(event) != null) {
            return true;
        }
        draft.clear();
        repeats.hold(event, draft, true);
        return false;
    }

    @Test
    void whatCameOnceIsKnownTheSecondTimeAndEverAfter() {
        assertThat(List.of(looked(named("a")), looked(named("a")), looked(named("a")), looked(named("b"))))
                .containsExactly(false, true, true, false);
    }

    @Test
    void aFloodOfDistinctEventsPushesOutNothingThatCameTwiceAndItselfIsHeldInFewPlaces() {
        SecurityEvent usual = named("usual");
        looked(usual);
        looked(usual);
        int flood = 4_000;
        for (int i = 0; i < flood; i++) {
            assertThat(looked(named("flood-" + i))).isFalse();
        }
        assertThat(looked(usual)).isTrue();
        int held = 0;
        for (int i = 0; i < flood; i++) {
            held += repeats.find(named("flood-" + i)) == null ? 0 : 1;
        }
        assertThat(held).isBetween(1, PLACES / 2);
    }

    @Test
    void ofWhatComesTwiceNoMoreIsHeldThanThereArePlaces() {
        for (int i = 0; i < 1_000; i++) {
            looked(named("n" + i));
            looked(named("n" + i));
        }
        int held = 0;
        for (int i = 0; i < 1_000; i++) {
            held += repeats.find(named("n" + i)) == null ? 0 : 1;
        }
        assertThat(held).isBetween(PLACES / 2, PLACES + PLACES / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void aLogThatHardlyRepeatsRestsAndWakesAgain(int others) {
        SecurityEvent again = named("again");
        for (int i = 1; i < Repeats.TRIED; i++) {
            looked(named("n" + i));
        }
        SecurityEvent other = AuditEvents.event().log(Source.JOURNALD).build();
        for (int i = 0; i < Repeats.REST * Repeats.TRIED; i++) {
            assertThat(looked(again)).isFalse();
            if (others > 0) {
                assertThat(looked(other)).as("another log does not rest").isEqualTo(i > 0);
            }
        }
        looked(again);
        assertThat(List.of(looked(again), looked(again))).contains(true);
    }

    @Test
    void aLogThatRepeatsOftenEnoughNeverRests() {
        for (int i = 0; i < 3 * Repeats.TRIED; i++) {
            boolean known = looked(named(i % 4 == 0 ? "usual" : "n" + i));
            assertThat(known).as("%s", i).isEqualTo(i % 4 == 0 && (i > 4 || known));
        }
    }

    @Test
    void twoEventsWithForgedEqualHashesAreToldApart() {
        SecurityEvent one = named("Aa");
        SecurityEvent other = named("BB");
        assertThat(Alike.hash(one)).isEqualTo(Alike.hash(other));
        assertThat(List.of(looked(one), looked(other))).containsExactly(false, false);
        Repeat ofOne = repeats.find(one);
        Repeat ofOther = repeats.find(other);
        assertThat(ofOne).isNotNull().isNotSameAs(ofOther);
        assertThat(ofOther).isNotNull();
        // A third one with that hash takes the place of one of them, and answers for neither.
        SecurityEvent third = named("C#");
        assertThat(Alike.hash(third)).isEqualTo(Alike.hash(one));
        assertThat(repeats.find(third)).isNull();
        draft.clear();
        repeats.hold(third, draft, true);
        assertThat(repeats.find(third)).isNotNull().isNotSameAs(ofOne).isNotSameAs(ofOther);
    }
}
