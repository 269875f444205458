package io.tocsin.job.decode.cloud;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.Times;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.job.decode.aws.EksLogGroup;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a query of CloudWatch Logs Insights gave: rows as objects, as they are exported, and rows as lists of fields, as {@code
 * get-query-results} prints them.
 */
public final class InsightsFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new InsightsFormat(options, values);
        }
    }

    private static final String MESSAGE = "@message";
    private static final String FIELD = "\"field\"";

    /** The fields of a row that are read. */
    private static final class Row {
        @Nullable
        RecordBytes message;

        @Nullable
        String timestamp;

        @Nullable
        String log;

        @Nullable
        String stream;

        @Nullable
        String pointer;
    }

    private final Projection object;
    private final Projection cell;

    InsightsFormat(DecoderOptions options, JsonValues values) {
        DecoderOptions wide = options.upTo(Document.MAX_INFLATED_BYTES);
        object = new Projection(wide, values, "results", MESSAGE, "@timestamp", "@log", "@logStream", "@ptr");
        cell = new Projection(wide, values, "field", "value");
    }

    @Override
    public String name() {
        return "insights";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About(
                "rows of a CloudWatch Logs Insights query, exported or from get-query-results",
                "@message with @timestamp, @log or @logStream; results with statistics; [{\"field\":",
                "the cluster, unless the query gave @log too");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of(MESSAGE, "@timestamp"),
                Set.of(MESSAGE, "@logStream"),
                Set.of(MESSAGE, "@log"),
                Set.of("results", "statistics"));
    }

    @Override
    public boolean readsText() {
        return true;
    }

    /** A row of fields: an array whose first object starts with its field's name. */
    @Override
    public boolean claimsLine(RecordBytes line) {
        byte[] bytes = line.bytes();
        if (bytes[line.start()] != '[') {
            return false;
        }
        int brace = JsonScanner.skipSpace(bytes, line.start() + 1, line.end());
        if (brace >= line.end() || bytes[brace] != '{') {
            return false;
        }
        int name = JsonScanner.skipSpace(bytes, brace + 1, line.end());
        for (int i = 0; i < FIELD.length(); i++) {
            if (name + i >= line.end() || bytes[name + i] != FIELD.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        if (record.bytes()[record.start()] == '[') {
            int close = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
            RecordBytes row = record.to(close == JsonScanner.CUT ? record.end() : close);
            cells(row, document);
            return row.end();
        }
        RecordBytes results;
        Row row = null;
        try {
            object.read(record);
            results = object.array("results");
            row = results == null ? row(record.origin()) : null;
        } catch (BadRecord e) {
            int end = object.end();
            document.deadLetter(record.to(end), e.reason());
            return end;
        }
        int end = object.end();
        if (row != null) {
            hand(row, record.to(end), document);
        } else if (results != null) {
            rows(results, document);
        }
        return end;
    }

    private void rows(RecordBytes results, Document document) {
        JsonElements rows = new JsonElements(results.bytes(), results.start(), results.end());
        while (rows.next()) {
            RecordBytes row = new RecordBytes(results.bytes(), rows.start(), rows.end(), rows.cut(), results.origin());
            if (results.bytes()[rows.start()] == '[') {
                cells(row, document);
            } else {
                String given = Excerpt.of(results.bytes(), rows.start(), rows.end());
                document.deadLetter(row, "results must hold arrays: " + given);
            }
        }
    }

    /** A row that is an object. */
    private Row row(Origin origin) throws BadRecord {
        Row row = new Row();
        // Some exports hold the message parsed.
        row.message = object.isObject(MESSAGE)
                ? object.object(MESSAGE)
                : bytes(object.text(MESSAGE, Integer.MAX_VALUE), origin);
        row.timestamp = object.text("@timestamp");
        row.log = object.name("@log");
        row.stream = object.name("@logStream");
        row.pointer = object.text("@ptr");
        return row;
    }

    /** A row that is an array of fields with their values. */
    private void cells(RecordBytes array, Document document) {
        Row row = new Row();
        try {
            JsonElements cells = new JsonElements(array.bytes(), array.start(), array.end());
            while (cells.next()) {
                cell.read(new RecordBytes(array.bytes(), cells.start(), cells.end(), cells.cut(), array.origin()));
                put(row, array.origin());
            }
        } catch (BadRecord e) {
            document.deadLetter(array, e.reason());
            return;
        }
        hand(row, array, document);
    }

    private void put(Row row, Origin origin) throws BadRecord {
        String field = cell.text("field", ValueReader.SHORT);
        if (field == null) {
            throw new BadRecord(cell.truncated() ? "cut off inside a row" : "field is missing");
        }
        switch (field) {
            case MESSAGE -> row.message = bytes(cell.text("value", Integer.MAX_VALUE), origin);
            case "@timestamp" -> row.timestamp = cell.text("value");
            case "@log" -> row.log = cell.name("value");
            case "@logStream" -> row.stream = cell.name("value");
            case "@ptr" -> row.pointer = cell.text("value");
            default -> {}
        }
    }

    private static @Nullable RecordBytes bytes(@Nullable String text, Origin origin) {
        if (text == null) {
            return null;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(bytes, 0, bytes.length, false, origin);
    }

    private static void hand(Row row, RecordBytes record, Document document) {
        RecordBytes message = row.message;
        if (message == null) {
            // A query that counts gives rows that are no records.
            document.skip("no-message");
            return;
        }
        Instant time = time(row.timestamp);
        if (time == null && row.timestamp != null) {
            document.deadLetter(
                    record,
                    "@timestamp must be a time such as 2026-01-24 01:34:36.743: "
                            + Excerpt.of("\"" + row.timestamp + "\""));
            return;
        }
        int colon = row.log == null ? -1 : row.log.indexOf(':');
        String account = row.log == null || colon <= 0 ? record.origin().account() : row.log.substring(0, colon);
        String cluster = EksLogGroup.cluster(row.log == null ? null : row.log.substring(colon + 1));
        if (cluster != null && !EksLogGroup.isRead(row.stream)) {
            document.skip("log-stream");
            return;
        }
        Origin origin = record.origin().stream(
                        account, row.stream == null ? record.origin().instance() : row.stream)
                .cluster(cluster)
                .at(time, row.pointer);
        document.unwrap(new RecordBytes(message.bytes(), message.start(), message.end(), message.cut(), origin));
    }

    /** Insights writes UTC without saying so. */
    private static @Nullable Instant time(@Nullable String text) {
        if (text == null) {
            return null;
        }
        Instant time = Times.local(text, ZoneOffset.UTC);
        return time == null ? Rfc3339.parse(text) : time;
    }
}
