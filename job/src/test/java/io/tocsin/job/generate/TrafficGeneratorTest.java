package io.tocsin.job.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.event.Source;
import io.tocsin.job.generate.TrafficGenerator.Options;
import io.tocsin.job.generate.TrafficGenerator.Written;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TimeZone;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrafficGeneratorTest {
    /** Changes only when the traffic is meant to change; documents and demonstrations quote what is found in it. */
    private static final String GOLDEN = "8377f59249b034bb45c372d973c3c964be2189d61732e0fd63d98e1d5b7d13e1";

    private static final Set<Source> API = EnumSet.of(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR);

    private static final Pattern AUTHENTICATOR = Pattern.compile("time=\"([0-9T:-]{19}Z)\" level=(info|warning)"
            + " msg=\"[^\"]+\"( [a-z]+=([^\" ]+|\"([^\"\\\\]|\\\\.)*\"))*");
    private static final Pattern MICROS = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6}Z");

    @Test
    void writesTheSameBytesForTheSameOptionsWhereverItRuns() {
        Locale locale = Locale.getDefault();
        TimeZone zone = TimeZone.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
            TimeZone.setDefault(TimeZone.getTimeZone("Pacific/Chatham"));
            assertThat(digest(everything())).isEqualTo(GOLDEN);
        } finally {
            Locale.setDefault(locale);
            TimeZone.setDefault(zone);
        }
        assertThat(digest(everything())).isEqualTo(GOLDEN);
    }

    @Test
    void writesAnotherDayForAnotherSeed() {
        assertThat(digest(options(5_000, 2, Set.of()))).isNotEqualTo(digest(options(5_000, 1, Set.of())));
    }

    @ParameterizedTest
    @ValueSource(longs = {20_000, 100_000, 250_000})
    void writesAboutAsManyLinesAsAsked(long events) throws IOException {
        Written written = new TrafficGenerator(options(events, 3, Set.of())).write(OutputStream.nullOutputStream());

        assertThat((double) written.lines() / events).isCloseTo(1, within(0.02));
    }

    @Test
    void coversADayAndMoreDaysForMoreLines() {
        assertThat(options(20_000, 1, Set.of()).duration()).isEqualTo(Duration.ofDays(1));
        assertThat(options(1_400_000, 1, Set.of()).duration()).isEqualTo(Duration.ofDays(7));
    }

    @Test
    void keepsEveryLineInShapeAndTheDisorderBounded() {
        List<String> lines = lines(options(20_000, 5, EnumSet.allOf(Attack.class)));
        Instant latest = Instant.EPOCH;
        Set<String> stages = new HashSet<>();
        for (String line : lines) {
            if (line.startsWith("time=")) {
                assertThat(line).matches(AUTHENTICATOR);
                Instant time = Instant.parse(line.substring(6, 26));
                assertThat(time).isAfterOrEqualTo(latest.minusMillis(1_200));
                continue;
            }
            Map<String, String> fields = fields(line);
            assertThat(fields.get("kind")).isEqualTo("Event");
            assertThat(fields.get("requestReceivedTimestamp")).matches(MICROS);
            assertThat(fields.get("stageTimestamp")).matches(MICROS);
            Instant reached = Instant.parse(fields.get("stageTimestamp"));
            assertThat(Instant.parse(fields.get("requestReceivedTimestamp"))).isBeforeOrEqualTo(reached);
            assertThat(reached).isAfterOrEqualTo(latest.minusNanos(AuditLog.DELAY_MICROS * 1_000));
            latest = reached.isAfter(latest) ? reached : latest;
            assertThat(stages.add(fields.get("auditID") + fields.get("stage"))).isTrue();
        }
    }

    @Test
    void keepsPeopleRareAndTheirMistakesFewerThanAnyThreshold() {
        List<String> lines = lines(options(100_000, 7, Set.of()));
        Map<String, Instant> lastRefusal = new HashMap<>();
        Map<String, Instant> lastSecret = new HashMap<>();
        long people = 0;
        for (String line : lines) {
            if (!line.contains("-lumen.example\"")) {
                continue;
            }
            people++;
            Map<String, String> fields = fields(line);
            Instant at = fields.containsKey("stageTimestamp") ? Instant.parse(fields.get("stageTimestamp")) : null;
            if (at != null && line.contains("\"code\":403")) {
                Instant before = lastRefusal.put(fields.get("canonicalArn"), at);
                assertThat(before == null || Duration.between(before, at).toMinutes() >= 10)
                        .as("refusals of one role stay apart: %s", line)
                        .isTrue();
            }
            if (at != null && line.contains("\"resource\":\"secrets\"")) {
                Instant before = lastSecret.put(fields.get("canonicalArn"), at);
                assertThat(before == null || Duration.between(before, at).toMinutes() >= 5)
                        .as("secrets read by one role stay apart: %s", line)
                        .isTrue();
            }
        }
        assertThat((double) people / lines.size()).isBetween(0.005, 0.02);
    }

    @Test
    void usesNoServiceAccountCredentialFromTwoAddresses() {
        Map<String, String> addresses = new HashMap<>();
        for (String line : lines(options(20_000, 11, Set.of()))) {
            if (line.contains("[\"JTI=")) {
                Map<String, String> fields = fields(line);
                String address = fields.get("sourceIPs");
                assertThat(address).startsWith("10.");
                assertThat(addresses.putIfAbsent(fields.get("authentication.kubernetes.io/credential-id"), address))
                        .isIn(null, address);
            }
        }
        assertThat(addresses).hasSizeGreaterThan(1_000);
    }

    @Test
    void hidesNothingUnlessAsked() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Written written = write(options(20_000, 1, Set.of()), out);

        assertThat(written.attacks()).isEmpty();
        assertThat(out.toString(StandardCharsets.US_ASCII))
                .doesNotContain("192.0.2.44", "192.0.2.61", "192.0.2.77", "192.0.2.90")
                .doesNotContain("aws-auth\"", "artifact-sync", "report-reader", "laptop-4711", "batch-worker");
    }

    @Test
    void addsItsAttacksAndChangesNoOtherLine() {
        List<String> quiet = lines(options(20_000, 1, Set.of()));
        List<String> loud = lines(options(20_000, 1, EnumSet.allOf(Attack.class)));
        Set<String> hidden = new HashSet<>(loud);
        quiet.forEach(hidden::remove);

        assertThat(loud).hasSize(quiet.size() + hidden.size());
        assertThat(hidden).hasSizeBetween(190, 260);
    }

    @Test
    void tellsTheTruthAboutEachAttack() {
        Options options = options(20_000, 1, EnumSet.allOf(Attack.class));
        List<PlantedAttack> attacks =
                write(options, new ByteArrayOutputStream()).attacks();

        assertThat(attacks).extracting(PlantedAttack::attack).containsExactlyInAnyOrder(Attack.values());
        assertThat(attacks).isSortedAccordingTo(Comparator.comparing(PlantedAttack::start));
        assertThat(attacks).allSatisfy(attack -> {
            assertThat(attack.start()).isAfter(options.start().plus(Duration.ofHours(5)));
            assertThat(attack.end()).isAfterOrEqualTo(attack.start());
            assertThat(attack.end()).isBefore(options.start().plus(options.duration()));
        });
    }

    @Test
    void stealsAnEngineersSession() {
        List<String> all = lines(options(20_000, 1, Set.of(Attack.STOLEN_TOKEN)));
        List<String> thief = from(all, "192.0.2.44");
        List<String> refused =
                thief.stream().filter(l -> l.contains("\"code\":403")).toList();
        List<String> let = thief.stream()
                .filter(l -> l.contains("\"code\":200") && l.contains("objectRef"))
                .toList();

        assertThat(refused)
                .hasSize(6)
                .extracting(l -> fields(l).get("requestURI"))
                .doesNotHaveDuplicates();
        assertThat(let).hasSize(3);
        assertThat(let).filteredOn(l -> l.contains("\"resource\":\"secrets\"")).hasSize(2);
        assertThat(received(let.get(0))).isAfter(received(refused.get(5)));
        assertThat(Duration.between(received(refused.get(0)), received(let.get(0))))
                .isLessThan(Duration.ofMinutes(5));
        // A history of hours from elsewhere, with the session that was stolen.
        String arn = "role/dev-nadia-haddad";
        String key = fields(thief.get(0)).get("accessKeyId");
        assertThat(all)
                .anyMatch(l -> l.contains(arn) && l.contains(key) && !l.contains("192.0.2.44") && l.startsWith("{"));
        Instant first = received(all.stream()
                .filter(l -> l.contains(arn) && l.startsWith("{"))
                .findFirst()
                .orElseThrow());
        assertThat(first).isBefore(received(thief.get(0)).minus(Duration.ofHours(6)));
    }

    @Test
    void deletesWhatTwoTeamsRun() {
        List<String> deletions = lines(options(20_000, 1, Set.of(Attack.ROGUE_INSIDER))).stream()
                .filter(l -> l.contains("role/dev-tom-okafor") && l.contains("\"verb\":\"delete"))
                .filter(l -> l.contains("\"code\":200"))
                .filter(l -> !l.contains("\"resource\":\"pods\""))
                .toList();

        assertThat(deletions)
                .extracting(l -> fields(l).get("requestURI"))
                .doesNotHaveDuplicates()
                .hasSize(46);
        assertThat(deletions).filteredOn(l -> l.contains("deletecollection")).hasSize(2);
        assertThat(Duration.between(received(deletions.get(0)), received(deletions.get(45))))
                .isLessThan(Duration.ofMinutes(5));
    }

    @Test
    void mapsARoleThatWasRefused() {
        List<String> all = lines(options(20_000, 1, Set.of(Attack.SELF_MAPPED_ROLE)));
        String arn = "arn:aws:iam::111122223333:role/artifact-sync";
        List<String> told = all.stream().filter(l -> l.contains(arn)).toList();
        List<String> story = told.stream()
                .map(l -> l.contains("access denied")
                        ? "denied"
                        : l.contains("access granted")
                                ? "granted"
                                : l.contains("\"RequestResponse\"") ? "mapped" : "used")
                .toList();

        assertThat(story.subList(0, 7))
                .containsExactly("denied", "denied", "denied", "denied", "denied", "mapped", "granted");
        assertThat(story.subList(7, story.size())).isNotEmpty().containsOnly("used");
        assertThat(told.get(0)).contains("error=\"identity is not mapped\"").contains("level=warning");
        assertThat(told.get(5)).contains("\"name\":\"aws-auth\"").contains("system:masters");
        assertThat(told.get(6)).contains("groups=\"[system:masters]\"");
    }

    @Test
    void usesAMintedTokenElsewhere() {
        List<String> all = lines(options(20_000, 1, Set.of(Attack.MINTED_TOKEN)));
        List<String> used = from(all, "192.0.2.77");
        String id = fields(used.get(0)).get("authentication.kubernetes.io/credential-id");

        assertThat(all)
                .filteredOn(l -> l.contains("issued-credential-id\":\"" + id))
                .singleElement()
                .satisfies(l -> {
                    assertThat(l).contains("role/dev-tom-okafor").contains("\"subresource\":\"token\"");
                    assertThat(received(l)).isBefore(received(used.get(0)));
                });
        assertThat(used).hasSize(2).allMatch(l -> l.contains("system:serviceaccount:ci:gitlab-runner"));
    }

    @Test
    void letsAnonymousRead() {
        assertThat(from(lines(options(20_000, 1, Set.of(Attack.ANONYMOUS_ACCESS))), "192.0.2.90"))
                .hasSize(2)
                .allMatch(l -> l.contains("\"system:anonymous\"") && l.contains("\"code\":200"));
    }

    @Test
    void refusesTooFewEvents() {
        assertThatThrownBy(() -> options(4_999, 1, Set.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("events must be at least 5000: 4999");
    }

    private static Options everything() {
        return new Options(
                20_000, 1, TrafficGenerator.DEFAULT_START, EnumSet.allOf(Attack.class), TrafficGenerator.SOURCES);
    }

    private static Options options(long events, long seed, Set<Attack> attacks) {
        return new Options(events, seed, TrafficGenerator.DEFAULT_START, attacks, API);
    }

    private static Written write(Options options, OutputStream out) {
        try {
            return new TrafficGenerator(options).write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> lines(Options options) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        write(options, out);
        return out.toString(StandardCharsets.US_ASCII).lines().collect(Collectors.toList());
    }

    private static List<String> from(List<String> lines, String address) {
        return lines.stream()
                .filter(l -> l.contains("[\"" + address + "\"]") && !l.contains("\"code\":401"))
                .toList();
    }

    private static Instant received(String line) {
        return Instant.parse(fields(line).get("requestReceivedTimestamp"));
    }

    private static String digest(Options options) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            write(options, new DigestOutputStream(OutputStream.nullOutputStream(), digest));
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The scalar fields of a line by their own names, the first of each; of an array, its first element. None if it is no JSON. */
    private static Map<String, String> fields(String line) {
        Map<String, String> fields = new HashMap<>();
        if (!line.startsWith("{")) {
            return fields;
        }
        try (JsonParser parser = new JsonFactory().createParser(line)) {
            String name = "";
            String array = "";
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.FIELD_NAME) {
                    name = parser.currentName();
                } else if (token == JsonToken.START_ARRAY) {
                    array = name;
                } else if (token.isScalarValue()) {
                    fields.putIfAbsent(parser.getParsingContext().inArray() ? array : name, parser.getText());
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
        return fields;
    }
}
