package io.tocsin.detection;

import io.tocsin.event.Digest;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.field.FieldCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What an event has in the fields that its rule tells of.
 *
 * @param byField the values of each field that has any, as they are
 */
record RuleValues(Map<String, List<String>> byField) {
    private static final int FIELDS = 5;
    private static final int VALUES = 3;
    /** Of longer ones the beginning is told. */
    private static final int LENGTH = 120;

    static RuleValues of(SigmaRule rule, Subject subject) {
        Map<String, List<String>> byField = new LinkedHashMap<>();
        for (String name : rule.fields()) {
            Field field = FieldCatalog.find(name, subject.event().source());
            List<String> values = new ArrayList<>();
            if (field != null) {
                field.reader().read(subject, values);
            }
            if (!values.isEmpty()) {
                byField.put(name, values);
            }
        }
        return new RuleValues(byField);
    }

    /** The same values in another order are the same. */
    String digest() {
        Digest digest = new Digest();
        new TreeMap<>(byField).forEach((field, values) -> {
            digest.add(field);
            new TreeSet<>(values).forEach(digest::add);
            digest.add((String) null);
        });
        return digest.hex();
    }

    /** The first few, by field. */
    Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        byField.forEach((field, values) -> {
            if (facts.size() < FIELDS) {
                facts.put(field, told(values));
            }
        });
        return facts;
    }

    /** The first few in words, to follow a sentence; the empty string where there are none. */
    String words() {
        StringBuilder words = new StringBuilder();
        int told = 0;
        for (Map.Entry<String, List<String>> entry : byField.entrySet()) {
            if (told++ < FIELDS) {
                words.append(told == 1 ? " (" : "; ")
                        .append(entry.getKey())
                        .append(": ")
                        .append(told(entry.getValue()));
            }
        }
        return told == 0 ? "" : words.append(')').toString();
    }

    private static String told(List<String> values) {
        StringBuilder text = new StringBuilder();
        List<String> distinct = values.stream().distinct().toList();
        for (int i = 0; i < Math.min(VALUES, distinct.size()); i++) {
            text.append(i == 0 ? "" : ", ").append(cut(distinct.get(i)));
        }
        if (distinct.size() > VALUES) {
            text.append(" and ").append(distinct.size() - VALUES).append(" more");
        }
        return text.toString();
    }

    private static String cut(String value) {
        if (value.length() <= LENGTH) {
            return value;
        }
        // Not between the two halves of one character.
        int end = Character.isHighSurrogate(value.charAt(LENGTH - 1)) ? LENGTH - 1 : LENGTH;
        return value.substring(0, end) + "…";
    }
}
