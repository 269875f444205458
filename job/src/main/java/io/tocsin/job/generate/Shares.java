package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** How the lines divide among the sources: of a thousand of all, so many; of some sources, in the same proportion. */
final class Shares {
    private static final Map<Source, Integer> OF_A_THOUSAND = new EnumMap<>(Source.class);

    static {
        OF_A_THOUSAND.put(Source.KUBERNETES_AUDIT, 535);
        OF_A_THOUSAND.put(Source.EKS_AUTHENTICATOR, 14);
        OF_A_THOUSAND.put(Source.CLOUDTRAIL, 4);
        OF_A_THOUSAND.put(Source.KUBERNETES_EVENT, 15);
        OF_A_THOUSAND.put(Source.CONTAINER_LOG, 100);
        OF_A_THOUSAND.put(Source.JOURNALD, 26);
        OF_A_THOUSAND.put(Source.SYSLOG, 5);
        OF_A_THOUSAND.put(Source.ACCESS_LOG, 100);
        OF_A_THOUSAND.put(Source.HUBBLE, 150);
        OF_A_THOUSAND.put(Source.TETRAGON, 50);
        OF_A_THOUSAND.put(Source.FALCO, 1);
    }

    /** The sources that the generator writes: all but auditd. */
    static final Set<Source> SOURCES = Collections.unmodifiableSet(EnumSet.copyOf(OF_A_THOUSAND.keySet()));

    private final Set<Source> sources;
    private final double sum;

    Shares(Set<Source> sources) {
        this.sources = sources;
        this.sum = sources.stream().mapToInt(OF_A_THOUSAND::get).sum();
    }

    /** The source's part of all lines. */
    double of(Source source) {
        return sources.contains(source) ? OF_A_THOUSAND.getOrDefault(source, 0) / sum : 0;
    }

    /**
     * The part of the API: its audit log and its authenticator, which one pace holds. Where neither is written, as busy as if
     * both were.
     */
    double ofApi() {
        double part = of(Source.KUBERNETES_AUDIT) + of(Source.EKS_AUTHENTICATOR);
        return part > 0 ? part : 0.549;
    }
}
