package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.EventField;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.content.TestingPlans;
import io.tocsin.network.Networks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** A decoder and what it made of the documents it was given. Checks that each record is exactly one thing. */
public final class TestingDecoder {
    public static final Instant FALLBACK = Instant.parse("2026-03-04T05:06:07Z");

    /** When documents were written. */
    public static final Instant WRITTEN = Instant.parse("2026-03-05T00:00:00Z");

    private final DocumentDecoder decoder;
    private String location = "here.log";
    private final @Nullable Instant fallback;

    private TestingDecoder(DecoderOptions options, @Nullable Instant fallback) {
        this.decoder = Decoders.create(options);
        this.fallback = fallback;
    }

    public static TestingDecoder of(String format) {
        return new TestingDecoder(DecoderOptions.of(format), null);
    }

    public static TestingDecoder auto() {
        return of("auto");
    }

    public static TestingDecoder autoWithFallbackTime() {
        return new TestingDecoder(DecoderOptions.of("auto"), FALLBACK);
    }

    public static TestingDecoder limited(int maxRecordBytes) {
        return new TestingDecoder(
                options("auto", null, Networks.defaults(), Set.of(EventField.values()), maxRecordBytes), FALLBACK);
    }

    /** The same, with all that rules may ask for read. */
    public static TestingDecoder readingMuch(int maxRecordBytes) {
        return new TestingDecoder(
                options("auto", null, Networks.defaults(), Set.of(EventField.values()), maxRecordBytes)
                        .reading(TestingPlans.much()),
                FALLBACK);
    }

    public static TestingDecoder ofCluster(String cluster) {
        return new TestingDecoder(options("auto", cluster, Networks.defaults(), Set.of(), 1 << 20), null);
    }

    public static TestingDecoder with(Networks networks, Set<EventField> fields) {
        return new TestingDecoder(options("auto", null, networks, fields, 1 << 20), null);
    }

    private static DecoderOptions options(
            String format, @Nullable String cluster, Networks networks, Set<EventField> fields, int maxRecordBytes) {
        return new DecoderOptions(
                format,
                cluster,
                networks,
                fields,
                maxRecordBytes,
                Map.of(),
                DecoderOptions.PLATFORM_NAMESPACES,
                ContentPlan.NONE);
    }

    /** With options of its own. */
    public static TestingDecoder with(DecoderOptions options) {
        return new TestingDecoder(options, null);
    }

    /** Whose documents come from a file of this name. */
    public TestingDecoder at(String file) {
        location = file;
        return this;
    }

    /** What a file's content holds, taken apart into documents as it is when a file is read. */
    public List<Decoded> ofFile(String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        Documents documents = new Documents(Decoders.framing());
        documents.over(bytes, 0, bytes.length);
        List<Decoded> records = new ArrayList<>();
        while (documents.next()) {
            records.addAll(
                    records(Arrays.copyOfRange(bytes, documents.start(), documents.start() + documents.length())));
        }
        return records;
    }

    public List<Decoded> records(String document) {
        return records(document.getBytes(StandardCharsets.UTF_8));
    }

    public List<Decoded> records(byte[] document) {
        // Among other bytes, as a line stands in a block.
        byte[] block = new byte[document.length + 6];
        System.arraycopy(document, 0, block, 3, document.length);
        block[0] = '}';
        block[1] = '"';
        block[2] = '{';
        block[document.length + 3] = '}';
        List<Decoded> records = new ArrayList<>();
        decoder.decode(block, 3, document.length, new Provenance(location, 7, fallback, WRITTEN), records::add);
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

    /** What the document's text tells of its time, see {@link DocumentDecoder#toldTime}. */
    public long toldTime(byte[] document) {
        byte[] block = new byte[document.length + 6];
        Arrays.fill(block, (byte) '}');
        System.arraycopy(document, 0, block, 3, document.length);
        return decoder.toldTime(block, 3, document.length, new Provenance(location, 7, fallback, WRITTEN));
    }

    public SecurityEvent event(String document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).deadLetter()).isNull();
        assertThat(records.get(0).skipped()).isNull();
        return records.get(0).event();
    }

    public List<SecurityEvent> events(String document) {
        List<Decoded> records = records(document);
        assertThat(records).allMatch(r -> r.event() != null);
        return records.stream().map(Decoded::event).toList();
    }

    /** The reason of the only record's dead letter. */
    public String reason(String document) {
        return reason(document.getBytes(StandardCharsets.UTF_8));
    }

    public String reason(byte[] document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).deadLetter()).isNotNull();
        assertThat(records.get(0).deadLetter().location()).isEqualTo(location);
        assertThat(records.get(0).deadLetter().position()).isEqualTo(7);
        return records.get(0).deadLetter().reason();
    }

    public String skipped(String document) {
        List<Decoded> records = records(document);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).skipped()).isNotNull();
        return records.get(0).skipped();
    }

    /** What became of each record: {@code event}, {@code dead} or the skip reason. */
    public List<String> fates(byte[] document) {
        return records(document).stream()
                .map(r -> r.event() != null ? "event" : r.deadLetter() != null ? "dead" : r.skipped())
                .toList();
    }

    public List<String> fates(String document) {
        return fates(document.getBytes(StandardCharsets.UTF_8));
    }

    public static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
