package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertTableTest {
    @Test
    void showsAnAlertInARow() {
        AlertTable table = new AlertTable(120, false);
        assertThat(table.header() + "\n" + table.row(TestingAlerts.refusedThenLetIn()))
                .isEqualTo(
                        """
                        WHEN (UTC)           SEVERITY  WHO                FROM             WHAT                                     ALERT
                        2026-03-01 03:05:35  HIGH      alice              203.0.113.7      alice was refused 3 requests from        4f2a77c01b9e
                                                                                           203.0.113.7, then succeeded
                        """
                                .stripTrailing());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 80, 81, 99, 100, 120, 200, 9999})
    void staysWithinTheWidth(int width) {
        AlertTable table = new AlertTable(width, false);
        int limit = Math.max(80, Math.min(240, width));
        String row = table.row(TestingAlerts.hostile("very-long-word".repeat(30) + " short words and so on "));
        assertThat((table.header() + "\n" + row).lines())
                .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(limit));
    }

    @Test
    void countsWideCharactersTwice() {
        AlertTable table = new AlertTable(80, false);
        assertThat(table.row(TestingAlerts.hostile("漢".repeat(100))).lines()).allSatisfy(line -> {
            int columns = line.codePoints().map(c -> c == '漢' ? 2 : 1).sum();
            assertThat(columns).isLessThanOrEqualTo(80);
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u001b[2J", "a\nb", "\r\u0007", "\u009b31m", "\u202egnp", "\u2028", "\udb40\udc41"})
    void letsNoControlCharacterThrough(String hostile) {
        String row = new AlertTable(120, false).row(TestingAlerts.hostile(hostile));
        assertThat(row.replace("\n", "").codePoints()).noneMatch(SafeText::isHidden);
        assertThat(row.lines().count()).isLessThanOrEqualTo(2);
    }

    @Test
    void coloursOnTerminalsOnly() {
        List<AlertTable> plain = List.of(
                AlertTable.forTerminal(Map.of(), false),
                AlertTable.forTerminal(Map.of("NO_COLOR", "1"), true),
                AlertTable.forTerminal(Map.of("TERM", "dumb"), true));
        assertThat(plain).allSatisfy(table -> assertThat(table.row(TestingAlerts.refusedThenLetIn()))
                .doesNotContain("\u001b"));
        assertThat(AlertTable.forTerminal(Map.of("TERM", "xterm"), true).row(TestingAlerts.refusedThenLetIn()))
                .contains("\u001b[31mHIGH    \u001b[0m");
    }

    @Test
    void takesTheWidthOfTheTerminal() {
        assertThat(AlertTable.forTerminal(Map.of("COLUMNS", "90"), true).header())
                .isEqualTo(new AlertTable(90, false).header());
        assertThat(AlertTable.forTerminal(Map.of("COLUMNS", "x"), true).header())
                .isEqualTo(new AlertTable(120, false).header());
    }
}
