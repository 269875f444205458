package io.tocsin.sigma.link;

import com.google.re2j.Pattern;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Nearest;
import io.tocsin.sigma.field.AuditFields;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Which values a field never has. */
final class ValueLint {
    private static final Set<String> CODES = Set.of("responseStatus.code", "http.status");
    private static final Set<String> LOWER = Set.of(
            "client.family", "log.level", "objectRef.resource", "objectRef.subresource", "priority", "url.decoded");
    private static final Set<String> OBJECTS =
            Set.of("annotations", "object", "pod", "requestObject", "responseObject", "user.extra");
    private static final Set<String> DECISIONS = Set.of("allow", "allowed", "deny", "denied", "forbid", "forbidden");
    private static final int LEAST_CODE = 100;
    private static final int LARGEST_CODE = 599;
    private static final String RESOURCE = "objectRef.resource";
    private static final String SUBRESOURCE = "objectRef.subresource";
    private static final String GROUP = "objectRef.apiGroup";

    private ValueLint() {}

    /** What is wrong with this value of a field; null if it can occur. */
    static @Nullable String problem(Field field, Comparison is, Source source) {
        boolean presence = is instanceof Comparison.IsNull || is instanceof Comparison.Exists;
        if (OBJECTS.contains(field.name()) && !presence && source == Source.KUBERNETES_AUDIT) {
            return "%s has no value of its own, only |exists and null: name what is below it, %s.<path>"
                    .formatted(field.name(), field.name());
        }
        if (is instanceof Comparison.Text text && source == Source.KUBERNETES_AUDIT) {
            String problem = ofRequest(field.name(), text);
            if (problem != null) {
                return problem;
            }
        }
        if (CODES.contains(field.name())) {
            return ofCode(field.name(), is);
        }
        if (is instanceof Comparison.Text text && text.cased() && isLower(field) && !isLowerCase(text.text())) {
            return "%s is always in lower case: %s never occurs with |cased".formatted(field.name(), text.text());
        }
        if (is instanceof Comparison.Wildcard wildcard && wildcard.cased() && isLower(field)) {
            for (Comparison.Part part : wildcard.parts()) {
                if (part.text() != null && !isLowerCase(part.text())) {
                    return "%s is always in lower case: %s never occurs with |cased"
                            .formatted(field.name(), part.text());
                }
            }
        }
        return field.values().isEmpty() ? null : ofClosed(field, is);
    }

    private static boolean isLower(Field field) {
        return !field.values().isEmpty() || LOWER.contains(field.name());
    }

    private static boolean isLowerCase(String text) {
        return text.equals(text.toLowerCase(Locale.ROOT));
    }

    private static @Nullable String ofRequest(String field, Comparison.Text text) {
        String value = text.text();
        String lower = value.toLowerCase(Locale.ROOT);
        boolean whole = text.where() == Comparison.Where.IS;
        if (field.equals("verb") && whole && VerbAdvice.of(lower) != null) {
            return "verb %s never occurs: %s".formatted(value, VerbAdvice.of(lower));
        }
        if (field.equals(RESOURCE) && lower.indexOf('/') >= 0) {
            int slash = value.indexOf('/');
            return "%s %s never occurs: write %s: %s and %s: %s"
                    .formatted(
                            RESOURCE,
                            value,
                            RESOURCE,
                            value.substring(0, slash),
                            SUBRESOURCE,
                            value.substring(slash + 1));
        }
        if (field.equals(RESOURCE) && whole) {
            String meant = AuditSchema.meantBy(lower);
            return meant == null ? null : "%s %s never occurs: did you mean %s?".formatted(RESOURCE, value, meant);
        }
        if (field.equals(SUBRESOURCE) && whole) {
            int slash = lower.indexOf('/');
            String meant = slash >= 0 ? lower.substring(slash + 1) : AuditSchema.subresourceMeantBy(lower);
            return meant == null ? null : "%s %s never occurs: did you mean %s?".formatted(SUBRESOURCE, value, meant);
        }
        return field.equals(GROUP) && whole ? ofGroup(value) : null;
    }

    private static @Nullable String ofGroup(String value) {
        String lower = value.toLowerCase(Locale.ROOT);
        if (lower.equals("core") || lower.equals("v1") || lower.isEmpty()) {
            return "%s %s never occurs: the core group has no name, so ask for %s: null or leave it out"
                    .formatted(GROUP, value.isEmpty() ? "''" : value, GROUP);
        }
        int slash = value.indexOf('/');
        if (slash >= 0) {
            return "%s %s never occurs: it has no version, write %s; the version is objectRef.apiVersion"
                    .formatted(GROUP, value, value.substring(0, slash));
        }
        if (AuditSchema.isBuiltInGroup(lower)) {
            return null;
        }
        // Groups of custom resources have the name of a domain.
        String meant = lower.indexOf('.') < 0 ? AuditSchema.groupMeantBy(lower) : null;
        return meant == null ? null : "%s %s never occurs: did you mean %s?".formatted(GROUP, value, meant);
    }

