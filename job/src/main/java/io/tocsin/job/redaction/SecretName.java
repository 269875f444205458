package io.tocsin.job.redaction;

import java.util.List;

/** What the name in front of a value says about it. */
enum SecretName {
    /** Nothing. */
    NONE,
    /** A password: whatever follows, in prose too. */
    PASSWORD,
    /** A token, a key or a signature: what is assigned to it. In prose such words stand before all kinds of things. */
    TOKEN,
    /** A header with a scheme before its secret. */
    AUTHORIZATION,
    /** A header all of which is secret. */
    COOKIE;

    /** Of a longer name, only the end is looked at. */
    private static final int LOOKED_AT = 64;

    private static final int SHORTEST = 3;
    /** The last letters of all of them; most names are told apart by these alone. */
    private static final String LAST = "adeghnsty";

    private static final List<String> PASSWORDS = List.of("password", "passwd", "passphrase");
    /** Tokens that let nobody in: what makes a request the same again, and where a list goes on. */
    private static final List<String> NO_SECRETS =
            List.of("requesttoken", "clienttoken", "nexttoken", "pagetoken", "continuationtoken");

    private static final List<String> TOKENS = List.of(
            "token",
            "secret",
            "apikey",
            "secretkey",
            "secretaccesskey",
            "accountkey",
            "sharedaccesskey",
            "privatekey",
            "authkey",
            "keydata",
            "secretstring",
            "dockerconfigjson",
            "dockercfg",
            "rediscliauth",
            "amzsignature");

    static SecretName of(CharSequence name) {
        return of(name, 0, name.length());
    }

    /** What a name says, whatever its case and its dashes: {@code DB_PASSWORD}, {@code --client-secret}, {@code sessionToken}. */
    static SecretName of(CharSequence text, int from, int to) {
        int start = Math.max(from, to - LOOKED_AT);
        while (start < to && (text.charAt(start) == '-' || text.charAt(start) == '.')) {
            start++;
        }
        if (to - start < SHORTEST) {
            return NONE;
        }
        if (LAST.indexOf(lower(text.charAt(to - 1))) < 0) {
            return NONE;
        }
        for (String password : PASSWORDS) {
            if (end(text, start, to, password) >= 0) {
                return PASSWORD;
            }
        }
        if (isShortPassword(text, start, to)) {
            return PASSWORD;
        }
        for (String token : TOKENS) {
            if (end(text, start, to, token) >= 0) {
                return isOrdinary(text, start, to) ? NONE : TOKEN;
            }
        }
        if (end(text, start, to, "sig") == start) {
            return TOKEN;
        }
        if (endsWithWord(text, start, to, "authorization")) {
            return AUTHORIZATION;
        }
        return endsWithWord(text, start, to, "cookie") ? COOKIE : NONE;
    }

    /** {@code pwd} and {@code pass}, but not the working directory, and not what merely ends so, such as {@code bypass}. */
    private static boolean isShortPassword(CharSequence text, int start, int to) {
        if (end(text, start, to, "pwd") >= 0) {
            String name = text.subSequence(start, to).toString();
            return !name.equals("PWD") && !name.equals("OLDPWD");
        }
        int pass = end(text, start, to, "pass");
        return pass == start || (pass > start && isDash(text.charAt(pass - 1)));
    }

    private static boolean isOrdinary(CharSequence text, int start, int to) {
        for (String name : NO_SECRETS) {
            if (end(text, start, to, name) >= 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean endsWithWord(CharSequence text, int start, int to, String word) {
        int at = end(text, start, to, word);
        return at == start || (at > start && (isDash(text.charAt(at - 1)) || text.charAt(at - 1) == '.'));
    }

    /** Where the name's end begins that reads so without its dashes; -1 if it ends otherwise. */
    private static int end(CharSequence text, int start, int to, String word) {
        int at = to;
        for (int i = word.length() - 1; i >= 0; i--) {
            at--;
            while (at > start && at < to - 1 && isDash(text.charAt(at))) {
                at--;
            }
            if (at < start || lower(text.charAt(at)) != word.charAt(i)) {
                return -1;
            }
        }
        return at;
    }

    private static boolean isDash(char c) {
        return c == '-' || c == '_';
    }

    private static char lower(char c) {
        return c >= 'A' && c <= 'Z' ? (char) (c | 0x20) : c;
    }
}
