package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/** All exemptions of a run. What each silences is counted. */
public final class Exemptions implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Exemption> all;
    private final Identities identities;
    /** By detection, those that are about it: most are about none. */
    private transient @Nullable Map<String, List<Applying>> byDetection;

    /**
     * Exemptions.
     *
     * @param identities know where the control plane is at home
     */
    public Exemptions(List<Exemption> all, Identities identities) {
        this.all = new ArrayList<>(all);
        this.identities = identities;
    }

    public static Exemptions none() {
        return new Exemptions(List.of(), Identities.of(new Configuration()));
    }

    /** All of them. */
    public List<Exemption> all() {
        return List.copyOf(all);
    }

    /**
     * Whether an event counts for a detection: whether no exemption is about it that has not expired. To be asked once of an event
     * and a detection, since what it says is counted.
     */
    boolean admit(String detection, SecurityEvent event, Counts counts) {
        Exemption expired = null;
        List<Applying> applying = about(detection);
        for (int i = 0; i < applying.size(); i++) {
            Exemption exemption = applying.get(i).exemption();
            if (exemption.covers(detection, event, applying.get(i).origins(), identities)) {
                if (event.time().isBefore(exemption.expires())) {
                    counts.add(Counts.SILENCED + exemption.name() + "|" + detection);
                    return false;
                }
                expired = expired == null ? exemption : expired;
            }
        }
        if (expired != null) {
            counts.add(Counts.EXPIRED + expired.name());
        }
        return true;
    }

    /** Whether any exemption covers an event, be it one that has expired: then each such event is counted. */
    boolean cover(String detection, SecurityEvent event) {
        List<Applying> applying = about(detection);
        for (int i = 0; i < applying.size(); i++) {
            if (applying.get(i)
                    .exemption()
                    .covers(detection, event, applying.get(i).origins(), identities)) {
                return true;
            }
        }
        return false;
    }

    private List<Applying> about(String detection) {
        Map<String, List<Applying>> known = byDetection;
        if (known == null) {
            known = new HashMap<>();
            byDetection = known;
        }
        List<Applying> applying = known.get(detection);
        if (applying == null) {
            applying = all.stream()
                    .filter(exemption -> exemption.isAbout(detection))
                    .map(exemption -> new Applying(exemption, new Exemption.Origins(exemption.origins())))
                    .toList();
            known.put(detection, applying);
        }
        return applying;
    }

    /** An exemption with its ranges, parsed. */
    private record Applying(Exemption exemption, Exemption.Origins origins) {}
}
