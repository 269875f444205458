package io.tocsin.job.decode;

import io.tocsin.event.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/** Makes the decoder of an input out of the formats there are. */
public final class Decoders {
    /** The formats an input can be given. */
    public static final List<String> FORMATS = Stream.concat(
                    Stream.of(DecoderOptions.AUTO),
                    Arrays.stream(Source.values()).map(Source::id))
            .toList();

    private static final List<Format.Factory> FACTORIES =
            ServiceLoader.load(Format.Factory.class, Format.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .sorted(Comparator.comparing(factory -> factory.getClass().getName()))
                    .toList();

    private Decoders() {}

    /**
     * A decoder for one thread.
     *
     * @throws IllegalArgumentException if there is no format of that name
     */
    public static DocumentDecoder create(DecoderOptions options) {
        if (!FORMATS.contains(options.format())) {
            throw new IllegalArgumentException(
                    "format must be one of " + String.join(", ", FORMATS) + ": " + options.format());
        }
        List<Format> all = formats(options);
        if (options.format().equals(DecoderOptions.AUTO)) {
            return new FormatDecoder(null, all, options);
        }
        all.removeIf(
                format -> format.role() == Format.Role.RECORD && !format.name().equals(options.format()));
        return new FormatDecoder(options.format(), all, options);
    }

    /** Every format and envelope: those of records first, since envelopes of text claim what nobody else does. */
    static List<Format> formats(DecoderOptions options) {
        JsonValues values = new JsonValues();
        List<Format> all = new ArrayList<>();
        FACTORIES.forEach(factory -> all.add(factory.create(options, values)));
        all.sort(Comparator.comparing(Format::role));
        return all;
    }

    /** Tells which lines of a file are one document; one for each file. */
    public static Framing framing() {
        List<Framing> framings = new ArrayList<>();
        framings.add(new JsonFraming());
        FACTORIES.stream().map(Format.Factory::framing).filter(Objects::nonNull).forEach(framings::add);
        return new LineFraming(framings);
    }
}
