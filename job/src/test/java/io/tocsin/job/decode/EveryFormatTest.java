package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.aws.ExportLineFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What must hold for every format; a new one is here by its fixtures alone. */
class EveryFormatTest {
    @ParameterizedTest
    @EnumSource
    void everySourceHasAFormatAndFixtures(Source source) {
        assertThat(Decoders.FORMATS).contains(source.id());
        assertThat(Decoders.formats(DecoderOptions.of("auto")))
                .anyMatch(format -> format.name().equals(source.id()));
        assertThat(events(source.id(), "auto")).as("events of its fixtures").isNotEmpty();
    }

    @Test
    void everyFormatIsOfASourceOrAnEnvelope() {
        List<String> sources = Arrays.stream(Source.values()).map(Source::id).toList();
        for (Format format : Decoders.formats(DecoderOptions.of("auto"))) {
            assertThat(sources.contains(format.name()))
                    .as(format.name())
                    .isEqualTo(format.role() != Format.Role.ENVELOPE);
            assertThat(format.about().shape()).isNotEmpty();
            assertThat(format.about().toldBy()).isNotEmpty();
        }
    }

    /** Told by its shape or named by the user, a record is the same event. */
    @ParameterizedTest
    @EnumSource
    void namedOrToldByShapeARecordIsTheSameEvent(Source source) {
        List<SecurityEvent> told = events(source.id(), "auto").stream()
                .filter(event -> event.source() == source)
                .toList();
        List<SecurityEvent> named = events(source.id(), source.id());
        if (source != Source.CONTAINER_LOG) { // named, it takes what a container wrote for a line whatever it is
            assertThat(named).containsAll(told);
        }
        assertThat(named).allMatch(event -> event.source() == source);
    }

    /** A file of mixed sources holds the events of the files of each. */
    @Test
    void mixedWithAllOthersEachRecordIsTheSameEvent() {
        List<byte[]> documents = new ArrayList<>();
        List<String> apart = new ArrayList<>();
        for (FormatFixtures.File file : FormatFixtures.all()) {
            TestingDecoder decoder = TestingDecoder.auto();
            for (byte[] document : file.documents()) {
                documents.add(document);
                decoder.records(document).forEach(record -> apart.add(fate(record)));
            }
        }
        Collections.shuffle(documents, new Random(7));
        TestingDecoder mixed = TestingDecoder.auto();
        List<String> together = documents.stream()
                .flatMap(document -> mixed.records(document).stream())
                .map(EveryFormatTest::fate)
                .toList();
        assertThat(together).containsExactlyInAnyOrderElementsOf(apart);
    }

    private static String fate(Decoded record) {
        return record.event() != null
                ? record.event().toString()
                : record.skipped() != null
                        ? record.skipped()
                        : record.deadLetter().reason();
    }

    /** Lines of one file that are one document must be one wherever the file starts or is cut into blocks. */
    @ParameterizedTest
    @MethodSource("files")
    void documentsAreTheSameFromAnyDocumentOn(FormatFixtures.File file) {
        List<byte[]> all = file.documents();
        Documents documents = new Documents(Decoders.framing());
        documents.over(file.bytes(), 0, file.bytes().length);
        int index = 0;
        while (documents.next()) {
            Documents rest = new Documents(Decoders.framing());
            rest.over(file.bytes(), documents.start(), file.bytes().length);
            assertThat(rest.next()).isTrue();
            assertThat(Arrays.copyOfRange(file.bytes(), rest.start(), rest.start() + rest.length()))
                    .isEqualTo(all.get(index++));
        }
    }

