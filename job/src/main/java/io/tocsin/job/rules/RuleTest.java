package io.tocsin.job.rules;

import io.tocsin.alert.Severity;
import java.util.List;
import java.util.Map;

/**
 * What a rule must make of some records.
 *
 * @param name says what happens in them
 * @param file where it stands, as the user named it
 * @param line from 1
 * @param alerts the severities of the alerts that must be raised, in order
 * @param format the records' format, or {@code auto}
 * @param parameters the job's parameters that it is about
 * @param records as they stand in a log; one may have several lines
 */
public record RuleTest(
        String name,
        String file,
        int line,
        List<Severity> alerts,
        String format,
        Map<String, String> parameters,
        List<String> records) {
    public RuleTest {
        alerts = List.copyOf(alerts);
        parameters = Map.copyOf(parameters);
        records = List.copyOf(records);
    }
}
