package io.tocsin.job.decode.container;

import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import org.jspecify.annotations.Nullable;

/**
 * What the attributes of a resource or a log record tell.
 *
 * @param pod the pod
 * @param cluster the cluster's name
 * @param host the host's name
 * @param file the path of the file it was read from
 * @param stream stdout or stderr
 */
record OtlpAttributes(
        PodFields pod,
        @Nullable String cluster,
        @Nullable String host,
        @Nullable String file,
        @Nullable String stream) {
    static final OtlpAttributes NONE = new OtlpAttributes(new PodFields(), null, null, null, null);

    /** Reads them: {@code [{"key": …, "value": {"stringValue": …}}]}. What is no string is of no interest. */
    static final class Reader {
        private static final int MAX_ATTRIBUTES = 1_024;

        private final Projection fields;
        private final JsonValues values;

        Reader(DecoderOptions options, JsonValues values) {
            this.fields = new Projection(options, values, "key", "value/stringValue");
            this.values = values;
        }

        OtlpAttributes ofResource(byte[] bytes, int start, int end, Origin origin) {
            JsonMembers members = new JsonMembers(bytes, start, end);
            while (members.next()) {
                if (members.name().equals("attributes") && bytes[members.valueStart()] == '[') {
                    return of(bytes, members.valueStart(), members.valueEnd(), origin);
                }
            }
            return NONE;
        }

        /** Of a name that comes twice, the first counts. */
        OtlpAttributes of(byte[] bytes, int start, int end, Origin origin) {
            PodFields pod = new PodFields();
            String cluster = null;
            String host = null;
            String file = null;
            String stream = null;
            JsonElements elements = new JsonElements(bytes, start, end);
            for (int i = 0; i < MAX_ATTRIBUTES && elements.next(); i++) {
                String key = null;
                String value = null;
                try {
                    fields.read(new RecordBytes(bytes, elements.start(), elements.end(), false, origin));
                    key = fields.name("key");
                    value = fields.isText("value/stringValue")
                            ? fields.text("value/stringValue", ValueReader.SHORT)
                            : null;
                } catch (BadRecord e) {
                    // An attribute of another shape tells nothing.
                    key = null;
                }
                if (key == null || value == null) {
                    continue;
                }
                switch (key) {
                    case "k8s.cluster.name" -> cluster = cluster == null ? value : cluster;
                    case "host.name" -> host = host == null ? value : host;
                    case "log.file.path" -> file = file == null ? value : file;
                    case "log.iostream" -> stream = stream == null ? value : stream;
                    default -> set(pod, key, value);
                }
            }
            return new OtlpAttributes(pod, cluster, host, file, stream);
        }

        private void set(PodFields pod, String key, String value) {
            CollectorMembers.Node node = CollectorMembers.ROOT.child(key);
            CollectorMembers.PodMember member = node == null ? null : node.pod();
            if (member != null
                    && member.teller() == CollectorMembers.Teller.RECORD
                    && pod.get(member.field()) == null) {
                pod.set(member.field(), values.recurring().of(member.kind() + value), member.style());
            }
        }
    }
}
