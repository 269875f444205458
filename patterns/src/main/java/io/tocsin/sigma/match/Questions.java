package io.tocsin.sigma.match;

import com.google.re2j.Pattern;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Comparison.Where;
import io.tocsin.sigma.compare.AddressRange;
import io.tocsin.sigma.compare.FixedShape;
import io.tocsin.sigma.compare.Fold;
import io.tocsin.sigma.compare.RequiredTexts;
import io.tocsin.sigma.compare.Shape;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The distinct questions of a scope. */
final class Questions {
    /** What asking costs, very roughly, where a text that is searched in any case costs 1. */
    private static final int SHAPE = 8;

    private static final int REGEX = 200;

    private final Scope scope;
    private final Map<Key, Condition> known = new HashMap<>();
    private int searched;

    /** What makes two questions the same. */
    private record Key(Values values, Object is) {}

    Questions(Scope scope) {
        this.scope = scope;
    }

    /** How many of them are answered by a search for texts. */
    int searched() {
        return searched;
    }

    /** The test of a field. */
    Condition test(Values values, Comparison is) {
        Key key = new Key(values, is instanceof Comparison.Text text && !text.cased() ? folded(text) : is);
        Condition condition = known.get(key);
        if (condition == null) {
            condition = compile(values, is);
            known.put(key, condition);
        }
        return condition;
    }

    private static Comparison folded(Comparison.Text text) {
        return new Comparison.Text(text.where(), Fold.fold(text.text()), false);
    }

    /** One element of an array has it all. */
    Condition element(String path, Object same, Condition holds) {
        Values values = scope.content(path);
        return known.computeIfAbsent(
                new Key(values, same),
                key -> new Condition.Asked(new ElementQuestion(values, scope.array(path), holds)));
    }

    private Condition compile(Values values, Comparison is) {
        if (is instanceof Comparison.Text text) {
            return new Condition.Asked(text(values, text));
        } else if (is instanceof Comparison.Wildcard wildcard) {
            return new Condition.Asked(wildcard(values, wildcard));
        } else if (is instanceof Comparison.Regex regex) {
            return new Condition.Asked(regex(values, regex));
        } else if (is instanceof Comparison.Cidr cidr) {
            AddressRange range = new AddressRange(cidr.range());
            return new Condition.Asked(new ParsedQuestion<>(values, values.addresses, range::holds));
        } else if (is instanceof Comparison.Numeric number) {
            return new Condition.Asked(new ParsedQuestion<>(values, values.numbers, value -> isTrue(number, value)));
        } else if (is instanceof Comparison.TimePart part) {
            return new Condition.Asked(
                    new ParsedQuestion<>(values, values.times, time -> of(time, part.unit()) == part.is()));
        } else if (is instanceof Comparison.Field other) {
            Values others = scope.values(other.field());
            return others == null
                    ? Condition.Constant.FALSE
                    : new Condition.Asked(new FieldQuestion(values, others, other.where(), other.cased()));
        } else if (is instanceof Comparison.IsNull) {
            return Condition.not(new Condition.Asked(new PresenceQuestion(values, false)));
        } else {
            return new Condition.Asked(new PresenceQuestion(values, true));
        }
    }

    private Question text(Values values, Comparison.Text text) {
        boolean atStart = text.where() == Where.IS || text.where() == Where.STARTS;
        boolean atEnd = text.where() == Where.IS || text.where() == Where.ENDS;
        if (text.text().isEmpty() && !(atStart && atEnd)) {
            return new ValueQuestion(values, value -> true, true, 1);
        }
        String folded = Fold.fold(text.text());
        ValueTest ofFolded = text.cased() ? null : value -> stands(text.where(), value, folded);
        boolean whole = text.where() == Where.IS;
        if (whole) {
            values.named.add(folded);
        }
        SearchedQuestion question = new SearchedQuestion(values, searched++, null, 1, ofFolded, whole ? folded : null);
        values.texts.want(question, text.text(), atStart, atEnd, text.cased());
        return question;
    }

    /** Whether a text stands in a value. */
    static boolean stands(Where where, String value, String text) {
        return switch (where) {
            case IS -> value.equals(text);
            case STARTS -> value.startsWith(text);
            case ENDS -> value.endsWith(text);
            case CONTAINS -> value.contains(text);
        };
    }

    private Question wildcard(Values values, Comparison.Wildcard wildcard) {
        Shape shape = new Shape(wildcard.cased());
        List<Comparison.Part> parts = wildcard.parts();
        int longest = -1;
        for (int i = 0; i < parts.size(); i++) {
            String text = parts.get(i).text();
            if (text != null) {
                shape.text(text);
                longest = longest < 0 || text.length() > length(parts.get(longest)) ? i : longest;
            } else if (parts.get(i).any()) {
                shape.any();
            } else {
                shape.one();
            }
        }
        if (longest < 0 || length(parts.get(longest)) == 0) {
            return new ValueQuestion(values, shape::isOf, !wildcard.cased(), SHAPE);
        }
        SearchedQuestion question = new SearchedQuestion(
                values, searched++, shape::isOf, SHAPE, wildcard.cased() ? null : shape::isOf, null);
        String text = String.valueOf(parts.get(longest).text());
        values.texts.want(question, text, longest == 0, longest == parts.size() - 1, wildcard.cased());
        return question;
    }

    private static int length(Comparison.Part part) {
        return part.text() == null ? 0 : part.text().length();
    }

    private Question regex(Values values, Comparison.Regex regex) {
        int flags = (regex.ignoreCase() ? Pattern.CASE_INSENSITIVE : 0)
                | (regex.multiLine() ? Pattern.MULTILINE : 0)
                | (regex.dotAll() ? Pattern.DOTALL : 0);
        Pattern pattern = Pattern.compile(regex.pattern(), flags);
        FixedShape fixed = flags == 0 ? FixedShape.of(regex.pattern()) : null;
        if (fixed != null) {
            return new ValueQuestion(values, fixed::isOf, false, SHAPE);
        }
        ValueTest test = value -> pattern.matcher(value).find();
        List<String> required = RequiredTexts.of(regex.pattern(), regex.ignoreCase());
        if (required.isEmpty()) {
            return new ValueQuestion(values, test, false, REGEX);
        }
        SearchedQuestion question = new SearchedQuestion(values, searched++, test, REGEX, null, null);
        for (String text : required) {
            values.texts.want(question, text, false, false, false);
        }
        return question;
    }

    private static boolean isTrue(Comparison.Numeric number, BigDecimal value) {
        int order = value.compareTo(number.than());
        return switch (number.order()) {
            case LESS -> order < 0;
            case AT_MOST -> order <= 0;
            case MORE -> order > 0;
            case AT_LEAST -> order >= 0;
            case EQUAL -> order == 0;
        };
    }

    private static int of(OffsetDateTime time, Comparison.Unit unit) {
        return switch (unit) {
            case MINUTE -> time.getMinute();
            case HOUR -> time.getHour();
            case DAY -> time.getDayOfMonth();
            case WEEK -> time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTH -> time.get(ChronoField.MONTH_OF_YEAR);
            case YEAR -> time.getYear();
        };
    }
}
