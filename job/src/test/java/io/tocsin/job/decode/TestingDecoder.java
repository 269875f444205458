package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.network.Networks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A decoder and what it made of the documents it was given. Checks that each record is exactly one thing. */
final class TestingDecoder {
    static final Instant FALLBACK = Instant.parse("2026-03-04T05:06:07Z");

    private final DocumentDecoder decoder;
    private final @Nullable Instant fallback;

    private TestingDecoder(DecoderOptions options, @Nullable Instant fallback) {
        this.decoder = Decoders.create(options);
        this.fallback = fallback;
    }

    static TestingDecoder of(String format) {
        return new TestingDecoder(DecoderOptions.of(format), null);
    }

    static TestingDecoder auto() {
        return of("auto");
    }

    static TestingDecoder autoWithFallbackTime() {
        return new TestingDecoder(DecoderOptions.of("auto"), FALLBACK);
    }

    static TestingDecoder limited(int maxRecordBytes) {
        return new TestingDecoder(
                new DecoderOptions("auto", null, Networks.defaults(), Set.of(EventField.values()), maxRecordBytes),
                FALLBACK);
    }

    static TestingDecoder ofCluster(String cluster) {
        return new TestingDecoder(new DecoderOptions("auto", cluster, Networks.defaults(), Set.of(), 1 << 20), null);
    }

    static TestingDecoder with(Networks networks, Set<EventField> fields) {
        return new TestingDecoder(new DecoderOptions("auto", null, networks, fields, 1 << 20), null);
    }

    List<Decoded> records(String document) {
        return records(document.getBytes(StandardCharsets.UTF_8));
    }

    List<Decoded> records(byte[] document) {
        // Among other bytes, as a line stands in a block.
        byte[] block = new byte[document.length + 6];
        System.arraycopy(document, 0, block, 3, document.length);
        block[0] = '}';
        block[1] = '"';
        block[2] = '{';
        block[document.length + 3] = '}';
        List<Decoded> records = new ArrayList<>();
        decoder.decode(block, 3, document.length, new Provenance("here.log", 7, fallback), records::add);
        for (Decoded record : records) {
            int things = (record.event() == null ? 0 : 1)
                    + (record.deadLetter() == null ? 0 : 1)
                    + (record.skipped() == null ? 0 : 1);
            // No AssertJ here: some tests make millions of records.
            if (things != 1
                    || record.document() != block
                    || record.offset() != 3
                    || record.length() != document.length) {
                throw new AssertionError("not one thing of this document: " + record);
            }
        }
        return records;
    }

    SecurityEvent event(String document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).deadLetter()).isNull();
        assertThat(records.get(0).skipped()).isNull();
        return records.get(0).event();
    }

    List<SecurityEvent> events(String document) {
        List<Decoded> records = records(document);
        assertThat(records).allMatch(r -> r.event() != null);
        return records.stream().map(Decoded::event).toList();
    }

    /** The reason of the only record's dead letter. */
    String reason(String document) {
        return reason(document.getBytes(StandardCharsets.UTF_8));
    }

    String reason(byte[] document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).deadLetter()).isNotNull();
        assertThat(records.get(0).deadLetter().location()).isEqualTo("here.log");
        assertThat(records.get(0).deadLetter().position()).isEqualTo(7);
        return records.get(0).deadLetter().reason();
    }

    String skipped(String document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).skipped()).isNotNull();
        return records.get(0).skipped();
    }

    /** What became of each record: {@code event}, {@code dead} or the skip reason. */
    List<String> fates(byte[] document) {
        return records(document).stream()
                .map(r -> r.event() != null ? "event" : r.deadLetter() != null ? "dead" : r.skipped())
                .toList();
    }

    List<String> fates(String document) {
        return fates(document.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
