package io.tocsin.job.decode.audit;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.KnownSteps;
import io.tocsin.job.decode.KnownValues;
import io.tocsin.job.decode.PlainValues;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.audit.AuditFields.Part;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one {@code audit.k8s.io} Event and skips all others, and knows again what it has read before. Names are
 * accepted as Kubernetes writes them and capitalised, as consumers do that marshal the Go structs again without their tags.
 */
final class AuditReader {
    /** Enough to walk past every proxy anybody trusts and to keep what the client claimed. */
    private static final int MAX_ADDRESSES = 64;

    private static final int MAX_URI = 8 * 1_024;

    /** Stands for the members that were seen while no step is learned. */
    private static final int NOT_LEARNING = -1;

    private static final int OTHER = -1;
    private static final int END = -2;
    // The first ones have few values, so that they are passed with their names.
    private static final int KIND = 0;
    private static final int API_VERSION = 1;
    private static final int LEVEL = 2;
    private static final int STAGE = 3;
    private static final int VERB = 4;
    private static final int ITEMS = 5;
    private static final int AUDIT_ID = 6;
    private static final int REQUEST_URI = 7;
    private static final int USER = 8;
    private static final int IMPERSONATED_USER = 9;
    private static final int SOURCE_IPS = 10;
    private static final int USER_AGENT = 11;
    private static final int OBJECT_REF = 12;
    private static final int RESPONSE_STATUS = 13;
    private static final int REQUEST_RECEIVED_TIMESTAMP = 14;
    private static final int STAGE_TIMESTAMP = 15;
    private static final int TIMESTAMP = 16;
    private static final int METADATA = 17;
    private static final int ANNOTATIONS = 18;
    private static final int REQUEST_OBJECT = 19;
    private static final int RESPONSE_OBJECT = 20;

    /** What follows the user where it is known with it. */
    private static final int REQUESTER = 1 << SOURCE_IPS | 1 << USER_AGENT;

    private static final Map<String, Integer> MEMBERS = members(List.of(
            List.of("kind", "Kind"),
            List.of("apiVersion", "APIVersion"),
            List.of("level", "Level"),
            List.of("stage", "Stage"),
            List.of("verb", "Verb"),
            List.of("items", "Items"),
            List.of("auditID", "AuditID"),
            List.of("requestURI", "RequestURI"),
            List.of("user", "User"),
            List.of("impersonatedUser", "ImpersonatedUser"),
            List.of("sourceIPs", "SourceIPs"),
            List.of("userAgent", "UserAgent"),
            List.of("objectRef", "ObjectRef"),
            List.of("responseStatus", "ResponseStatus"),
            List.of("requestReceivedTimestamp", "RequestReceivedTimestamp"),
            List.of("stageTimestamp", "StageTimestamp"),
            List.of("timestamp", "Timestamp"),
            List.of("metadata"),
            List.of("annotations", "Annotations"),
            List.of("requestObject", "RequestObject"),
            List.of("responseObject", "ResponseObject")));

    /** Of members that have few values, those that were passed by one step; which these are, by the bits of their numbers. */
    private record Passed(
            int members,
            @Nullable String kind,
            @Nullable String apiVersion,
            @Nullable String stage,
            @Nullable String verb) {
        void into(AuditFields f) {
            if (has(KIND)) {
                f.kind = kind;
            }
            if (has(API_VERSION)) {
                f.apiVersion = apiVersion;
            }
            if (has(STAGE)) {
                f.stage = stage;
            }
            if (has(VERB)) {
                f.verb = verb;
            }
        }

        private boolean has(int member) {
            return (members & 1 << member) != 0;
        }
    }

    private final KnownRuns runs = new KnownRuns();
    private final KnownSteps<Passed> steps = new KnownSteps<>();
    private final KnownValues<AuditFields.User> users = new KnownValues<>(1 << 12);
    private final KnownValues<AuditFields.User> impersonatedUsers = new KnownValues<>(1 << 9);
    private final KnownValues<SourceAddresses> addresses = new KnownValues<>(1 << 11);
    private final KnownValues<AuditFields.Reference> references = new KnownValues<>(1 << 12);
    private final KnownValues<AuditFields.Status> statuses = new KnownValues<>(1 << 9);
    private final KnownValues<AuditFields.Annotations> annotations = new KnownValues<>(1 << 12);

