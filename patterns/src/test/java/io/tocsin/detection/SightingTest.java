package io.tocsin.detection;

import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.T0;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.detections.credentialaccess.ForbiddenThenSuccess;
import io.tocsin.detections.credentialaccess.TokenMintedThenUsedElsewhere;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.signal.Signal;
import io.tocsin.signal.SignalRule;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.cep.pattern.Pattern;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ReadableConfig;
import org.junit.jupiter.api.Test;

/** Histories belong to a clock group: what one group has sighted another has not. */
class SightingTest {
    @Test
    void aHomeThatAnotherGroupSightedIsStillTaught() {
        AuditEvents token = event().by("system:serviceaccount:ci:robot").credential("JTI=1");
        List<SecurityEvent> events = new ArrayList<>();
        events.add(token.from(INSIDE).build());
        for (int i = 0; i < 3; i++) {
            events.add(token.from("10.0.9.9")
                    .doing("get", "secrets", "web", "s" + i)
                    .denied()
                    .at(Duration.ofSeconds(60 + i))
                    .build());
        }
        events.add(token.from("10.0.9.9").at(Duration.ofSeconds(90)).build());
        List<Detection<?>> both = List.of(new TestingElsewhere(), new TokenMintedThenUsedElsewhere());
        try (DetectionHarness harness = DetectionHarness.of(both, Map.of())) {
            harness.play(events).watermark(T0.plusSeconds(200)).end();
            assertThat(harness.alerts()).extracting(Alert::detection).containsExactly("testing-elsewhere");
        }
    }

    /** Forbidden, then success, in a clock group of its own. */
    private static final class TestingElsewhere implements SequenceDetection<ForbiddenThenSuccess.Params> {
        private static final long serialVersionUID = 1L;
        private final ForbiddenThenSuccess as = new ForbiddenThenSuccess();

        @Override
        public DetectionInfo info() {
            DetectionInfo info = as.info();
            return new DetectionInfo(
                    "testing-elsewhere",
                    1,
                    info.title(),
                    info.severity(),
                    info.suppressFor(),
                    info.techniques(),
                    Set.of(Source.KUBERNETES_AUDIT, Source.FALCO),
                    info.needs(),
                    info.description(),
                    info.timeline(),
                    info.misses(),
                    info.remediation(),
                    info.falsePositives());
        }

        @Override
        public List<ConfigOption<?>> options() {
            return as.options();
        }

        @Override
        public ForbiddenThenSuccess.Params params(ReadableConfig config) {
            return as.params(config);
        }

        @Override
        public List<SignalRule> signals(ForbiddenThenSuccess.Params params, Identities identities) {
            return as.signals(params, identities);
        }

        @Override
        public Pattern<Signal, ?> pattern(ForbiddenThenSuccess.Params params) {
            return as.pattern(params);
        }

        @Override
        public Duration window(ForbiddenThenSuccess.Params params) {
            return as.window(params);
        }

        @Override
        public String message(Match match, ForbiddenThenSuccess.Params params) {
            return as.message(match, params);
        }
    }
}
