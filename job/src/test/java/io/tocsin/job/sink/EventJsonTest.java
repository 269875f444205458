package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.event.Content;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.redaction.Redaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void writesEveryComponentUnderItsName() throws Exception {
        JsonNode json = JSON.readTree(line(full()));

        assertThat(names(json)).containsAll(components(SecurityEvent.class)).contains("id", "location", "position");
        assertThat(names(json.path("place"))).containsExactlyElementsOf(components(Place.class));
        assertThat(names(json.path("process"))).containsExactlyElementsOf(components(HostProcess.class));
        assertThat(names(json.path("flow"))).containsExactlyElementsOf(components(Flow.class));
        assertThat(names(json.path("body"))).containsExactlyElementsOf(components(ObjectBody.class));
        assertThat(json.path("time").asText()).isEqualTo("2026-03-02T10:00:00.000001Z");
        assertThat(json.path("outcome").asText()).isEqualTo("admission-denied");
        assertThat(json.path("source").asText()).isEqualTo("kubernetes-audit");
        assertThat(json.path("id").asText()).isEqualTo(full().id());
        assertThat(json.path("position").asLong()).isEqualTo(42);
    }

    @Test
    void tellsWhereRulesReadAndNotWhat() throws Exception {
        JsonNode json = JSON.readTree(line(full()));

        assertThat(json.path("content").toString()).isEqualTo("[\"object.data.password\",\"pod.containers.image\"]");
    }

    @Test
    void leavesOutWhatIsNotKnown() throws Exception {
        SecurityEvent.Builder event = SecurityEvent.builder();
        event.time = Instant.parse("2026-03-02T10:00:00Z");
        event.source = Source.SYSLOG;
        event.cluster = "prod";
        event.scope = "prod";
        event.recordId = "0a";
        event.user = "";

        assertThat(names(JSON.readTree(line(event.build()))))
                .containsExactly("time", "source", "id", "cluster", "recordId", "location", "position");
    }

    @Test
    void showsNoSecret() {
        SecurityEvent.Builder event = builder();
        event.process = new HostProcess("/usr/bin/mysql", "-pHUNTER2 --password HUNTER2", null, null, null, null, null);
        event.message = "password=HUNTER2";
        event.uri = "/x?token=HUNTER2";
        event.reason = "https://u:HUNTER2@host";
        event.userAgent = "curl Authorization: Basic HUNTER2";
        event.name = "secret=HUNTER2";

        assertThat(line(event.build())).doesNotContain("HUNTER2").contains(Redaction.REDACTED);
    }

    @Test
    void escapesWhatATerminalMightActOn() {
        SecurityEvent.Builder event = builder();
        event.message = "a\u001b[31m\u202e\uD83D b";

        assertThat(line(event.build())).doesNotContain("\u001b", "\u202e").contains("\\u202E", "\\uD83D");
    }

    @Test
    void tellsWhyARecordIsNoEvent() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordJson.append(Decoded.skipped("stage", new byte[0], 0, 0), "a.log", 7, out);
        DeadLetter letter = new DeadLetter("a.log", 9, "not a syslog record: password=x", new byte[0]);
        RecordJson.append(Decoded.deadLetter(letter, new byte[0], 0, 0), "a.log", 9, out);

        assertThat(out.toString(StandardCharsets.UTF_8))
                .isEqualTo(
                        """
                        {"skipped":"stage","location":"a.log","position":7}
                        {"deadLetter":"not a syslog record: password=[redacted]","location":"a.log","position":9}
                        """);
    }

    private static SecurityEvent full() {
        SecurityEvent.Builder event = builder();
        event.place = new Place("a", "b", "c/d", "e", "f", "g", "h", "i");
        event.process = new HostProcess("a", "b", "c", "d", "e", "f", "g");
        event.flow = new Flow("a", "b", 1, "c", "d", "e", "f");
        List<String> some = List.of("x");
        event.body = new ObjectBody(true, some, true, "a", some, "b", "c", "d", true, "e", some, "f", "g", "h", "i", 0);
        event.content = new Content(
                List.of(
                        new Content.Leaf("object.data.password", "object.data.password", "hunter2"),
                        new Content.Leaf("pod.containers.image", "pod.containers[0].image", "web:1"),
                        new Content.Leaf("pod.containers.image", "pod.containers[1].image", "log:1")),
                null);
        return event.build();
    }

    /** With something in every component. */
    private static SecurityEvent.Builder builder() {
        SecurityEvent.Builder event = SecurityEvent.builder();
        for (Field field : SecurityEvent.Builder.class.getFields()) {
            try {
                if (field.getType() == String.class) {
                    field.set(event, field.getName());
                } else if (field.getType() == List.class) {
                    field.set(event, List.of("x"));
                } else if (field.getType() == Instant.class) {
                    field.set(event, Instant.parse("2026-03-02T10:00:00.000001Z"));
                } else if (field.getType() == int.class) {
                    field.set(event, 7);
                } else if (field.getType() == boolean.class) {
                    field.set(event, true);
                }
            } catch (IllegalAccessException e) {
                throw new IllegalStateException(e);
            }
        }
        event.source = Source.KUBERNETES_AUDIT;
        event.zone = Zone.OUTSIDE;
        event.outcome = Outcome.ADMISSION_DENIED;
        return event;
    }

    private static String line(SecurityEvent event) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        RecordJson.append(Decoded.event(event, new byte[0], 0, 0), "a.log", 42, out);
        return out.toString(StandardCharsets.UTF_8);
    }

    private static List<String> components(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getName)
                .toList();
    }

    private static List<String> names(JsonNode json) throws IOException {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
