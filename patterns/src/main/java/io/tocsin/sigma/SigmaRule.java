package io.tocsin.sigma;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A rule, as it was written.
 *
 * @param id the detection's id: its {@code name} if that is in kebab-case, else its file's name in kebab-case
 * @param uuid Sigma's {@code id}
 * @param file where it stands, as the user named it
 * @param line its first line, from 1
 * @param title what an alert is called
 * @param description what it finds
 * @param status Sigma's status; null where it has none
 * @param level severity
 * @param logSource which logs it reads, as written
 * @param sources the logs that these are; empty until it is linked
 * @param when what it asks of an event, filters included
 * @param grades severities that differ by event: the first whose expression holds
 * @param tags as written, in lower case: {@code attack.t1611}
 * @param falsePositives what benign thing looks alike
 * @param references where it comes from
 * @param fields what of the event an alert tells
 * @param response first steps of response
 * @param misses how an attacker stays under it
 * @param oncePer what makes two matches the same story
 * @param suppressFor how long the same story raises no new alert; null: as usual
 * @param asksNewAddress whether the address must be new to the identity beside: told by a history, not by the event, and so no part
 *     of {@code when}. The linker tells it
 */
public record SigmaRule(
        String id,
        @Nullable String uuid,
        String file,
        int line,
        String title,
        String description,
        @Nullable String status,
        Severity level,
        LogSource logSource,
        Set<Source> sources,
        Expression when,
        List<Grade> grades,
        List<String> tags,
        List<String> falsePositives,
        List<String> references,
        List<String> fields,
        String response,
        String misses,
        List<OncePer> oncePer,
        @Nullable Duration suppressFor,
        boolean asksNewAddress)
        implements Serializable {

    /** A severity and when it holds. */
    public record Grade(Severity level, Expression when) implements Serializable {}

    /** What a story may be about. */
    public enum OncePer {
        IDENTITY,
        ADDRESS,
        OBJECT,
        NAMESPACE,
        POD,
        WORKLOAD,
        NODE,
        CLUSTER,
        /** The values of {@link SigmaRule#fields}. */
        FIELDS
    }

    public SigmaRule {
        sources = Set.copyOf(sources);
        grades = List.copyOf(grades);
        tags = List.copyOf(tags);
        falsePositives = List.copyOf(falsePositives);
        references = List.copyOf(references);
        fields = List.copyOf(fields);
        oncePer = List.copyOf(oncePer);
    }

    /** This rule with what linking tells of it. */
    public SigmaRule linked(
            Set<Source> of, Expression condition, List<Grade> levels, List<String> told, boolean newAddress) {
        return new SigmaRule(
                id,
                uuid,
                file,
                line,
                title,
                description,
                status,
                level,
                logSource,
                of,
                condition,
                levels,
                tags,
                falsePositives,
                references,
                told,
                response,
                misses,
                oncePer,
                suppressFor,
                newAddress);
    }
}
