package io.tocsin.job.decode.audit;

import io.tocsin.event.Content;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.content.ContentReader;
import io.tocsin.job.decode.content.PathNode;
import io.tocsin.job.decode.content.Reading;
import io.tocsin.job.decode.content.Readings;
import io.tocsin.job.decode.content.RecordText;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads what rules ask of audit records beyond the flat event, by the names of {@code audit.k8s.io} in whatever form they came. Two
 * roots stand for bodies: {@code object} is the answer's if it is logged and is the object, else the request's, of a patch what it
 * writes; {@code pod} is the spec of a pod wherever the object has it, with all of its containers as {@code pod.containers}.
 *
 * <p>Bodies are read of failed requests too: a rule says by the outcome which it means.
 */
final class AuditContents {
    /** What an answer is that is not the object but says how it went, or shows only a part of it because the client asked so. */
    private static final Set<String> NO_OBJECTS =
            Set.of("Status", "Table", "PartialObjectMetadata", "PartialObjectMetadataList");

    /** So many combinations of verb and resource are looked up without hashing their texts. */
    private static final int RECENT = 1 << 8;

    private final Readings readings;
    private final ContentReader reader;
    private final RecordText text = new RecordText();
    /** Where the paths below {@code pod} start in an object. No more than there are readings. */
    private final Map<Reading, Map<PodSpecPlace, PathNode>> pods = new HashMap<>();

    private final Map<Reading, Roots> roots = new HashMap<>();
    private final @Nullable Recent[] recent = new Recent[RECENT];

    /** Where paths start of what is read. */
    private record Roots(
            Reading reading,
            @Nullable PathNode user,
            @Nullable PathNode impersonatedUser,
            @Nullable PathNode objectRef,
            @Nullable PathNode responseStatus,
            @Nullable PathNode annotations) {
        static Roots of(Reading reading) {
            return new Roots(
                    reading,
                    reading.root("user"),
                    reading.root("impersonatedUser"),
                    reading.root("objectRef"),
                    reading.root("responseStatus"),
                    reading.root("annotations"));
        }

        /** Whether nothing can be told of a record without bodies but by its annotations. */
        boolean isOfBodies() {
            return user == null
                    && impersonatedUser == null
                    && objectRef == null
                    && responseStatus == null
                    && !reading.text();
        }
    }

    /** What is read of a verb and a resource, which are these very strings. */
    private record Recent(@Nullable String verb, @Nullable String resource, Roots roots) {}

    AuditContents(DecoderOptions options, JsonValues values) {
        this.readings = new Readings(options.content());
        this.reader = new ContentReader(values::parser);
    }

    /** What is asked of this record; {@link Content#NONE} if nothing. */
    Content of(AuditFields f, RecordBytes record) {
        Roots at = roots(f.verb, f.resource);
        Reading reading = at.reading;
        if (reading == Reading.NOTHING
                || (f.requestBody.isAbsent()
                        && f.responseBody.isAbsent()
                        && isSilent(at.annotations, f)
                        && at.isOfBodies())) {
            return Content.NONE;
        }
        reader.begin(reading);
        reader.capitalised(true);
        user(at.user, f.user, f.userPart.in(record));
        user(at.impersonatedUser, f.impersonated, f.impersonatedPart.in(record));
        reference(at.objectRef, f, f.referencePart.in(record));
        status(at.responseStatus, f, f.statusPart.in(record));
        reader.capitalised(false);
        annotations(at.annotations, f, record);
        reader.withhold(Withheld.of(f));
        bodies(reading, f, record);
        List<Content.Leaf> leaves = reader.take();
        String whole = reading.text() ? text(f, record) : null;
        return leaves.isEmpty() && whole == null ? Content.NONE : new Content(leaves, whole);
    }

    private Roots roots(@Nullable String verb, @Nullable String resource) {
        int hash = (verb == null ? 0 : verb.hashCode()) * 31 + (resource == null ? 0 : resource.hashCode());
        int slot = (hash ^ hash >>> 16) & (RECENT - 1);
        Recent known = recent[slot];
        if (known == null || !isSame(known.verb, verb) || !isSame(known.resource, resource)) {
            Roots at = roots.computeIfAbsent(readings.of(Source.KUBERNETES_AUDIT, verb, resource), Roots::of);
            known = new Recent(verb, resource, at);
            recent[slot] = known;
        }
        return known.roots;
    }

    @SuppressWarnings("ReferenceEquality") // of strings that are kept once; another one is only looked up again
    private static boolean isSame(@Nullable String known, @Nullable String text) {
        return known == text;
    }

    /** Whether annotations are known to tell nothing of what is asked of them. */
    private static boolean isSilent(@Nullable PathNode root, AuditFields f) {
        return root == null || root == f.annotations.silentAt || f.annotationsPart.isAbsent();
    }

