package io.tocsin.job.decode.container;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.CutScalar;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.container.CollectorMembers.Member;
import io.tocsin.job.decode.container.CollectorMembers.Node;
import io.tocsin.job.decode.container.CollectorMembers.PodMember;
import io.tocsin.job.decode.container.CollectorMembers.Teller;
import io.tocsin.job.decode.container.PodFields.Field;
import io.tocsin.job.decode.container.PodFields.Style;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads an object of a collector. Unlike elsewhere a member may come twice: Fluent Bit lays what a container wrote as JSON between
 * its own members and the pod's. So the first of a name is right, but the last {@code kubernetes}.
 */
final class CollectedRecordReader {
    /** A character's escape takes six bytes, two of them make one that is outside the basic plane. */
    private static final int LONGEST_ESCAPE = 12;

    private final JsonValues values;
    private final PlainCollectedReader plain;
    private final int maxRecordBytes;

    /** The member whose text is being read, and where it starts: what is left of it if the input ends there. */
    private @Nullable Member reading;

    private int readingStart;

    CollectedRecordReader(DecoderOptions options, JsonValues values) {
        this.values = values;
        this.plain = new PlainCollectedReader(values);
        this.maxRecordBytes = options.maxRecordBytes();
    }

    CollectedRecord read(RecordBytes record) {
        byte[] bytes = record.bytes();
        int limit = (int) Math.min(record.end(), (long) record.start() + maxRecordBytes);
        CollectedRecord usual = record.cut() ? null : plain.read(record, limit);
        if (usual != null) {
            return usual;
        }
        CollectedRecord read = new CollectedRecord();
        reading = null;
        try (JsonParser p = values.parser(bytes, record.start(), limit)) {
            if (p.nextToken() != JsonToken.START_OBJECT) {
                throw new BadRecord("not a JSON object");
            }
            members(p, CollectorMembers.ROOT, record.start(), read);
            int end = record.start() + (int) p.currentLocation().getByteOffset();
            read.end(end, record.cut() && JsonScanner.skipSpace(bytes, end, record.end()) == record.end());
        } catch (JsonParseException e) {
            int end = endOf(record);
            boolean brokenLine = end < record.end() && bytes[end] == '\n' && limit > end;
            boolean cut = JsonValues.isEndOfInput(e)
                    || brokenLine
                    || CutScalar.endsInput(bytes, record.start(), limit, e.getLocation());
            read.end(end, cut);
            if (!cut) {
                read.flaw(JsonValues.reason(e));
            } else if (reading != null) {
                salvage(bytes, Math.min(limit, end), read);
            }
        } catch (BadRecord e) {
            read.end(endOf(record), false);
            read.flaw(e.reason());
        } catch (IOException e) {
            read.end(endOf(record), false);
            read.flaw(JsonValues.reason(e));
        }
        return read;
    }

