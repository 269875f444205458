package io.tocsin.job.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the generated logs say, as the decoder reads it. */
class EverySourceTest {
    private static final TestingTraffic DAY = TestingTraffic.QUIET;

    @Test
    void writesOnlyWhatIsReadAsAnEventOfItsSource() {
        assertThat(DAY.others).containsOnlyKeys("kubernetes-audit skipped: stage");
        assertThat(DAY.events.keySet()).isEqualTo(TrafficGenerator.SOURCES);
        DAY.events.forEach((source, events) -> {
            assertThat(events).isNotEmpty();
            for (SecurityEvent event : events) {
                assertThat(event.source()).isSameAs(source);
                assertThat(event.truncated()).isFalse();
            }
        });
    }

    @Test
    void dividesTheLinesAmongTheSources() {
        double all = DAY.written.lines();

        assertThat(all / 80_000).isCloseTo(1, within(0.02));
        assertThat(share(Source.KUBERNETES_AUDIT) / all).isCloseTo(0.535, within(0.03));
        assertThat(share(Source.HUBBLE) / all).isCloseTo(0.15, within(0.01));
        assertThat(share(Source.ACCESS_LOG) / all).isCloseTo(0.10, within(0.01));
        assertThat(share(Source.CONTAINER_LOG) / all).isCloseTo(0.10, within(0.01));
        assertThat(share(Source.TETRAGON) / all).isCloseTo(0.05, within(0.01));
        assertThat(share(Source.JOURNALD) / all).isCloseTo(0.026, within(0.01));
        assertThat(share(Source.KUBERNETES_EVENT) / all).isCloseTo(0.015, within(0.01));
    }

    private static double share(Source source) {
        return DAY.written.sources().getOrDefault(source, 0L);
    }

    @Test
    void writesEachSourceInTheOrderOfTime() {
        DAY.events.forEach((source, events) -> {
            Instant latest = Instant.EPOCH;
            for (SecurityEvent event : events) {
                if (event.longOver() || source == Source.KUBERNETES_AUDIT) {
                    continue;
                }
                assertThat(event.time()).as(source.id()).isAfter(latest.minusSeconds(2));
                latest = event.time().isAfter(latest) ? event.time() : latest;
            }
        });
    }

    @Test
    void speaksOfTheSamePodsEverywhere() {
        // Pods come and go, and an address may come back with another pod, though not at the same time.
        Map<String, Set<String>> podsOfAddress = new HashMap<>();
        Map<String, String> nodeOfPod = new HashMap<>();
        Map<String, String> uidOfPod = new HashMap<>();
        for (SecurityEvent event : DAY.of(Source.CONTAINER_LOG)) {
            String pod = event.place().pod();
            assertThat(pod).isNotNull();
            podsOfAddress
                    .computeIfAbsent(event.place().podAddress(), a -> new HashSet<>())
                    .add(pod);
            assertThat(nodeOfPod.putIfAbsent(pod, event.place().node()))
                    .isIn(null, event.place().node());
            assertThat(uidOfPod.putIfAbsent(pod, event.place().podUid()))
                    .isIn(null, event.place().podUid());
        }
        int joined = 0;
        for (SecurityEvent flow : DAY.of(Source.HUBBLE)) {
            String pod = flow.place().pod();
            Set<String> known = podsOfAddress.get(flow.peer());
            if (pod != null && known != null && nodeOfPod.containsKey(pod)) {
                assertThat(known).contains(pod);
                assertThat(flow.place().node()).isEqualTo(nodeOfPod.get(pod));
                joined++;
            }
        }
        assertThat(joined).isGreaterThan(5_000);
        for (Source source : List.of(Source.TETRAGON, Source.KUBERNETES_EVENT)) {
            int same = 0;
            for (SecurityEvent event : DAY.of(source)) {
                String uid = event.place().pod() == null
                        ? null
                        : uidOfPod.get(event.place().pod());
                if (uid != null) {
                    assertThat(event.place().podUid()).isEqualTo(uid);
                    same++;
                }
            }
            assertThat(same).as(source.id()).isGreaterThan(300);
        }
        int served = 0;
        for (SecurityEvent request : DAY.of(Source.ACCESS_LOG)) {
            Set<String> pods = podsOfAddress.get(request.flow().destination());
            if (pods != null) {
                served++;
            }
        }
        assertThat(served).isGreaterThan(7_000);
        int bound = 0;
        for (SecurityEvent call : DAY.of(Source.KUBERNETES_AUDIT)) {
            String uid = call.credentialPod() == null ? null : uidOfPod.get(call.credentialPod());
            if (uid != null) {
                assertThat(call.credentialPodUid()).isEqualTo(uid);
                assertThat(call.credentialNode()).isEqualTo(nodeOfPod.get(call.credentialPod()));
                bound++;
            }
        }
        assertThat(bound).isGreaterThan(5_000);
    }

