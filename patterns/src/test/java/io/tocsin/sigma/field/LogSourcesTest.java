package io.tocsin.sigma.field;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Source;
import io.tocsin.sigma.LogSource;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSourcesTest {
    @ParameterizedTest
    @CsvSource({
        ", kubernetes, audit, KUBERNETES_AUDIT",
        "application, kubernetes, audit, KUBERNETES_AUDIT",
        ", Kubernetes, Events, KUBERNETES_EVENT",
        ", aws, cloudtrail, CLOUDTRAIL",
        ", aws, eks-authenticator, EKS_AUTHENTICATOR",
        "webserver, , , ACCESS_LOG",
        "proxy, nginx, , ACCESS_LOG",
        "process_creation, linux, , TETRAGON AUDITD FALCO",
        "file_event, linux, , TETRAGON AUDITD FALCO",
        "network_connection, linux, , HUBBLE TETRAGON",
        ", linux, auditd, AUDITD",
        ", linux, sshd, JOURNALD SYSLOG",
        ", linux, , TETRAGON AUDITD FALCO JOURNALD SYSLOG",
        ", falco, , FALCO",
        ", tocsin, hubble, HUBBLE",
        ", tocsin, runtime, TETRAGON AUDITD FALCO"
    })
    void knowsSigmasNames(
            @Nullable String category, @Nullable String product, @Nullable String service, String sources) {
        LogSources.Logs logs = LogSources.of(new LogSource(category, product, service));

        Set<Source> expected =
                Arrays.stream(sources.split(" ", -1)).map(Source::valueOf).collect(Collectors.toSet());
        assertThat(logs.problem()).isNull();
        assertThat(logs.sources()).isEqualTo(expected);
    }

    @Test
    void tellsWhatAnUnknownOneProbablyWas() {
        assertThat(LogSources.of(new LogSource(null, "kubernetes", "event")).problem())
                .endsWith("must be one of audit, authenticator, container, events: events?");
        assertThat(LogSources.of(new LogSource("process_creation", "windows", null))
                        .problem())
                .startsWith("logsource: product windows writes no log of a Kubernetes platform; there are product ");
        assertThat(LogSources.of(new LogSource(null, null, null)).problem()).startsWith("logsource names no log; ");
    }
}
