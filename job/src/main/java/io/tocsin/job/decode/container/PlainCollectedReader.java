package io.tocsin.job.decode.container;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.NamesByBytes;
import io.tocsin.job.decode.PlainValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.container.CollectorMembers.Member;
import io.tocsin.job.decode.container.CollectorMembers.Node;
import io.tocsin.job.decode.container.CollectorMembers.PodMember;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads the objects of collectors that nearly all are, at half the cost of {@link CollectedRecordReader}, which reads the others. */
final class PlainCollectedReader {
    private static final Node KUBERNETES =
            Objects.requireNonNull(CollectorMembers.ROOT.child(CollectorMembers.KUBERNETES));
    private static final NamesByBytes<String> OWNERS =
            new NamesByBytes<>(Map.of(CollectorMembers.OWNERS, CollectorMembers.OWNERS));

    private final JsonValues values;
    private final PlainValues in;

    PlainCollectedReader(JsonValues values) {
        this.values = values;
        this.in = values.plain();
    }

    /** What the object tells that starts where the record does; null if it is unusual. */
    @Nullable
    CollectedRecord read(RecordBytes record, int limit) {
        CollectedRecord read = new CollectedRecord();
        try {
            in.reset(record.bytes(), record.start(), limit);
            members(CollectorMembers.ROOT, record.start(), read);
        } catch (BadRecord e) {
            return null;
        }
        read.end(record.start() + in.position(), false);
        return read;
    }

    private void members(Node node, int base, CollectedRecord read) throws BadRecord {
        boolean top = node == CollectorMembers.ROOT;
        while (in.next()) {
            Node child = in.in(node.named());
            if (top && in.in(CollectorMembers.DOCKER_NAMES) == null) {
                read.notDocker();
            }
            if (child == null) {
                if (node == KUBERNETES && in.in(OWNERS) != null) {
                    throw PlainValues.UNUSUAL;
                }
                in.skip();
                continue;
            }
            if (top && child == KUBERNETES) {
                read.kubernetes();
            }
            value(child, base, read);
        }
    }

    private void value(Node node, int base, CollectedRecord read) throws BadRecord {
        switch (in.firstByte()) {
            case '{' -> object(node, base, read);
            case '"' -> string(node, read);
            case 'n' -> in.skip();
            default -> other(node, read);
        }
    }

    private void object(Node node, int base, CollectedRecord read) throws BadRecord {
        Member member = node.member();
        int start = base + in.valueStart();
        boolean first = member != null && !read.has(member);
        if (node.hasChildren()) {
            in.enterObject(node.path());
            members(node, base, read);
        } else if (node.pod() == null) {
            in.skip();
        } else {
            throw PlainValues.UNUSUAL;
        }
        // Its own text may stand inside it.
        if (member != null && first && !read.has(member)) {
            read.object(member, start, base + in.position());
        }
    }

    private void string(Node node, CollectedRecord read) throws BadRecord {
        Member member = node.member();
        PodMember pod = node.pod();
        String text = null;
        if (member != null && !read.has(member)) {
            text = in.text(node.path(), Integer.MAX_VALUE);
            if (text != null) {
                read.text(member, text);
            }
        }
        if (pod == null) {
            if (node == KUBERNETES) {
                throw PlainValues.UNUSUAL;
            }
            if (text == null) {
                in.skip();
            }
            return;
        }
        String name = text == null ? in.name(node.path()) : JsonValues.cut(text, ValueReader.SHORT);
        if (name != null) {
            String value = pod.kind().isEmpty() ? name : values.recurring().of(pod.kind() + name);
            CollectedRecordReader.pod(pod, value, read);
        }
    }

    /** A number, true, false or an array: a number may be a time, and else only what nobody asks for is not unusual. */
    private void other(Node node, CollectedRecord read) throws BadRecord {
        Member member = node.member();
        if (node.pod() != null || node == KUBERNETES) {
            throw PlainValues.UNUSUAL;
        }
        byte first = in.firstByte();
        int start = in.valueStart();
        in.skip();
        if (member == null || read.has(member)) {
            return;
        }
        boolean number = first == '-' || (first >= '0' && first <= '9');
        if (!number || !CollectedRecordReader.isTime(member)) {
            throw PlainValues.UNUSUAL;
        }
        read.text(member, in.ascii(start));
    }
}
