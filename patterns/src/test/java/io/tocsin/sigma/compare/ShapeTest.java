package io.tocsin.sigma.compare;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShapeTest {
    @ParameterizedTest
    @CsvSource({
        "a*b*c, axxbyyc, true",
        "a*b*c, acb, false",
        "*ab, aab, true",
        "a*a, a, false",
        "a?c, aBc, true",
        "a?c, ac, false",
        "*?b?*, xby, true",
        "*?b?*, bb, false",
        "ab*, AB, true",
        "*x?, x😀, true",
        "*, '', true",
        "?, '', false",
        "*aab*, aaab, true",
        "?b*b, abxb, true",
    })
    void isOf(String pattern, String value, boolean expected) {
        Shape shape = new Shape(false);
        for (int i = 0; i < pattern.length(); i++) {
            char c = pattern.charAt(i);
            if (c == '*') {
                shape.any();
            } else if (c == '?') {
                shape.one();
            } else {
                shape.text(String.valueOf(c));
            }
        }
        assertThat(shape.isOf(value)).isEqualTo(expected);
    }
}
