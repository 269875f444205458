package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Exemption;
import io.tocsin.detection.Glob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExemptionFileTest {
    private static final List<String> IDS = List.of("delete-burst", "forbidden-burst");

    @TempDir
    private Path folder;

    private final List<String> problems = new ArrayList<>();

    private List<Exemption> read(String yaml) throws Exception {
        Path file = Files.writeString(folder.resolve("exemptions.yaml"), yaml);
        return ExemptionFile.read(file.toString(), IDS, problems);
    }

    @Test
    void readsWhatIsAllowed() throws Exception {
        List<Exemption> all = read(
                """
                exemptions:
                  - name: nightly
                    identity: system:serviceaccount:ops:cleanup
                    origin: [10.0.0.0/8, "fd00::/8"]
                    client: kubectl/*
                    detections: [delete-*]
                    namespaces: team-*
                    clusters: [prod]
                    owner: platform
                    reason: removes previews
                    expires: 2027-06-30
                  - {identity: ci, origin: any, detections: forbidden-burst, owner: o, reason: r,
                     expires: "2027-01-01T12:00:00Z"}
                """);
        assertThat(problems).isEmpty();
        assertThat(all)
                .containsExactly(
                        new Exemption(
                                "nightly",
                                new Glob("system:serviceaccount:ops:cleanup"),
                                List.of("10.0.0.0/8", "fd00::/8"),
                                new Glob("kubectl/*"),
                                List.of(new Glob("prod")),
                                List.of(new Glob("delete-*")),
                                List.of(new Glob("team-*")),
                                "platform",
                                "removes previews",
                                Instant.parse("2027-07-01T00:00:00Z"),
                                false),
                        new Exemption(
                                "entry-2",
                                new Glob("ci"),
                                List.of(),
                                null,
                                List.of(),
                                List.of(new Glob("forbidden-burst")),
                                List.of(),
                                "o",
                                "r",
                                Instant.parse("2027-01-01T12:00:00Z"),
                                false));
    }

    @Test
    void tellsEverythingThatIsWrong() throws Exception {
        read(
                """
                exemptions:
                  - {identity: ci, detections: [delete-brust], owner: o, reasons: r, expires: soon}
                  - {origin: 10.0.0.0/99, owner: o, reason: r, expires: 2027-01-01}
                  - text
                """);
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "exemptions: entry 1: no such key: reasons; did you mean reason?",
                        "exemptions: entry 1: origin is missing: address ranges, or any to say that it holds from anywhere",
                        "exemptions: entry 1: no detection is called delete-brust; did you mean delete-burst?",
                        "exemptions: entry 1: reason is missing",
                        "exemptions: entry 1: expires must be a date such as 2027-06-30 (the last day), or an RFC 3339 time: soon",
                        "exemptions: entry 2: identity is missing",
                        "exemptions: entry 2: origin: expected an address range such as 10.0.0.0/8: 10.0.0.0/99",
                        "exemptions: entry 2: detections must name at least one",
                        "exemptions: entry 3 must be keys and values: text");
    }

    @Test
    void severalIdentitiesAndTheControlPlanesNetworkAreOneEntry() throws Exception {
        List<Exemption> all = read(
                """
                exemptions:
                  - {name: nodes, identity: [a, "b*"], origin: control-plane, detections: delete-burst, owner: o,
                     reason: r, expires: 2027-01-01}
                  - {identity: [a, ""], origin: [control-plane, 10.0.0.0/8], detections: delete-burst, owner: o,
                     reason: r, expires: 2027-01-01}
                """);
        assertThat(all).extracting(Exemption::name).containsExactly("nodes", "nodes");
        assertThat(all).extracting(exemption -> exemption.identity().text()).containsExactly("a", "b*");
        assertThat(all)
                .allMatch(Exemption::fromControlPlane)
                .allMatch(exemption -> exemption.origins().isEmpty());
        assertThat(problems)
                .containsExactlyInAnyOrder(
                        "exemptions: entry 2: identity is missing",
                        "exemptions: entry 2: origin: expected an address range such as 10.0.0.0/8: control-plane");
    }

    @Test
    void tellsThatThereIsNoList() throws Exception {
        read("exempt: []");
        read(": : [");
        ExemptionFile.read(folder.resolve("none.yaml").toString(), IDS, problems);
        assertThat(problems).hasSize(3);
        assertThat(problems.get(0)).startsWith("exemptions: expected a list under the key exemptions in ");
        assertThat(problems.get(1)).contains(" is no YAML: ");
        assertThat(problems.get(2)).startsWith("exemptions: can't read the file: ");
    }
}
