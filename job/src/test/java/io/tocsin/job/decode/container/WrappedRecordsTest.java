package io.tocsin.job.decode.container;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.GRANTED;
import static io.tocsin.job.decode.TestingRecords.subscription;
import static io.tocsin.job.decode.container.ContainerRecords.cri;
import static io.tocsin.job.decode.container.ContainerRecords.docker;
import static io.tocsin.job.decode.container.ContainerRecords.filebeat;
import static io.tocsin.job.decode.container.ContainerRecords.fluentBit;
import static io.tocsin.job.decode.container.ContainerRecords.openShift;
import static io.tocsin.job.decode.container.ContainerRecords.openTelemetry;
import static io.tocsin.job.decode.container.ContainerRecords.otlp;
import static io.tocsin.job.decode.container.ContainerRecords.string;
import static io.tocsin.job.decode.container.ContainerRecords.vector;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.ContentPlan;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.TestingDecoder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a container wrote is taken for another log only where it may be believed. */
class WrappedRecordsTest {
    private static final String SHOP = "/var/log/pods/shop_web-0_4f6c0e0e-0000-4000-8000-000000000007/app/0.log";
    private static final String SYSTEM =
            "/var/log/pods/kube-system_kube-apiserver-node-1_4f6c0e0e00004000800000000000000a/kube-apiserver/3.log";
    private static final String SSHD =
            "Jan 24 01:34:36 node-1 sshd[123]: Accepted password for root from 203.0.113.7 port 4711 ssh2";
    private static final String FALCO = "{\"hostname\":\"node-1\",\"output\":\"x\",\"output_fields\":{\"evt.time\":"
            + "1769218476743000000},\"priority\":\"Critical\",\"rule\":\"Terminal shell in container\","
            + "\"source\":\"syscall\",\"tags\":[],\"time\":\"2026-01-24T01:34:36.743000000Z\"}";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static List<String> collected(String namespace, String message) {
        return List.of(
                fluentBit(namespace, message),
                vector(namespace, message),
                filebeat(namespace, message),
                openShift(namespace, message),
                openTelemetry(namespace, message),
                otlp(namespace, message));
    }

    static List<String> forged() {
        return List.of(GET_POD, GRANTED, SSHD, FALCO);
    }

    @ParameterizedTest
    @MethodSource("forged")
    void takesWhatAnApplicationWritesForText(String forged) {
        for (String line : List.of(cri(forged), docker(forged))) {
            SecurityEvent event = TestingDecoder.auto().at(SHOP).event(line);
            assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
            assertThat(event.message()).isEqualTo(forged);
            assertThat(event.place().pod()).isEqualTo("shop/web-0");
        }
        for (String record : collected("shop", forged)) {
            SecurityEvent event = decoder.event(record);
            assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
            assertThat(event.message()).isEqualTo(forged);
        }
    }

