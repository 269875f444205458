package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.SignalRule;
import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Events that differ in nothing but time and ids are looked at once, unless a rule says that it {@link SignalRule#lookingAtIds looks
 * at these}: a rule that does and doesn't say so would miss events.
 */
class LookingAtIdsTest {
    private static final List<Configured<?>> ALL = configured();
    private static final Identities IDENTITIES = Identities.of(new Configuration());

    private static List<Configured<?>> configured() {
        List<Configured<?>> all = new ArrayList<>();
        for (Detection<?> detection : DetectionCatalog.load().all()) {
            all.add(Configured.of(detection, new Configuration(), true));
        }
        return List.copyOf(all);
    }

    @Test
    void rulesThatDoNotSaySoTellEventsApartByNothingElse() throws Exception {
        TreeMap<String, TreeSet<String>> apart = new TreeMap<>();
        TreeSet<String> looked = new TreeSet<>();
        for (long seed = 1; seed <= 4; seed++) {
            for (SecurityEvent event : MixedTraffic.of(new Random(seed))) {
                SecurityEvent later = again(event);
                for (Configured<?> detection : ALL) {
                    for (SignalRule rule : rules(detection)) {
                        String name = detection.info().id() + "/" + rule.stage();
                        if (rule.when().test(event)) {
                            looked.add(name);
                        }
                        List<String> said = whatItSays(rule, event);
                        if (!said.equals(whatItSays(rule, later))) {
                            apart.computeIfAbsent(rule.looksAtIds() ? "says so" : "does not", any -> new TreeSet<>())
                                    .add(name);
                        }
                    }
                }
            }
        }
        assertThat(looked).as("of all stages").hasSizeGreaterThan(60);
        assertThat(apart.get("does not")).isNull();
        assertThat(apart.get("says so")).contains("audit-id-reused/requests");
    }

    private static List<SignalRule> rules(Configured<?> detection) {
        List<SignalRule> rules = new ArrayList<>(detection.rules(IDENTITIES));
        rules.addAll(detection.causes(IDENTITIES));
        return rules;
    }

    /** All that a rule asks of an event. */
    private static List<String> whatItSays(SignalRule rule, SecurityEvent event) {
        List<@Nullable Object> said = new ArrayList<>();
        boolean when = rule.when().test(event);
        said.add(when);
        if (when) {
            said.add(rule.per().of(event));
            SignalRule.Rate rate = rule.rate();
            said.add(rate == null ? null : rate.distinct().apply(event));
            said.add(rate == null ? null : rate.weight().applyAsInt(event));
            said.add(rule.alike() == null ? null : rule.alike().apply(event));
            said.add(rule.join() == null ? null : rule.join().from().apply(event));
            SignalRule.Newness newness = rule.newness();
            said.add(newness.anyway().test(event));
            said.add(newness.among() == null ? null : newness.among().of(event));
            said.add(newness.uses() == null ? null : newness.uses().of(event));
        }
        return said.stream().map(String::valueOf).toList();
    }

    /** The same event an hour later, with other ids. */
    private static SecurityEvent again(SecurityEvent event) throws Exception {
        RecordComponent[] components = SecurityEvent.class.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Object value = components[i].getAccessor().invoke(event);
            values[i] = switch (components[i].getName()) {
                case "time", "received" -> value == null ? null : ((Instant) value).plus(Duration.ofHours(1));
                case "auditId", "recordId" -> value == null ? null : "another-" + value;
                default -> value;
            };
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        return SecurityEvent.class.getDeclaredConstructor(types).newInstance(values);
    }
}
