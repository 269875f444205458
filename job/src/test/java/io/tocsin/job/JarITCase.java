package io.tocsin.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tocsin.detection.Detection;
import io.tocsin.detection.DetectionCatalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What is in the jar that a cluster runs: what Flink does not have, and no more. */
class JarITCase {
    private static final Path JAR = Path.of("target", "tocsin-job.jar");

    @Test
    void holdsWhatAClusterLacksAndNothingItHas() throws Exception {
        assumeTrue(Files.exists(JAR), "made by package");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> names = jar.stream().map(ZipEntry::getName).toList();

            assertThat(names)
                    .contains("io/tocsin/job/TocsinJob.class", "io/tocsin/detection/DetectionOperators.class")
                    .contains("org/apache/flink/connector/kafka/source/KafkaSource.class")
                    .contains("io/tocsin/shaded/jackson/core/JsonFactory.class")
                    .doesNotHaveDuplicates();
            // JSONKeyValueDeserializationSchema is the Kafka connector's, for all its package.
            assertThat(names.stream()
                            .filter(name -> name.startsWith("org/apache/flink/") && name.endsWith(".class"))
                            .filter(name -> !name.startsWith("org/apache/flink/connector/kafka/")
                                    && !name.startsWith("org/apache/flink/streaming/connectors/kafka/")
                                    && !name.startsWith("org/apache/flink/streaming/util/serialization/JSONKeyValue"))
                            .toList())
                    .isEmpty();
            assertThat(names)
                    .noneMatch(name -> name.startsWith("com/fasterxml/")
                            || name.startsWith("org/slf4j/")
                            || name.startsWith("org/apache/logging/")
                            || name.startsWith("org/apache/log4j/")
                            || name.startsWith("org/apache/flink/cep/")
                            || name.startsWith("org/rocksdb/")
                            || name.startsWith("org/junit/")
                            || name.startsWith("com/espertech/")
                            || name.startsWith("org/codehaus/janino/")
                            || name.startsWith("org/antlr/")
                            || name.startsWith("io/tocsin/job/bench/Benchmarks")
                            || name.matches("META-INF/[^/]*\\.(SF|DSA|RSA)")
                            || name.endsWith("module-info.class"));
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo(TocsinJob.class.getName());
        }
    }

    @Test
    void listsEveryDetectionAsAService() throws Exception {
        assumeTrue(Files.exists(JAR), "made by package");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            ZipEntry services = jar.getEntry("META-INF/services/" + Detection.class.getName());
            assertThat(services).isNotNull();
            String text = new String(jar.getInputStream(services).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(text.lines().map(String::trim).filter(line -> !line.isEmpty()))
                    .containsExactlyInAnyOrderElementsOf(DetectionCatalog.load().all().stream()
                            .map(detection -> detection.getClass().getName())
                            .filter(name -> name.startsWith("io.tocsin.detections."))
                            .toList());
        }
    }

    @Test
    void holdsEveryShippedRule() throws Exception {
        assumeTrue(Files.exists(JAR), "made by package");
        try (JarFile jar = new JarFile(JAR.toFile())) {
            String list = new String(
                    jar.getInputStream(jar.getEntry("sigma/rules.txt")).readAllBytes(), StandardCharsets.UTF_8);
            assertThat(list.lines())
                    .hasSizeGreaterThan(80)
                    .allMatch(rule -> jar.getEntry("sigma/" + rule + ".yml") != null)
                    .allMatch(rule -> jar.getEntry("sigma/" + rule + ".test.yml") != null);
        }
    }
}
