package io.tocsin.job.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The start of logs in memory, as much of each as of the others, and what one thread does with them. An event is a document here;
 * a line of text is JSON to parsers of JSON, as a collector ships it.
 */
final class LogsInMemory {
    private static final long MAX_BYTES = 96 << 20;
    private static final int MAX_LINE_BYTES = 64 << 20;
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final JsonFactory FACTORY = new JsonFactory();

    private final List<Corpus> corpora;
    private final long roundNanos;
    private long consumed;

    private LogsInMemory(List<Corpus> corpora, long roundNanos) {
        this.corpora = List.copyOf(corpora);
        this.roundNanos = roundNanos;
    }

    /** The start of a file, or of the files of a folder. */
    static LogsInMemory of(Setting setting, Path input) throws IOException {
        List<Path> files = BenchInputs.files(input);
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        double share = Math.min(1, (double) MAX_BYTES / Math.max(1, bytes));
        List<Corpus> corpora = new ArrayList<>();
        for (Path file : files) {
            corpora.add(Corpus.load(file.toString(), MAX_LINE_BYTES, (long) (Files.size(file) * share)));
        }
        return new LogsInMemory(corpora, setting.round().toNanos());
    }

    /** Bytes of a document, on average. */
    double bytesEach() {
        long documents = 0;
        long bytes = 0;
        for (Corpus corpus : corpora) {
            documents += corpus.documents().size();
            bytes += corpus.bytes();
        }
        return (double) bytes / Math.max(1, documents);
    }

    /** Looks at each byte. */
    Subject touched() {
        return () -> measure((corpus, part) -> {
            for (int i = part.offset(); i < part.offset() + part.length(); i++) {
                consumed += part.bytes()[i];
            }
        });
    }

    /** Reads trees as people do: {@link ObjectMapper#readTree(byte[])}. */
    Subject tree() {
        return () -> measure((corpus, part) ->
                consumed += MAPPER.readTree(part.shipped(), part.shippedOffset(), part.shippedLength())
                        .size());
    }

    /** Reads trees of maps and lists. */
    Subject maps() {
        return () -> measure((corpus, part) ->
                consumed += JsonTree.read(part.shipped(), part.shippedOffset(), part.shippedLength()));
    }

    /** Reads every token, every name and every text. */
    Subject streaming() {
        return () -> measure((corpus, part) -> {
            try (JsonParser parser = FACTORY.createParser(part.shipped(), part.shippedOffset(), part.shippedLength())) {
                for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                    consumed += parser.getText().length();
                }
            }
        });
    }

    /** Decodes. */
    Subject decoding(DocumentDecoder decoder) {
        return decodingFor(decoder, event -> consumed++);
    }

    /** Decodes, and does something with each event. */
    Subject decodingFor(DocumentDecoder decoder, Consumer<SecurityEvent> use) {
        Consumer<Decoded> take = decoded -> {
            if (decoded.event() != null) {
                use.accept(decoded.event());
            }
        };
        return () -> measure((corpus, part) -> decoder.decode(
                part.bytes(),
                part.offset(),
                part.length(),
                new Provenance(corpus.location(), part.offset(), null, Instant.ofEpochMilli(corpus.written())),
                take));
    }

    /** What is done with a document. */
    private interface Use {
        void of(Corpus corpus, Corpus.Part part) throws IOException;
    }

    private Measure measure(Use use) throws Exception {
        return Measure.of(roundNanos, () -> {
            long documents = 0;
            for (Corpus corpus : corpora) {
                for (Corpus.Part part : corpus.documents()) {
                    use.of(corpus, part);
                }
                documents += corpus.documents().size();
            }
            return documents;
        });
    }
}
