package io.tocsin.job.bench;

import com.fasterxml.jackson.core.json.PackageVersion;
import com.sun.management.OperatingSystemMXBean;
import io.tocsin.job.JobRun;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.runtime.util.EnvironmentInformation;

/** What is measured on. */
final class Machine {
    private Machine() {}

    /** In words, a line each. */
    static List<String> lines() {
        Runtime runtime = Runtime.getRuntime();
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        String collectors = ManagementFactory.getGarbageCollectorMXBeans().stream()
                .map(GarbageCollectorMXBean::getName)
                .collect(Collectors.joining(", "));
        return List.of(
                "- Machine: %d processors, %s, %d GiB; %s %s"
                        .formatted(
                                runtime.availableProcessors(),
                                processor(),
                                system.getTotalMemorySize() >> 30,
                                System.getProperty("os.name"),
                                System.getProperty("os.version")),
                "- Java %s (%s), heap %,d MiB, %s"
                        .formatted(
                                Runtime.version(),
                                System.getProperty("java.vm.name"),
                                runtime.maxMemory() >> 20,
                                collectors),
                "- Tocsin %s, Flink %s, Jackson %s"
                        .formatted(JobRun.VERSION, EnvironmentInformation.getVersion(), PackageVersion.VERSION),
                "- Load of the machine when it began: %.1f".formatted(system.getSystemLoadAverage()));
    }

    private static String processor() {
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException e) {
            return System.getProperty("os.arch"); // not a Linux
        }
    }
}
