package io.tocsin.job.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Traffic without an attack stays below what the catalogue counts. */
class BenignTrafficTest {
    private static final TestingTraffic DAYS = TestingTraffic.QUIET;

    @Test
    void scansNoIngress() {
        assertThat(most(Source.ACCESS_LOG, e -> true, SecurityEvent::peer, e -> path(e.uri()), 10))
                .isLessThan(40);
        assertThat(most(Source.ACCESS_LOG, e -> e.code() >= 400, SecurityEvent::peer, SecurityEvent::id, 10))
                .isBetween(2, 20);
    }

    @Test
    void exploitsNothing() {
        assertThat(DAYS.lines.get(Source.ACCESS_LOG))
                .noneMatch(line -> line.contains("jndi") || line.contains("..") || line.contains("169.254"));
        assertThat(DAYS.lines.get(Source.TETRAGON))
                .noneMatch(line -> line.contains("serviceaccount/token") || line.contains("process_kprobe"));
        assertThat(DAYS.lines.get(Source.FALCO)).noneMatch(line -> line.contains("shell"));
    }

    @Test
    void guessesNoPassword() {
        for (Source source : List.of(Source.JOURNALD, Source.SYSLOG)) {
            Predicate<SecurityEvent> failed = e -> e.peer() != null && e.outcome() == Outcome.DENIED;
            assertThat(most(source, failed, SecurityEvent::peer, SecurityEvent::id, 30))
                    .isLessThan(4);
        }
        assertThat(DAYS.of(Source.JOURNALD))
                .filteredOn(e -> e.peer() != null)
                .isNotEmpty()
                .allMatch(e -> BastionLog.ADDRESS.equals(e.peer()));
    }

    @Test
    void triesNoPorts() {
        Function<SecurityEvent, String> destination =
                e -> e.flow().destination() + ":" + e.flow().port();
        assertThat(most(
                        Source.HUBBLE,
                        e -> e.outcome() == Outcome.DENIED,
                        e -> e.place().pod(),
                        destination,
                        5))
                .isBetween(1, 4);
    }

    @Test
    void addsNoDestinationLater() {
        Map<String, Map<String, Instant>> first = new HashMap<>();
        Instant start = TrafficGenerator.DEFAULT_START;
        for (SecurityEvent flow : DAYS.of(Source.HUBBLE)) {
            if ("Reserved/world".equals(flow.flow().workload())) {
                first.computeIfAbsent(flow.place().workload(), w -> new HashMap<>())
                        .putIfAbsent(flow.flow().destination(), flow.time());
            }
        }
        assertThat(first).hasSizeGreaterThan(6);
        assertThat(first.values()).allSatisfy(destinations -> assertThat(destinations.values())
                .allMatch(time -> time.isBefore(start.plus(Duration.ofHours(3)))));
    }

    @Test
    void sweepsNoSecretsButThoseItKeepsInStep() {
        Predicate<SecurityEvent> reads = e -> "secrets".equals(e.resource())
                && succeeded(e)
                && Set.of("get", "list").contains(e.verb())
                && e.name() != null
                && !e.name().startsWith("sh.helm.release");
        Predicate<SecurityEvent> others = e -> !e.user().endsWith(":external-secrets");

        assertThat(most(Source.KUBERNETES_AUDIT, reads.and(others), SecurityEvent::identity, e -> e.name(), 30))
                .isLessThan(4);
        assertThat(most(
                        Source.KUBERNETES_AUDIT,
                        reads.and(BenignTrafficTest::isPerson),
                        SecurityEvent::identity,
                        e -> e.name(),
                        5))
                .isLessThan(3);
        assertThat(most(Source.KUBERNETES_AUDIT, reads, SecurityEvent::identity, e -> e.name(), 30))
                .isGreaterThan(15);
    }

    @Test
    void doesWhatLooksWorseThanItIs() {
        List<SecurityEvent> audit = DAYS.of(Source.KUBERNETES_AUDIT);

        assertThat(audit)
                .anyMatch(e -> "exec".equals(e.subresource()) && e.uri().contains("command=sh"));
        assertThat(audit).anyMatch(e -> "delete".equals(e.verb()) && "namespaces".equals(e.resource()));
        assertThat(audit).anyMatch(e -> "approval".equals(e.subresource()));
        assertThat(audit).anyMatch(e -> "patch".equals(e.verb()) && "fluent-bit".equals(e.name()));
        assertThat(audit).anyMatch(e -> "create".equals(e.verb()) && "nodes".equals(e.resource()));
        assertThat(audit).anyMatch(e -> e.user() != null && e.user().startsWith("oscar.dahl"));
        assertThat(audit).anyMatch(e -> e.name() != null && e.name().startsWith("kube-bench"));
        assertThat(most(
                        Source.KUBERNETES_AUDIT,
                        e -> "create".equals(e.verb()) && "jobs".equals(e.resource()),
                        SecurityEvent::user,
                        SecurityEvent::id,
                        5))
                .isGreaterThan(20);
        assertThat(DAYS.of(Source.KUBERNETES_EVENT)).anyMatch(e -> "FailedScheduling".equals(e.reason()));
    }

    @Test
    void failsSteadilyRatherThanAllAtOnce() {
        assertThat(most(
                        Source.CONTAINER_LOG,
                        e -> "error".equals(e.level()),
                        e -> e.place().workload() == null
                                ? e.place().container()
                                : e.place().workload(),
                        SecurityEvent::id,
                        5))
                .isBetween(1, 5);
    }

    private static boolean succeeded(SecurityEvent event) {
        return event.code() >= 101 && event.code() < 300;
    }

    private static boolean isPerson(SecurityEvent event) {
        return event.user() != null && event.user().endsWith("-lumen.example");
    }

    private static String path(String uri) {
        return uri.indexOf('?') < 0 ? uri : uri.substring(0, uri.indexOf('?'));
    }

    /** The most distinct values of one key within so many minutes. */
    private static int most(
            Source source,
            Predicate<SecurityEvent> counted,
            Function<SecurityEvent, String> key,
            Function<SecurityEvent, String> value,
            int minutes) {
        Map<String, List<SecurityEvent>> byKey = DAYS.of(source).stream()
                .filter(counted)
                .filter(e -> key.apply(e) != null)
                .sorted(Comparator.comparing(SecurityEvent::time))
                .collect(Collectors.groupingBy(key));
        int most = 0;
        for (List<SecurityEvent> events : byKey.values()) {
            ArrayDeque<SecurityEvent> window = new ArrayDeque<>();
            for (SecurityEvent event : events) {
                window.add(event);
                while (Duration.between(window.element().time(), event.time()).toMinutes() >= minutes) {
                    window.remove();
                }
                if (window.size() > most) {
                    Set<String> distinct = new HashSet<>();
                    window.forEach(each -> distinct.add(value.apply(each)));
                    most = Math.max(most, distinct.size());
                }
            }
        }
        return most;
    }
}
