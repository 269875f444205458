package io.tocsin.job;

import io.tocsin.job.source.FileMergeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files that inputs name. */
final class FileInputs {
    private FileInputs() {}

    /**
     * Each file with its input, in the order in which they are named.
     *
     * @param follow whether files may still come
     * @param problems where files are added that are not there, or are in two inputs
     */
    static Map<String, InputSpec> bySpec(List<InputSpec> specs, boolean follow, List<String> problems) {
        Map<String, InputSpec> byFile = new LinkedHashMap<>();
        for (InputSpec spec : specs) {
            try {
                for (String file : FileMergeSource.expand(List.of(spec.location()), follow)) {
                    InputSpec other = byFile.putIfAbsent(file, spec);
                    if (other != null && !other.equals(spec)) {
                        problems.add("inputs: %s is in two inputs: %s, %s".formatted(file, other, spec));
                    }
                }
            } catch (IllegalArgumentException e) {
                problems.add("inputs: " + e.getMessage());
            }
        }
        return byFile;
    }
}