    private static Map<String, Integer> members(List<List<String>> names) {
        Map<String, Integer> members = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            for (String spelling : names.get(i)) {
                members.put(spelling, i);
            }
        }
        return Map.copyOf(members);
    }

    /**
     * Reads the object the parser stands on. Where it throws, the fields hold what stood in front of the damage.
     *
     * @return false if it turned out to be a list of events
     * @see SecurityEvent what the fields mean
     */
    boolean read(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int seen = 0;
        int before = NOT_LEARNING;
        int seenWithUser = 0;
        int seenWithReference = 0;
        while (true) {
            KnownSteps.Step<Passed> step = before == NOT_LEARNING ? in.step(steps) : null;
            int member;
            if (step != null) {
                Passed passed = step.passed();
                if ((seen & passed.members) != 0) {
                    throw PlainValues.UNUSUAL; // the parser, which knows no steps and runs, names it
                }
                seen |= passed.members;
                passed.into(f);
                member = step.member();
            } else {
                before = before == NOT_LEARNING ? seen : before;
                String name = in.nextName();
                member = name == null ? END : MEMBERS.getOrDefault(name, OTHER);
                if (member < 0 || member > VERB) {
                    int passed = seen & ~before;
                    in.keepStep(steps, member, new Passed(passed, f.kind, f.apiVersion, f.stage, f.verb));
                    before = NOT_LEARNING;
                }
            }
            switch (member) {
                case END -> {
                    return true;
                }
                case LEVEL -> in.skip();
                case KIND -> {
                    seen = JsonValues.once(seen, 1 << KIND, "kind");
                    f.kind = in.name("kind");
                    if ("EventList".equals(f.kind)) {
                        return false;
                    }
                }
                case ITEMS -> {
                    seen |= 1 << ITEMS;
                    if (f.kind == null) {
                        return false;
                    }
                    in.skip();
                }
                case API_VERSION -> {
                    seen = JsonValues.once(seen, 1 << API_VERSION, "apiVersion");
                    f.apiVersion = in.name("apiVersion");
                }
                case AUDIT_ID -> {
                    seen = JsonValues.once(seen, 1 << AUDIT_ID, "auditID");
                    f.auditId = in.text("auditID", ValueReader.SHORT);
                }
                case STAGE -> {
                    seen = JsonValues.once(seen, 1 << STAGE, "stage");
                    f.stage = in.name("stage");
                }
                case REQUEST_URI -> {
                    seen = JsonValues.once(seen, 1 << REQUEST_URI, "requestURI");
                    f.uri = in.text("requestURI", MAX_URI);
                }
                case VERB -> {
                    seen = JsonValues.once(seen, 1 << VERB, "verb");
                    f.verb = in.name("verb");
                }
                case USER -> {
                    seen = JsonValues.once(seen, 1 << USER, "user");
                    seenWithUser = seen;
                    if (runs.requester(in, f)) {
                        seen = both(seen, REQUESTER);
                    } else {
                        user(in, f);
                    }
                }
                case IMPERSONATED_USER -> {
                    seen = JsonValues.once(seen, 1 << IMPERSONATED_USER, "impersonatedUser");
                    int at = in.valueStart();
                    AuditFields.User known = in.known(impersonatedUsers);
                    if (known != null) {
                        f.impersonated = known;
                        f.impersonatedPart = Part.of(at, in.position());
                    } else if (in.enterObject("impersonatedUser")) {
                        f.impersonatedPart = Part.from(at);
                        AuditObjects.user(in, f.ownImpersonated(), false, "impersonatedUser");
                        f.impersonatedPart = Part.of(at, in.position());
                        in.keep(impersonatedUsers, at, f.impersonated);
                    }
                }
                case SOURCE_IPS -> {
                    seen = JsonValues.once(seen, 1 << SOURCE_IPS, "sourceIPs");
                    addresses(in, f);
                }
                case USER_AGENT -> {
                    seen = JsonValues.once(seen, 1 << USER_AGENT, "userAgent");
                    f.userAgent = in.name("userAgent");
                    if ((seen ^ seenWithUser) == REQUESTER) {
                        runs.keepRequester(in, f);
                    }
                }
                case OBJECT_REF -> {
                    seen = JsonValues.once(seen, 1 << OBJECT_REF, "objectRef");
                    seenWithReference = seen;
                    if (runs.answer(in, f)) {
                        seen = both(seen, 1 << RESPONSE_STATUS);
                    } else {
                        reference(in, f);
                    }
                    f.objectRead = true;
                }
                case RESPONSE_STATUS -> {
                    seen = JsonValues.once(seen, 1 << RESPONSE_STATUS, "responseStatus");
                    answer(in, f);
                    if ((seen ^ seenWithReference) == 1 << RESPONSE_STATUS) {
                        runs.keepAnswer(in, f);
                    }
                }
                case REQUEST_RECEIVED_TIMESTAMP -> {
                    seen = JsonValues.once(seen, 1 << REQUEST_RECEIVED_TIMESTAMP, "requestReceivedTimestamp");
                    f.received = in.time("requestReceivedTimestamp");
                }
                case STAGE_TIMESTAMP -> {
                    seen = JsonValues.once(seen, 1 << STAGE_TIMESTAMP, "stageTimestamp");
                    f.stageTime = in.time("stageTimestamp");
                }
                case TIMESTAMP -> {
                    seen = JsonValues.once(seen, 1 << TIMESTAMP, "timestamp");
                    f.legacyTime = in.time("timestamp");
                }
                case METADATA -> {
                    seen = JsonValues.once(seen, 1 << METADATA, "metadata");
                    if (in.enterObject("metadata")) {
                        AuditObjects.metadata(in, f);
                    }
                }
                case ANNOTATIONS -> {
                    seen = JsonValues.once(seen, 1 << ANNOTATIONS, "annotations");
                    int at = in.valueStart();
                    AuditFields.Annotations known = in.known(annotations);
                    if (known != null) {
                        f.annotations = known;
                        f.annotationsPart = Part.of(at, in.position());
                    } else if (in.enterObject("annotations")) {
                        f.annotationsPart = Part.from(at);
                        AuditObjects.annotations(in, f);
                        f.annotationsPart = Part.of(at, in.position());
                        in.keep(annotations, at, f.annotations);
                    }
                }
                case REQUEST_OBJECT -> {
                    seen = JsonValues.once(seen, 1 << REQUEST_OBJECT, "requestObject");
                    if (in.onStructure()) {
                        f.requestBody = Part.from(in.valueStart());
                    }
                    f.requestBody = body(in, f.requestBody);
                }
                case RESPONSE_OBJECT -> {
                    seen = JsonValues.once(seen, 1 << RESPONSE_OBJECT, "responseObject");
                    if (in.onStructure()) {
                        f.responseBody = Part.from(in.valueStart());
                    }
                    f.responseBody = body(in, f.responseBody);
                }
                default -> in.skip();
            }
        }
    }

    /** Adds the members of a run, of which none may have been there. */
    private static int both(int seen, int run) throws BadRecord {
        if ((seen & run) != 0) {
            throw PlainValues.UNUSUAL; // the parser, which knows no steps and runs, names it
        }
        return seen | run;
    }

    private void user(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int at = in.valueStart();
        AuditFields.User known = in.known(users);
        if (known != null) {
            f.user = known;
            f.userPart = Part.of(at, in.position());
        } else if (in.enterObject("user")) {
            f.userPart = Part.from(at);
            AuditObjects.user(in, f.ownUser(), true, "user");
            f.userPart = Part.of(at, in.position());
            in.keep(users, at, f.user);
        }
    }

    private void reference(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int at = in.valueStart();
        AuditFields.Reference known = in.known(references);
        if (known != null) {
            f.take(known);
            f.referencePart = Part.of(at, in.position());
        } else if (in.enterObject("objectRef")) {
            f.referencePart = Part.from(at);
            AuditObjects.object(in, f);
            f.referencePart = Part.of(at, in.position());
            in.keep(references, at, f.reference());
        }
    }

    private void answer(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int at = in.valueStart();
        AuditFields.Status known = in.known(statuses);
        if (known != null) {
            f.take(known);
            f.statusPart = Part.of(at, in.position());
        } else if (in.enterObject("responseStatus")) {
            f.statusPart = Part.from(at);
            AuditObjects.status(in, f);
            f.statusPart = Part.of(at, in.position());
            in.keep(statuses, at, f.status());
        }
    }

    private void addresses(ValueReader in, AuditFields f) throws IOException, BadRecord {
        int at = in.valueStart();
        SourceAddresses known = in.known(addresses);
        if (known != null) {
            f.sources = known;
            return;
        }
        f.sources = SourceAddresses.of(in.lastTexts("sourceIPs", MAX_ADDRESSES));
        if (f.sources != SourceAddresses.NONE) {
            in.keep(addresses, at, f.sources);
        }
    }

    /** Passes over a body: whether it is worth reading shows only when the object it belongs to is known. */
    private static Part body(ValueReader in, Part open) throws IOException, BadRecord {
        in.skip();
        return open.isAbsent() ? open : Part.of(open.start(), in.position());
    }
}