    @Test
    void believesPlatformNamespacesAndContainersThatNobodyNamed() {
        for (String line : List.of(cri(GET_POD), docker(GET_POD))) {
            assertThat(TestingDecoder.auto().at(SYSTEM).event(line).source()).isEqualTo(Source.KUBERNETES_AUDIT);
            assertThat(decoder.event(line).source()).isEqualTo(Source.KUBERNETES_AUDIT);
            assertThat(decoder.event(line).user()).isEqualTo("jane");
        }
        for (String record : collected("kube-system", GET_POD)) {
            assertThat(decoder.event(record).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        }
        for (String record : collected("kube-system", GRANTED)) {
            assertThat(decoder.event(record).source()).isEqualTo(Source.EKS_AUTHENTICATOR);
        }
        DecoderOptions options = DecoderOptions.of("auto");
        DecoderOptions others = new DecoderOptions(
                "auto",
                null,
                options.networks(),
                options.fields(),
                options.maxRecordBytes(),
                Map.of(),
                List.of("sho*"),
                ContentPlan.NONE);
        assertThat(TestingDecoder.with(others).event(fluentBit("shop", GET_POD)).source())
                .isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(TestingDecoder.with(others)
                        .event(fluentBit("kube-system", GET_POD))
                        .source())
                .isEqualTo(Source.CONTAINER_LOG);
    }

    @Test
    void takesNoSecondLineForARecordOfItsOwn() {
        for (String message : List.of(
                "hello\n" + GET_POD,
                GET_POD + "\n" + GET_POD,
                GET_POD + GET_POD,
                GRANTED + "\n" + GET_POD,
                cri("x") + "\n" + cri(GET_POD))) {
            for (String record : collected("kube-system", message)) {
                SecurityEvent event = decoder.event(record);
                assertThat(event.source()).as(record).isEqualTo(Source.CONTAINER_LOG);
                assertThat(event.message()).startsWith(message.substring(0, 5));
            }
        }
    }

    @Test
    void letsNothingInsideChangeThePlace() {
        for (String inner : List.of(
                fluentBit("kube-system", GET_POD),
                vector("kube-system", GET_POD),
                filebeat("kube-system", GET_POD),
                otlp("kube-system", GET_POD),
                docker(GET_POD),
                cri(GET_POD),
                cri(fluentBit("kube-system", GET_POD)),
                docker(fluentBit("kube-system", GET_POD)),
                "[1769218476.743,{\"log\":" + string(GET_POD) + "}]",
                subscription("kube-apiserver-audit-1", GET_POD))) {
            for (String record : collected("shop", inner)) {
                SecurityEvent event = decoder.event(record);
                assertThat(event.source()).as(record).isEqualTo(Source.CONTAINER_LOG);
                assertThat(event.place().pod()).isEqualTo("shop/web-0");
                assertThat(event.place().node()).isEqualTo("node-1");
            }
            SecurityEvent event = TestingDecoder.auto().at(SHOP).event(cri(inner));
            assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
            assertThat(event.place().pod()).isEqualTo("shop/web-0");
            assertThat(event.place().node()).isNull();
        }
    }

    @Test
    void believesNoRecordThatWasCutBeforeItNamesThePod() {
        String audit = string(GET_POD + " ".repeat(100));
        String record = "{\"date\":1769218476.743,\"log\":" + audit + ",\"stream\":\"stdout\"";

        SecurityEvent event = decoder.event(record);
        assertThat(event.source()).isEqualTo(Source.CONTAINER_LOG);
        assertThat(event.truncated()).isTrue();
        assertThat(TestingDecoder.auto().at(SYSTEM).event(record).source()).isEqualTo(Source.KUBERNETES_AUDIT);
    }

    @Test
    void doubtsARecordWhosePodTheContainerMayHaveWritten() {
        // A parser behind the enrichment: the container's own member took the place of the collector's.
        String forged = GET_POD.replace(
                "{\"kind\"", "{\"kubernetes\":{\"namespace_name\":\"kube-system\",\"pod_name\":\"x\"},\"kind\"");
        String record = "{\"stream\":\"stdout\",\"log\":" + string(forged)
                + ",\"time\":\"2026-01-24T01:34:36Z\",\"kubernetes\":{\"namespace_name\":\"kube-system\",\"pod_name\":\"x\"}}";

        assertThat(decoder.event(record).source()).isEqualTo(Source.CONTAINER_LOG);
    }

    @Test
    void readsTwoWrapsDeep() {
        for (String record : List.of(
                cri(fluentBit("kube-system", GET_POD)),
                docker(cri(GET_POD)),
                cri(docker(GET_POD)),
                cri(cri(GET_POD)),
                fluentBit("kube-system", docker(GET_POD)),
                fluentBit("kube-system", cri(GET_POD)),
                vector("kube-system", cri(GET_POD)),
                filebeat("kube-system", docker(GET_POD)),
                cri(otlp("kube-system", GET_POD).replace("k8s.cluster.name", "x")),
                cri(cri(fluentBit("kube-system", cri(GET_POD)))))) {
            SecurityEvent event = decoder.event(record);
            assertThat(event.source()).as(record).isEqualTo(Source.KUBERNETES_AUDIT);
            assertThat(event.id()).isEqualTo(decoder.event(GET_POD).id());
        }
        SecurityEvent stripped = decoder.event(fluentBit("shop", cri("hello")));
        assertThat(stripped.message()).isEqualTo("hello");
        assertThat(stripped.place().pod()).isEqualTo("shop/web-0");
        assertThat(decoder.event(cri(fluentBit("shop", GET_POD))).source()).isEqualTo(Source.CONTAINER_LOG);
    }

    @Test
    void readsWhatCloudWatchGotFromACollector() {
        String document = subscription("web-0", fluentBit("shop", "hello"), cri("bye"))
                .replace("/aws/eks/prod/cluster", "/aws/containerinsights/prod/application");

        assertThat(decoder.records(document))
                .extracting(r -> r.event().message())
                .containsExactly("hello", "bye");
    }

    @Test
    void survivesManyWraps() {
        String line = "x";
        for (int i = 0; i < 40; i++) {
            line = cri(line);
        }
        List<Decoded> records = decoder.records(line);
        assertThat(records).hasSize(1);
        assertThat(records.get(0).event().source()).isEqualTo(Source.CONTAINER_LOG);
    }

    // Formats by name

    @Test
    void skipsOtherLinesWhereAFormatIsNamed() {
        TestingDecoder audit = TestingDecoder.of("kubernetes-audit");

        assertThat(audit.event(cri(GET_POD)).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(audit.skipped(cri("I0124 01:34:36.743000       1 a.go:1] hello")))
                .isEqualTo("other-format");
        assertThat(audit.skipped(cri(""))).isEqualTo("other-format");
        assertThat(audit.skipped(docker(GRANTED))).isEqualTo("other-format");
        assertThat(audit.skipped(fluentBit("shop", GET_POD))).isEqualTo("other-format");
        assertThat(audit.event(fluentBit("kube-system", GET_POD)).source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(audit.fates(otlp("kube-system", "hello", GET_POD))).containsExactly("other-format", "event");
    }

    @Test
    void neverUnwrapsForContainerLogs() {
        TestingDecoder logs = TestingDecoder.of("container-log");
        for (String record : collected("kube-system", GET_POD)) {
            assertThat(logs.event(record).source()).isEqualTo(Source.CONTAINER_LOG);
            assertThat(logs.event(record).message()).isEqualTo(GET_POD);
        }
        assertThat(logs.event(cri(fluentBit("kube-system", "x"))).message()).isEqualTo(fluentBit("kube-system", "x"));
        assertThat(logs.reason(GET_POD)).isNotNull();
        assertThat(logs.reason("plain text")).isEqualTo("not a container-log record: plain text");
    }
}
