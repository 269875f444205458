package io.tocsin.sigma.match;

import io.tocsin.alert.Severity;
import io.tocsin.event.Content;
import io.tocsin.event.Content.Leaf;
import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.field.ContentReader;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.WeekFields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a rule means, as plainly as it can be said and as slowly; the matcher must agree with it. */
final class NaiveMatcher {
    private static final Pattern NUMBER = Pattern.compile("[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][-+]?[0-9]{1,9})?");
    private static final Pattern TIME = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*(Z|[-+][0-9]{2}:[0-9]{2})");
    private static final Pattern IPV4 = Pattern.compile("(([1-9]?[0-9]|1[0-9]{2}|2[0-4][0-9]|25[0-5])(\\.|$)){4}");

    private final Map<Comparison, com.google.re2j.Pattern> compiled = new HashMap<>();
    private final Map<Comparison, Pattern> shapes = new HashMap<>();

    private final BiFunction<String, Source, @Nullable Field> fields;

    NaiveMatcher(BiFunction<String, Source, @Nullable Field> fields) {
        this.fields = fields;
    }

    /** The level at which an event matches a rule; null if it doesn't. */
    @Nullable
    Severity match(SigmaRule rule, Subject subject) {
        if (!rule.sources().contains(subject.event().source()) || !holds(rule.when(), subject)) {
            return null;
        }
        if (subject.event().dryRun()) {
            return Severity.INFORMATIONAL;
        }
        return rule.grades().stream()
                .filter(grade -> holds(grade.when(), subject))
                .map(SigmaRule.Grade::level)
                .findFirst()
                .orElse(rule.level());
    }

    private boolean holds(Expression expression, Subject subject) {
        return holds(expression, new OfEvent(subject));
    }

    /** What a name stands for: its values, and whether there is something at all. */
    private record Seen(List<String> values, boolean there, boolean notNull) {
        static final Seen NOTHING = new Seen(List.of(), false, false);
    }

    /** What names stand for. */
    private interface Names {
        Seen of(String name);

        List<Names> elements(String array);
    }

    private boolean holds(Expression expression, Names names) {
        if (expression instanceof Expression.All all) {
            return all.of().stream().allMatch(part -> holds(part, names));
        } else if (expression instanceof Expression.Any any) {
            return any.of().stream().anyMatch(part -> holds(part, names));
        } else if (expression instanceof Expression.Not not) {
            return !holds(not.of(), names);
        } else if (expression instanceof Expression.Test test) {
            return test(test, names);
        }
        Expression.Element element = (Expression.Element) expression;
        return names.elements(element.array()).stream().anyMatch(one -> holds(element.holds(), one));
    }

    private boolean test(Expression.Test test, Names names) {
        Seen seen = names.of(test.field());
        Comparison is = test.is();
        if (is instanceof Comparison.IsNull) {
            return !seen.notNull;
        } else if (is instanceof Comparison.Exists) {
            return seen.there;
        } else if (is instanceof Comparison.Field other) {
            List<String> theirs = names.of(other.field()).values;
            return seen.values.stream().anyMatch(mine -> theirs.stream()
                    .anyMatch(one -> text(new Comparison.Text(other.where(), one, other.cased()), mine)));
        }
        return seen.values.stream().anyMatch(value -> value(is, value));
    }

    private boolean value(Comparison is, String value) {
        if (is instanceof Comparison.Text text) {
            return text(text, value);
        } else if (is instanceof Comparison.Wildcard wildcard) {
            return shapes.computeIfAbsent(wildcard, w -> shape(wildcard))
                    .matcher(wildcard.cased() ? value : lower(value))
                    .matches();
        } else if (is instanceof Comparison.Regex regex) {
            int flags = (regex.ignoreCase() ? com.google.re2j.Pattern.CASE_INSENSITIVE : 0)
                    | (regex.multiLine() ? com.google.re2j.Pattern.MULTILINE : 0)
                    | (regex.dotAll() ? com.google.re2j.Pattern.DOTALL : 0);
            return compiled.computeIfAbsent(regex, r -> com.google.re2j.Pattern.compile(regex.pattern(), flags))
                    .matcher(value)
                    .find();
        } else if (is instanceof Comparison.Cidr cidr) {
            return ipv4(value) && inRange(value, cidr.range());
        } else if (is instanceof Comparison.Numeric number) {
            if (!NUMBER.matcher(value).matches()) {
                return false;
            }
            int order = new BigDecimal(value).compareTo(number.than());
            return switch (number.order()) {
                case LESS -> order < 0;
                case AT_MOST -> order <= 0;
                case MORE -> order > 0;
                case AT_LEAST -> order >= 0;
                case EQUAL -> order == 0;
            };
        } else if (is instanceof Comparison.TimePart part) {
            if (!TIME.matcher(value).matches()) {
                return false;
            }
            LocalDateTime utc =
                    LocalDateTime.ofInstant(OffsetDateTime.parse(value).toInstant(), ZoneOffset.UTC);
            return part.is()
                    == switch (part.unit()) {
                        case MINUTE -> utc.getMinute();
                        case HOUR -> utc.getHour();
                        case DAY -> utc.getDayOfMonth();
                        case WEEK -> utc.get(WeekFields.ISO.weekOfWeekBasedYear());
                        case MONTH -> utc.getMonthValue();
                        case YEAR -> utc.getYear();
                    };
        }
        throw new AssertionError(is);
    }