    private static @Nullable String ofCode(String field, Comparison is) {
        if (is instanceof Comparison.Text text && text.where() == Comparison.Where.IS) {
            String meant = DECISIONS.contains(text.text().toLowerCase(Locale.ROOT))
                    ? "; what the authorizer decided is " + AuditFields.DECISION + ", and how it ended outcome"
                    : "";
            return isCode(text.text())
                    ? null
                    : "%s must be an HTTP status from %d to %d: %s%s"
                            .formatted(field, LEAST_CODE, LARGEST_CODE, text.text(), meant);
        }
        if (is instanceof Comparison.Text text && !text.text().chars().allMatch(Character::isDigit)) {
            return "%s is a number: %s never occurs in it".formatted(field, text.text());
        }
        if (is instanceof Comparison.Numeric number) {
            int least = number.than().compareTo(BigDecimal.valueOf(LEAST_CODE));
            int largest = number.than().compareTo(BigDecimal.valueOf(LARGEST_CODE));
            boolean never =
                    switch (number.order()) {
                        case LESS -> least <= 0;
                        case AT_MOST -> least < 0;
                        case MORE -> largest >= 0;
                        case AT_LEAST -> largest > 0;
                        case EQUAL -> least < 0 || largest > 0;
                    };
            return never
                    ? "%s is from %d to %d, never %s %s"
                            .formatted(field, LEAST_CODE, LARGEST_CODE, words(number.order()), number.than())
                    : null;
        }
        return null;
    }

    private static boolean isCode(String text) {
        if (text.length() != 3 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return false;
        }
        int code = Integer.parseInt(text);
        return code >= LEAST_CODE && code <= LARGEST_CODE;
    }

    private static String words(Comparison.Order order) {
        return switch (order) {
            case LESS -> "less than";
            case AT_MOST -> "at most";
            case MORE -> "more than";
            case AT_LEAST -> "at least";
            case EQUAL -> "";
        };
    }

    private static @Nullable String ofClosed(Field field, Comparison is) {
        Collection<String> values = new TreeSet<>(field.values());
        if (is instanceof Comparison.Text text) {
            String wanted = text.text().toLowerCase(Locale.ROOT);
            for (String value : values) {
                boolean can =
                        switch (text.where()) {
                            case IS -> value.equals(wanted);
                            case STARTS -> value.startsWith(wanted);
                            case ENDS -> value.endsWith(wanted);
                            case CONTAINS -> value.contains(wanted);
                        };
                if (can) {
                    return null;
                }
            }
            return refused(field, text.text(), values);
        }
        if (is instanceof Comparison.Wildcard wildcard) {
            Pattern shape = shape(wildcard.parts());
            boolean can = values.stream().anyMatch(value -> shape.matcher(value).matches());
            return can ? null : refused(field, written(wildcard.parts()), values);
        }
        if (is instanceof Comparison.Regex regex) {
            Pattern pattern = Pattern.compile(regex.pattern(), Pattern.CASE_INSENSITIVE);
            boolean can =
                    values.stream().anyMatch(value -> pattern.matcher(value).find());
            return can ? null : refused(field, regex.pattern(), values);
        }
        boolean number = is instanceof Comparison.Numeric || is instanceof Comparison.Cidr;
        return number ? refused(field, "a number or an address", values) : null;
    }

    private static Pattern shape(List<Comparison.Part> parts) {
        StringBuilder shape = new StringBuilder();
        for (Comparison.Part part : parts) {
            shape.append(part.text() != null ? Pattern.quote(part.text()) : part.any() ? ".*" : ".");
        }
        return Pattern.compile(shape.toString(), Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    }

    private static String written(List<Comparison.Part> parts) {
        StringBuilder text = new StringBuilder();
        for (Comparison.Part part : parts) {
            text.append(part.text() != null ? part.text() : part.any() ? "*" : "?");
        }
        return text.toString();
    }

    private static String refused(Field field, String given, Collection<String> values) {
        String near = meant(field, given, values);
        return "%s must be %s: %s%s"
                .formatted(
                        field.name(),
                        values.size() == 1 ? values.iterator().next() : "one of " + String.join(", ", values),
                        given.isEmpty() ? "''" : given,
                        near == null ? "" : "; did you mean " + near + "?");
    }

    private static @Nullable String meant(Field field, String given, Collection<String> values) {
        String lower = given.toLowerCase(Locale.ROOT).replace('_', '-').replace(' ', '-');
        if (values.contains(lower)) {
            return lower;
        }
        if (field.name().equals(AuditFields.DECISION) && (lower.equals("deny") || lower.startsWith("forb"))) {
            return "forbid";
        }
        if (field.name().equals("outcome")) {
            String outcome =
                    switch (lower) {
                        case "failure", "fail", "failed", "forbidden", "deny", "forbid", "403" -> "denied";
                        case "allow", "allowed", "ok", "200", "succeeded" -> "success";
                        case "unauthorized", "401" -> "unauthenticated";
                        default -> null;
                    };
            if (outcome != null) {
                return outcome;
            }
        }
        if (field.name().equals("actor.kind") && lower.replace("-", "").equals("serviceaccount")) {
            return "service-account";
        }
        if (field.name().equals("actor.kind") && (lower.equals("user") || lower.equals("human"))) {
            return "person";
        }
        if (field.name().equals("source.zone") && (lower.equals("external") || lower.equals("internet"))) {
            return "outside";
        }
        if (field.name().equals("source.zone") && (lower.equals("internal") || lower.equals("inside"))) {
            return "cluster";
        }
        return Nearest.to(lower, values);
    }
}
