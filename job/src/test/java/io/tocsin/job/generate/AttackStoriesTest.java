package io.tocsin.job.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Each story's records are there, in the order in which it is told. */
class AttackStoriesTest {
    private static final TestingTraffic DAY = new TestingTraffic(
            30_000, 3, EnumSet.complementOf(EnumSet.range(Attack.STOLEN_TOKEN, Attack.ANONYMOUS_ACCESS)));

    @Test
    void goesFromTheIngressToTheSecretsAndOut() {
        List<SecurityEvent> exploits = with(Source.ACCESS_LOG, e -> "192.0.2.131".equals(e.peer()));
        String address = exploits.get(0).flow().destination();
        SecurityEvent shell = first(Source.TETRAGON, e -> "-i".equals(argument(e)));
        List<SecurityEvent> calls =
                with(Source.KUBERNETES_AUDIT, e -> "system:serviceaccount:web:search".equals(e.user()));
        SecurityEvent out =
                first(Source.HUBBLE, e -> "192.0.2.132".equals(e.flow().destination()));

        assertThat(exploits).hasSize(6).extracting(SecurityEvent::uri).anyMatch(uri -> uri.contains("jndi"));
        assertThat(shell.process().binary()).isEqualTo("/bin/sh");
        assertThat(shell.process().parent()).contains("java");
        assertThat(shell.place().pod())
                .startsWith("web/search-")
                .isEqualTo(out.place().pod());
        assertThat(first(Source.TETRAGON, e -> e.process().file() != null)
                        .process()
                        .file())
                .contains("serviceaccount/token");
        assertThat(calls)
                .extracting(SecurityEvent::resource)
                .containsSubsequence(
                        "selfsubjectrulesreviews",
                        "pods",
                        "services",
                        "configmaps",
                        "secrets",
                        "secrets",
                        "secrets",
                        "secrets");
        assertThat(calls)
                .allMatch(e -> address.equals(e.peer()) && shell.place().pod().equals(e.credentialPod()));
        assertThat(out.peer()).isEqualTo(address);
        assertInOrder(exploits.get(0), shell, calls.get(0), out);
        assertThat(Duration.between(exploits.get(0).time(), out.time())).isLessThan(Duration.ofMinutes(10));
        assertThat(with(Source.FALCO, e -> "Terminal shell in container".equals(e.reason())))
                .hasSize(1);
    }

    @Test
    void deletesTheEventsOfWhatItDeleted() {
        List<SecurityEvent> done = of("jonas.lind", Attack.COVERED_TRACKS);

        assertThat(done)
                .filteredOn(e -> "secrets".equals(e.resource()) && "get".equals(e.verb()))
                .hasSize(4);
        assertThat(done)
                .filteredOn(e -> "delete".equals(e.verb()) && !"events".equals(e.resource()))
                .hasSize(28);
        SecurityEvent last = done.get(done.size() - 1);
        assertThat(last.verb()).isEqualTo("deletecollection");
        assertThat(last.resource()).isEqualTo("events");
    }

    @Test
    void readsSecretsWhileNobodyCollects() {
        SecurityEvent deleted =
                first(Source.KUBERNETES_AUDIT, e -> "delete".equals(e.verb()) && "fluent-bit".equals(e.name()));
        List<Instant> times = DAY.of(Source.CONTAINER_LOG).stream()
                .map(SecurityEvent::time)
                .sorted()
                .toList();
        Duration longest = Duration.ZERO;
        Instant since = Instant.EPOCH;
        for (int i = 1; i < times.size(); i++) {
            Duration gap = Duration.between(times.get(i - 1), times.get(i));
            if (gap.compareTo(longest) > 0) {
                longest = gap;
                since = times.get(i - 1);
            }
        }
        List<SecurityEvent> meanwhile = of("ruben.castillo", Attack.LOGGING_OFF);

        assertThat(longest).isBetween(Duration.ofMinutes(99), Duration.ofMinutes(110));
        assertThat(since)
                .isBetween(deleted.time().minusSeconds(300), deleted.time().plusSeconds(20));
        assertThat(meanwhile).anyMatch(e -> "exec".equals(e.subresource()));
        assertThat(with(
                        Source.KUBERNETES_AUDIT,
                        e -> "bank-api-key".equals(e.name()) && e.user().startsWith("ruben")))
                .singleElement()
                .satisfies(e -> assertThat(e.time()).isAfter(deleted.time()));
    }

    @Test
    void usesAPodsTokenElsewhere() {
        SecurityEvent exec =
                first(Source.KUBERNETES_AUDIT, e -> e.uri() != null && e.uri().contains("serviceaccount%2Ftoken"));
        List<SecurityEvent> used = with(Source.KUBERNETES_AUDIT, e -> "192.0.2.148".equals(e.peer()));

        assertThat(used).hasSize(3).allMatch(e -> e.credentialPod().equals("data/" + exec.name()));
        assertInOrder(exec, used.get(0));
        assertThat(with(Source.TETRAGON, e -> e.process().file() != null))
                .anyMatch(e -> ("data/" + exec.name()).equals(e.place().pod()));
    }

