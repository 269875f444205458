package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationsTest {
    @TempDir
    private Path folder;

    @BeforeEach
    void files() throws IOException {
        Files.createDirectories(folder.resolve("b/deep"));
        Files.createDirectories(folder.resolve("empty"));
        for (String name : List.of("z.log", "a.log", "a.log.gz", ".hidden", "b/c.log", "b/deep/d.log")) {
            Files.writeString(folder.resolve(name), "x\n");
        }
    }

    private List<String> expand(String... locations) {
        return FileMergeSource.expand(List.of(locations)).stream()
                .map(name -> name.replace(folder + "/", ""))
                .toList();
    }

    @Test
    void aFolderHoldsAllFilesBelowItSorted() {
        assertThat(expand(folder.toString())).containsExactly("a.log", "a.log.gz", "b/c.log", "b/deep/d.log", "z.log");
    }

    @Test
    void globsMatchFilesAndFolders() {
        assertThat(expand(folder + "/*.log")).containsExactly("a.log", "z.log");
        assertThat(expand(folder + "/?.log*")).containsExactly("a.log", "a.log.gz", "z.log");
        assertThat(expand(folder + "/**.log")).containsExactly("a.log", "b/c.log", "b/deep/d.log", "z.log");
        assertThat(expand(folder + "/b/{c,d}.log")).containsExactly("b/c.log");
        assertThat(expand(folder + "/[b]")).containsExactly("b/c.log", "b/deep/d.log");
        assertThat(expand(folder + "/*/c.log")).containsExactly("b/c.log");
    }

    @Test
    void aFileNamedTwiceIsReadOnce() throws IOException {
        Files.createSymbolicLink(folder.resolve("link.log"), folder.resolve("a.log"));
        assertThat(expand(folder + "/a.log", folder + "/link.log", folder + "/b/../a.log", folder + "/*.log"))
                .containsExactly("a.log", "z.log");
        assertThat(expand("-", folder + "/a.log", "-")).containsExactly("-", "a.log");
    }

    @Test
    void aFileWhoseNameLooksLikeAGlobIsAFile() throws IOException {
        Files.writeString(folder.resolve("a[1].log"), "x\n");
        assertThat(expand(folder + "/a[1].log")).containsExactly("a[1].log");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(
                        () -> expand(folder + "/missing.log", folder + "/*.json", folder + "/empty", folder + "/a.log"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("/missing.log: no such file or folder")
                .hasMessageContaining("/*.json: expected a glob that matches files, it matches none")
                .hasMessageContaining("/empty: expected a folder that holds files, it holds none")
                .hasMessageNotContaining("a.log:");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        Path secret = folder.resolve("z.log");
        assumeFalse(!secret.toFile().setReadable(false) || Files.isReadable(secret), "root reads everything");
        assertThatThrownBy(() -> expand(folder.toString())).hasMessageContaining("z.log: can't be read");
    }

    @Test
    void whenFilesMayComeAFolderOrGlobMayBeEmpty() {
        assertThat(Locations.expand(List.of(folder + "/empty", folder + "/*.json"), true))
                .isEmpty();
        assertThatThrownBy(() -> Locations.expand(List.of(folder + "/missing"), true))
                .hasMessageContaining("no such file");
    }
}
