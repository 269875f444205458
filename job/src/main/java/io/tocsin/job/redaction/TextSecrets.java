package io.tocsin.job.redaction;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The secrets of a text by what stands around them: tokens by their form, private keys, what is assigned to a name such as {@code
 * password}, the password of a URL, passwords on command lines. Reads forward only, so that it takes time linear in the text.
 */
final class TextSecrets {
    private static final String JWT = "eyJ";
    private static final int JWT_HEADER = 9;
    private static final String EKS = "k8s-aws-v1.";
    private static final String BEARER = "bearer";
    private static final int BEARER_TOKEN = 16;
    private static final int BEARER_WITH_DIGIT = 8;
    private static final String BEGIN = "-----BEGIN ";
    private static final String PRIVATE = "PRIVATE KEY-----";
    private static final String END = "-----END ";
    private static final String KEY = "KEY";
    private static final String DASHES = "-----";
    private static final int SHORTEST_KEY = 16;
    private static final String BASIC = "basic ";
    private static final int SHORTEST_BASIC = 4;
    /** What the header of a JWT starts with: {@code alg}, {@code typ}, {@code kid}, {@code cty}, {@code enc}, {@code zip}. */
    private static final List<String> JWT_HEADERS =
            List.of("eyJhbGci", "eyJ0eXAi", "eyJraWQi", "eyJjdHki", "eyJlbmMi", "eyJ6aXAi");

    private static final int MAX_SCHEME = 24;
    /** The schemes whose secret is one word. */
    private static final String ONE_WORD = " bearer basic token negotiate ntlm apikey ";
    /** The schemes whose secret is several. */
    private static final String SEVERAL_WORDS = " digest aws4-hmac-sha256 hawk oauth ";

    private static final String COMMAND = "&command=";
    /** What is assigned where a secret is meant and none is given. */
    private static final Set<String> NO_SECRETS = Set.of("true", "false", "null", "nil", "none", "None", "yes", "no");

    private static final int LONGEST_NO_SECRET = 5;

    private final String text;
    private final TextScanner scan;
    private final Edits edits;
    private int at;
    private int tokenEnd;
    private @Nullable PasswordOption option;

    /**
     * Starts.
     *
     * @param option how the program takes a password whose arguments the text is; null if nothing is known
     */
    TextSecrets(String text, @Nullable PasswordOption option, Edits edits) {
        this.text = text;
        this.scan = new TextScanner(text);
        this.option = option;
        this.edits = edits;
    }

    /** Adds all there are. */
    void find() {
        int word = 0; // where the name starts whose characters end here
        while (at < text.length()) {
            char c = text.charAt(at);
            if (TextScanner.isNameCharacter(c)) {
                if (token(c)) {
                    word = at;
                } else {
                    at++;
                }
            } else if ((word < at && named(word)) || (c == ':' && userInfo())) {
                word = at;
            } else {
                if (c == '|' || c == ';' || c == '\n') {
                    option = null; // another command
                }
                at++;
                word = at;
            }
        }
        if (word < at) {
            named(word);
        }
    }

    /** Takes away from {@code from} to {@code to} and goes on there; whether there was anything. */
    private boolean redact(int from, int to) {
        if (to <= from) {
            return false;
        }
        edits.redact(from, to);
        at = to;
        return true;
    }

    // Secrets told by their form

    private boolean token(char c) {
        boolean found =
                switch (c) {
                    case 'e' -> text.startsWith(JWT, at) && jwt();
                    case 'k' -> text.startsWith(EKS, at) && eks();
                    case 'b', 'B' -> bearer() || basic();
                    case '-' -> (text.startsWith(BEGIN, at) && privateKey()) || restOfKey();
                    default -> false;
                };
        return found || redact(at, TokenForm.end(text, at));
    }

