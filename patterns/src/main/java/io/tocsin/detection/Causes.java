package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Recall;
import io.tocsin.signal.Signal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one thing that can be changed, and whom that concerns: a role's rights, and who is bound to it. Whichever comes
 * first, the change or the concern, the one that comes second makes a signal of both, about whom it concerns. What is known to be
 * nothing concerns nobody; what is not known is not known to be nothing.
 *
 * <p>A change is one if it brings about something that was not so before: controllers write the same all day. So is a concern that is
 * created; one that is only written again concerns nobody anew. Of more concerns than are remembered the oldest are known together, as
 * {@link Keys#others}.
 */
final class Causes {
    private static final int EFFECTS = 1_024;
    private static final String CREATION = "create ";
    private static final Comparator<Map.Entry<String, Signal>> OLDEST = Comparator.comparing(
                    (Map.Entry<String, Signal> entry) -> entry.getValue().time())
            .thenComparing(Map.Entry::getKey);

    private final ValueState<Known> known;
    private final MapState<String, Signal> effects;

    Causes(RuntimeContext context) {
        known = context.getState(new ValueStateDescriptor<>("cause", TypeInformation.of(Known.class)));
        effects = context.getMapState(new MapStateDescriptor<>("effects", Types.STRING, Outputs.SIGNAL));
    }

    /**
     * State: how the thing is.
     *
     * @param says what was last said of it, comma-separated
     * @param cause the last change that brought about something; null if none was seen
     * @param lastMillis when anything was last said of it
     */
    public record Known(String says, @Nullable Signal cause, long lastMillis) {}

    /** Whether a signal is one of these. */
    static boolean isAbout(Signal signal) {
        return switch (signal.recall()) {
            case CAUSE, STANDING, EFFECT, EFFECT_IF_CAUSED -> true;
            default -> false;
        };
    }

    /** Hears how the thing is, and if it was changed, tells the effects that are known. */
    void cause(Signal cause, long windowMillis, Collector<Signal> out) throws Exception {
        Known before = known.value();
        String says = cause.value() == null ? "" : cause.value();
        boolean changed = cause.recall() == Recall.CAUSE && saysMore(says, before == null ? "" : before.says());
        Signal last = before == null ? null : before.cause();
        known.update(new Known(says, changed ? cause : last, cause.time().toEpochMilli()));
        if (!changed) {
            return;
        }
        // The receiver decides in its own order, so the order of the map's entries does not show.
        for (Signal effect : effects.values()) {
            boolean lately = isWithin(effect, cause, windowMillis);
            out.collect(effect.caused(
                    says,
                    cause.time(),
                    cause.eventId(),
                    lately ? effect.time() : cause.time(),
                    lately ? both(effect, cause) : cause.evidence()));
        }
    }

    /** Tells an effect with its cause, and remembers it for causes to come. */
    void effect(Signal effect, long windowMillis, Collector<Signal> out) throws Exception {
        String id = Keys.of(effect.key(), effect.value() == null ? "" : effect.value());
        boolean created = effect.evidence().get(0).operation().startsWith(CREATION);
        boolean remembered = effects.contains(id);
        effects.put(id, effect);
        if (!remembered) {
            makeRoom();
        }
        Known now = known.value();
        boolean counts =
                now == null ? effect.recall() == Recall.EFFECT : !now.says().isEmpty();
        if ((remembered && !created) || !counts) {
            return;
        }
        Signal cause = now == null ? null : now.cause();
        boolean lately = cause != null && isWithin(cause, effect, windowMillis);
        out.collect(effect.caused(
                now == null ? null : now.says(),
                effect.time(),
                effect.eventId(),
                lately && cause != null ? cause.time() : effect.time(),
                lately && cause != null ? both(cause, effect) : effect.evidence()));
    }

    private static boolean saysMore(String says, String before) {
        if (says.isEmpty() || says.equals(before)) {
            return false;
        }
        Set<String> known = new HashSet<>(Arrays.asList(before.split(",", -1)));
        for (String one : says.split(",", -1)) {
            if (!known.contains(one)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isWithin(Signal first, Signal second, long windowMillis) {
        return first.time().plusMillis(windowMillis).isAfter(second.time());
    }

    private static List<Evidence> both(Signal first, Signal second) {
        List<Evidence> both = new ArrayList<>(first.evidence());
        both.addAll(second.evidence());
        return List.copyOf(both);
    }

    private void makeRoom() throws Exception {
        List<Map.Entry<String, Signal>> single = new ArrayList<>();
        for (Map.Entry<String, Signal> entry : effects.entries()) {
            String key = entry.getValue().key();
            if (!key.equals(Keys.others(key))) {
                single.add(Map.entry(entry.getKey(), entry.getValue()));
            }
        }
        if (single.size() <= EFFECTS) {
            return;
        }
        Map.Entry<String, Signal> oldest = Collections.min(single, OLDEST);
        effects.remove(oldest.getKey());
        Signal others = oldest.getValue().about(Keys.others(oldest.getValue().key()));
        effects.put(Keys.of(others.key(), others.value() == null ? "" : others.value()), others);
    }

    /** Forgets what was not heard of since then. */
    void forget(long oldestMillis) throws Exception {
        Known now = known.value();
        if (now != null && now.lastMillis() <= oldestMillis) {
            known.clear();
        }
        Iterator<Map.Entry<String, Signal>> entries = effects.iterator();
        while (entries.hasNext()) {
            Instant time = entries.next().getValue().time();
            if (time.toEpochMilli() <= oldestMillis) {
                entries.remove();
            }
        }
        if (effects.isEmpty()) {
            effects.clear();
        }
    }

    void clear() {
        known.clear();
        effects.clear();
    }
}
