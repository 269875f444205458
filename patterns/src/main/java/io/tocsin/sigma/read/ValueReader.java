package io.tocsin.sigma.read;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.tocsin.network.Network;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the values of a field: what each of them is compared as, its modifiers applied. */
final class ValueReader {
    /** Characters of a regular expression. */
    static final int LONGEST_REGEX = 2_000;
    /** Comparisons of a document. */
    static final int MOST = 100_000;

    private static final int LARGEST_PROGRAM = 4_000;
    private static final int FIRST_YEAR = 1970;
    private static final int LAST_YEAR = 2199;

    private final Problems problems;
    private final Placeholders placeholders;
    private int tests;

    ValueReader(Map<String, List<String>> placeholders, Problems problems) {
        this.problems = problems;
        this.placeholders = new Placeholders(placeholders, problems);
    }

    /**
     * What a field is asked.
     *
     * @param inElement whether the field is one of an element of an array
     * @return null with a problem
     */
    @Nullable
    Expression read(FieldKey key, int line, YamlNode value, boolean inElement) {
        List<YamlNode> values = value instanceof YamlNode.Sequence list ? list.items() : List.of(value);
        if (values.isEmpty()) {
            problems.add(line, "the list of values is empty: it would match nothing");
            return null;
        }
        if (key.has(Modifier.ALL) && values.size() < 2) {
            problems.add(line, "all needs a list of at least two values: leave it out");
            return null;
        }
        String objection = keywordObjection(key);
        if (objection != null) {
            problems.add(line, objection);
            return null;
        }
        int before = problems.count();
        List<Expression> asked = new ArrayList<>();
        for (YamlNode one : values) {
            if (!(one instanceof YamlNode.Scalar scalar)) {
                problems.add(one.line(), "a value must be a text, a number, true, false or null: " + one.kind());
                continue;
            }
            List<Expression> variants = new ArrayList<>();
            for (Comparison comparison : comparisons(key, scalar)) {
                if (comparison instanceof Comparison.Exists
                        && !key.has(Modifier.EXISTS)
                        && (inElement || values.size() > 1)) {
                    problems.add(
                            scalar.line(), "* matches every value: write '\\*' for the character itself, or exists");
                }
                variants.add(new Expression.Test(key.field(), comparison, scalar.line()));
            }
            if (key.has(Modifier.EXISTS) && scalar.text().equalsIgnoreCase("false")) {
                variants.replaceAll(Expression.Not::new);
            }
            asked.add(any(variants));
            tests += variants.size();
        }
        if (tests > MOST) {
            problems.add(
                    line, "a rule may compare at most %d values, placeholders and dashes expanded".formatted(MOST));
        }
        if (problems.count() > before) {
            return null;
        }
        Expression all = key.has(Modifier.ALL) ? new Expression.All(asked) : any(asked);
        return key.has(Modifier.NEQ) ? new Expression.Not(all) : all;
    }

    private static Expression any(List<Expression> of) {
        if (of.size() == 1) {
            return of.get(0);
        }
        List<Expression> flat = new ArrayList<>();
        for (Expression one : of) {
            if (one instanceof Expression.Any any) {
                flat.addAll(any.of());
            } else {
                flat.add(one);
            }
        }
        return new Expression.Any(flat);
    }

    private static @Nullable String keywordObjection(FieldKey key) {
        if (!key.isKeywords()) {
            return key.has(Modifier.BASE64OFFSET) && !key.has(Modifier.CONTAINS)
                    ? "base64offset finds a text inside of another: add contains behind it"
                    : null;
        }
        for (Modifier modifier : key.modifiers()) {
            switch (modifier) {
                case STARTSWITH,
                        ENDSWITH,
                        CIDR,
                        EXISTS,
                        FIELDREF,
                        LT,
                        LTE,
                        GT,
                        GTE,
                        MINUTE,
                        HOUR,
                        DAY,
                        WEEK,
                        MONTH,
                        YEAR -> {
                    return "%s needs a field before it: a keyword is searched in the whole record"
                            .formatted(modifier.word());
                }
                default -> {}
            }
        }
        return null;
    }