    private void members(JsonParser p, Node node, int base, CollectedRecord read) throws IOException {
        boolean top = node == CollectorMembers.ROOT;
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            Node child = node.child(name);
            // Before the value: it may be long, and cut.
            if (top && !CollectorMembers.DOCKER.contains(name)) {
                read.notDocker();
            }
            JsonToken token = p.nextToken();
            if (child != null) {
                boolean kubernetes = top && name.equals(CollectorMembers.KUBERNETES);
                if (kubernetes) {
                    read.kubernetes();
                }
                value(p, token, child, base, read);
            } else if (name.equals(CollectorMembers.OWNERS) && token == JsonToken.START_ARRAY && isKubernetes(node)) {
                owners(p, read.teller(Teller.KUBERNETES));
            } else {
                p.skipChildren();
            }
        }
    }

    private static boolean isKubernetes(Node node) {
        return node == CollectorMembers.ROOT.child(CollectorMembers.KUBERNETES);
    }

    private void value(JsonParser p, @Nullable JsonToken token, Node node, int base, CollectedRecord read)
            throws IOException {
        Member member = node.member();
        if (token == JsonToken.START_OBJECT) {
            int start = base + (int) p.currentTokenLocation().getByteOffset();
            boolean first = member != null && !read.has(member);
            if (node.hasChildren()) {
                members(p, node, base, read);
            } else {
                p.skipChildren();
                wrongPod(node, "an object", read);
            }
            // Its own text may stand inside it.
            if (member != null && first && !read.has(member)) {
                read.object(member, start, base + (int) p.currentLocation().getByteOffset());
            }
            return;
        }
        if (token == JsonToken.START_ARRAY) {
            p.skipChildren();
            wrong(node, "an array", read);
            return;
        }
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        if (member != null && !read.has(member)) {
            scalar(p, token, member, base, read, node);
        }
        PodMember pod = node.pod();
        if (pod != null && token == JsonToken.VALUE_STRING) {
            pod(pod, values.recurring().of(pod.kind() + JsonValues.cut(p.getText(), ValueReader.SHORT)), read);
        } else if (member == null) {
            wrong(node, JsonValues.cut(p.getText(), ValueReader.SHORT), read);
        }
    }

    /** Takes what tells of the pod. */
    static void pod(PodMember pod, String value, CollectedRecord read) {
        boolean named = value.length() > pod.kind().length();
        // A job of a cron job names both: the outer one comes first.
        if (named && (pod.field() != Field.WORKLOAD || read.teller(pod.teller()).get(Field.WORKLOAD) == null)) {
            read.teller(pod.teller()).set(pod.field(), value, pod.style());
        }
    }

    private void scalar(
            JsonParser p, @Nullable JsonToken token, Member member, int base, CollectedRecord read, Node node)
            throws IOException {
        boolean number = token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT;
        if (token == JsonToken.VALUE_STRING || (number && isTime(member))) {
            reading = token == JsonToken.VALUE_STRING ? member : null;
            readingStart = base + (int) p.currentTokenLocation().getByteOffset();
            read.text(member, p.getText());
            reading = null;
        } else {
            read.wrong(member, JsonValues.unexpected(p, node.path(), "a string").reason());
        }
    }

    static boolean isTime(Member member) {
        return switch (member) {
            case DATE, AT_TIMESTAMP, TIME, TIMESTAMP, OBSERVED -> true;
            default -> false;
        };
    }

    private static void wrong(Node node, String given, CollectedRecord read) {
        Member member = node.member();
        if (member != null) {
            if (!read.has(member)) {
                read.wrong(member, node.path() + " must be a string: " + given);
            }
            return;
        }
        wrongPod(node, given, read);
    }

    private static void wrongPod(Node node, String given, CollectedRecord read) {
        PodMember pod = node.pod();
        if (pod != null && pod.teller() == Teller.KUBERNETES) {
            read.kubernetesFlaw(node.path() + " must be a string: " + given);
        } else if (isKubernetes(node)) {
            read.kubernetesFlaw(node.path() + " must be an object: " + given);
        }
    }

    /** Takes the controller among the owners, or the first of them. */
    private void owners(JsonParser p, PodFields pod) throws IOException {
        while (p.nextToken() != JsonToken.END_ARRAY) {
            if (p.currentToken() != JsonToken.START_OBJECT) {
                p.skipChildren();
                continue;
            }
            String kind = null;
            String name = null;
            boolean controller = false;
            for (String field = p.nextFieldName(); field != null; field = p.nextFieldName()) {
                JsonToken token = p.nextToken();
                boolean text = token == JsonToken.VALUE_STRING;
                if (text && field.equals("kind")) {
                    kind = p.getText();
                } else if (text && field.equals("name")) {
                    name = p.getText();
                } else if (field.equals("controller")) {
                    controller = token == JsonToken.VALUE_TRUE;
                }
                p.skipChildren();
            }
            if (kind != null && name != null && (controller || pod.get(Field.WORKLOAD) == null)) {
                String workload = JsonValues.cut(kind + '/' + name, ValueReader.SHORT);
                pod.set(Field.WORKLOAD, values.recurring().of(workload), Style.FLUENT);
            }
        }
    }

    /** Reads what is there of the text in which the input ends. */
    private void salvage(byte[] bytes, int limit, CollectedRecord read) {
        Member member = reading;
        if (member == null || read.has(member)) {
            return;
        }
        int length = limit - readingStart;
        byte[] text = Arrays.copyOfRange(bytes, readingStart, limit + 1);
        // Without the escape or the character that was cut, whichever it is.
        for (int end = length; end > 0 && end > length - LONGEST_ESCAPE; end--) {
            text[end] = '"';
            try (JsonParser p = values.parser(text, 0, end + 1)) {
                if (p.nextToken() == JsonToken.VALUE_STRING) {
                    read.text(member, p.getText());
                    return;
                }
            } catch (IOException e) {
                // One byte less.
            }
        }
    }

    /** Where an object ends that could not be read to its end. */
    private static int endOf(RecordBytes object) {
        int close = JsonScanner.valueEndInLine(object.bytes(), object.start(), object.end());
        return close == JsonScanner.CUT ? object.end() : close;
    }
}
