package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alert.Alert;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An incident's related events are the alerts it is made of. */
class IncidentJsonTest {
    @Test
    void namesTheAlertsItIsMadeOf() throws Exception {
        Alert alert = TestingAlerts.refusedThenLetIn();
        Alert incident = new Alert(
                "i",
                Alert.CREATE,
                "incident",
                2,
                alert.title(),
                alert.severity(),
                "m",
                alert.techniques(),
                alert.time(),
                alert.start(),
                alert.scope(),
                alert.cluster(),
                null,
                20,
                alert.evidence(),
                "r",
                List.of("k"),
                1,
                Map.of(),
                "",
                List.of(new Alert.Related(alert.uid(), alert.title(), alert.time())));
        JsonNode info =
                new ObjectMapper().readTree(new AlertJson("1").encode(incident)).get("finding_info");
        assertThat(info.at("/analytic/uid").asText()).isEqualTo("incident");
        assertThat(info.get("related_events_count").asInt())
                .as("all, kept or not")
                .isEqualTo(20);
        assertThat(info.get("related_events")).hasSize(1);
        JsonNode related = info.get("related_events").get(0);
        assertThat(related.get("uid").asText()).isEqualTo(alert.uid());
        assertThat(related.get("type_uid").asInt()).isEqualTo(200401);
        assertThat(related.get("created_time").asLong()).isEqualTo(alert.time().toEpochMilli());
        assertThat(info.get("analytic").get("type_id").asInt()).isEqualTo(2);
        assertThat(incident.updated(alert.time(), 21).related()).hasSize(1);
    }
}
