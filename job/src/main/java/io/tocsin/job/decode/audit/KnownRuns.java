package io.tocsin.job.decode.audit;

import io.tocsin.job.decode.KnownValues;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.audit.AuditFields.Part;
import org.jspecify.annotations.Nullable;

/**
 * Members that stand behind one another in nearly every record and repeat together: who asked, from where and with which client;
 * for what, and how that went. Each run is known by one look. Belongs to one thread.
 */
final class KnownRuns {
    private final KnownValues<Requester> requesters = new KnownValues<>(1 << 12);
    private final KnownValues<Answer> answers = new KnownValues<>(1 << 12);

    /** Who asked, from where, with which client. */
    private record Requester(
            AuditFields.User user, int userLength, SourceAddresses sources, @Nullable String userAgent) {}

    /** For what, and how that went. Where the parts end counts from where the first one starts. */
    private record Answer(
            AuditFields.Reference reference,
            int referenceLength,
            int statusStart,
            int length,
            AuditFields.Status status) {}

    /** Takes the run from a user's value to that of {@code userAgent}, if it is known, and passes over it. */
    boolean requester(ValueReader in, AuditFields f) {
        int at = in.valueStart();
        Requester known = in.known(requesters);
        if (known == null) {
            return false;
        }
        f.user = known.user;
        f.userPart = Part.of(at, at + known.userLength);
        f.sources = known.sources;
        f.userAgent = known.userAgent;
        return true;
    }

    /** Keeps the run that ends here, in which nothing else was that tells anything. */
    void keepRequester(ValueReader in, AuditFields f) {
        int from = f.userPart.start();
        // Only a string tells where it ends.
        if (from >= 0 && f.userAgent != null) {
            Requester requester = new Requester(f.user, f.userPart.end() - from, f.sources, f.userAgent);
            in.keep(requesters, from, requester);
        }
    }

    /** Takes the run from an {@code objectRef}'s value to that of {@code responseStatus}, if it is known, and passes over it. */
    boolean answer(ValueReader in, AuditFields f) {
        int at = in.valueStart();
        Answer known = in.known(answers);
        if (known == null) {
            return false;
        }
        f.take(known.reference);
        f.referencePart = Part.of(at, at + known.referenceLength);
        f.take(known.status);
        f.statusPart = Part.of(at + known.statusStart, at + known.length);
        return true;
    }

    /** Keeps the run that ends here, in which nothing else was that tells anything. */
    void keepAnswer(ValueReader in, AuditFields f) {
        int from = f.referencePart.start();
        if (from >= 0 && f.statusPart.start() >= 0) {
            Answer answer = new Answer(
                    f.reference(),
                    f.referencePart.end() - from,
                    f.statusPart.start() - from,
                    f.statusPart.end() - from,
                    f.status());
            in.keep(answers, from, answer);
        }
    }
}