    private static Pattern shape(Comparison.Wildcard wildcard) {
        StringBuilder regex = new StringBuilder();
        for (Comparison.Part part : wildcard.parts()) {
            regex.append(
                    part.text() != null
                            ? Pattern.quote(wildcard.cased() ? part.text() : lower(part.text()))
                            : part.any() ? ".*" : ".");
        }
        return Pattern.compile(regex.toString(), Pattern.DOTALL);
    }

    private static boolean text(Comparison.Text text, String value) {
        String mine = text.cased() ? value : lower(value);
        String wanted = text.cased() ? text.text() : lower(text.text());
        return switch (text.where()) {
            case IS -> mine.equals(wanted);
            case STARTS -> mine.startsWith(wanted);
            case ENDS -> mine.endsWith(wanted);
            case CONTAINS -> mine.contains(wanted);
        };
    }

    private static String lower(String text) {
        StringBuilder lower = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            lower.append(Character.toLowerCase(text.charAt(i)));
        }
        return lower.toString();
    }

    private static boolean ipv4(String value) {
        return IPV4.matcher(value).matches() && !value.endsWith(".");
    }

    private static boolean inRange(String value, String range) {
        int slash = range.indexOf('/');
        int bits = Integer.parseInt(range.substring(slash + 1));
        long mask = bits == 0 ? 0 : -1L << (32 - bits) & 0xFFFFFFFFL;
        return (number(value) & mask) == (number(range.substring(0, slash)) & mask);
    }

    private static long number(String address) {
        long number = 0;
        for (String part : address.split("\\.", -1)) {
            number = number * 256 + Integer.parseInt(part);
        }
        return number;
    }

    /** What an event has. */
    private final class OfEvent implements Names {
        private final Subject subject;

        OfEvent(Subject subject) {
            this.subject = subject;
        }

        @Override
        public Seen of(String name) {
            Content content = subject.event().content();
            if (name.equals(Expression.KEYWORDS)) {
                return new Seen(List.of(Objects.requireNonNull(content.text())), true, true);
            }
            Field field = fields.apply(name, subject.event().source());
            if (field == null) {
                return Seen.NOTHING;
            }
            if (field.reader() instanceof ContentReader) {
                return at(field.content(), content.leaves());
            }
            List<String> values = new ArrayList<>();
            field.reader().read(subject, values);
            return new Seen(values, !values.isEmpty(), !values.isEmpty());
        }

        @Override
        public List<Names> elements(String array) {
            Field field = fields.apply(array, subject.event().source());
            return field == null || field.content().isEmpty()
                    ? List.of()
                    : NaiveMatcher.elements(
                            field.content(),
                            field.content(),
                            subject.event().content().leaves());
        }
    }

    /** What an element has that stands at a place. */
    private record OfElement(String path, String place, List<Leaf> leaves) implements Names {
        @Override
        public Seen of(String name) {
            return at(name.isEmpty() ? path : path + "." + name, leaves);
        }

        @Override
        public List<Names> elements(String array) {
            return NaiveMatcher.elements(path + "." + array, place + "." + array, leaves);
        }
    }

    private static Seen at(String path, List<Leaf> leaves) {
        List<String> values = new ArrayList<>();
        boolean there = false;
        boolean notNull = false;
        for (Leaf leaf : leaves) {
            boolean exactly = leaf.path().equals(path);
            if (exactly || leaf.path().startsWith(path + ".")) {
                there = true;
                notNull |= leaf.value() != null;
            }
            if (exactly && leaf.value() != null) {
                values.add(leaf.value());
            }
        }
        return new Seen(values, there, notNull);
    }

    private static List<Names> elements(String path, String place, List<Leaf> leaves) {
        Map<String, List<Leaf>> elements = new LinkedHashMap<>();
        for (Leaf leaf : leaves) {
            if (leaf.at().startsWith(place + "[")) {
                String element = leaf.at().substring(0, leaf.at().indexOf(']', place.length()) + 1);
                elements.computeIfAbsent(element, e -> new ArrayList<>()).add(leaf);
            }
        }
        List<Names> names = new ArrayList<>();
        elements.forEach((element, its) -> names.add(new OfElement(path, element, its)));
        return names;
    }
}
