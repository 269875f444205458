package io.tocsin.enrich;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What a client calls itself, without what changes with every release: version, platform, path. */
public final class ClientFamily {
    /** Of a client that does not say. */
    public static final String NONE = "none";

    private static final int LONGEST = 64;

    private ClientFamily() {}

    /**
     * The name of the first product: {@code kubectl} of {@code kubectl/v1.29.0 (linux/amd64)}, of {@code kubectl.exe/v1.30.1} and of
     * {@code kubectl-1.28/v1.28.3}. In lower case, at most 64 characters.
     */
    public static String of(@Nullable String userAgent) {
        if (userAgent == null) {
            return NONE;
        }
        int end = 0;
        while (end < userAgent.length() && end < LONGEST && !endsName(userAgent.charAt(end))) {
            end++;
        }
        String name = userAgent.substring(0, end).toLowerCase(Locale.ROOT);
        if (name.endsWith(".exe")) {
            name = name.substring(0, name.length() - ".exe".length());
        }
        name = name.substring(0, endOfWord(name));
        return name.isEmpty() ? NONE : name;
    }

    private static boolean endsName(char c) {
        return c == '/' || c == ' ' || c == '(' || c == ';';
    }

    /** Where a version begins that is part of the name: at {@code -1.28} or {@code _v2.23.0}, or at digits that end it. */
    private static int endOfWord(String name) {
        int end = name.length();
        for (int i = 1; i + 1 < end; i++) {
            char c = name.charAt(i);
            if (c == '-' || c == '_' || c == '.' || c == '@') {
                int digit = name.charAt(i + 1) == 'v' ? i + 2 : i + 1;
                if (digit < end && isDigit(name.charAt(digit))) {
                    end = i;
                }
            }
        }
        while (end > 1 && (isDigit(name.charAt(end - 1)) || name.charAt(end - 1) == '.')) {
            end--;
        }
        return end;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
