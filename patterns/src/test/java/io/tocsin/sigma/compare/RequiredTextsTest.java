package io.tocsin.sigma.compare;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.re2j.Pattern;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequiredTextsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "nc -e /bin/sh; nc -e /bin/sh",
                "/etc/(passwd|shadow)$; passwd,shadow",
                "(nc|ncat)x; nc,ncat",
                "curl.*\\|\\s*bash; curl",
                "https?://x; http",
                "ab+c; ab",
                "a{2,}bcd; bcd",
                "foo|ba[rz]; foo,ba",
                "\\.\\./\\.\\./; ../../",
                "\\x41bc; bc",
                "\\p{Greek}xy; xy",
                "\\012ab; ab",
                "[]a]bc; bc",
                "[^]]bc; bc",
                "[[:alpha:]]bc; bc",
                "(?:abc)?de; de",
                "(?P<n>abc); abc",
                "(?s)shadow; shadow",
                "(?:shadow)(?s-i:x); hadow",
            })
    void tells(String pattern, String texts) {
        Pattern.compile(pattern);
        assertThat(RequiredTexts.of(pattern, false)).containsExactly(texts.split(","));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a|", ".*", "a?b*", "(abc)*", "(a|b?)", "\\Qab\\E", "\\d+", "[abc]", "x{[}]y", "ab{c"})
    void takesNothingFromWhatMayLackOrIsNotUnderstood(String pattern) {
        Pattern.compile(pattern);
        assertThat(RequiredTexts.of(pattern, false)).isEmpty();
    }

    @Test
    void knowsThatALongSIsAnSToAnExpressionWithoutCase() {
        assertThat(Pattern.compile("(?i)shadow").matcher("\u017fhadow").find()).isTrue();
        assertThat(RequiredTexts.of("(?i)shadow", false)).isEqualTo(List.of("hadow"));
        assertThat(RequiredTexts.of("shadow", true)).isEqualTo(List.of("hadow"));
    }
}
