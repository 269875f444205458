package io.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class DigestTest {
    private static String of(String... parts) {
        Digest digest = new Digest();
        for (String part : parts) {
            digest.add(part);
        }
        return digest.hex();
    }

    @Test
    void isThirtyTwoHexadecimalDigitsAndAlwaysTheSame() {
        // SHA-256 of 00000001 61 ("a" behind its length): uids in sinks and savepoints rest on it.
        assertThat(of("a")).matches("[0-9a-f]{32}").isEqualTo(of("a"));
    }

    @Test
    void partsCanNotBeMovedAcrossTheirBoundaries() {
        assertThat(List.of(of("ab", "c"), of("a", "bc"), of("abc"), of("abc", ""), of("", "abc"), of("abc", null)))
                .doesNotHaveDuplicates();
        assertThat(List.of(of(), of(""), of((String) null), of("", ""), of("", null)))
                .doesNotHaveDuplicates();
    }

    @Test
    void textIsItsBytes() {
        byte[] bytes = "xyéz".getBytes(StandardCharsets.UTF_8);
        assertThat(new Digest().add(bytes).hex()).isEqualTo(of("xyéz"));
        assertThat(new Digest().add(bytes, 1, 1).hex()).isEqualTo(of("y"));
    }
}
