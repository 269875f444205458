package io.tocsin.job.decode.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What an operation of a JSON patch writes: of {@code add} and {@code replace}, where and what.
 *
 * @param pointer where, as a JSON pointer
 * @param start where the value starts
 * @param end where it ends
 */
record PatchOperation(String pointer, int start, int end) {
    /** Numbers of more digits are names. */
    private static final int LONGEST_INDEX = 6;

    /**
     * Reads the object the parser stands on. Of a member that comes twice the last one counts, as it does to the API server.
     *
     * @param start where the parser's input starts
     * @return null if it writes nothing
     */
    static @Nullable PatchOperation read(JsonParser p, int start) throws IOException {
        String does = null;
        String pointer = null;
        int from = -1;
        int to = -1;
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            JsonToken token = p.nextToken();
            if (name.equals("value")) {
                from = start + (int) p.currentTokenLocation().getByteOffset();
                p.skipChildren();
                p.finishToken();
                to = start + (int) p.currentLocation().getByteOffset();
            } else if (token == JsonToken.VALUE_STRING && name.equals("op")) {
                does = p.getText();
            } else if (token == JsonToken.VALUE_STRING && name.equals("path")) {
                pointer = p.getText();
            } else {
                p.skipChildren();
            }
        }
        boolean writes = "add".equals(does) || "replace".equals(does);
        return writes && pointer != null && from >= 0 ? new PatchOperation(pointer, from, to) : null;
    }

    /** The name at a position of the pointer behind a slash. */
    String name(int from) {
        int slash = pointer.indexOf('/', from);
        String name = pointer.substring(from, slash < 0 ? pointer.length() : slash);
        return name.indexOf('~') < 0 ? name : name.replace("~1", "/").replace("~0", "~");
    }

    /** The position behind the next slash, the pointer's length plus one if there is none. */
    int next(int from) {
        int slash = pointer.indexOf('/', from);
        return slash < 0 ? pointer.length() + 1 : slash + 1;
    }

    /** Whether a name may be an element's index, or {@code -} for one behind the last. */
    static boolean isIndex(String name) {
        if (name.equals("-")) {
            return true;
        }
        for (int i = 0; i < name.length(); i++) {
            if (name.charAt(i) < '0' || name.charAt(i) > '9') {
                return false;
            }
        }
        return !name.isEmpty() && name.length() <= LONGEST_INDEX;
    }
}
