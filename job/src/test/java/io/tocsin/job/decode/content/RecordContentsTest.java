package io.tocsin.job.decode.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Content;
import io.tocsin.event.ContentPlan;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.FormatFixtures;
import io.tocsin.job.decode.TestingDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Content of records whose members are paths as they stand. */
class RecordContentsTest {
    private static final String FALCO = "{\"output\":\"a shell\",\"priority\":\"Notice\",\"rule\":\"Shell\","
            + "\"source\":\"syscall\",\"time\":\"2026-01-24T10:00:00.000000001Z\","
            + "\"output_fields\":{\"container.id\":\"c0ffee\",\"proc.name\":\"sh\",\"user.uid\":0}}";

    private static TestingDecoder decoder(ContentPlan plan) {
        return TestingDecoder.with(DecoderOptions.of("auto").reading(plan));
    }

    private static List<SecurityEvent> ofFixtures(ContentPlan plan) {
        List<SecurityEvent> events = new ArrayList<>();
        TestingDecoder decoder = decoder(plan);
        for (FormatFixtures.File file : FormatFixtures.all()) {
            for (byte[] document : file.documents()) {
                decoder.records(document).stream()
                        .map(Decoded::event)
                        .filter(Objects::nonNull)
                        .forEach(events::add);
            }
        }
        return events;
    }

    @Test
    void membersOfJsonRecordsArePathsAsTheyStand() {
        Map<Source, List<String>> wanted = Map.of(
                Source.CLOUDTRAIL,
                List.of("eventName", "userIdentity.type", "userIdentity.sessionContext.sessionIssuer.arn"),
                Source.FALCO,
                List.of("rule", "output_fields.proc.name", "output_fields.k8s.pod.name"),
                Source.TETRAGON,
                List.of("process_exec.process.binary", "process_kprobe.function_name"),
                Source.HUBBLE,
                List.of("flow.verdict", "IP.source"),
                Source.KUBERNETES_EVENT,
                List.of("reason", "involvedObject.kind", "metadata.namespace"),
                Source.JOURNALD,
                List.of("MESSAGE", "_COMM"),
                Source.ACCESS_LOG,
                List.of("status", "request_method"),
                Source.CONTAINER_LOG,
                List.of("msg", "level"));
        List<ContentPlan.Wish> wishes = new ArrayList<>();
        wanted.forEach((source, paths) ->
                wishes.add(new ContentPlan.Wish(source, Set.of(), Set.of(), Set.copyOf(paths), false)));
        Map<Source, Set<String>> read = new EnumMap<>(Source.class);
        for (SecurityEvent event : ofFixtures(new ContentPlan(wishes))) {
            event.content().leaves().forEach(leaf -> read.computeIfAbsent(event.source(), any -> new HashSet<>())
                    .add(leaf.path()));
        }
        assertThat(read.keySet()).containsExactlyInAnyOrderElementsOf(wanted.keySet());
        read.forEach((source, paths) -> assertThat(paths).containsExactlyInAnyOrderElementsOf(wanted.get(source)));
    }

    @Test
    void everySourceHasItsTextReadWhereRulesSearchIt() {
        List<ContentPlan.Wish> wishes = new ArrayList<>();
        for (Source source : Source.values()) {
            wishes.addAll(TestingPlans.text(source).wishes());
        }
        Set<Source> read = EnumSet.noneOf(Source.class);
        for (SecurityEvent event : ofFixtures(new ContentPlan(wishes))) {
            assertThat(event.content().text()).as(event.source().id()).isNotNull();
            assertThat(event.content().leaves()).isEmpty();
            read.add(event.source());
        }
        assertThat(read).containsExactlyInAnyOrder(Source.values());
    }

    @Test
    void theInnermostRecordIsRead() {
        ContentPlan plan = new ContentPlan(List.of(new ContentPlan.Wish(
                Source.FALCO, Set.of(), Set.of(), Set.of("output_fields.container.id", "log"), true)));
        String wrapped = "{\"log\":\"" + FALCO.replace("\"", "\\\"") + "\\n\",\"stream\":\"stdout\","
                + "\"time\":\"2026-01-24T10:00:01Z\"}";
        for (String record : List.of(FALCO, wrapped, "2026-01-24T10:00:01.1Z stdout F " + FALCO)) {
            Content content = decoder(plan).event(record).content();
            assertThat(TestingPlans.told(content)).containsExactly("output_fields.container.id=c0ffee");
            assertThat(content.text()).isEqualTo(FALCO);
        }
    }

    @Test
    void whatAContainerWroteIsReadAsJsonOrAsText() {
        ContentPlan plan = new ContentPlan(
                List.of(new ContentPlan.Wish(Source.CONTAINER_LOG, Set.of(), Set.of(), Set.of("user.name"), true)));
        TestingDecoder decoder = decoder(plan);
        String json = " {\"level\":\"info\",\"user\":{\"name\":\"eve\"}}";
        assertThat(decoder.event("2026-01-24T10:00:01.1Z stdout F " + json).content())
                .isEqualTo(new Content(List.of(new Content.Leaf("user.name", "user.name", "eve")), json));
        assertThat(decoder.event("2026-01-24T10:00:01.1Z stdout F plain words").content())
                .isEqualTo(new Content(List.of(), "plain words"));
    }

    @Test
    void anAuditdEventIsAllItsLines() {
        String lines = "type=SYSCALL msg=audit(1769248800.123:42): arch=c000003e syscall=59 success=yes exit=0 pid=7"
                + " uid=0 comm=\"sh\" exe=\"/bin/sh\"\n"
                + "type=EXECVE msg=audit(1769248800.123:42): argc=2 a0=\"sh\" a1=\"-i\"";
        assertThat(decoder(TestingPlans.text(Source.AUDITD))
                        .event(lines)
                        .content()
                        .text())
                .isEqualTo(lines);
    }

    @Test
    void theTextIsCutAndWhatIsNoTextIsReplaced() {
        RecordText text = new RecordText();
        byte[] bytes = "\u00e9".repeat(100_000).getBytes(StandardCharsets.UTF_8);
        text.begin();
        text.add(bytes, 1, bytes.length);
        assertThat(text.take()).hasSize(RecordText.MAX_LENGTH).startsWith("\ufffd\u00e9");
        text.begin();
        text.add(bytes, 0, 2);
        assertThat(text.take()).isEqualTo("\u00e9");
    }

    @Test
    void whatNoRuleAsksAboutHasNoContent() {
        assertThat(decoder(TestingPlans.of(Source.CLOUDTRAIL, "rule"))
                        .event(FALCO)
                        .content())
                .isSameAs(Content.NONE);
        assertThat(decoder(TestingPlans.of(Source.FALCO, "other")).event(FALCO).content())
                .isSameAs(Content.NONE);
    }
}
