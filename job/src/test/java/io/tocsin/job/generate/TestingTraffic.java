package io.tocsin.job.generate;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Generated traffic of all sources, and what the decoder makes of it. */
final class TestingTraffic {
    private static final Set<Source> SHORT = Set.of(Source.ACCESS_LOG, Source.TETRAGON, Source.FALCO);

    /** A day without an attack, shared by the tests that read it. */
    static final TestingTraffic QUIET = new TestingTraffic(80_000, 5, Set.of());

    /** The lines of the sources that tests read as text. */
    final Map<Source, List<String>> lines = new EnumMap<>(Source.class);

    final Map<Source, List<SecurityEvent>> events = new EnumMap<>(Source.class);

    /** How many records were neither events nor asked for: dead letters by their reason, skips by theirs. */
    final Map<String, Integer> others = new TreeMap<>();

    final TrafficGenerator.Written written;

    TestingTraffic(long count, long seed, Set<Attack> attacks) {
        Map<Source, ByteArrayOutputStream> files = new EnumMap<>(Source.class);
        TrafficGenerator.Options options = new TrafficGenerator.Options(
                count, seed, TrafficGenerator.DEFAULT_START, attacks, TrafficGenerator.SOURCES);
        try {
            written = new TrafficGenerator(options)
                    .write(source -> files.computeIfAbsent(source, s -> new ByteArrayOutputStream()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        TestingDecoder decoder = TestingDecoder.auto();
        files.forEach((source, bytes) -> {
            String text = bytes.toString(StandardCharsets.US_ASCII);
            if (SHORT.contains(source)) {
                lines.put(source, text.lines().toList());
            }
            List<SecurityEvent> read = new ArrayList<>();
            text.lines().forEach(line -> {
                for (Decoded record : decoder.records(line)) {
                    SecurityEvent event = record.event();
                    if (event != null) {
                        // Heartbeats are half of all requests and say nothing.
                        if (!"leases".equals(event.resource())) {
                            read.add(event);
                        }
                    } else {
                        String fate = record.deadLetter() == null
                                ? source.id() + " skipped: " + record.skipped()
                                : source.id() + " dead: " + record.deadLetter().reason();
                        others.merge(fate, 1, Integer::sum);
                    }
                }
            });
            events.put(source, read);
        });
    }

    List<SecurityEvent> of(Source source) {
        return events.getOrDefault(source, List.of());
    }
}
