package io.tocsin.sigma.compare;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/** Numbers as texts. What an attacker may write costs no more than its length. */
public final class Decimal {
    /** Longer ones are no numbers that a log has. */
    private static final int LONGEST = 100;
    /** More digits of an exponent are no number that a log has. */
    private static final int LONGEST_EXPONENT = 9;

    private Decimal() {}

    /** The number that a text is, as JSON writes it or with leading zeros or a plus; null if it is none. */
    public static @Nullable BigDecimal of(String text) {
        return isNumber(text) ? new BigDecimal(text) : null;
    }

    private static boolean isNumber(String text) {
        int length = text.length();
        if (length == 0 || length > LONGEST) {
            return false;
        }
        int at = afterSign(text, 0);
        int whole = afterDigits(text, at);
        int end = whole;
        if (whole < length && text.charAt(whole) == '.') {
            end = afterDigits(text, whole + 1);
        }
        int digits = end - at - (end > whole ? 1 : 0);
        if (digits == 0) {
            return false;
        }
        if (end < length && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int from = afterSign(text, end + 1);
            end = afterDigits(text, from);
            return end == length && end > from && end - from <= LONGEST_EXPONENT;
        }
        return end == length;
    }

    private static int afterSign(String text, int at) {
        return at < text.length() && (text.charAt(at) == '-' || text.charAt(at) == '+') ? at + 1 : at;
    }

    private static int afterDigits(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            at++;
        }
        return at;
    }
}