    @Test
    void tellsOfAPodsStartInEveryLogThatSeesIt() {
        SecurityEvent started = DAY.of(Source.KUBERNETES_EVENT).stream()
                .filter(e -> "Started".equals(e.reason()) && "web".equals(e.namespace()))
                .findFirst()
                .orElseThrow();
        String pod = started.place().pod();

        assertThat(DAY.of(Source.KUBERNETES_EVENT))
                .filteredOn(e -> pod.equals(e.place().pod()))
                .extracting(SecurityEvent::reason)
                .contains("Scheduled", "Pulled", "Created", "Started");
        assertThat(DAY.of(Source.JOURNALD)).anyMatch(e -> pod.equals(e.place().pod()));
        assertThat(DAY.of(Source.TETRAGON)).anyMatch(e -> pod.equals(e.place().pod()));
        assertThat(DAY.of(Source.CONTAINER_LOG))
                .anyMatch(e -> pod.equals(e.place().pod()));
        String name = pod.substring(pod.indexOf('/') + 1);
        assertThat(DAY.of(Source.KUBERNETES_AUDIT))
                .anyMatch(e -> "binding".equals(e.subresource()) && name.equals(e.name()));
    }

    @Test
    void fillsTheFieldsThatDetectionsRead() {
        assertThat(DAY.of(Source.CLOUDTRAIL))
                .anyMatch(e -> "AssumeRoleWithWebIdentity".equals(e.verb()) && e.issuedCredentialId() != null);
        assertThat(DAY.of(Source.CLOUDTRAIL)).anyMatch(e -> "DescribeCluster".equals(e.verb()) && e.arn() != null);
        assertThat(DAY.of(Source.TETRAGON))
                .anyMatch(e -> "/usr/local/bin/redis-cli".equals(e.process().binary()));
        assertThat(DAY.of(Source.HUBBLE)).anyMatch(e -> e.outcome() == Outcome.DENIED);
        assertThat(DAY.of(Source.HUBBLE))
                .anyMatch(e -> "192.0.2.20".equals(e.flow().destination()));
        assertThat(DAY.of(Source.ACCESS_LOG))
                .anyMatch(e -> e.code() == 200 && e.flow().workload() != null);
        assertThat(DAY.of(Source.ACCESS_LOG)).anyMatch(e -> e.code() == 404);
        assertThat(DAY.of(Source.JOURNALD)).anyMatch(e -> e.user() != null && BastionLog.ADDRESS.equals(e.peer()));
        assertThat(DAY.of(Source.SYSLOG)).anyMatch(e -> e.peer() != null && e.user() != null);
        assertThat(DAY.of(Source.CONTAINER_LOG)).anyMatch(e -> "error".equals(e.level()));
        assertThat(DAY.of(Source.FALCO)).allMatch(e -> e.place().pod() != null && e.reason() != null);
        assertThat(DAY.of(Source.KUBERNETES_EVENT)).anyMatch(e -> "BackOff".equals(e.reason()) && e.count() == 5);
    }

    @Test
    void neverLeavesASourceSilentForLong() {
        DAY.events.forEach((source, events) -> {
            Instant before = events.get(0).time();
            for (SecurityEvent event : events) {
                if (!event.longOver()) {
                    assertThat(Duration.between(before, event.time()))
                            .as(source.id())
                            .isLessThan(Duration.ofMinutes(30));
                    before = event.time();
                }
            }
        });
    }
}