    /** Parts between dots; a text that was cut may lack the last. */
    private boolean jwt() {
        if (at >= tokenEnd) {
            tokenEnd = scan.endOfToken(at);
        }
        int end = tokenEnd;
        if (end - at < JWT_HEADER) {
            return false;
        }
        while (end < text.length() && text.charAt(end) == '.' && scan.endOfToken(end + 1) > end + 1) {
            end = scan.endOfToken(end + 1);
        }
        // Of one that was cut, what is left may be its first part.
        return (end > tokenEnd || isCutHeader(end)) && redact(at, end);
    }

    private boolean isCutHeader(int end) {
        boolean cut = end == text.length() || text.startsWith("...", end) || text.charAt(end) == '\u2026';
        if (cut && end - at > JWT_HEADER + 1) {
            for (String header : JWT_HEADERS) {
                if (text.startsWith(header, at)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean eks() {
        int content = at + EKS.length();
        int end = scan.endOfToken(content);
        return end > content && redact(at, end);
    }

    private boolean bearer() {
        if (!text.regionMatches(true, at, BEARER, 0, BEARER.length())) {
            return false;
        }
        int from = at + BEARER.length();
        int value = from;
        while (value < text.length() && " :=".indexOf(text.charAt(value)) >= 0) {
            value++;
        }
        if (value == from) {
            return false;
        }
        int end = value;
        while (end < text.length() && TextScanner.isBearerCharacter(text.charAt(end))) {
            end++;
        }
        // A word of the log may follow too, which has no digits.
        int least = hasDigit(value, end) ? BEARER_WITH_DIGIT : BEARER_TOKEN;
        return end - value >= least && redact(value, end);
    }

    private boolean hasDigit(int from, int to) {
        for (int i = from; i < to; i++) {
            if (text.charAt(i) >= '0' && text.charAt(i) <= '9') {
                return true;
            }
        }
        return false;
    }

    /** A scheme before the base64 of {@code user:password}, whatever stands before it. */
    private boolean basic() {
        int value = at + BASIC.length();
        if (!text.regionMatches(true, at, BASIC, 0, BASIC.length())) {
            return false;
        }
        int end = value;
        while (end < text.length() && TextScanner.isBearerCharacter(text.charAt(end))) {
            end++;
        }
        return end - value >= SHORTEST_BASIC
                && EncodedParts.isUserAndPassword(text.substring(value, end))
                && redact(value, end);
    }

    private boolean privateKey() {
        int label = at + BEGIN.length();
        while (label < text.length() && TextScanner.isLabelCharacter(text.charAt(label))) {
            label++;
        }
        // The label ends with the dashes' first; PRIVATE KEY is its end.
        int kind = label - "PRIVATE KEY".length();
        if (kind < at + BEGIN.length() || !text.startsWith(PRIVATE, kind)) {
            return false;
        }
        int body = kind + PRIVATE.length();
        int end = body;
        while (end < text.length() && TextScanner.isKeyCharacter(text.charAt(end)) && !text.startsWith(END, end)) {
            end++;
        }
        return redact(body, end);
    }

    /** A key whose first words are gone. */
    private boolean restOfKey() {
        if (at < KEY.length() || !text.startsWith(DASHES, at) || !text.startsWith(KEY, at - KEY.length())) {
            return false;
        }
        int end = at + DASHES.length();
        while (end < text.length() && TextScanner.isKeyCharacter(text.charAt(end)) && !text.startsWith(DASHES, end)) {
            end++;
        }
        return end - at >= SHORTEST_KEY && redact(at + DASHES.length(), end);
    }

    // Secrets told by the name before them

    /** At the end of a name: takes away what is assigned to it. */
    private boolean named(int word) {
        if (shortOption(word)) {
            return true;
        }
        int start = word;
        if (start > 0 && text.charAt(start - 1) == '%' && at - start > 2) {
            start += 2; // the two digits of an encoded character
        }
        SecretName name = SecretName.of(text, start, at);
        if (name == SecretName.NONE) {
            PasswordOption named = PasswordOption.of(text, start, at);
            option = named == null ? option : named;
            return text.startsWith("--from-literal", word) && at - word == "--from-literal".length() && literal();
        }
        int value = value(name, start);
        if (value < 0) {
            return false;
        }
        if (namesObject(start, value)) {
            return false;
        }
        boolean assigned = text.charAt(scan.skipSpaces(scan.skipQuote(at))) == '=';
        return switch (name) {
            case AUTHORIZATION -> authorization(value);
            case COOKIE -> assigned ? secret(value) : redact(value, scan.endOfCookies(value));
            // An object is no secret: the names in it speak for themselves.
            default -> (assigned || !isObject(value)) && secret(value);
        };
    }

    /** Falco's rules write {@code secret=NAME ns=NAMESPACE}. */
    private boolean namesObject(int start, int value) {
        return at - start == "secret".length()
                && text.startsWith("secret=", start)
                && text.startsWith(" ns=", scan.endOfWord(value));
    }

    /** Where the value of the name that ends here starts; -1 if none is assigned to it. */
    private int value(SecretName name, int start) {
        boolean dashed = text.charAt(start) == '-';
        int next = scan.skipQuote(at);
        boolean quoted = next > at;
        int sign = scan.skipSpaces(next);
        if (text.startsWith("=", sign)) {
            int after = sign + 1;
            if (text.startsWith("=", after) || text.startsWith(">", after)) {
                return scan.skipSpaces(after + 1);
            }
            // With spaces around, as in a file of settings; else a space ends an empty value.
            return sign > next || quoted ? scan.skipSpaces(after) : after;
        }
        if (scan.encoded(sign, "3d")) {
            return sign + TextScanner.ENCODED;
        }
        boolean colon = text.startsWith(":", sign);
        if (colon || scan.encoded(sign, "3a")) {
            int after = colon ? sign + 1 : sign + TextScanner.ENCODED;
            boolean header = name == SecretName.AUTHORIZATION
                    || name == SecretName.COOKIE
                    || (!dashed && text.substring(start, at).indexOf('-') > 0);
            int value = scan.skipSpaces(after);
            // In JSON a secret is a string.
            boolean told = (quoted && scan.skipQuote(value) > value) || header || name == SecretName.PASSWORD;
            return told && !text.startsWith("//", after) ? value : -1;
        }
        return dashed ? nextArgument(at) : -1;
    }

    /** The word after an option: after a space, or as the next string of a list, or as the next {@code command} of a query. */
    private int nextArgument(int end) {
        int next = end;
        if (text.startsWith(COMMAND, end)) {
            next = end + COMMAND.length();
        } else if (text.startsWith("+", end)) {
            next = end + 1;
        } else if (scan.encoded(end, "20")) {
            next = end + TextScanner.ENCODED;
        } else {
            int quote = scan.skipQuote(end);
            int comma = scan.skipSpaces(quote);
            boolean list = quote > end && text.startsWith(",", comma);
            next = scan.skipArgumentName(list ? scan.skipSpaces(comma + 1) : comma);
            if (next == quote) {
                return -1;
            }
        }
        return next >= text.length() || text.startsWith("-", scan.skipQuote(next)) ? -1 : next;
    }

    /** {@code -pPASSWORD} and the like, where the program before takes it so. */
    private boolean shortOption(int word) {
        PasswordOption known = option;
        if (known == null || !text.startsWith(known.option(), word) || !startsArgument(word)) {
            return false;
        }
        int value = word + known.option().length();
        boolean inQuotes = word > 0 && scan.isQuote(word - 1);
        if (value >= text.length() || (scan.endsWord(value) && (inQuotes || !scan.isQuote(value)))) {
            value = known.apart() ? nextArgument(value) : -1;
        }
        if (value < 0) {
            return false;
        }
        if (!known.afterColon()) {
            return secret(value);
        }
        int from = scan.skipQuote(value);
        int end = from > value ? scan.closing(value, from) : scan.endOfWord(value);
        int colon = scan.indexOf(':', from, end);
        return colon >= 0 && redact(colon + 1, end);
    }

    private boolean startsArgument(int word) {
        return word == 0
                || " \t\"'=+,[".indexOf(text.charAt(word - 1)) >= 0
                || (word > 2 && scan.encoded(word - 3, "20"));
    }

    /** {@code --from-literal=NAME=VALUE} of {@code kubectl create secret}. */
    private boolean literal() {
        int name = text.startsWith("=", at) ? at + 1 : scan.skipSpaces(at);
        if (name == at) {
            return false;
        }
        int end = scan.endOfWord(name);
        int equals = scan.indexOf('=', name, end);
        return equals >= 0 && redact(equals + 1, end);
    }

    /** Takes away a value, without its quotes. */
    private boolean secret(int value) {
        int from = scan.skipQuote(value);
        int end = from > value ? scan.closing(value, from) : scan.endOfWord(value);
        if (from > value && end + 1 < text.length() && TextScanner.isTokenCharacter(text.charAt(end + 1))) {
            end = scan.endOfWord(end + 1); // to a shell it is one word
        }
        return !isNoSecret(from) && redact(from, end);
    }

    /** Whether this is what stands for a secret where there is none. */
    static boolean isNoSecret(String value) {
        return value.length() <= LONGEST_NO_SECRET && NO_SECRETS.contains(value);
    }

    /** Where the secret of a header starts, behind the name of its scheme if one stands before it. */
    static int behindScheme(String text, int from, int to) {
        int scheme = from;
        while (scheme < to && scheme - from < MAX_SCHEME && TextScanner.isNameCharacter(text.charAt(scheme))) {
            scheme++;
        }
        String name = " " + text.substring(from, scheme).toLowerCase(Locale.ROOT) + " ";
        boolean known =
                scheme < to && text.charAt(scheme) == ' ' && (ONE_WORD.contains(name) || SEVERAL_WORDS.contains(name));
        return known ? scheme + 1 : from;
    }

    private boolean isNoSecret(int from) {
        int end = scan.endOfToken(from);
        return (end == text.length() || scan.endsWord(end) || ",}])".indexOf(text.charAt(end)) >= 0)
                && end - from <= LONGEST_NO_SECRET
                && NO_SECRETS.contains(text.substring(from, end));
    }

    private boolean isObject(int value) {
        return text.startsWith("{", value) || text.startsWith("[", value);
    }

    private boolean authorization(int value) {
        int from = scan.skipQuote(value);
        int scheme = from;
        while (scheme < text.length()
                && scheme - from < MAX_SCHEME
                && TextScanner.isNameCharacter(text.charAt(scheme))) {
            scheme++;
        }
        int secret = scan.skipSpaces(scheme);
        if (secret == scheme) {
            return secret(value);
        }
        String name = " " + text.substring(from, scheme).toLowerCase(Locale.ROOT) + " ";
        if (ONE_WORD.contains(name)) {
            return redact(secret, scan.endOfWord(secret));
        }
        return SEVERAL_WORDS.contains(name)
                ? redact(secret, scan.endOfHeader(secret))
                : redact(from, scan.endOfWord(from));
    }

    private boolean isPort(int from, int end) {
        for (int i = from; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return c == '.' || c == ',' || c == ')' || c == ':' || c == ']';
            }
        }
        return true;
    }

    /** At a colon: takes the password out of {@code scheme://user:password@host}. */
    private boolean userInfo() {
        if (!text.startsWith("://", at) || at == 0 || !TextScanner.isNameCharacter(text.charAt(at - 1))) {
            return false;
        }
        int colon = -1;
        int host = -1;
        int end = at + 3;
        for (; end < text.length() && "/?# \t\r\n\"'<>`".indexOf(text.charAt(end)) < 0; end++) {
            char c = text.charAt(end);
            if (c == ':' && colon < 0) {
                colon = end;
            } else if (c == '@') {
                host = end;
            }
        }
        // Of a text that was cut, what is no port is a password.
        boolean ends = end == text.length() || (end + 1 == text.length() && scan.isQuote(end));
        boolean cut = host < 0 && ends && !isPort(colon + 1, end);
        return colon >= 0 && (host > colon || cut) && redact(colon + 1, cut ? end : host);
    }
}