    /** What a value is compared as: any of these; none with a problem. */
    private List<Comparison> comparisons(FieldKey key, YamlNode.Scalar value) {
        if (key.has(Modifier.EXISTS)) {
            if (value.type() != YamlNode.Type.BOOLEAN) {
                problems.add(value.line(), "exists needs true or false: " + value.text());
            }
            return List.of(new Comparison.Exists());
        }
        if (value.type() == YamlNode.Type.NULL) {
            if (key.isKeywords() || key.modifiers().stream().anyMatch(m -> m != Modifier.ALL && m != Modifier.NEQ)) {
                problems.add(
                        value.line(), "null is the absence of a field: it can't be looked for in one, nor be changed");
            }
            return List.of(new Comparison.IsNull());
        }
        List<Comparison> all = new ArrayList<>();
        List<String> texts =
                key.has(Modifier.EXPAND) ? placeholders.expand(value.text(), value.line()) : List.of(value.text());
        Modifier order = key.oneOf(Modifier.ORDERS);
        Modifier time = key.oneOf(Modifier.TIMES);
        for (String text : texts) {
            if (key.has(Modifier.RE)) {
                add(all, regex(key, text, value.line()));
            } else if (key.has(Modifier.CIDR)) {
                add(all, cidr(text, value.line()));
            } else if (key.has(Modifier.FIELDREF)) {
                add(all, reference(key, text, value.line()));
            } else if (time != null) {
                all.addAll(time(time, order, text, value.line()));
            } else if (order != null) {
                add(all, number(order, text, value.line()));
            } else {
                all.addAll(texts(key, value, text));
            }
        }
        return all;
    }

    private static void add(List<Comparison> all, @Nullable Comparison one) {
        if (one != null) {
            all.add(one);
        }
    }

    private List<Comparison> texts(FieldKey key, YamlNode.Scalar value, String text) {
        boolean plain = key.modifiers().stream().allMatch(m -> m == Modifier.ALL || m == Modifier.NEQ);
        if (plain && !key.isKeywords() && value.type() == YamlNode.Type.NUMBER) {
            BigDecimal number = decimal(text);
            // A number in its usual form is compared as the text that logs hold, which an index finds at once.
            if (number != null && !number.toPlainString().equals(text)) {
                return List.of(new Comparison.Numeric(Comparison.Order.EQUAL, number));
            }
        }
        String written = value.type() == YamlNode.Type.BOOLEAN ? text.toLowerCase(Locale.ROOT) : text;
        return new TextChange(key, problems, value.line()).comparisons(written);
    }

    private @Nullable Comparison regex(FieldKey key, String text, int line) {
        if (text.length() > LONGEST_REGEX) {
            problems.add(
                    line,
                    "a regular expression may have at most %d characters: %d".formatted(LONGEST_REGEX, text.length()));
            return null;
        }
        String objection = RegexBounds.objection(text);
        if (objection != null) {
            problems.add(line, objection);
            return null;
        }
        boolean ignoreCase = key.has(Modifier.I);
        boolean multiLine = key.has(Modifier.M);
        boolean dotAll = key.has(Modifier.S);
        try {
            Pattern pattern = Pattern.compile(
                    text,
                    (ignoreCase ? Pattern.CASE_INSENSITIVE : 0)
                            | (multiLine ? Pattern.MULTILINE : 0)
                            | (dotAll ? Pattern.DOTALL : 0));
            if (pattern.programSize() > LARGEST_PROGRAM) {
                problems.add(line, "the regular expression is too large: make its repetitions smaller");
                return null;
            }
            if (pattern.matcher("").find() && pattern.matcher("\u0001").find()) {
                problems.add(line, "the regular expression matches every value: " + text);
                return null;
            }
        } catch (PatternSyntaxException e) {
            problems.add(
                    line,
                    "re takes RE2's syntax, in which no pattern can hang the job (no look-around, no back references): %s in %s"
                            .formatted(e.getMessage(), text));
            return null;
        }
        return new Comparison.Regex(text, ignoreCase, multiLine, dotAll);
    }

