package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** All exemptions of a run. What each silences is counted. */
public final class Exemptions implements Serializable {
    private static final long serialVersionUID = 1L;

    private final ArrayList<Exemption> all;
    private transient @Nullable List<Exemption.Origins> origins;

    public Exemptions(List<Exemption> all) {
        this.all = new ArrayList<>(all);
    }

    public static Exemptions none() {
        return new Exemptions(List.of());
    }

    /** All of them. */
    public List<Exemption> all() {
        return List.copyOf(all);
    }

    /** Whether an event counts for a detection: whether no exemption is about it that has not expired. */
    boolean admit(String detection, SecurityEvent event, Counts counts) {
        for (int i = 0; i < all.size(); i++) {
            Exemption exemption = all.get(i);
            if (exemption.covers(detection, event, origins().get(i))) {
                if (event.time().isBefore(exemption.expires())) {
                    counts.add(Counts.SILENCED + exemption.name() + "|" + detection);
                    return false;
                }
                counts.add(Counts.EXPIRED + exemption.name());
            }
        }
        return true;
    }

    private List<Exemption.Origins> origins() {
        List<Exemption.Origins> known = origins;
        if (known == null) {
            known = all.stream()
                    .map(exemption -> new Exemption.Origins(exemption.origins()))
                    .toList();
            origins = known;
        }
        return known;
    }
}
