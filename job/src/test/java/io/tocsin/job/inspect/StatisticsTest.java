package io.tocsin.job.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    private static final Instant T0 = Instant.parse("2026-03-02T10:00:00Z");
    private final Statistics statistics = new Statistics();

    @Test
    void countsByFormatAndCluster() {
        statistics.event(at(0, event -> {}));
        statistics.event(at(1, event -> event.cluster = "prod"));
        statistics.event(at(2, event -> event.source = Source.HUBBLE));
        statistics.other(skipped("stage"), "kubernetes-audit", "prod", "a.log", 0);
        statistics.other(letter("x must be a string: 0"), null, null, "a.log", 7);

        assertThat(statistics.rows().keySet())
                .extracting(row -> row.format() + "@" + row.cluster())
                .containsExactly("hubble@default", "kubernetes-audit@default", "kubernetes-audit@prod", "unknown@-");
        Tally prod = statistics.rows().get(new Statistics.Row("kubernetes-audit", "prod"));
        assertThat(prod.records()).isEqualTo(2);
        assertThat(prod.events()).isEqualTo(1);
        assertThat(prod.skipped()).isEqualTo(1);
        Tally total = statistics.total();
        assertThat(total.records()).isEqualTo(5).isEqualTo(total.events() + total.deadLetters() + total.skipped());
        assertThat(total.first()).isEqualTo(T0);
        assertThat(total.last()).isEqualTo(T0.plusSeconds(2));
    }

    @Test
    void measuresHowFarARecordIsBehindItsFile() {
        statistics.startFile();
        statistics.event(at(0, event -> {}));
        statistics.event(at(10, event -> {}));
        statistics.event(at(4, event -> {}));
        statistics.startFile();
        statistics.event(at(1, event -> {}));

        Disorder disorder = statistics.total().disorder();
        assertThat(disorder.total()).isEqualTo(4);
        assertThat(disorder.highest()).isEqualTo(6_000);
        assertThat(disorder.percentile(50)).isZero();
    }

    @Test
    void theEndOfALongRequestAndACutRecordAreNotBehind() {
        statistics.event(at(100, event -> {}));
        statistics.event(at(0, event -> event.longOver = true));
        statistics.event(at(0, event -> event.truncated = true));

        assertThat(statistics.total().disorder().highest()).isZero();
        assertThat(statistics.total().truncated()).isEqualTo(1);
        assertThat(statistics.total().events()).isEqualTo(3);
    }

    @Test
    void keepsTheFirstDeadLettersOfEachKindWithoutSecrets() {
        for (int i = 0; i < 9; i++) {
            statistics.other(letter("no known log format: password=hunter" + i), null, null, "a.log", i);
        }
        statistics.other(letter("time is missing"), null, null, "b.log", 0);

        assertThat(statistics.deadLetters().keySet()).containsExactly("no known log format", "time is missing");
        Statistics.Letters letters = statistics.deadLetters().get("no known log format");
        assertThat(letters.count()).isEqualTo(9);
        assertThat(letters.first()).hasSize(5).startsWith("a.log at 0: no known log format: password=[redacted]");
    }

    @Test
    void staysBoundedWhateverTheRecordsName() {
        for (int i = 0; i < 5_000; i++) {
            int each = i;
            statistics.event(at(i, event -> event.cluster = "c" + each));
            statistics.other(letter("reason " + i), null, null, "a.log", i);
            statistics.other(skipped("reason " + i), null, null, "a.log", i);
        }

        assertThat(statistics.rows()).hasSizeLessThanOrEqualTo(1_020);
        assertThat(statistics.deadLetters()).hasSizeLessThanOrEqualTo(101);
        assertThat(statistics.skipped()).hasSizeLessThanOrEqualTo(101);
        assertThat(statistics.total().records()).isEqualTo(15_000);
    }

    @Test
    void readsAsATable() {
        statistics.event(at(0, event -> {}));
        statistics.event(at(3_700, event -> event.cluster = "a\u202Eb"));
        statistics.event(at(100, event -> event.cluster = "a\u202Eb"));
        statistics.other(letter("time is missing"), null, null, "b.log", 1_000);

        assertThat(StatisticsText.of(statistics, List.of()).lines())
                .containsExactly(
                        "FORMAT            CLUSTER   RECORDS  EVENTS  DEAD  SKIPPED  CUT  FIRST (UTC)          LAST (UTC)"
                                + "           BEHIND p50    p99   MOST",
                        "kubernetes-audit  a\\u202Eb        2       2     0        0    0  2026-03-02 10:01:40"
                                + "  2026-03-02 11:01:40           0  1h00m  1h00m",
                        "kubernetes-audit  default         1       1     0        0    0  2026-03-02 10:00:00"
                                + "  2026-03-02 10:00:00           0      0      0",
                        "unknown           -               1       0     1        0    0  -                    -"
                                + "                             -      -      -",
                        "total                             4       3     1        0    0  2026-03-02 10:00:00"
                                + "  2026-03-02 11:01:40           0  1h00m  1h00m",
                        "",
                        "records = events + dead letters + skipped: 4 = 3 + 1 + 0",
                        "",
                        "dead letters, time is missing: 1",
                        "  b.log at 1000: time is missing");
    }

    @Test
    void writesDurationsForPeople() {
        assertThat(StatisticsText.duration(0)).isEqualTo("0");
        assertThat(StatisticsText.duration(250)).isEqualTo("250 ms");
        assertThat(StatisticsText.duration(3_250)).isEqualTo("3.3 s");
        assertThat(StatisticsText.duration(61_000)).isEqualTo("1m01s");
        assertThat(StatisticsText.duration(3_900_000)).isEqualTo("1h05m");
        assertThat(StatisticsText.duration(7 * 86_400_000L)).isEqualTo("7 days");
    }

    private static SecurityEvent at(long second, Consumer<SecurityEvent.Builder> more) {
        SecurityEvent.Builder event = SecurityEvent.builder();
        event.time = T0.plusSeconds(second);
        event.source = Source.KUBERNETES_AUDIT;
        event.cluster = "default";
        event.scope = "default";
        more.accept(event);
        return event.build();
    }

    private static Decoded skipped(String reason) {
        return Decoded.skipped(reason, new byte[0], 0, 0);
    }

    private static Decoded letter(String reason) {
        return Decoded.deadLetter(new DeadLetter("a.log", 0, reason, new byte[0]), new byte[0], 0, 0);
    }
}
