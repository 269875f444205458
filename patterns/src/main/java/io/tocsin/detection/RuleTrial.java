package io.tocsin.detection;

import io.tocsin.alert.Severity;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Slots;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.match.RuleMatcher;
import io.tocsin.signal.Keys;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Tells in memory which alerts one rule raises of a few events: with the stories, the repeats and the history of addresses of a job,
 * but without a job. Exemptions are none of its business. For tests of rules.
 */
public final class RuleTrial {
    private final SigmaRule rule;
    private final RuleDetection detection;
    private final Identities identities;
    private final RuleMatcher matcher;
    private final Duration suppressFor;
    private final Map<String, Told> stories = new HashMap<>();
    private final Map<String, Owner> owners = new HashMap<>();
    /** The nodes that called from an address outside. */
    private final Map<String, Set<String>> egress = new HashMap<>();

    /** A story that was told. */
    private record Told(Severity severity, Instant until) {}

    /** Where an identity or a credential was let in: its home, and the other addresses with the first time. */
    private static final class Owner {
        private final Map<String, Instant> first = new HashMap<>();
        private @Nullable String home;
    }

    /**
     * A trial that has seen nothing yet.
     *
     * @param rule linked
     * @param identities who is who
     */
    public RuleTrial(SigmaRule rule, Identities identities) {
        this.rule = rule;
        this.detection = new RuleDetection(rule);
        this.identities = identities;
        this.matcher = new RuleMatcher(List.of(rule));
        this.suppressFor = detection.info().suppressFor();
    }

    /** The costly fields that the rule reads. */
    public Set<EventField> fields() {
        return detection.fields();
    }

    /** The severities of the alerts that these events raise, in order of their times. */
    public List<Severity> raise(List<SecurityEvent> events) {
        List<SecurityEvent> inOrder = new ArrayList<>(events);
        inOrder.sort(Comparator.comparing(SecurityEvent::time));
        TreeMap<Long, List<SecurityEvent>> slots = new TreeMap<>();
        for (SecurityEvent event : inOrder) {
            long slot = Math.floorDiv(event.time().toEpochMilli(), Slots.SLOT_MILLIS);
            slots.computeIfAbsent(slot, any -> new ArrayList<>()).add(event);
        }
        List<Severity> raised = new ArrayList<>();
        for (List<SecurityEvent> slot : slots.values()) {
            if (rule.asksNewAddress()) {
                // As in a job the lessons of a slot come before its questions.
                slot.forEach(this::learn);
            }
            for (SecurityEvent event : slot) {
                Severity severity = look(event);
                if (severity != null) {
                    raised.add(severity);
                }
            }
        }
        return raised;
    }

    private @Nullable Severity look(SecurityEvent event) {
        Subject subject = new Subject(event, identities);
        List<Severity> levels = new ArrayList<>();
        matcher.match(subject, (index, level) -> levels.add(level));
        if (levels.isEmpty() || (rule.asksNewAddress() && !isFromNewAddress(event))) {
            return null;
        }
        String story =
                Keys.of(event.scope(), detection.finding(subject, levels.get(0)).object());
        return isTold(story, levels.get(0), event.time()) ? levels.get(0) : null;
    }

    /** Whether it is no repeat; a repeat keeps its story closed, what is graver is none. */
    private boolean isTold(String story, Severity severity, Instant time) {
        Told before = stories.get(story);
        Instant until = time.plus(suppressFor);
        boolean repeat = before != null
                && time.isBefore(before.until())
                && before.severity().compareTo(severity) >= 0;
        if (before == null || !repeat) {
            stories.put(story, new Told(severity, until));
            return true;
        }
        stories.put(story, new Told(before.severity(), until.isAfter(before.until()) ? until : before.until()));
        return false;
    }

    private void learn(SecurityEvent event) {
        String node = LearnedEgress.callingNode(event);
        if (node != null) {
            egress.computeIfAbsent(LearnedEgress.owner(event), any -> new HashSet<>())
                    .add(node);
        }
        String key = AddressOwner.of(event).key();
        String address = event.peer();
        if (key == null || address == null || !CountedSuccess.is(event) || identities.isImpersonator(event)) {
            return;
        }
        Owner owner = owners.computeIfAbsent(key, any -> new Owner());
        owner.first.putIfAbsent(address, event.time());
        if (owner.home == null) {
            owner.home = address;
        }
    }

    private boolean isFromNewAddress(SecurityEvent event) {
        AddressOwner asked = AddressOwner.of(event);
        if (!asked.maybeNew() || identities.isImpersonator(event)) {
            return false;
        }
        if (asked.key() == null) {
            return !LearnedEgress.isAsked(event) || !isEgress(event);
        }
        Owner owner = owners.get(asked.key());
        String address = event.peer();
        if (owner == null || address == null || address.equals(owner.home)) {
            return false;
        }
        Instant first = owner.first.get(address);
        return first == null || event.time().isBefore(first.plus(NewAddressRule.KNOWN_AFTER));
    }

    private boolean isEgress(SecurityEvent event) {
        Set<String> nodes = egress.getOrDefault(LearnedEgress.owner(event), Set.of());
        return nodes.size() >= LearnedEgress.NODES || nodes.contains(String.valueOf(event.credentialNode()));
    }
}
