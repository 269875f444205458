package io.tocsin.job.decode.audit;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Logfmt;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Texts;
import io.tocsin.job.decode.ValueReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Lines of an API server run with {@code --audit-log-format=legacy}. Its {@code ip} is the first forwarded address, which the
 * client chooses: the peer is not in the line. Before Kubernetes 1.8 a request was two lines, of which the first tells all but the
 * response, and counts.
 */
public final class LegacyAuditFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new LegacyAuditFormat(options, values);
        }
    }

    private static final String MARK = " AUDIT: id=\"";
    private static final int LONGEST_TIME = 40;
    private static final int MAX_URI = 8 * 1_024;
    private static final int MAX_GROUPS = 256;

    private final JsonValues values;
    private AuditFields fields = new AuditFields();
    private final AuditEvents events;

    LegacyAuditFormat(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.events = new AuditEvents(options, values);
    }

    @Override
    public String name() {
        return Source.KUBERNETES_AUDIT.id();
    }

    @Override
    public About about() {
        return new About(
                "audit lines of text: --audit-log-format=legacy",
                "an RFC 3339 time and AUDIT: id=",
                "the peer's address, the credential, bodies, the authorizer's decision, when the request was answered");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        byte first = line.bytes()[line.start()];
        return first >= '0' && first <= '9' && mark(line) >= 0;
    }

    /** Where the mark stands behind the time, -1 if it doesn't. */
    private static int mark(RecordBytes line) {
        int to = Math.min(line.end() - MARK.length(), line.start() + LONGEST_TIME);
        for (int i = line.start(); i <= to; i++) {
            if (line.bytes()[i] == ' ') {
                boolean marked =
                        Texts.startsWith(new RecordBytes(line.bytes(), i, line.end(), line.cut(), line.origin()), MARK);
                return marked ? i : -1;
            }
        }
        return -1;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        RecordBytes line = record.to(Texts.lineEnd(record));
        fields = new AuditFields();
        try {
            if (read(line)) {
                events.hand(fields, line, document);
            } else {
                document.skip(AuditEvents.STAGE);
            }
        } catch (BadRecord e) {
            document.deadLetter(line, e.reason());
        }
        return line.end();
    }

    /**
     * Reads the line.
     *
     * @return false if it tells the response alone
     */
    private boolean read(RecordBytes line) throws BadRecord {
        AuditFields f = fields;
        int mark = mark(line);
        if (mark < 0) {
            throw new BadRecord("not a kubernetes-audit record: " + Excerpt.of(line.bytes(), line.start(), line.end()));
        }
        String time = new String(line.bytes(), line.start(), mark - line.start(), StandardCharsets.US_ASCII);
        f.received = Rfc3339.parse(time);
        if (f.received == null) {
            throw new BadRecord("time must be an RFC 3339 time: " + Excerpt.of(time));
        }
        int pairs = mark + MARK.indexOf("id=");
        Logfmt logfmt = new Logfmt(Texts.strict(line.bytes(), pairs, line.end(), line.cut()));
        while (logfmt.next()) {
            if (logfmt.cut() || (line.cut() && logfmt.atEnd() && !logfmt.key().equals("response"))) {
                f.truncated = true;
            } else {
                put(logfmt.key(), logfmt.value());
            }
        }
        f.truncated |= line.cut();
        String flaw = f.stageFlaw();
        if (f.stage == null) {
            // The style before stages: a line of the request and one of the response.
            if (f.uri == null && !f.truncated) {
                return false;
            }
            flaw = f.uri == null || f.verb == null ? "cut off before stage, or method and uri, were read" : null;
        }
        if (flaw != null) {
            throw new BadRecord(flaw);
        }
        RequestPath path = RequestPath.of(f.uri);
        String namespace = f.namespace;
        f.readObjectFromPath();
        f.namespace = f.namespace == null ? namespace : f.namespace;
        if (f.stage == null) {
            f.verb = verb(f.verb, path);
        }
        return true;
    }

    private void put(String key, String value) throws BadRecord {
        AuditFields f = fields;
        switch (key) {
            case "id" -> f.auditId = text(value, ValueReader.SHORT);
            case "stage" -> f.stage = text(value, ValueReader.SHORT);
            case "ip" -> {
                f.onlyClaimed = true;
                f.sources = present(value) == null
                        ? SourceAddresses.NONE
                        : SourceAddresses.of(List.of(text(value, ValueReader.SHORT)));
            }
            case "method" -> f.verb = name(value);
            case "user" -> f.ownUser().username = name(present(value));
            case "groups" -> f.ownUser().groups = groups(value);
            case "as" -> {
                f.ownImpersonated().present = !value.equals("<self>");
                f.ownImpersonated().username = f.impersonated.present ? name(present(value)) : null;
            }
            case "asgroups" -> f.ownImpersonated().groups = groups(value);
            case "user-agent" -> f.userAgent = name(value);
            case "namespace" -> f.namespace = name(present(value));
            case "uri" -> f.uri = text(value, MAX_URI);
            case "response" -> f.code = code(value);
            default -> {}
        }
    }

    private static int code(String value) throws BadRecord {
        if (value.equals("<deferred>")) {
            return 0;
        }
        int code = value.isEmpty() || value.length() > 3 ? -1 : 0;
        for (int i = 0; i < value.length() && code >= 0; i++) {
            int digit = value.charAt(i) - '0';
            code = digit < 0 || digit > 9 ? -1 : code * 10 + digit;
        }
        if (code < 0) {
            throw new BadRecord("response must be a whole number from 0 to 999: " + Excerpt.of("\"" + value + "\""));
        }
        return code;
    }

    private static String text(String value, int maxLength) {
        return JsonValues.cut(value, maxLength);
    }

    private @Nullable String name(@Nullable String value) {
        return value == null || value.isEmpty()
                ? null
                : values.recurring().of(JsonValues.cut(value, ValueReader.SHORT));
    }

    /** {@code <none>} and the like stand for nothing. */
    private static @Nullable String present(String value) {
        return value.isEmpty() || (value.startsWith("<") && value.endsWith(">")) ? null : value;
    }

    /** {@code "a","b"}: Go strings within a Go string. */
    private List<String> groups(String value) throws BadRecord {
        if (present(value) == null) {
            return List.of();
        }
        List<String> groups = new ArrayList<>();
        int at = 0;
        while (at < value.length() && groups.size() < MAX_GROUPS) {
            int close = value.charAt(at) == '"' ? stringEnd(value, at + 1) : -1;
            if (close < 0) {
                throw new BadRecord("groups must be quoted strings: " + Excerpt.of(value));
            }
            Logfmt quoted = new Logfmt("group=" + value.substring(at, close + 1));
            String group = quoted.next() ? name(quoted.value()) : null;
            if (group != null) {
                groups.add(group);
            }
            at = close + 2;
        }
        return values.recurring().of(groups);
    }

    private static int stringEnd(String text, int from) {
        for (int i = from; i < text.length(); i++) {
            if (text.charAt(i) == '"') {
                return i;
            }
            if (text.charAt(i) == '\\') {
                i++;
            }
        }
        return -1;
    }

    /** The verb of an HTTP method, as the API server itself finds it. */
    private static @Nullable String verb(@Nullable String method, RequestPath path) {
        String lower = method == null ? null : method.toLowerCase(Locale.ROOT);
        if (lower == null || path.resource() == null) {
            return lower;
        }
        boolean named = path.name() != null;
        return switch (lower) {
            case "post" -> "create";
            case "put" -> "update";
            case "get", "head" -> named ? "get" : "list";
            case "delete" -> named ? "delete" : "deletecollection";
            default -> lower;
        };
    }
}
