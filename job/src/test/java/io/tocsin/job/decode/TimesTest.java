package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource({
        "10/Oct/2000:13:55:36 -0700,2000-10-10T20:55:36Z",
        "10/Oct/2000:13:55:36 +0000,2000-10-10T13:55:36Z",
        "01/Jan/2026:00:30:00 +0130,2025-12-31T23:00:00Z",
        "29/Feb/2024:23:59:60 +0000,2024-03-01T00:00:00Z"
    })
    void readsTheTimesOfAccessLogs(String text, Instant instant) {
        assertThat(Times.clf(text)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "10/Oct/2000:13:55:36",
                "10/Okt/2000:13:55:36 -0700",
                "10/oct/2000:13:55:36 -0700",
                "10-Oct-2000:13:55:36 -0700",
                "31/Feb/2000:13:55:36 -0700",
                "00/Jan/2000:13:55:36 -0700",
                "10/Oct/2000:24:00:00 -0700",
                "10/Oct/2000:13:60:36 -0700",
                "10/Oct/2000:13:55:61 -0700",
                "10/Oct/20x0:13:55:36 -0700",
                "10/Oct/xxxx:13:55:36 -0700",
                "x0/Oct/2000:13:55:36 -0700",
                "10/Oct/2000:13:55:36 07000",
                "10/Oct/2000:13:55:36 -07x0",
                "10/Oct/2000:13:55:36 -2400",
                "10/Oct/2000:13:55:36 +9999",
                "10/Oct/2000:13:55:36 +0060",
                "\u0661\u0660/Oct/2000:13:55:36 -0700"
            })
    void takesNothingElseForTheTimeOfAnAccessLog(String text) {
        assertThat(Times.clf(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "Dec 10 06:55:46,2026-01-05T00:00:00Z,2025-12-10T06:55:46Z",
        "Jan  4 06:55:46,2026-01-05T00:00:00Z,2026-01-04T06:55:46Z",
        "Jan 04 06:55:46,2026-01-05T00:00:00Z,2026-01-04T06:55:46Z",
        // New Year's Eve, read in the new year and before it
        "Dec 31 23:59:59,2026-01-01T00:00:00Z,2025-12-31T23:59:59Z",
        "Dec 31 23:59:59,2025-12-31T23:59:59Z,2025-12-31T23:59:59Z",
        "Jan  1 00:00:01,2026-01-01T00:00:02Z,2026-01-01T00:00:01Z",
        // A clock that is ahead: of whoever wrote the file, and of the year
        "Jan  1 00:00:01,2025-12-31T23:59:50Z,2026-01-01T00:00:01Z",
        "Jan  2 23:59:50,2025-12-31T23:59:50Z,2026-01-02T23:59:50Z",
        "Jan  2 23:59:51,2025-12-31T23:59:50Z,2025-01-02T23:59:51Z",
        // A day that not every year has
        "Feb 29 12:00:00,2024-03-01T00:00:00Z,2024-02-29T12:00:00Z",
        "Feb 29 12:00:00,2026-03-01T00:00:00Z,2024-02-29T12:00:00Z",
        "Feb 29 12:00:00,2028-02-01T00:00:00Z,2024-02-29T12:00:00Z",
        "Feb 29 12:00:00,2028-02-28T00:00:00Z,2028-02-29T12:00:00Z",
        "Feb 29 12:00:00,2103-01-01T00:00:00Z,2096-02-29T12:00:00Z",
        "Feb 29 12:00:00,2104-01-01T00:00:00Z,2096-02-29T12:00:00Z",
        "Jun 30 23:59:60,2026-07-05T00:00:00Z,2026-07-01T00:00:00Z"
    })
    void findsTheLastYearInWhichATimeCanHaveBeenWritten(String text, Instant written, Instant instant) {
        assertThat(Times.syslog(text, ZoneOffset.UTC, written)).isEqualTo(instant);
    }

    @Test
    void readsTimesInTheirZone() {
        Instant written = Instant.parse("2026-01-01T00:00:00Z");

        // It is the new year there already.
        assertThat(Times.syslog("Jan  1 00:30:00", BERLIN, written)).isEqualTo(Instant.parse("2025-12-31T23:30:00Z"));
        assertThat(Times.klog("0701 12:00:00.000001", BERLIN, written))
                .isEqualTo(Instant.parse("2025-07-01T10:00:00.000001Z"));
        assertThat(Times.local("2026-07-01 12:00:00", BERLIN)).isEqualTo(Instant.parse("2026-07-01T10:00:00Z"));
        // An hour that the clocks leave out, and one that comes twice.
        assertThat(Times.local("2026-03-29 02:30:00", BERLIN)).isEqualTo(Instant.parse("2026-03-29T01:30:00Z"));
        assertThat(Times.local("2026-10-25 02:30:00", BERLIN)).isEqualTo(Instant.parse("2026-10-25T00:30:00Z"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Dec 10 06:55",
                "Dez 10 06:55:46",
                "Dec 32 06:55:46",
                "Dec  0 06:55:46",
                "Feb 30 06:55:46",
                "Dec 10 24:00:00",
                "Dec 10 06:60:46",
                "Dec 1x 06:55:46",
                "Dec  x 06:55:46",
                "Dec 10 -6:55:46",
                "2026-01-24T10:00:00Z"
            })
    void takesNothingElseForTheTimeOfSyslog(String text) {
        assertThat(Times.syslog(text, ZoneOffset.UTC, TestingDecoder.WRITTEN)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1119 22:47:49.358276,2025-11-19T22:47:49.358276Z",
        "0301 00:00:00.000000 7 x.go:1],2026-03-01T00:00:00Z",
        "0229 12:00:00.000000,2024-02-29T12:00:00Z"
    })
    void readsTheTimesOfKlog(String text, Instant instant) {
        assertThat(Times.klog(text, ZoneOffset.UTC, TestingDecoder.WRITTEN)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1119 22:47:49",
                "1319 22:47:49.358276",
                "0019 22:47:49.358276",
                "1131 22:47:49.358276",
                "1119 22:47:49.35827x",
                "11x9 22:47:49.358276",
                "1119 25:47:49.358276",
                "1119 22:47:49,358276"
            })
    void takesNothingElseForATimeOfKlog(String text) {
        assertThat(Times.klog(text, ZoneOffset.UTC, TestingDecoder.WRITTEN)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "2026-01-24 01:34:36,2026-01-24T01:34:36Z",
        "2026/01/24 01:34:36,2026-01-24T01:34:36Z",
        "2026-01-24T01:34:36,2026-01-24T01:34:36Z",
        "2026-01-24 01:34:36.7,2026-01-24T01:34:36.700Z",
        "2026-01-24 01:34:36.743,2026-01-24T01:34:36.743Z",
        "'2026-01-24 01:34:36,743',2026-01-24T01:34:36.743Z",
        "2026-01-24 01:34:36.000000001,2026-01-24T01:34:36.000000001Z",
        "2026-01-24 01:34:36.000,2026-01-24T01:34:36Z",
        "2026-01-24 23:59:60,2026-01-25T00:00:00Z"
    })
    void readsTimesWithoutAZone(String text, Instant instant) {
        assertThat(Times.local(text, ZoneOffset.UTC)).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026-01-24",
                "2026-01/24 01:34:36",
                "2026.01.24 01:34:36",
                "2026-02-30 01:34:36",
                "2026-01-24 01:34:36.",
                "2026-01-24 01:34:36.0000000001",
                "2026-01-24 01:34:36.12x",
                "2026-01-24 01:34:36Z",
                "2026-01-24 01:34:36 +0000",
                "xxxx-01-24 01:34:36",
                "-026-01-24 01:34:36",
                "2026-01-24_01:34:36"
            })
    void takesNothingElseForATimeWithoutAZone(String text) {
        assertThat(Times.local(text, ZoneOffset.UTC)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "1554141513,2019-04-01T17:58:33Z",
        "1554141513.698657,2019-04-01T17:58:33.698657Z",
        "1554141513698,2019-04-01T17:58:33.698Z",
        "1554141513698.657,2019-04-01T17:58:33.698657Z",
        "1554141513698657,2019-04-01T17:58:33.698657Z",
        // Not a double
        "1734874540929908828,2024-12-22T13:35:40.929908828Z",
        "1734874540.929908828,2024-12-22T13:35:40.929908828Z"
    })
    void tellsSecondsFromTheirPartsByTheirDigits(String text, Instant instant) {
        assertThat(Times.epoch(text)).isEqualTo(instant);
    }

    @Test
    void readsNumbersSince1970() {
        Instant instant = Instant.parse("2019-04-01T17:58:33.698Z");

        assertThat(Times.seconds("1554141513.698")).isEqualTo(instant);
        assertThat(Times.millis("1554141513698")).isEqualTo(instant);
        assertThat(Times.micros("1554141513698000")).isEqualTo(instant);
        assertThat(Times.nanos("1554141513698000000")).isEqualTo(instant);
        // More digits than a nanosecond has are of no account.
        assertThat(Times.seconds("1554141513.69800000099")).isEqualTo(instant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "-1",
                "+1554141513",
                "1.",
                ".5",
                "1..5",
                "1.5.5",
                "1e9",
                "0x10",
                " 1554141513",
                "NaN",
                "253402300800",
                "99999999999999999999999999999999",
                "\u0661\u0665"
            })
    void takesNothingElseForANumberSince1970(String text) {
        assertThat(Times.seconds(text)).isNull();
    }

    /** Against arithmetic that is exact whatever the number. */
    @Test
    void readsNumbersExactly() {
        Random random = new Random(6);
        for (int i = 0; i < 100_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int digits = 1 + random.nextInt(20); digits > 0; digits--) {
                text.append((char) ('0' + random.nextInt(10)));
            }
            if (random.nextBoolean()) {
                text.append('.');
                for (int digits = 1 + random.nextInt(10); digits > 0; digits--) {
                    text.append((char) ('0' + random.nextInt(10)));
                }
            }
            String number = text.toString();
            assertThat(Times.seconds(number)).as(number).isEqualTo(exactly(number, 9));
            assertThat(Times.millis(number)).as(number).isEqualTo(exactly(number, 6));
            assertThat(Times.micros(number)).as(number).isEqualTo(exactly(number, 3));
            assertThat(Times.nanos(number)).as(number).isEqualTo(exactly(number, 0));
        }
    }

    private static @Nullable Instant exactly(String number, int scale) {
        if (number.length() > 30) {
            return null;
        }
        BigDecimal[] parts =
                new BigDecimal(number).scaleByPowerOfTen(scale).divideAndRemainder(BigDecimal.valueOf(1_000_000_000L));
        return parts[0].signum() <= 0 || parts[0].compareTo(BigDecimal.valueOf(253_402_300_799L)) > 0
                ? null
                : Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValue());
    }
}
