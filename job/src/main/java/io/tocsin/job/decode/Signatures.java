package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tells JSON formats apart by the members of their objects, and looks no further than the member that settles it. */
final class Signatures {
    private record Start(byte[] bytes, Format format) {}

    private record Signature(long members, Format format) {}

    private final List<Start> starts = new ArrayList<>();
    private final List<Signature> signatures = new ArrayList<>();
    private final Map<String, Long> bits = new HashMap<>();

    Signatures(List<Format> formats) {
        for (Format format : formats) {
            if (!format.usualStart().isEmpty()) {
                starts.add(new Start(format.usualStart().getBytes(StandardCharsets.UTF_8), format));
            }
            for (Set<String> members : format.signatures()) {
                long mask = 0;
                for (String member : members) {
                    mask |= bits.computeIfAbsent(member, m -> nextBit());
                }
                signatures.add(new Signature(mask, format));
            }
        }
    }

    private long nextBit() {
        if (bits.size() == Long.SIZE) {
            throw new IllegalStateException("signatures must name at most " + Long.SIZE + " members");
        }
        return 1L << bits.size();
    }

    /** The format of the object that starts at {@code start}, null if it is none of these. */
    @Nullable
    Format find(byte[] bytes, int start, int end) {
        for (Start usual : starts) {
            if (startsWith(bytes, start, end, usual.bytes)) {
                return usual.format;
            }
        }
        long seen = 0;
        JsonMembers members = new JsonMembers(bytes, start, end);
        while (members.next()) {
            String name = members.name();
            long added = bits.getOrDefault(name, 0L);
            if (name.equals("apiVersion") || name.equals("kind")) {
                added |= bits.getOrDefault(name + "=" + group(bytes, members), 0L);
            }
            seen |= added;
            if (added != 0) {
                for (Signature signature : signatures) {
                    if ((seen & signature.members) == signature.members) {
                        return signature.format;
                    }
                }
            }
        }
        return null;
    }

    private static String group(byte[] bytes, JsonMembers members) {
        int from = members.valueStart();
        int to = Math.min(members.valueEnd(), from + 64);
        if (bytes[from] != '"') {
            return "";
        }
        int i = from + 1;
        while (i < to && bytes[i] != '"' && bytes[i] != '/') {
            i++;
        }
        return new String(bytes, from + 1, i - from - 1, StandardCharsets.UTF_8);
    }

    static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
        return end - start >= prefix.length
                && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
    }
}
