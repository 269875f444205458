package io.tocsin.job;

import static io.tocsin.job.TestingAuditLines.START;
import static io.tocsin.job.TestingAuditLines.quiet;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is missing from files, told by the whole job. */
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class AbsenceITCase {
    @TempDir
    Path folder;

    private String audit(int minutes, IntPredicate answered) {
        List<String> lines = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            String write = quiet(60L * minute).replace("\"get\"", "\"create\"");
            lines.add(write.replace("ResponseComplete", "RequestReceived")
                    .replaceAll(",\"responseStatus\":[^}]*}[^}]*}", ""));
            if (answered.test(minute)) {
                lines.add(write);
            }
            lines.add(quiet(60L * minute + 20));
        }
        return "kubernetes-audit@c1=" + TestingRun.write(folder, "audit.jsonl", lines);
    }

    private String authenticator(int minutes, IntPredicate speaks) {
        List<String> lines = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            if (speaks.test(minute)) {
                lines.add(
                        "time=\"%s\" level=info msg=\"access granted\" arn=\"arn:aws:iam::111122223333:role/r\" client=\"127.0.0.1:%d\" groups=\"[]\" method=POST path=/authenticate uid=\"u\" username=\"r\""
                                .formatted(START.plusSeconds(60L * minute), 40_000 + minute));
            }
        }
        return "eks-authenticator@c1=" + TestingRun.write(folder, "authenticator.log", lines);
    }

    private String containers(int minutes) {
        List<String> lines = new ArrayList<>();
        for (int minute = 0; minute < minutes; minute++) {
            lines.add(START.plusSeconds(60L * minute + 40) + " stdout F hello " + minute);
        }
        return "container-log@c1=" + TestingRun.write(folder, "containers.log", lines);
    }

    private static List<JsonNode> absences(TestingRun run, String detection) {
        return run.alerts().stream()
                .filter(alert -> TestingRun.detection(alert).equals(detection))
                .sorted((one, other) -> one.path("activity_id").asInt()
                        - other.path("activity_id").asInt())
                .toList();
    }

    @Test
    void oneOfThreeSourcesStopsForAnHourAndComesBack() {
        TestingRun run = TestingRun.detect(
                folder,
                "--inputs",
                String.join(
                        ",",
                        audit(180, minute -> true),
                        containers(180),
                        authenticator(180, minute -> minute < 60 || minute >= 120)));

        assertThat(run.code()).as(run.err()).isZero();
        List<JsonNode> alerts = absences(run, "source-silent");
        assertThat(alerts).hasSize(2);
        JsonNode created = alerts.get(0);
        assertThat(created.path("type_uid").asInt()).isEqualTo(200401);
        assertThat(created.path("status_id").asInt()).isEqualTo(1);
        assertThat(created.path("start_time_dt").asText())
                .isEqualTo(START.plusSeconds(59 * 60).toString());
        assertThat(created.at("/unmapped/source").asText()).isEqualTo("eks-authenticator");
        assertThat(created.at("/finding_info/analytic/type_id").asInt()).isEqualTo(3);
        JsonNode closed = alerts.get(1);
        assertThat(closed.path("type_uid").asInt()).isEqualTo(200403);
        assertThat(closed.path("status_id").asInt()).isEqualTo(4);
        assertThat(closed.at("/finding_info/uid")).isEqualTo(created.at("/finding_info/uid"));
        assertThat(closed.at("/unmapped/duration").asText()).isEqualTo("PT1H1M");
        assertThat(run.figures("alerts")).containsEntry("source-silent", 1L);
        assertThat(absences(run, "audit-gap")).isEmpty();
    }

    @Test
    void aWriteIsReceivedAndItsOutcomeIsNeverLogged() {
        TestingRun run = TestingRun.detect(folder, "--inputs", audit(90, minute -> minute != 50));

        assertThat(run.code()).as(run.err()).isZero();
        List<JsonNode> alerts = absences(run, "audit-gap");
        assertThat(alerts)
                .extracting(alert -> alert.path("activity_id").asInt())
                .containsExactly(1, 3);
        assertThat(alerts.get(0).at("/unmapped/verb").asText()).isEqualTo("create");
        assertThat(absences(run, "source-silent")).isEmpty();
        assertThat(run.figures("skipped")).containsEntry("stage", 90L);
        assertThat(run.figure("records")).isEqualTo(90 + 89 + 90);
        assertThat(run.summary().at("/blind/c1").has("audit-gap")).isFalse();
    }
}
