package io.tocsin.job.decode.ebpf;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** What the files of examples hold. */
final class TestingFixtures {
    private TestingFixtures() {}

    static List<Decoded> decode(String file) {
        return TestingDecoder.auto().ofFile(text(file));
    }

    static String text(String file) {
        try (InputStream in =
                Objects.requireNonNull(TestingFixtures.class.getResourceAsStream("/formats/" + file), file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
