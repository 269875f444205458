package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonLocation;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells a number or a literal that the input's end cut off from a bad one: the parser doesn't. */
public final class CutScalar {
    private static final List<String> LITERALS = List.of("true", "false", "null");
    private static final int LONGEST = 24;

    private CutScalar() {}

    /** Whether the input ends inside a number or a literal and the parser stumbled there. */
    public static boolean endsInput(byte[] bytes, int start, int end, @Nullable JsonLocation where) {
        if (where == null || where.getByteOffset() < end - start - 8) {
            return false;
        }
        int first = end;
        while (first > start && end - first <= LONGEST && isScalar(bytes[first - 1])) {
            first--;
        }
        if (first == end || first == start || end - first > LONGEST) {
            return false;
        }
        String cut = new String(bytes, first, end - first, StandardCharsets.US_ASCII);
        return cut.matches("-?[0-9]*[.]?[0-9]*([eE][+-]?)?[0-9]*")
                || LITERALS.stream().anyMatch(literal -> literal.startsWith(cut));
    }

    private static boolean isScalar(byte b) {
        return (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || b == 'E' || b == '-' || b == '+' || b == '.';
    }
}
