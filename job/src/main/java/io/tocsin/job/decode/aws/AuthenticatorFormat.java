package io.tocsin.job.decode.aws;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.auto.service.AutoService;
import io.tocsin.event.Arns;
import io.tocsin.event.Digest;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Logfmt;
import io.tocsin.job.decode.ObjectOutline;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ToldTimes;
import io.tocsin.job.decode.ValueReader;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * aws-iam-authenticator, text and JSON, all versions since 2018. Events are {@code access granted}, {@code access denied} and
 * {@code STS response}; what else it logs is skipped. It has no peer address: its {@code client} is the API server itself.
 */
public final class AuthenticatorFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AuthenticatorFormat(options, values);
        }
    }

    private static final String VERB = "authenticate";
    private static final String MESSAGE = "message";
    private static final String NOT_MAPPED = "ARN is not mapped: ";
    private static final byte[] TIME = ObjectOutline.name("time");
    private static final String LOGRUS = "time=\"";
    private static final int MAX_GROUPS = 256;

    /** What was read of one record. */
    private static final class Fields {
        @Nullable
        String time;

        @Nullable
        String message;

        @Nullable
        String arn;

        @Nullable
        String username;

        @Nullable
        String uid;

        @Nullable
        String session;

        @Nullable
        String accessKeyId;

        @Nullable
        String error;

        List<String> groups = List.of();
    }

    private final JsonValues values;
    private final SecurityEvent.Builder event = SecurityEvent.builder();
    private final int maxRecordBytes;

    AuthenticatorFormat(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.maxRecordBytes = options.maxRecordBytes();
    }

    @Override
    public String name() {
        return Source.EKS_AUTHENTICATOR.id();
    }

    @Override
    public About about() {
        return new About(
                "aws-iam-authenticator, logrus text or JSON: stdout, CloudWatch",
                "time=\" in front; level, msg and time with path, client and method",
                "the caller's address: its client is the API server itself");
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("level", "msg", "time", "client", "method", "path"));
    }

    @Override
    public List<Set<String>> weakSignatures() {
        return List.of(Set.of("level", "msg", "time"));
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        return Texts.startsWith(line, LOGRUS);
    }

    @Override
    public boolean claimsStream(String stream) {
        return stream.startsWith("authenticator");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        return record.bytes()[record.start()] == '{' ? object(record, document) : line(record, document);
    }

    private int line(RecordBytes record, Document document) {
        int limit = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        boolean truncated = record.cut() || limit < record.end();
        Fields f = new Fields();
        try {
            String line = Texts.strict(record.bytes(), record.start(), limit, truncated);
            if (Texts.isKlog(line)) {
                // Its Kubernetes client library logs in a format of its own.
                document.skip(MESSAGE);
                return record.end();
            }
            if (!claimsLine(record)) {
                throw new BadRecord("not an eks-authenticator record: " + Excerpt.of(line));
            }
            truncated |= read(line, truncated, f);
            finish(record, document, f, truncated);
        } catch (BadRecord e) {
            document.deadLetter(record, e.reason());
        }
        return record.end();
    }

    /** Reads the pairs of a line and tells whether it is cut inside one. */
    private boolean read(String line, boolean truncated, Fields f) throws BadRecord {
        Logfmt pairs = new Logfmt(line);
        int seen = 0;
        while (pairs.next()) {
            if (pairs.cut() || (truncated && pairs.atEnd())) {
                return true;
            }
            String value = JsonValues.cut(pairs.value(), ValueReader.LONG);
            switch (pairs.key()) {
                case "time" -> {
                    seen = JsonValues.once(seen, 1, "time");
                    f.time = value;
                }
                case "level" -> {
                    seen = JsonValues.once(seen, 1 << 1, "level");
                }
                case "msg" -> {
                    seen = JsonValues.once(seen, 1 << 2, "msg");
                    f.message = value;
                }
                case "arn" -> {
                    seen = JsonValues.once(seen, 1 << 3, "arn");
                    f.arn = value;
                }
                case "username" -> {
                    seen = JsonValues.once(seen, 1 << 4, "username");
                    f.username = values.recurring().of(value);
                }
                case "uid" -> {
                    seen = JsonValues.once(seen, 1 << 5, "uid");
                    f.uid = values.recurring().of(value);
                }
                case "groups" -> {
                    seen = JsonValues.once(seen, 1 << 6, "groups");
                    f.groups = groups(pairs.value());
                }
                case "session" -> {
                    seen = JsonValues.once(seen, 1 << 7, "session");
                    f.session = value;
                }
                case "accesskeyid" -> {
                    seen = JsonValues.once(seen, 1 << 8, "accesskeyid");
                    f.accessKeyId = value;
                }
                case "error" -> {
                    seen = JsonValues.once(seen, 1 << 9, "error");
                    f.error = value;
                }
                default -> {}
            }
        }
        return false;
    }

    /** A Go slice, {@code [a b]}: a group with a space in its name can't be told from two. */
    private List<String> groups(String slice) {
        boolean bracketed = slice.startsWith("[") && slice.endsWith("]") && slice.length() > 1;
        String inner = bracketed ? slice.substring(1, slice.length() - 1) : slice;
        ArrayList<String> groups = new ArrayList<>();
        int at = 0;
        while (at < inner.length() && groups.size() < MAX_GROUPS) {
            int space = inner.indexOf(' ', at);
            int end = space < 0 ? inner.length() : space;
            if (end > at) {
                groups.add(values.recurring().of(JsonValues.cut(inner.substring(at, end), ValueReader.SHORT)));
            }
            at = end + 1;
        }
        return values.recurring().of(groups);
    }

    private int object(RecordBytes record, Document document) {
        int limit = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        Fields f = new Fields();
        String reason;
        try (JsonParser p = values.parser(record.bytes(), record.start(), limit)) {
            p.nextToken();
            read(p, f);
            int end = record.start() + (int) p.currentLocation().getByteOffset();
            RecordBytes whole = record.to(end);
            try {
                finish(whole, document, f, record.cut() && end == record.end());
            } catch (BadRecord e) {
                document.deadLetter(whole, e.reason());
            }
            return end;
        } catch (JsonParseException e) {
            if (!JsonValues.isEndOfInput(e)) {
                return unreadable(record, document, JsonValues.reason(e));
            }
            try {
                finish(record, document, f, true);
            } catch (BadRecord bad) {
                document.deadLetter(record, bad.reason());
            }
            return record.end();
        } catch (BadRecord e) {
            reason = e.reason();
        } catch (IOException e) {
            reason = JsonValues.reason(e);
        }
        return unreadable(record, document, reason);
    }

    private static int unreadable(RecordBytes record, Document document, String reason) {
        int end = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
        RecordBytes whole = record.to(end == JsonScanner.CUT ? record.end() : end);
        document.deadLetter(whole, reason);
        return whole.end();
    }

    private void read(JsonParser p, Fields f) throws IOException, BadRecord {
        int seen = 0;
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            p.nextToken();
            switch (name) {
                case "time" -> {
                    seen = JsonValues.once(seen, 1, name);
                    f.time = values.text(p, name, ValueReader.SHORT);
                }
                case "level" -> {
                    seen = JsonValues.once(seen, 1 << 1, name);
                    values.name(p, name); // must be a string, whichever
                }
                case "msg" -> {
                    seen = JsonValues.once(seen, 1 << 2, name);
                    f.message = values.name(p, name);
                }
                case "arn" -> {
                    seen = JsonValues.once(seen, 1 << 3, name);
                    f.arn = values.name(p, name);
                }
                case "username" -> {
                    seen = JsonValues.once(seen, 1 << 4, name);
                    f.username = values.name(p, name);
                }
                case "uid" -> {
                    seen = JsonValues.once(seen, 1 << 5, name);
                    f.uid = values.name(p, name);
                }
                case "groups" -> {
                    seen = JsonValues.once(seen, 1 << 6, name);
                    f.groups = p.currentToken() == JsonToken.VALUE_STRING
                            ? groups(p.getText())
                            : values.names(p, name, MAX_GROUPS);
                }
                case "session" -> {
                    seen = JsonValues.once(seen, 1 << 7, name);
                    f.session = values.name(p, name);
                }
                case "accesskeyid" -> {
                    seen = JsonValues.once(seen, 1 << 8, name);
                    f.accessKeyId = values.name(p, name);
                }
                case "error" -> {
                    seen = JsonValues.once(seen, 1 << 9, name);
                    f.error = values.text(p, name, ValueReader.LONG);
                }
                default -> p.skipChildren();
            }
        }
    }

    private void finish(RecordBytes record, Document document, Fields f, boolean truncated) throws BadRecord {
        if (f.message == null) {
            if (!truncated && f.time == null) {
                throw new BadRecord(
                        "not an eks-authenticator record: " + Excerpt.of(record.bytes(), record.start(), record.end()));
            }
            throw new BadRecord(truncated ? "cut off before msg" : "msg is missing");
        }
        event.clear();
        switch (f.message) {
            case "access granted" -> event.outcome = Outcome.SUCCESS;
            case "access denied" -> {
                event.outcome = Outcome.DENIED;
                event.reason = f.error;
                if (f.arn == null && f.error != null && f.error.startsWith(NOT_MAPPED)) {
                    // Other errors repeat what the client sent, so only this one is taken at its word.
                    f.arn = f.error.substring(NOT_MAPPED.length()).trim();
                }
            }
            case "STS response" -> event.outcome = Outcome.UNKNOWN;
            default -> {
                document.skip(MESSAGE);
                return;
            }
        }
        Origin origin = record.origin();
        event.time = time(record, document, f, truncated);
        event.source = Source.EKS_AUTHENTICATOR;
        event.cluster = origin.cluster();
        event.scope = origin.scope();
        event.account = origin.account();
        event.instance = origin.instance();
        event.recordId = new Digest()
                .add(record.bytes(), record.start(), record.end() - record.start())
                .add(origin.position())
                .hex();
        event.verb = VERB;
        event.user = present(f.username);
        event.userUid = present(f.uid);
        event.groups = f.groups;
        String arn = Arns.canonical(f.arn);
        event.arn = arn == null ? null : values.recurring().of(arn);
        event.sessionName = present(f.session);
        event.accessKeyId = present(f.accessKeyId);
        event.truncated = truncated;
        document.event(event, record);
    }

    private static Instant time(RecordBytes record, Document document, Fields f, boolean truncated) throws BadRecord {
        Instant time = f.time == null ? null : Rfc3339.parse(f.time);
        if (f.time != null && time == null) {
            throw new BadRecord("time must be an RFC 3339 time: " + Excerpt.of("\"" + f.time + "\""));
        }
        if (time == null) {
            time = record.origin().time();
        }
        if (time == null && truncated) {
            time = document.fallbackTime();
        }
        if (time == null) {
            throw new BadRecord("time is missing");
        }
        return time;
    }

    private static @Nullable String present(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    @Override
    public long toldTime(RecordBytes record, ToldTimes times) {
        // Of lines of text the keys may come in any order.
        return record.bytes()[record.start()] == '{' ? times.outline().timeOfFirst(TIME) : DocumentDecoder.UNTOLD;
    }
}
