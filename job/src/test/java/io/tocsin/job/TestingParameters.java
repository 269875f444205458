package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.detection.DetectionCatalog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Parameters as command lines give them. */
final class TestingParameters {
    private static final DetectionCatalog CATALOG = DetectionCatalog.load();

    private TestingParameters() {}

    /** Those of a command line. */
    static JobParameters parse(String... arguments) {
        return JobParameters.parse(Arrays.asList(arguments), CATALOG);
    }

    /** What is wrong with a command line. */
    static List<String> problems(String... arguments) {
        ArgumentException refused = catchThrowableOfType(ArgumentException.class, () -> parse(arguments));
        assertThat(refused).as("accepted: " + Arrays.toString(arguments)).isNotNull();
        return new ArrayList<>(refused.problems());
    }
}
