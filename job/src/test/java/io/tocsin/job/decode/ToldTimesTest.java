package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.SecurityEvent;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the text of a document tells of its time is what decoding tells, or decoding gives no event. */
class ToldTimesTest {
    private static final int ROUNDS = Integer.getInteger("tocsin.fuzz.rounds", 800) / 4;
    private static final String PLATFORM =
            "/var/log/pods/kube-system_agent-x_4f6c0e0e-0000-4000-8000-000000000007/c/0.log";
    private static final String SHOP = "/var/log/pods/shop_web-0_4f6c0e0e-0000-4000-8000-000000000007/c/0.log";

    @ParameterizedTest
    @MethodSource("files")
    void tellsWhatDecodingTells(FormatFixtures.File file) {
        List<TestingDecoder> decoders = new ArrayList<>(List.of(
                TestingDecoder.auto(),
                TestingDecoder.auto().at(PLATFORM),
                TestingDecoder.auto().at(SHOP),
                TestingDecoder.of("container-log"),
                TestingDecoder.of("hubble")));
        if (Decoders.FORMATS.contains(file.format())) {
            decoders.add(TestingDecoder.of(file.format()));
        }
        for (byte[] document : file.documents()) {
            for (byte[] wrapped : wrapped(document)) {
                decoders.forEach(decoder -> check(decoder, wrapped));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void tellsWhatDecodingTellsOfMutations(FormatFixtures.File file) {
        TestingMutator mutator = new TestingMutator(20260302);
        TestingDecoder auto = TestingDecoder.auto();
        TestingDecoder shop = TestingDecoder.auto().at(SHOP);
        TestingDecoder named = TestingDecoder.of(Decoders.FORMATS.contains(file.format()) ? file.format() : "auto");
        List<byte[]> documents = file.documents();
        int rounds = Math.max(1, ROUNDS / Math.max(1, documents.size() / 8));
        for (byte[] document : documents) {
            List<byte[]> wrapped = wrapped(document);
            for (int round = 0; round < rounds; round++) {
                byte[] bare = mutator.mutant(document, documents);
                check(auto, bare);
                check(named, bare);
                byte[] around = mutator.mutant(wrapped.get(round % wrapped.size()), wrapped);
                check(auto, around);
                check(shop, around);
            }
        }
    }

    private static void check(TestingDecoder decoder, byte[] document) {
        long told = decoder.toldTime(document);
        long decoded = decodedTime(decoder, document);
        // No AssertJ here: there are millions of documents.
        if (told != DocumentDecoder.UNTOLD && decoded != DocumentDecoder.UNTOLD && told != decoded) {
            throw new AssertionError(
                    told + " is not " + decoded + " of " + new String(document, StandardCharsets.ISO_8859_1));
        }
    }

    private static long decodedTime(TestingDecoder decoder, byte[] document) {
        long latest = DocumentDecoder.UNTOLD;
        for (Decoded record : decoder.records(document)) {
            SecurityEvent event = record.event();
            if (event != null && !event.truncated()) {
                latest = Math.max(latest, event.time().toEpochMilli());
            }
        }
        return latest;
    }

    /** The record itself, twice, and as runtimes and collectors hand it on. */
    private static List<byte[]> wrapped(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8);
        String string = string(text);
        String pod = "\"kubernetes\":{\"pod_name\":\"web-0\",\"namespace_name\":\"%s\",\"container_name\":\"c\"}";
        String vector =
                "{\"file\":\"" + PLATFORM + "\",\"kubernetes\":{\"pod_name\":\"agent-x\",\"pod_namespace\":\"falco\"},"
                        + "\"message\":" + string + ",\"source_type\":\"kubernetes_logs\",\"stream\":\"stdout\",";
        String elastic = "{\"@timestamp\":\"2026-01-24T01:34:36.743Z\",\"log\":{\"file\":{\"path\":\"" + SHOP
                + "\"}},\"message\":" + string
                + ",\"kubernetes\":{\"namespace\":\"shop\",\"pod\":{\"name\":\"web-0\"}}}";
        return Stream.of(
                        text,
                        text + text,
                        text + " " + text,
                        text + "\n" + text,
                        "[" + text + "]",
                        "2026-03-04T23:59:58.123456789Z stderr F " + text,
                        "2026-03-04T23:59:58.123456789+01:00 stdout P " + text,
                        "{\"log\":" + string(text + "\n")
                                + ",\"stream\":\"stdout\",\"time\":\"2026-03-04T23:59:58.12Z\"}",
                        "{\"log\":" + string + ",\"stream\":\"stdout\",\"time\":\"2026-03-04T23:59:58.12Z\"}",
                        "{\"date\":1769218476.743,\"log\":" + string + ",\"time\":\"2026-03-04T23:59:58.12Z\","
                                + pod.formatted("shop") + "}",
                        "{\"time\":\"2026-03-04T23:59:58.12Z\",\"log\":" + string + "," + pod.formatted("kube-system")
                                + "}",
                        "{\"time\":\"2026-03-04T23:59:58.12Z\",\"date\":null,\"log\":" + string + ",\"log\":\"x\","
                                + pod.formatted("shop") + "}",
                        vector + "\"timestamp\":\"2026-03-04T23:59:58.123456789Z\"}",
                        vector + "\"timestamp\":\"2026-03-04T23:59:58Z\",\"time\":1769218476}",
                        elastic)
                .map(wrapped -> wrapped.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    private static String string(String text) {
        StringBuilder all = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                all.append('\\').append(c);
            } else if (c < ' ') {
                all.append("\\u%04x".formatted((int) c));
            } else {
                all.append(c);
            }
        }
        return all.append('"').toString();
    }

    /** Of these files nearly every line is told. */
    @ParameterizedTest
    @CsvSource({
        "hubble, export.jsonl",
        "hubble, bare.jsonl",
        "falco, alerts.jsonl",
        "journald, journalctl.jsonl",
        "syslog, iso.log",
        "syslog, rfc5424.log",
        "auditd, raw.log",
        "auditd, enriched.log",
        "access-log, nginx.log",
        "access-log, apache.log",
        "access-log, ingress-nginx.log",
        "access-log, traefik.log",
        "access-log, envoy.log",
        "access-log, istio.log",
        "access-log, nginx-json.jsonl",
        "access-log, envoy-json.jsonl",
        "access-log, traefik-json.jsonl",
        "access-log, cri.log",
        "kubernetes-event, core.jsonl",
        "kubernetes-event, events-v1.jsonl",
        "cloudtrail, eks.jsonl",
        "cloudtrail, sts.jsonl",
        "eks-authenticator, authenticator.jsonl"
    })
    void tellsOfNearlyEveryLine(String format, String name) {
        FormatFixtures.File file = FormatFixtures.all().stream()
                .filter(f -> f.format().equals(format) && f.name().equals(name))
                .findFirst()
                .orElseThrow();
        TestingDecoder decoder = TestingDecoder.auto();
        List<String> untold = new ArrayList<>();
        int events = 0;
        for (byte[] document : file.documents()) {
            if (decodedTime(decoder, document) != DocumentDecoder.UNTOLD) {
                events++;
                if (decoder.toldTime(document) == DocumentDecoder.UNTOLD) {
                    untold.add(new String(document, StandardCharsets.UTF_8));
                }
            }
        }
        assertThat(events).isPositive();
        assertThat(untold).as("of %d", events).hasSizeLessThanOrEqualTo(events / 4);
    }

    /** Of a line of text in all that hands it on, so that nothing but the time of writing can be its time. */
    @Test
    void tellsWhenAContainerWroteALineOfText() {
        int told = 0;
        for (byte[] wrapped : wrapped(
                "{\"level\":\"info\",\"msg\":\"it says \\\"{\\\"\",\"n\":[1]}".getBytes(StandardCharsets.UTF_8))) {
            told += TestingDecoder.auto().toldTime(wrapped) == DocumentDecoder.UNTOLD ? 0 : 1;
        }
        assertThat(told).isEqualTo(6);
    }

    @Test
    void believesNoTimeThatAClientWroteIntoABody() {
        String hubble = "{\"flow\":{\"time\":\"2026-03-02T00:00:00.235Z\",\"verdict\":\"FORWARDED\",\"is_reply\":false,"
                + "\"IP\":{\"source\":\"10.0.0.1\",\"destination\":\"10.0.0.2\"},\"l7\":{\"type\":\"REQUEST\",\"http\":{\"url\":"
                + "\"http://x/\\\",\\\"time\\\":\\\"2099-01-01T00:00:00Z\\\"}}}\"},\"dns\":{\"time\":\"2099-01-01T00:00:00Z\"}}},"
                + "\"node_name\":\"n\",\"time\":\"2026-03-02T00:00:00.235Z\"}";
        assertThat(TestingDecoder.auto().toldTime(hubble.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(TestingDecoder.auto().event(hubble).time().toEpochMilli());
        String cut = hubble.substring(0, hubble.indexOf(",\"node_name\"")) + "\"}";
        assertThat(TestingDecoder.auto().toldTime(cut.getBytes(StandardCharsets.UTF_8)))
                .isEqualTo(DocumentDecoder.UNTOLD);
    }

    private static Stream<FormatFixtures.File> files() {
        return FormatFixtures.all().stream();
    }
}
