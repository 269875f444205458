package io.tocsin.job.decode.container;

import io.tocsin.job.decode.JsonMembers;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Puts together again what a container wrote as JSON and a collector laid beside its own members, without keeping it: the record
 * without what collectors add. Of a name that comes twice the first is the collector's.
 */
final class MergedOutput {
    private MergedOutput() {}

    /** What the container wrote; null if nothing is left. */
    static byte @Nullable [] of(byte[] bytes, int start, int end) {
        Map<String, Integer> counts = new HashMap<>();
        JsonMembers members = new JsonMembers(bytes, start, end);
        while (members.next()) {
            counts.merge(members.name(), 1, Integer::sum);
        }
        Set<String> dropped = new HashSet<>();
        ByteArrayOutputStream out = new ByteArrayOutputStream(end - start);
        int kept = 0;
        int onlyStart = 0;
        int onlyEnd = 0;
        members = new JsonMembers(bytes, start, end);
        while (members.next()) {
            String name = members.name();
            boolean twice = counts.getOrDefault(name, 0) > 1;
            boolean last = name.equals(CollectorMembers.KUBERNETES);
            boolean added = CollectorMembers.ADDED.contains(name);
            if (last || ((added || twice) && dropped.add(name))) {
                continue;
            }
            out.write(kept == 0 ? '{' : ',');
            out.write('"');
            out.writeBytes(name.getBytes(StandardCharsets.UTF_8));
            out.write('"');
            out.write(':');
            out.write(bytes, members.valueStart(), members.valueEnd() - members.valueStart());
            kept++;
            onlyStart = members.valueStart();
            onlyEnd = members.valueEnd();
        }
        if (kept == 0) {
            return null;
        }
        if (kept == 1 && bytes[onlyStart] == '{') {
            // All of it under one name.
            return Arrays.copyOfRange(bytes, onlyStart, onlyEnd);
        }
        out.write('}');
        return out.toByteArray();
    }
}