    @Test
    void guessesAPasswordAndBecomesTheNode() {
        List<SecurityEvent> guesses = with(Source.JOURNALD, e -> "192.0.2.119".equals(e.peer()));
        PlantedAttack truth = truth(Attack.SSH_BREAK_IN);

        assertThat(guesses).hasSizeGreaterThanOrEqualTo(17);
        assertThat(guesses.get(guesses.size() - 1).outcome().name()).isEqualTo("SUCCESS");
        assertThat(with(
                        Source.KUBERNETES_AUDIT,
                        e -> truth.identity().equals(e.user()) && e.userAgent().startsWith("kubectl")))
                .hasSize(3)
                .allMatch(e -> e.time().isAfter(guesses.get(0).time()));
    }

    @Test
    void grantsARoleAndUsesItsToken() {
        List<SecurityEvent> writes = with(Source.KUBERNETES_AUDIT, e -> "report-reader".equals(e.name()));
        SecurityEvent token = first(
                Source.KUBERNETES_AUDIT, e -> "report-builder".equals(e.name()) && "token".equals(e.subresource()));
        SecurityEvent used = first(Source.KUBERNETES_AUDIT, e -> "192.0.2.155".equals(e.peer()));

        assertThat(writes).extracting(SecurityEvent::resource).containsExactly("clusterroles", "clusterrolebindings");
        assertThat(used.credentialId()).isEqualTo(token.issuedCredentialId());
        assertInOrder(writes.get(0), writes.get(1), token, used);
    }

    @Test
    void approvesItsOwnCertificate() {
        List<SecurityEvent> request = with(Source.KUBERNETES_AUDIT, e -> "laptop-4711".equals(e.name()));
        SecurityEvent used = first(Source.KUBERNETES_AUDIT, e -> "breakglass-admin".equals(e.user()));

        assertThat(request).extracting(SecurityEvent::verb).containsExactly("create", "update", "get");
        assertThat(request.get(1).subresource()).isEqualTo("approval");
        assertThat(request)
                .extracting(SecurityEvent::user)
                .containsOnly(request.get(0).user());
        assertInOrder(request.get(1), used);
        assertThat(used.groups()).contains("system:masters");
    }

    @Test
    void fetchesANodesRole() {
        SecurityEvent asked = first(Source.ACCESS_LOG, e -> "192.0.2.171".equals(e.peer()));
        SecurityEvent fetched = first(
                Source.HUBBLE,
                e -> "169.254.169.254".equals(e.flow().destination())
                        && !e.time().isBefore(asked.time()));
        SecurityEvent used = first(Source.KUBERNETES_AUDIT, e -> "192.0.2.171".equals(e.peer()));

        assertThat(asked.uri()).contains("169.254.169.254");
        assertThat(fetched.place().pod()).startsWith("web/images-");
        assertThat(used.user()).isEqualTo("system:node:" + fetched.place().node());
        assertThat(first(Source.CLOUDTRAIL, e -> "192.0.2.171".equals(e.peer())).accessKeyId())
                .isEqualTo(used.accessKeyId());
        assertInOrder(asked, fetched, used);
    }

    @Test
    void minesUntilTheQuotaIsUsedUp() {
        List<SecurityEvent> created = of("marek.nowak", Attack.MINING).stream()
                .filter(e -> "create".equals(e.verb()) && "deployments".equals(e.resource()))
                .toList();

        assertThat(created).hasSize(24);
        assertThat(with(
                        Source.KUBERNETES_EVENT,
                        e -> e.message().contains("exceeded quota") && "checkout".equals(e.namespace())))
                .hasSizeGreaterThan(10);
        assertThat(with(Source.TETRAGON, e -> e.process().binary().endsWith("xmrig")))
                .hasSize(6);
    }

    private static String argument(SecurityEvent event) {
        String command = event.process().command();
        return command == null ? "" : command.substring(command.lastIndexOf(' ') + 1);
    }

    private static PlantedAttack truth(Attack attack) {
        return DAY.written.attacks().stream()
                .filter(planted -> planted.attack() == attack)
                .findFirst()
                .orElseThrow();
    }

    /** What somebody asked the API while the attack went on. */
    private static List<SecurityEvent> of(String person, Attack attack) {
        PlantedAttack truth = truth(attack);
        return with(
                Source.KUBERNETES_AUDIT,
                e -> e.user() != null
                        && e.user().startsWith(person)
                        && !e.time().isBefore(truth.start())
                        && !e.time().isAfter(truth.end().plusSeconds(2)));
    }

    private static List<SecurityEvent> with(Source source, Predicate<SecurityEvent> which) {
        List<SecurityEvent> found =
                new ArrayList<>(DAY.of(source).stream().filter(which).toList());
        found.sort(Comparator.comparing(SecurityEvent::time));
        return found;
    }

    private static SecurityEvent first(Source source, Predicate<SecurityEvent> which) {
        List<SecurityEvent> found = with(source, which);
        assertThat(found).isNotEmpty();
        return found.get(0);
    }

    private static void assertInOrder(SecurityEvent... events) {
        assertThat(events).extracting(SecurityEvent::time).isSorted();
    }
}
