package io.tocsin.job.decode.aws;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Compression;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What Lambda gets of a log subscription, {@code {"awslogs":{"data":…}}}, and of a Kinesis stream, {@code
 * {"Records":[{"kinesis":{"data":…}}]}}: base64, mostly of gzip, of a subscription document. Files of CloudTrail and Lambda's other
 * sources hold their records as {@code Records} too, and {@code aws cloudtrail lookup-events} as {@code Events}.
 */
public final class AwsDataFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new AwsDataFormat(values);
        }
    }

    private final JsonValues values;

    AwsDataFormat(JsonValues values) {
        this.values = values;
    }

    @Override
    public String name() {
        return "aws-data";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "what Lambda gets of a subscription or of Kinesis: base64, mostly of gzip",
                "awslogs; Records, of which those with kinesis are decoded; Events",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("awslogs"), Set.of("Records"), Set.of("kinesis", "eventSource"));
    }

    @Override
    public List<Set<String>> weakSignatures() {
        return List.of(Set.of("Events"));
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        byte[] bytes = record.bytes();
        JsonMembers members = new JsonMembers(bytes, record.start(), record.end());
        boolean any = false;
        while (members.next()) {
            if (isList(members.name()) && bytes[members.valueStart()] == '[') {
                any = true;
                records(record, members.valueStart(), members.valueEnd(), document);
            } else if (members.name().equals("awslogs") && !any) {
                any = true;
                RecordBytes whole = record.to(members.valueEnd());
                data(
                        new RecordBytes(bytes, members.valueStart(), whole.end(), members.valueCut(), record.origin()),
                        "awslogs",
                        document);
            } else if (members.name().equals("kinesis") && !any) {
                any = true;
                element(record, document);
            }
        }
        int end = members.objectEnd();
        if (end == JsonScanner.CUT) {
            int close = JsonScanner.valueEndInLine(bytes, record.start(), record.end());
            end = close == JsonScanner.CUT ? record.end() : close;
        }
        if (!any) {
            document.deadLetter(record.to(end), "Records must be an array");
        }
        return end;
    }

    private static boolean isList(String member) {
        return member.equals("Records") || member.equals("Events");
    }

    private void records(RecordBytes record, int start, int end, Document document) {
        JsonElements elements = new JsonElements(record.bytes(), start, end);
        while (elements.next()) {
            element(
                    new RecordBytes(record.bytes(), elements.start(), elements.end(), elements.cut(), record.origin()),
                    document);
        }
    }

    private void element(RecordBytes element, Document document) {
        byte[] bytes = element.bytes();
        JsonMembers members = new JsonMembers(bytes, element.start(), element.end());
        RecordBytes kinesis = null;
        String region = null;
        while (bytes[element.start()] == '{' && members.next()) {
            if (members.name().equals("kinesis")) {
                kinesis = new RecordBytes(
                        bytes, members.valueStart(), members.valueEnd(), members.valueCut(), element.origin());
            } else if (members.name().equals("awsRegion") && bytes[members.valueStart()] == '"') {
                region = new String(
                        bytes,
                        members.valueStart() + 1,
                        Math.max(0, Math.min(members.valueEnd() - members.valueStart() - 2, 64)),
                        StandardCharsets.UTF_8);
            }
        }
        if (kinesis == null) {
            // CloudTrail's files hold their records under the same name.
            document.unwrap(element);
        } else {
            data(
                    new RecordBytes(
                            bytes,
                            kinesis.start(),
                            kinesis.end(),
                            kinesis.cut(),
                            element.origin().in(region)),
                    "kinesis",
                    document);
        }
    }

    /** Decodes the {@code data} of the object and hands on what it holds. */
    private void data(RecordBytes holder, String field, Document document) {
        byte[] inner;
        try {
            inner = Compression.base64(text(holder, field).getBytes(StandardCharsets.UTF_8));
        } catch (BadRecord e) {
            document.deadLetter(holder, e.reason());
            return;
        }
        document.unwrap(new RecordBytes(inner, 0, inner.length, false, holder.origin()));
    }

    private String text(RecordBytes holder, String field) throws BadRecord {
        String data = null;
        if (holder.bytes()[holder.start()] != '{') {
            throw new BadRecord(
                    field + " must be an object: " + Excerpt.of(holder.bytes(), holder.start(), holder.end()));
        }
        try (JsonParser p = values.parser(holder.bytes(), holder.start(), holder.end())) {
            if (p.nextToken() != JsonToken.START_OBJECT) {
                throw JsonValues.unexpected(p, field, "an object");
            }
            int seen = 0;
            for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                p.nextToken();
                if (name.equals("data")) {
                    seen = JsonValues.once(seen, 1, field + ".data");
                    data = values.text(p, field + ".data", Integer.MAX_VALUE);
                } else {
                    p.skipChildren();
                }
            }
        } catch (IOException e) {
            throw new BadRecord(JsonValues.reason(e));
        }
        return present(data, field);
    }

    private static String present(@Nullable String data, String field) throws BadRecord {
        if (data == null) {
            throw new BadRecord(field + ".data is missing");
        }
        return data;
    }
}
