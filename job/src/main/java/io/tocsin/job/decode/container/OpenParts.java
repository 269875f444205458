package io.tocsin.job.decode.container;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts of lines that are not whole yet, by stream. */
final class OpenParts {
    private final Map<String, List<Part>> open = new LinkedHashMap<>();

    void add(String stream, Part part) {
        open.computeIfAbsent(stream, s -> new ArrayList<>()).add(part);
    }

    /** All parts of the line that this one ends. */
    List<Part> close(String stream, Part last) {
        List<Part> parts = open.remove(stream);
        if (parts == null) {
            return List.of(last);
        }
        parts.add(last);
        return parts;
    }

    /** Takes away what is open of a stream. */
    List<Part> take(String stream) {
        List<Part> parts = open.remove(stream);
        return parts == null ? List.of() : parts;
    }

    /** What stayed open, in the order in which it began. */
    Map<String, List<Part>> rest() {
        return open;
    }
}
