package io.tocsin.sigma.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.re2j.Pattern;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts that are numbers, addresses or times, and those that are none. */
class ValuesOfKindsTest {
    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "+1", "1.5", ".5", "5.", "1e3", "1E-3", "007", "1e999999999"})
    void isANumber(String text) {
        assertThat(Decimal.of(text)).isEqualTo(new BigDecimal(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-", ".", "1.2.3", "e5", "1e", "1e+", "0x10", " 1", "1 ", "١", "NaN", "1e9999999999", "--1"})
    void isNoNumber(String text) {
        assertThat(Decimal.of(text)).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.9.8.7, true",
        "10.0.0.0/8, 11.9.8.7, false",
        "10.0.0.0/8, 10.9.8.7:443, true",
        "10.0.0.0/8, ::ffff:10.1.1.1, true",
        "10.1.2.3, 10.1.2.3, true",
        "fc00::/7, fd00::1, true",
        "2001:db8::/65, 2001:db8::7fff:0:0:1, true",
        "2001:db8::/65, 2001:db8::8000:0:0:1, false",
        "2001:db8::/64, 2001:db8:0:1::, false",
        "2001:db8::1, 2001:db8::2, false",
        "::/0, 2001:db8::2, true",
        "0.0.0.0/0, 255.1.2.3, true",
        "128.0.0.0/1, 255.1.2.3, true",
        "128.0.0.0/1, 127.1.2.3, false",
        "fc00::/7, [fd00::1]:443, true",
        "fc00::/7, 10.1.1.1, false",
        "0.0.0.0/0, ::1, false",
        "0.0.0.0/0, 10.1, false",
        "0.0.0.0/0, 010.1.1.1, false",
        "0.0.0.0/0, 256.1.1.1, false",
        "0.0.0.0/0, 1.1.1.1., false",
        "0.0.0.0/0, 1.1.1, false",
        "0.0.0.0/0, 1.1.1.1.1, false",
        "0.0.0.0/32, 0.0.0.0, true",
        "0.0.0.0/0, somebody, false",
    })
    void isInARange(String range, String value, boolean expected) {
        IpAddress address = IpAddress.of(value);
        assertThat(address != null && new AddressRange(range).holds(address)).isEqualTo(expected);
    }

    @Test
    void refusesARangeThatIsNone() {
        assertThatIllegalArgumentException().isThrownBy(() -> new AddressRange("10.0.0.0/33"));
    }

    @ParameterizedTest
    @CsvSource({
        "^[0-9a-f]{3}-x$, 0af-x, true",
        "^[0-9a-f]{3}-x$, 0ag-x, false",
        "^[0-9a-f]{3}-x$, 0af-xx, false",
        "^[0-9a-f]{3}-x$, 0af-x\u0178, false",
        "^a{2}b$, aab, true",
        "^a{2}b$, ab, false",
        "^~@$, ~@, true",
        "^~@$, ~\u00c0, false",
    })
    void isOfAFixedShape(String pattern, String value, boolean expected) {
        assertThat(Pattern.compile(pattern).matcher(value).find()).isEqualTo(expected);
        FixedShape shape = FixedShape.of(pattern);
        assertThat(shape != null && shape.isOf(value)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^a",
                "a$",
                "^$|x$",
                "^a+$",
                "^[^a]$",
                "^[a-]$",
                "^[]a]$",
                "^\\d$",
                "^a{2,3}$",
                "^(a)$",
                "^a|b$",
                "^a{}$",
                "^[[:alpha:]]$",
                "^a.$",
                "^\u00e9$",
                "^a{999}$",
                "^[z-a]$",
                "^a\\$"
            })
    void takesNoOtherExpression(String pattern) {
        assertThat(FixedShape.of(pattern)).isNull();
    }

    @Test
    void readsTimesInUtc() {
        assertThat(TimeParts.utc("2026-11-23T01:30:00+02:00")).isEqualTo(OffsetDateTime.parse("2026-11-22T23:30:00Z"));
        assertThat(TimeParts.utc("2026-11-23T01:30:00.999999999Z"))
                .isEqualTo(OffsetDateTime.parse("2026-11-23T01:30:00Z"));
        assertThat(TimeParts.utc("2026-11-23T01:30:00.5+00:00"))
                .isEqualTo(OffsetDateTime.parse("2026-11-23T01:30:00Z"));
        assertThat(TimeParts.utc("2026-11-23T01:30Z")).isEqualTo(OffsetDateTime.parse("2026-11-23T01:30:00Z"));
        assertThat(TimeParts.utc("2026-11-23T01:30:00,5Z")).isNull();
        assertThat(TimeParts.utc("2026-11-23T01:30:00")).isNull();
        assertThat(TimeParts.utc("2026-02-30T01:30:00Z")).isNull();
        assertThat(TimeParts.utc("2026-13-23T01:30:00Z")).isNull();
        assertThat(TimeParts.utc("yesterday, at half past one")).isNull();
    }
}