    private @Nullable Comparison cidr(String text, int line) {
        try {
            Network.range(text);
            return new Comparison.Cidr(text.trim());
        } catch (IllegalArgumentException e) {
            problems.add(line, "cidr: " + e.getMessage());
            return null;
        }
    }

    private @Nullable Comparison reference(FieldKey key, String text, int line) {
        String field = TextPattern.parse(text).text();
        if (field == null || field.isBlank()) {
            problems.add(line, "fieldref needs a field's name, without wildcards: " + text);
            return null;
        }
        return new Comparison.Field(FieldKey.plain(field), where(key), key.has(Modifier.CASED));
    }

    private static Comparison.Where where(FieldKey key) {
        if (key.has(Modifier.CONTAINS)) {
            return Comparison.Where.CONTAINS;
        } else if (key.has(Modifier.STARTSWITH)) {
            return Comparison.Where.STARTS;
        }
        return key.has(Modifier.ENDSWITH) ? Comparison.Where.ENDS : Comparison.Where.IS;
    }

    private @Nullable Comparison number(Modifier order, String text, int line) {
        BigDecimal number = decimal(text);
        if (number == null) {
            problems.add(line, "%s needs a number: %s".formatted(order.word(), text));
            return null;
        }
        Comparison.Order as =
                switch (order) {
                    case LT -> Comparison.Order.LESS;
                    case LTE -> Comparison.Order.AT_MOST;
                    case GT -> Comparison.Order.MORE;
                    default -> Comparison.Order.AT_LEAST;
                };
        return new Comparison.Numeric(as, number);
    }

    /** A part of a time that is so, or, with an order, each that is. */
    private List<Comparison> time(Modifier time, @Nullable Modifier order, String text, int line) {
        int least = time == Modifier.MINUTE || time == Modifier.HOUR ? 0 : time == Modifier.YEAR ? FIRST_YEAR : 1;
        int most =
                switch (time) {
                    case MINUTE -> 59;
                    case HOUR -> 23;
                    case DAY -> 31;
                    case WEEK -> 53;
                    case MONTH -> 12;
                    default -> LAST_YEAR;
                };
        BigDecimal number = decimal(text);
        int is = number == null || number.stripTrailingZeros().scale() > 0 || number.precision() > 9
                ? -1
                : number.intValue();
        if (is < least || is > most) {
            problems.add(line, "%s needs a whole number from %d to %d: %s".formatted(time.word(), least, most, text));
            return List.of();
        }
        int from = order == Modifier.GTE ? is : order == Modifier.GT ? is + 1 : order == null ? is : least;
        int to = order == Modifier.LTE ? is : order == Modifier.LT ? is - 1 : order == null ? is : most;
        List<Comparison> all = new ArrayList<>();
        for (int part = from; part <= to; part++) {
            all.add(new Comparison.TimePart(Comparison.Unit.valueOf(time.name()), part));
        }
        if (all.isEmpty()) {
            problems.add(
                    line,
                    "%s can't be %s %d".formatted(time.word(), order == Modifier.LT ? "less than" : "more than", is));
        }
        return all;
    }

    /** The number that YAML's core schema means; null if it is none, or not finite. */
    private static @Nullable BigDecimal decimal(String text) {
        try {
            if (text.startsWith("0x")) {
                return new BigDecimal(new java.math.BigInteger(text.substring(2), 16));
            } else if (text.startsWith("0o")) {
                return new BigDecimal(new java.math.BigInteger(text.substring(2), 8));
            }
            BigDecimal number = new BigDecimal(text);
            // 1e999999999 would be written out somewhere.
            return Math.abs((long) number.scale()) > 1_000 || number.precision() > 1_000 ? null : number;
        } catch (NumberFormatException e) {
            return null;
        }
    }
}
