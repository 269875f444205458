package io.tocsin.detection;

import io.tocsin.signal.Link.Kind;
import io.tocsin.signal.SignalRule;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which links the detections of each clock group join by. */
final class Joins {
    private Joins() {}

    /** By clock group, those of enabled detections; a group of which none joins has none. */
    static Map<String, Set<Kind>> kinds(List<Configured<?>> configured, Identities identities) {
        Map<String, Set<Kind>> kinds = new TreeMap<>();
        for (Configured<?> detection : configured) {
            for (SignalRule rule : detection.rules(identities)) {
                if (detection.enabled() && rule.join() != null) {
                    Set<Kind> ofGroup =
                            kinds.computeIfAbsent(detection.info().clockGroup(), any -> EnumSet.noneOf(Kind.class));
                    ofGroup.add(rule.join().kind());
                    if (rule.join().kind() == Kind.POD_ADDRESS) {
                        ofGroup.add(Kind.NODE_ADDRESS);
                        ofGroup.add(Kind.CREDENTIAL_POD_PEER);
                    }
                }
            }
        }
        return kinds;
    }

    /** Whether a detection joins at all, enabled or not: its operators stand in the graph. */
    static boolean any(List<Configured<?>> members, Identities identities) {
        return members.stream()
                .flatMap(member -> member.rules(identities).stream())
                .anyMatch(rule -> rule.join() != null);
    }
}
