package io.tocsin.job.redaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The short option by which some programs take a password. With most others the same letter means something else.
 *
 * @param program what the program's name starts with
 * @param option the option, such as {@code -p}
 * @param apart whether the password may also be the word after the option
 * @param afterColon whether only what follows a colon is secret, as in {@code user:password}
 */
record PasswordOption(String program, String option, boolean apart, boolean afterColon) {
    private static final int LONGEST = 32;
    private static final List<PasswordOption> ALL = List.of(
            new PasswordOption("mysql", "-p", false, false),
            new PasswordOption("mariadb", "-p", false, false),
            new PasswordOption("mongo", "-p", true, false),
            new PasswordOption("sshpass", "-p", true, false),
            new PasswordOption("login", "-p", true, false),
            new PasswordOption("ldap", "-w", true, false),
            new PasswordOption("redis-cli", "-a", true, false),
            new PasswordOption("curl", "-u", true, true));

    /** The option of the program that a word names; null if it has none. */
    static @Nullable PasswordOption of(CharSequence text, int from, int to) {
        if (to == from || "mrscl".indexOf(text.charAt(from)) < 0) {
            return null;
        }
        String word = text.subSequence(from, Math.min(to, from + LONGEST)).toString();
        for (PasswordOption option : ALL) {
            if (word.startsWith(option.program)) {
                return option;
            }
        }
        return null;
    }

    /** The same by a path or name of the program. */
    static @Nullable PasswordOption ofBinary(@Nullable String binary) {
        return binary == null ? null : of(binary, binary.lastIndexOf('/') + 1, binary.length());
    }
}