    private void read(@Nullable PathNode root, @Nullable RecordBytes value) {
        if (root != null && value != null) {
            reader.read(root, value.bytes(), value.start(), value.end());
        }
    }

    /** Nearly always nothing, and the same of many records. */
    private void annotations(@Nullable PathNode root, AuditFields f, RecordBytes record) {
        if (root == null || isSilent(root, f)) {
            return;
        }
        boolean nothing = reader.isEmpty();
        read(root, f.annotationsPart.in(record));
        f.annotations.silentAt = nothing && reader.isEmpty() ? root : null;
    }

    private void user(@Nullable PathNode root, AuditFields.User user, @Nullable RecordBytes told) {
        if (told != null || root == null || (!user.present && user.username == null)) {
            read(root, told);
            return;
        }
        reader.add(root, "username", user.username);
        reader.add(root, "uid", user.uid);
        reader.add(root, "groups", user.groups);
    }

    private void reference(@Nullable PathNode root, AuditFields f, @Nullable RecordBytes told) {
        if (told != null || root == null) {
            read(root, told);
            return;
        }
        reader.add(root, "resource", f.resource);
        reader.add(root, "namespace", f.namespace);
        reader.add(root, "name", f.name);
        reader.add(root, "apiGroup", f.apiGroup);
        reader.add(root, "subresource", f.subresource);
    }

    private void status(@Nullable PathNode root, AuditFields f, @Nullable RecordBytes told) {
        if (told != null || root == null) {
            read(root, told);
            return;
        }
        reader.add(root, "code", f.code == 0 ? null : Integer.toString(f.code));
        reader.add(root, "message", f.statusMessage);
    }

    private void bodies(Reading reading, AuditFields f, RecordBytes record) {
        RecordBytes requested = f.requestBody.in(record);
        RecordBytes answered = f.responseBody.in(record);
        read(reading.root("requestObject"), requested);
        read(reading.root("responseObject"), answered);
        PathNode object = reading.root("object");
        PathNode pod = pod(reading, f.resource);
        if (object == null && pod == null) {
            return;
        }
        boolean tells = answered != null && isObject(answered, requested);
        RecordBytes body = tells ? answered : requested;
        if (body == null) {
            return;
        }
        boolean patch = !tells && body.bytes()[body.start()] == '[';
        object(object, body, patch);
        object(pod, body, patch);
    }

    private void object(@Nullable PathNode root, RecordBytes body, boolean patch) {
        if (root != null && patch) {
            reader.readPatch(root, body.bytes(), body.start(), body.end());
        } else {
            read(root, body);
        }
    }

    /** Whether the answer is the object as the API server has it, and all there is or better than what was asked. */
    private static boolean isObject(RecordBytes answered, @Nullable RecordBytes requested) {
        if (!BodyReader.isObject(answered)) {
            return false;
        }
        String kind = Bodies.kind(answered, "");
        return !NO_OBJECTS.contains(kind) && (requested == null || (!answered.cut() && !kind.isEmpty()));
    }

    private @Nullable PathNode pod(Reading reading, @Nullable String resource) {
        PathNode root = reading.root("pod");
        PodSpecPlace place = root == null ? null : PodSpecPlace.of(resource);
        return root == null || place == null
                ? null
                : pods.computeIfAbsent(reading, any -> new EnumMap<>(PodSpecPlace.class))
                        .computeIfAbsent(place, any -> root.ofPodSpec().within(place.path));
    }

    /** The record as it was logged; without the bodies if they may hold secrets. */
    private @Nullable String text(AuditFields f, RecordBytes record) {
        text.begin();
        if (Withheld.of(f).isEmpty() || (f.requestBody.isAbsent() && f.responseBody.isAbsent())) {
            text.add(record.bytes(), record.start(), record.end());
            return text.take();
        }
        RecordBytes requested = f.requestBody.in(record);
        RecordBytes answered = f.responseBody.in(record);
        boolean swapped = requested != null && answered != null && answered.start() < requested.start();
        int at = upTo(swapped ? answered : requested, record, record.start());
        at = at < 0 ? at : upTo(swapped ? requested : answered, record, at);
        if (at < 0) {
            return null;
        }
        text.add(record.bytes(), at, record.end());
        return text.take();
    }

    /**
     * Adds the record's text from a position on up to a body.
     *
     * @return where the body ends; -1 if where it stands in the record, and how it is written there, isn't known
     */
    private int upTo(@Nullable RecordBytes body, RecordBytes record, int at) {
        if (body == null) {
            return at;
        }
        if (body.bytes() != record.bytes()) {
            return -1;
        }
        text.add(record.bytes(), at, body.start());
        return body.end();
    }
}
