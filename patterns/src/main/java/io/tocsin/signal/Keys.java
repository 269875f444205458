package io.tocsin.signal;

import java.util.ArrayList;
import java.util.List;

/**
 * Builds correlation keys. Parts come from attackers, so each is escaped: no choice of names makes two different lists of parts
 * one key. Keys are strings for ever, since they are state.
 */
public final class Keys {
    /** Stands for things that are not told one by one. */
    private static final String OTHERS = "*";

    private static final String SEPARATOR = "|";

    private Keys() {}

    /** The key of a thing in a scope: the scope and the parts, escaped, separated by {@code |}. */
    public static String of(String scope, String... parts) {
        String[] all = new String[parts.length + 1];
        all[0] = part(scope);
        for (int i = 0; i < parts.length; i++) {
            all[i + 1] = part(parts[i]);
        }
        return String.join(SEPARATOR, all);
    }

    /** One part as it stands in a key. */
    static String part(String part) {
        // Hardly any part has to be escaped, and searching for a character is quick.
        return part.indexOf('|') < 0 && part.indexOf('\\') < 0 ? part : escaped(part);
    }

    /** The parts of a key, the scope first, as they were given to {@link #of}. */
    public static List<String> parts(String key) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '|') {
                parts.add(part.toString());
                part.setLength(0);
            } else {
                part.append(c == '\\' && i + 1 < key.length() ? key.charAt(++i) : c);
            }
        }
        parts.add(part.toString());
        return parts;
    }

    /** The key of whatever others there are of the kind of a thing: its last part is {@code *}. */
    public static String others(String key) {
        List<String> parts = parts(key);
        parts.set(parts.size() - 1, OTHERS);
        return of(parts.get(0), parts.subList(1, parts.size()).toArray(String[]::new));
    }

    private static String escaped(String part) {
        StringBuilder escaped = new StringBuilder(part.length() + 4);
        for (int i = 0; i < part.length(); i++) {
            char c = part.charAt(i);
            if (c == '|' || c == '\\') {
                escaped.append('\\');
            }
            escaped.append(c);
        }
        return escaped.toString();
    }
}
