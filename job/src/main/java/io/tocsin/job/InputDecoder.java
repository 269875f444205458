package io.tocsin.job;

import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Decodes the documents of all file inputs of a run: they are one input with one clock, but each SPEC has its format and its
 * cluster. Which SPEC a file belongs to is told by its name.
 */
final class InputDecoder implements DocumentDecoder {
    private final List<InputSpec> specs;
    private final Map<String, InputSpec> files;
    private final DecoderOptions options;
    private final Map<String, DocumentDecoder> byLocation = new HashMap<>();
    private final Map<InputSpec, DocumentDecoder> bySpec = new HashMap<>();

    /**
     * A decoder for one thread.
     *
     * @param specs the file inputs
     * @param files the files that were there at submission, each with its input
     * @param options what all of them share
     */
    InputDecoder(List<InputSpec> specs, Map<String, InputSpec> files, DecoderOptions options) {
        this.specs = specs;
        this.files = files;
        this.options = options;
    }

    @Override
    public void decode(byte[] bytes, int offset, int length, Provenance provenance, Consumer<Decoded> out) {
        of(provenance.location()).decode(bytes, offset, length, provenance, out);
    }

    @Override
    public long toldTime(byte[] bytes, int offset, int length, Provenance provenance) {
        return of(provenance.location()).toldTime(bytes, offset, length, provenance);
    }

    private DocumentDecoder of(String location) {
        DocumentDecoder decoder = byLocation.get(location);
        if (decoder == null) {
            decoder = bySpec.computeIfAbsent(
                    spec(location), spec -> Decoders.create(options.in(spec.format(), spec.cluster())));
            byLocation.put(location, decoder);
        }
        return decoder;
    }

    private InputSpec spec(String location) {
        InputSpec known = files.get(location);
        if (known != null) {
            return known;
        }
        // A file that came later, below a folder or matching a glob.
        Path path = Path.of(location);
        for (InputSpec spec : specs) {
            if (path.startsWith(spec.location())
                    || FileSystems.getDefault()
                            .getPathMatcher("glob:" + spec.location())
                            .matches(path)) {
                return spec;
            }
        }
        return specs.get(0);
    }
}
