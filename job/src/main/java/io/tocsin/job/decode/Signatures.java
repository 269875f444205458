package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Tells JSON formats apart by the members of their objects, and looks no further than the member that settles it. */
final class Signatures {
    private record Start(byte[] bytes, Format format) {}

    /**
     * A name that signatures know.
     *
     * @param member the member of that name, if any; some name its value too
     */
    private record Name(String text, @Nullable Member member, boolean valued) {}

    /** A member that some signature names, and the signatures that do. */
    private static final class Member {
        final int id;
        final List<Integer> signatures = new ArrayList<>();

        Member(int id) {
            this.id = id;
        }
    }

    private final List<Start> starts = new ArrayList<>();
    private final List<Format> formats = new ArrayList<>();
    private final List<Integer> sizes = new ArrayList<>();
    private final Map<String, Member> members = new HashMap<>();
    private final NamesByBytes<Name> names;

    /** For each signature, how many of its members the object has; for each member, the object that was last seen to have it. */
    private final int[] found;

    private final int[] seenIn;
    private int object;

    Signatures(List<Format> all, Function<Format, List<Set<String>>> signaturesOf) {
        // Members of which a signature names the value.
        Set<String> valued = new HashSet<>();
        for (Format format : all) {
            if (!format.usualStart().isEmpty()) {
                starts.add(new Start(format.usualStart().getBytes(StandardCharsets.UTF_8), format));
            }
            for (Set<String> signature : signaturesOf.apply(format)) {
                for (String member : signature) {
                    members.computeIfAbsent(member, m -> new Member(members.size()))
                            .signatures
                            .add(formats.size());
                    if (member.indexOf('=') > 0) {
                        valued.add(member.substring(0, member.indexOf('=')));
                    }
                }
                formats.add(format);
                sizes.add(signature.size());
            }
        }
        Map<String, Name> known = new HashMap<>();
        members.forEach((name, member) -> known.put(name, new Name(name, member, valued.contains(name))));
        valued.forEach(name -> known.putIfAbsent(name, new Name(name, null, true)));
        names = new NamesByBytes<>(known);
        found = new int[formats.size()];
        seenIn = new int[members.size()];
    }

    /** The format whose objects usually start as this one does, null if none. */
    @Nullable
    Format ofStart(byte[] bytes, int start, int end) {
        for (Start usual : starts) {
            if (startsWith(bytes, start, end, usual.bytes)) {
                return usual.format;
            }
        }
        return null;
    }

    /** The format whose members the object that starts at {@code start} has, null if it is none of these. */
    @Nullable
    Format find(byte[] bytes, int start, int end) {
        if (formats.isEmpty()) {
            return null;
        }
        Arrays.fill(found, 0);
        object++;
        JsonMembers object = new JsonMembers(bytes, start, end);
        while (object.next()) {
            Name name = object.in(names);
            if (name == null) {
                continue;
            }
            int settled = see(name.member);
            if (settled < 0 && name.valued) {
                settled = see(members.get(name.text + "=" + value(bytes, object)));
            }
            if (settled >= 0) {
                return formats.get(settled);
            }
        }
        return null;
    }

    /** Counts a member; the signature that it completes, -1 if none. */
    private int see(@Nullable Member member) {
        if (member == null || seenIn[member.id] == object) {
            return -1;
        }
        seenIn[member.id] = object;
        for (int signature : member.signatures) {
            if (++found[signature] == sizes.get(signature)) {
                return signature;
            }
        }
        return -1;
    }

    private static String value(byte[] bytes, JsonMembers members) {
        int from = members.valueStart();
        int to = Math.min(members.valueEnd(), from + 64);
        if (bytes[from] != '"') {
            return "";
        }
        int i = from + 1;
        while (i < to && bytes[i] != '"' && bytes[i] != '/') {
            i++;
        }
        if (i == to && members.valueCut()) {
            return "";
        }
        return new String(bytes, from + 1, i - from - 1, StandardCharsets.UTF_8);
    }

    static boolean startsWith(byte[] bytes, int start, int end, byte[] prefix) {
        return end - start >= prefix.length
                && Arrays.equals(bytes, start, start + prefix.length, prefix, 0, prefix.length);
    }
}