    /** In a CRI line, a Docker line, a collector's field, and two of them, a record is the same event. */
    @ParameterizedTest
    @EnumSource(
            value = Source.class,
            names = {"CONTAINER_LOG", "JOURNALD", "AUDITD"},
            mode = EnumSource.Mode.EXCLUDE)
    void wrappedTwiceARecordIsTheSameEvent(Source source) {
        Signatures envelopes = new Signatures(
                Decoders.formats(DecoderOptions.of("auto")).stream()
                        .filter(format -> format.role() != Format.Role.RECORD)
                        .toList(),
                Format::signatures);
        for (FormatFixtures.File file : FormatFixtures.all()) {
            if (!file.format().equals(source.id())) {
                continue;
            }
            for (byte[] document : file.documents()) {
                String text = new String(document, StandardCharsets.UTF_8);
                List<Decoded> bare = TestingDecoder.auto().records(document);
                SecurityEvent event = bare.size() == 1 ? bare.get(0).event() : null;
                boolean wrappedAlready = envelopes.find(document, 0, document.length) != null
                        || new ExportLineFormat().claimsLine(record(document));
                if (event == null || event.source() != source || text.contains("\n") || wrappedAlready) {
                    continue;
                }
                for (String wrapped : List.of(cri(text), docker(text), collected(text), collected(cri(text)))) {
                    List<SecurityEvent> inside = TestingDecoder.auto().records(wrapped).stream()
                            .map(Decoded::event)
                            .filter(Objects::nonNull)
                            .toList();
                    assertThat(inside).as(wrapped).hasSize(1);
                    assertThat(inside.get(0).source()).as(wrapped).isEqualTo(source);
                    assertThat(inside.get(0).user()).isEqualTo(event.user());
                    assertThat(inside.get(0).peer()).isEqualTo(event.peer());
                    assertThat(inside.get(0).verb()).isEqualTo(event.verb());
                    assertThat(inside.get(0).outcome()).isEqualTo(event.outcome());
                    assertThat(inside.get(0).uri()).isEqualTo(event.uri());
                    assertThat(inside.get(0).message()).isEqualTo(event.message());
                }
            }
        }
    }

    /** Collectors of cloud logs, too, put what they got into a field of theirs; but no container may say which cluster it is in. */
    @Test
    void anEnvelopeInACollectorsFieldIsReadUnlessAPodWroteIt() {
        int read = 0;
        for (FormatFixtures.File file : FormatFixtures.all()) {
            if (!List.of("azure-record", "log-entry").contains(file.format())) {
                continue;
            }
            for (byte[] document : file.documents()) {
                String text = new String(document, StandardCharsets.UTF_8).replaceFirst("^\ufeff", "");
                List<SecurityEvent> bare = audit(text);
                if (bare.isEmpty() || text.contains("\n")) {
                    continue;
                }
                String collected = "{\"@timestamp\":\"2026-03-04T23:59:58.123Z\",\"agent\":{\"type\":\"filebeat\"},"
                        + "#\"message\":\"" + escaped(text) + "\"}";
                assertThat(audit(collected.replaceFirst("#", ""))).isEqualTo(bare);
                assertThat(audit(collected.replaceFirst(
                                "#", "\"kubernetes\":{\"namespace\":\"shop\",\"pod\":{\"name\":\"web-0\"}},")))
                        .as("of a pod of the shop: %s", collected)
                        .isEmpty();
                read++;
            }
        }
        assertThat(read).isGreaterThan(5);
    }

    private static List<SecurityEvent> audit(String document) {
        return TestingDecoder.auto().records(document).stream()
                .map(Decoded::event)
                .filter(event -> event != null && event.source() == Source.KUBERNETES_AUDIT)
                .toList();
    }

    private static RecordBytes record(byte[] document) {
        return new RecordBytes(document, 0, document.length, false, Origin.of(DecoderOptions.of("auto")));
    }

    private static String cri(String text) {
        return "2026-03-04T23:59:58.123456789Z stderr F " + text;
    }

    private static String docker(String text) {
        return "{\"log\":\"" + escaped(text) + "\\n\",\"stream\":\"stdout\",\"time\":\"2026-03-04T23:59:58.12Z\"}";
    }

    private static String collected(String text) {
        return "{\"log\":\"" + escaped(text) + "\",\"stream\":\"stdout\",\"time\":\"2026-03-04T23:59:58.12Z\","
                + "\"kubernetes\":{\"pod_name\":\"agent-x\",\"namespace_name\":\"kube-system\",\"container_name\":\"c\"}}";
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\t", "\\t");
    }

    private static Stream<FormatFixtures.File> files() {
        return FormatFixtures.all().stream();
    }

    private static List<SecurityEvent> events(String folder, String format) {
        TestingDecoder decoder = TestingDecoder.of(format);
        return FormatFixtures.all().stream()
                .filter(file -> file.format().equals(folder))
                .flatMap(file -> file.documents().stream())
                .flatMap(document -> decoder.records(document).stream())
                .map(Decoded::event)
                .filter(Objects::nonNull)
                .toList();
    }
}
