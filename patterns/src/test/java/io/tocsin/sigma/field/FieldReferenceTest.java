package io.tocsin.sigma.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Source;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class FieldReferenceTest {
    private static final String PAGE = FieldReference.page();

    @ParameterizedTest
    @EnumSource(Source.class)
    void everyLogHasASectionWithAllItsFields(Source source) {
        String section = PAGE.substring(PAGE.indexOf("\n## " + source.id() + "\n"));
        int end = section.indexOf("\n## ", 1);
        String own = end < 0 ? section : section.substring(0, end);
        assertThat(FieldCatalog.of(source)).allSatisfy(field -> assertThat(own).contains("| `" + field.name() + "` |"));
        assertThat(LogSources.writtenAs(source)).isNotEmpty().allSatisfy(written -> assertThat(
                        LogSources.of(written).sources())
                .contains(source));
    }

    @Test
    void aFieldHasItsValuesMeaningAndOtherNames() {
        assertThat(PAGE)
                .contains(
                        "| `source.zone` | `cluster`, `control-plane`, `outside`, `unknown` | Where the peer stands; unknown where no"
                                + " address is told |  |")
                .contains("| `objectRef.subresource` |  | The subresource: exec, log, status | `ka.target.subresource`,"
                        + " `subresource` |");
    }

    @Test
    void everyRowHasFourCells() {
        assertThat(PAGE.lines().filter(line -> line.startsWith("| `")))
                .allSatisfy(line -> assertThat(line.replace("\\|", "").chars().filter(c -> c == '|'))
                        .hasSize(5));
    }
}
