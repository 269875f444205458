package io.tocsin.job.decode;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads with Jackson's parser: any JSON, every flaw with its reason. */
public record ParsedValues(JsonParser p, JsonValues values) implements ValueReader {
    @Override
    public @Nullable String nextName() throws IOException {
        String name = p.nextFieldName();
        if (name != null) {
            p.nextToken();
        }
        return name;
    }

    @Override
    public void skip() throws IOException {
        p.skipChildren();
    }

    @Override
    public boolean onStructure() {
        return p.currentToken() == JsonToken.START_OBJECT || p.currentToken() == JsonToken.START_ARRAY;
    }

    @Override
    public int valueStart() {
        return (int) p.currentTokenLocation().getByteOffset();
    }

    @Override
    public int position() {
        return (int) p.currentLocation().getByteOffset();
    }

    @Override
    public boolean enterObject(String field) throws IOException, BadRecord {
        return values.enterObject(p, field);
    }

    @Override
    public @Nullable String text(String field, int maxLength) throws IOException, BadRecord {
        return values.text(p, field, maxLength);
    }

    @Override
    public @Nullable String name(String field) throws IOException, BadRecord {
        return values.name(p, field);
    }

    @Override
    public @Nullable String textWith(String field, String part, int maxLength) throws IOException, BadRecord {
        return values.textWith(p, field, part, maxLength);
    }

    @Override
    public @Nullable Instant time(String field) throws IOException, BadRecord {
        return values.time(p, field);
    }

    @Override
    public long integer(String field, long min, long max, long absent) throws IOException, BadRecord {
        return values.integer(p, field, min, max, absent);
    }

    @Override
    public List<String> names(String field, int maxCount) throws IOException, BadRecord {
        return values.names(p, field, maxCount);
    }

    @Override
    public @Nullable String firstName(String field) throws IOException, BadRecord {
        return values.firstName(p, field);
    }

    @Override
    public List<String> lastTexts(String field, int maxCount) throws IOException, BadRecord {
        return values.lastTexts(p, field, maxCount);
    }
}
