package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.DetectionCatalog;
import io.tocsin.job.decode.FormatReference;
import io.tocsin.sigma.field.FieldReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The generated pages say what the code says. */
class DocsTest {
    private static final boolean WRITE = Boolean.getBoolean("tocsin.docs.write");

    private final ParameterReference reference = new ParameterReference(DetectionCatalog.load());

    @Test
    void parametersAreThoseOfTheCode() throws Exception {
        assertUpToDate(Path.of("PARAMETERS.md"), reference.parameters());
    }

    @Test
    void detectionsAreThoseOfTheCode() throws Exception {
        assertUpToDate(Path.of("..", "patterns", "DETECTIONS.md"), reference.detections());
    }

    @Test
    void formatsAreThoseOfTheCode() throws Exception {
        assertUpToDate(Path.of("FORMATS.md"), new FormatReference().page());
    }

    @Test
    void fieldsOfRulesAreThoseOfTheCode() throws Exception {
        assertUpToDate(Path.of("..", "patterns", "SIGMA-FIELDS.md"), FieldReference.page());
    }

    private static void assertUpToDate(Path page, String text) throws IOException {
        if (WRITE) {
            Files.writeString(page, text);
        }
        assertThat(Files.exists(page) ? Files.readString(page) : "")
                .as(
                        "%s differs from the code. To write it anew: mvn test -pl job -am -Dtest=DocsTest"
                                + " -Dsurefire.failIfNoSpecifiedTests=false -Dtocsin.docs.write=true",
                        page)
                .isEqualTo(text);
    }
}
