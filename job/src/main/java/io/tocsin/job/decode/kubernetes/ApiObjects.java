package io.tocsin.job.decode.kubernetes;

import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.RecordBytes;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells Events from other objects of the API by their members alone, without reading them. */
final class ApiObjects {
    private static final int LONGEST_KIND = 256;

    private ApiObjects() {}

    /**
     * Whether it is an Event.
     *
     * @param unsaid what it is if nothing in it says so
     */
    static boolean isEvent(RecordBytes object, boolean unsaid) {
        JsonMembers members = new JsonMembers(object.bytes(), object.start(), object.end());
        while (members.next()) {
            if (isReference(members.name())) {
                return true;
            }
            if (members.name().equals("kind")) {
                String kind = text(object.bytes(), members);
                // One of the wrong type is read, which tells.
                return kind == null || kind.equals("Event");
            }
        }
        return unsaid;
    }

    /** Whether it names an object that it is about, as only Events do. */
    static boolean isAboutAnObject(RecordBytes object) {
        JsonMembers members = new JsonMembers(object.bytes(), object.start(), object.end());
        while (members.next()) {
            if (isReference(members.name())) {
                return true;
            }
        }
        return false;
    }

    private static boolean isReference(String member) {
        return member.equals("involvedObject") || member.equals("regarding");
    }

    /** The member's value as it is written, null if it is no string. */
    static @Nullable String text(byte[] bytes, JsonMembers members) {
        int from = members.valueStart() + 1;
        int to = Math.min(members.valueEnd() - 1, from + LONGEST_KIND);
        return bytes[from - 1] != '"' || to < from ? null : new String(bytes, from, to - from, StandardCharsets.UTF_8);
    }
}
