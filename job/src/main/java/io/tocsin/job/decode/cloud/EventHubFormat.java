package io.tocsin.job.decode.cloud;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonMembers;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Set;

/** The batches in which Azure Monitor writes to an event hub: {@code {"records":[…]}}. A bad record costs no more than itself. */
public final class EventHubFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new EventHubFormat();
        }
    }

    @Override
    public String name() {
        return "event-hub";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About("batches of Azure Monitor in an event hub", "records", "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("records"));
    }

    @Override
    public int decode(RecordBytes batch, Document document) {
        byte[] bytes = batch.bytes();
        JsonMembers members = new JsonMembers(bytes, batch.start(), batch.end());
        int records = -1;
        int recordsEnd = -1;
        boolean twice = false;
        while (members.next()) {
            if (members.name().equals("records")) {
                twice = records >= 0;
                records = members.valueStart();
                recordsEnd = members.valueEnd();
            }
        }
        int end = members.objectEnd();
        if (end == JsonScanner.CUT) {
            int close = JsonScanner.valueEndInLine(bytes, batch.start(), batch.end());
            end = close == JsonScanner.CUT ? batch.end() : close;
        }
        if (twice) {
            document.deadLetter(batch.to(end), "duplicate field: records");
        } else if (records < 0 || bytes[records] != '[') {
            String given = records < 0 ? "nothing" : Excerpt.of(bytes, records, recordsEnd);
            document.deadLetter(batch.to(end), "records must be an array: " + given);
        } else {
            records(batch, records, recordsEnd, document);
        }
        return end;
    }

    private static void records(RecordBytes batch, int start, int end, Document document) {
        JsonElements records = new JsonElements(batch.bytes(), start, end);
        while (records.next()) {
            RecordBytes record =
                    new RecordBytes(batch.bytes(), records.start(), records.end(), records.cut(), batch.origin());
            if (batch.bytes()[records.start()] == '{') {
                document.unwrap(record);
            } else {
                String given = Excerpt.of(batch.bytes(), records.start(), records.end());
                document.deadLetter(record, "records must hold objects: " + given);
            }
        }
    }
}
