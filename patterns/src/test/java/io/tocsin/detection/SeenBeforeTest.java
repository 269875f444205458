package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.testkit.AuditEvents;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class SeenBeforeTest {
    private static final Instant T0 = AuditEvents.T0;
    private static final long SLOT = 10_000;
    private static final Duration DAY = Duration.ofDays(1);

    private static boolean handOn(SeenBefore.Owner owner, String value, Instant time) {
        return owner.hear(value, time, DAY);
    }

    @Test
    void handsAValueOnOnceADay() {
        SeenBefore.Owner owner = new SeenBefore(10).owner("alice");
        assertThat(handOn(owner, "a", T0)).isTrue();
        assertThat(handOn(owner, "a", T0.plusSeconds(1))).isFalse();
        assertThat(handOn(owner, "b", T0.plusSeconds(1))).isTrue();
        assertThat(handOn(owner, "a", T0.plus(DAY).minusMillis(1))).isFalse();
        assertThat(handOn(owner, "a", T0.plus(DAY))).isTrue();
        assertThat(handOn(owner, "a", T0.plus(DAY).plusSeconds(1))).isFalse();
    }

    @Test
    void handsOnWhatTurnsOutToBeEarlier() {
        SeenBefore.Owner owner = new SeenBefore(10).owner("alice");
        handOn(owner, "a", T0);
        assertThat(handOn(owner, "a", T0.minusMillis(1))).isTrue();
        assertThat(owner.first("a")).isEqualTo(T0.minusMillis(1));
        assertThat(handOn(owner, "a", T0.plusSeconds(5))).isFalse();
    }

    @Test
    void forgettingOnlyHandsOnAgain() {
        SeenBefore seen = new SeenBefore(10);
        handOn(seen.owner("alice"), "a", T0);
        for (int i = 0; i < 5; i++) {
            seen.owner("other" + i);
        }
        assertThat(handOn(seen.owner("alice"), "a", T0.plusSeconds(1))).isFalse();
        for (int i = 0; i < 30; i++) {
            seen.owner("many" + i);
        }
        assertThat(handOn(seen.owner("alice"), "a", T0.plusSeconds(1))).isTrue();
    }

    @Test
    void whoIsSeenOftenIsNotForgotten() {
        SeenBefore seen = new SeenBefore(10);
        handOn(seen.owner("alice"), "a", T0);
        for (int i = 0; i < 100; i++) {
            seen.owner("other" + i);
            assertThat(seen.owner("alice").size()).isEqualTo(1);
        }
    }

    @Test
    void beyondItsRoomEveryValueIsHandedOn() {
        SeenBefore.Owner owner = new SeenBefore(10).owner("alice");
        for (int i = 0; i < 100; i++) {
            handOn(owner, "v" + i, T0);
        }
        assertThat(owner.size()).isEqualTo(64);
        assertThat(handOn(owner, "v99", T0.plusSeconds(1))).isTrue();
        assertThat(handOn(owner, "v0", T0.plusSeconds(1)))
                .as("the history may have forgotten it too")
                .isTrue();
    }

    @Test
    void knowsWhetherARequestWasRefusedLately() {
        SeenBefore.Owner owner = new SeenBefore(10).owner("alice");
        assertThat(owner.refusedSince(T0)).isFalse();
        owner.refusedAt(T0);
        owner.refusedAt(T0.minusSeconds(5));
        assertThat(owner.refusedSince(T0)).isTrue();
        assertThat(owner.refusedSince(T0.plusMillis(1))).isFalse();
    }

    @Test
    void ofASlotTheEarliestMayBeFirst() {
        FirstOfSlot firsts = new FirstOfSlot();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(500), SLOT)).isTrue();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(501), SLOT)).isFalse();
        assertThat(firsts.mayBeFirst("b", "x", T0.plusMillis(501), SLOT)).isTrue();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(499), SLOT))
                .as("earlier, later")
                .isTrue();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(499), SLOT))
                .as("another event of that instant")
                .isTrue();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(10_000), SLOT))
                .as("the next slot")
                .isTrue();
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(9_999), SLOT)).isFalse();
    }

    @Test
    void whatIsFirstOfSlotIsForgottenOnlyToBeSaidAgain() {
        FirstOfSlot firsts = new FirstOfSlot();
        firsts.mayBeFirst("a", "x", T0, SLOT);
        for (int i = 0; i < 20_000; i++) {
            firsts.mayBeFirst("other" + i, "x", T0, SLOT);
        }
        assertThat(firsts.mayBeFirst("a", "x", T0.plusMillis(1), SLOT)).isTrue();
    }
}
