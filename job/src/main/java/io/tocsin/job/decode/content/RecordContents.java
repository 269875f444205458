package io.tocsin.job.decode.content;

import io.tocsin.event.Content;
import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a plan asks of records whose members are paths as they stand. Belongs to one thread. */
public final class RecordContents {
    private final Readings readings;
    private final ContentReader reader;
    private final RecordText text = new RecordText();

    public RecordContents(ContentPlan plan, Parsers parsers) {
        this.readings = new Readings(plan);
        this.reader = new ContentReader(parsers);
    }

    /** What is asked of this record; {@link Content#NONE} if nothing. */
    public Content of(
            Source source, @Nullable String verb, @Nullable String resource, byte[] bytes, int start, int end) {
        Reading reading = readings.of(source, verb, resource);
        if (reading == Reading.NOTHING) {
            return Content.NONE;
        }
        String whole = null;
        if (reading.text()) {
            text.begin();
            text.add(bytes, start, end);
            whole = text.take();
        }
        reader.begin(reading);
        int first = start;
        while (first < end && bytes[first] > 0 && bytes[first] <= ' ') {
            first++;
        }
        if (first < end && bytes[first] == '{') {
            reader.read(reading.root(), bytes, first, end);
        }
        List<Content.Leaf> leaves = reader.take();
        return leaves.isEmpty() && whole == null ? Content.NONE : new Content(leaves, whole);
    }
}
