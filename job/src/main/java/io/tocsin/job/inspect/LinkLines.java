package io.tocsin.job.inspect;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.job.redaction.Redaction;
import io.tocsin.job.sink.JsonText;
import io.tocsin.job.sink.SafeText;
import io.tocsin.signal.Link;
import io.tocsin.signal.LinkTable;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a {@link LinkTable} has learned, for people and scripts. */
public final class LinkLines {
    private static final int SHOWN = 5;

    private LinkLines() {}

    /** Writes a line of JSON for each stay, by kind, then scope and key, then time. */
    public static void json(LinkTable table, PrintStream out) {
        for (Link.Kind kind : Link.Kind.values()) {
            table.forEach(kind, (scope, key, stay) -> {
                StringWriter line = new StringWriter();
                try (JsonGenerator json = JsonText.FACTORY.createGenerator(line)) {
                    json.writeStartObject();
                    json.writeStringField("link", kind.id());
                    json.writeStringField("scope", Redaction.of(scope));
                    json.writeStringField("key", Redaction.of(key));
                    json.writeStringField("value", Redaction.of(stay.value()));
                    json.writeStringField("first", stay.first().toString());
                    json.writeStringField("last", stay.last().toString());
                    json.writeEndObject();
                } catch (IOException e) {
                    throw new UncheckedIOException("writing to memory", e);
                }
                out.append(line.append('\n').toString());
            });
        }
    }

    /** How many keys there are of each kind, and the first few. */
    public static String text(LinkTable table) {
        StringBuilder text = new StringBuilder();
        for (Link.Kind kind : Link.Kind.values()) {
            List<String> first = new ArrayList<>();
            table.forEach(kind, (scope, key, stay) -> {
                if (first.size() < SHOWN) {
                    first.add("  %s: %s is %s, %s to %s%n"
                            .formatted(
                                    Redaction.of(scope),
                                    Redaction.of(key),
                                    Redaction.of(stay.value()),
                                    stay.first(),
                                    stay.last()));
                }
            });
            text.append(String.format(Locale.ROOT, "%nlinks, %s: %,d%n", kind.id(), table.size(kind)));
            first.forEach(line ->
                    text.append("  ").append(SafeText.visible(line.strip())).append(System.lineSeparator()));
        }
        return text.toString();
    }
}
