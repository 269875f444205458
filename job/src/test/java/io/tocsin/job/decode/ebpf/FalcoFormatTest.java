package io.tocsin.job.decode.ebpf;

import static io.tocsin.job.decode.TestingRecords.replace;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FalcoFormatTest {
    private static final String FIELDS =
            "{\"container.id\":\"ababababab12\",\"container.image.repository\":\"registry.example.com/web\","
                    + "\"container.image.tag\":\"1.4\",\"container.name\":\"web\",\"evt.time\":1734874540929908828,"
                    + "\"evt.type\":\"execve\",\"k8s.ns.name\":\"shop\",\"k8s.pod.name\":\"web-0\","
                    + "\"proc.cmdline\":\"bash -c id\",\"proc.exepath\":\"/usr/bin/bash\",\"proc.name\":\"bash\",\"proc.pname\":\"nginx\","
                    + "\"proc.tty\":34816,\"user.loginuid\":-1,\"user.name\":\"root\",\"user.uid\":0}";
    private static final String TIME = "\"time\":\"2024-12-22T13:35:40.929908828Z\"";
    private static final String ALERT = "{\"hostname\":\"falco-x7x2v\","
            + "\"output\":\"13:35:40.929908828: Notice A shell was spawned (user=root)\","
            + "\"output_fields\":" + FIELDS + ",\"priority\":\"Notice\",\"rule\":\"Terminal shell in container\","
            + "\"source\":\"syscall\",\"tags\":[\"T1059\",\"container\"]," + TIME + "}";
    private static final String AUDIT =
            "{\"hostname\":\"falco-0\",\"output\":\"x\",\"output_fields\":{\"evt.time\":1734874540929908828,"
                    + "\"ka.response.code\":\"403\",\"ka.sourceips\":[\"10.9.9.9\",\"203.0.113.7\"],\"ka.target.name\":\"db\","
                    + "\"ka.target.namespace\":\"shop\",\"ka.target.resource\":\"secrets\",\"ka.uri\":\"/api/v1/namespaces/shop/secrets/db\","
                    + "\"ka.user.name\":\"system:serviceaccount:shop:web\",\"ka.verb\":\"get\"},\"priority\":\"WARNING\","
                    + "\"rule\":\"K8s Secret Get\",\"source\":\"k8s_audit\",\"tags\":[\"k8s\"]," + TIME + "}";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsAnAlert() {
        for (TestingDecoder reader : List.of(decoder, TestingDecoder.of("falco"))) {
            SecurityEvent event = reader.event(ALERT);

            assertThat(event.source()).isEqualTo(Source.FALCO);
            assertThat(event.time()).isEqualTo(Instant.parse("2024-12-22T13:35:40.929908828Z"));
            assertThat(event.reason()).isEqualTo("Terminal shell in container");
            assertThat(event.level()).isEqualTo("notice");
            assertThat(event.message()).isEqualTo("13:35:40.929908828: Notice A shell was spawned (user=root)");
            assertThat(event.verb()).isEqualTo("exec");
            assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(event.user()).isEqualTo("root");
            assertThat(event.userUid()).isEqualTo("0");
            assertThat(event.namespace()).isEqualTo("shop");
            assertThat(event.place())
                    .isEqualTo(new Place(
                            null, null, "shop/web-0", null, null, "web", "registry.example.com/web:1.4", null));
            assertThat(event.process())
                    .isEqualTo(new HostProcess("/usr/bin/bash", "-c id", null, null, null, "nginx", null));
            assertThat(event.flow()).isEqualTo(Flow.NONE);
        }
    }

    // Trap 16

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"evt.time\":1734874540929908828",
                "\"evt.time\":\"1734874540929908828\"",
                "\"evt.time.iso8601\":1734874540929908828",
                "\"evt.time\":\"13:35:40.929908828\",\"evt.rawtime\":1734874540929908828",
                "\"evt.time.iso8601\":\"2024-12-22T13:35:40.929908828+00:00\""
            })
    void readsTimesBeyondTheIntegersOfADouble(String time) {
        String timeless = replace(ALERT, "," + TIME, "").replace("\"evt.time\":1734874540929908828", time);

        assertThat(decoder.event(timeless).time()).isEqualTo(Instant.parse("2024-12-22T13:35:40.929908828Z"));
    }

    @Test
    void needsATime() {
        String timeless = replace(ALERT, "," + TIME, "");

        assertThat(decoder.reason(replace(timeless, "1734874540929908828", "\"13:35:40.929908828\"")))
                .isEqualTo("time is missing");
    }

    @Test
    void takesNothingForAValue() {
        String record = ALERT.replace("\"web-0\"", "null")
                .replace("\"shop\"", "\"<NA>\"")
                .replace("\"root\"", "\"<NA>\"")
                .replace("\"nginx\"", "\"\"")
                .replace("\"web\"", "\"<NA>\"")
                .replace("\"registry.example.com/web\"", "null");
        SecurityEvent event = decoder.event(record);

        assertThat(event.place()).isEqualTo(Place.NONE);
        assertThat(event.namespace()).isNull();
        assertThat(event.user()).isNull();
        assertThat(event.process().parent()).isNull();
        assertThat(event.process().file()).isNull();
    }

    @Test
    void takesTheHostForNoContainer() {
        String record = replace(ALERT, "\"ababababab12\"", "\"host\"")
                .replace("\"web\"", "\"host\"")
                .replace("\"web-0\"", "null")
                .replace("\"shop\"", "null");

        assertThat(decoder.event(record).place()).isEqualTo(Place.NONE);
        assertThat(decoder.event(replace(record, "\"evt.type\"", "\"k8s.node.name\":\"node-a\",\"evt.type\""))
                        .place())
                .isEqualTo(Place.onNode("node-a"));
    }

    @Test
    void takesNoHostNameForANode() {
        assertThat(decoder.event(ALERT).place().node()).isNull();
    }

    @Test
    void readsTheFieldsOfTheMetadataCollector() {
        String record = replace(
                ALERT,
                "\"k8s.ns.name\":\"shop\",\"k8s.pod.name\":\"web-0\"",
                "\"k8smeta.ns.name\":\"shop\",\"k8smeta.pod.name\":\"web-0\",\"k8smeta.pod.uid\":\"u-1\","
                        + "\"k8smeta.node.name\":\"node-a\",\"k8smeta.deployment.name\":\"web\"");

        assertThat(decoder.event(record).place())
                .isEqualTo(new Place(
                        "node-a",
                        null,
                        "shop/web-0",
                        "u-1",
                        null,
                        "web",
                        "registry.example.com/web:1.4",
                        "Deployment/web"));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "\"proc.cmdline\":\"bash -c id\";\"proc.name\":\"bash\",bash,-c id",
                "\"proc.cmdline\":\"bash\";\"proc.name\":\"bash\",bash,-",
                "\"proc.cmdline\":\"bash -c id\",bash,-c id",
                "\"proc.cmdline\":\"bash\",bash,-",
                "\"proc.cmdline\":\"shutdown -h\";\"proc.name\":\"sh\",sh,shutdown -h",
                "\"proc.cmdline\":\"my prog -x\";\"proc.name\":\"my prog\",my prog,-x",
                "\"proc.cmdline\":\"bash -c id\";\"proc.args\":\"-c\";\"proc.name\":\"bash\",bash,-c",
                "\"proc.args\":\"-c id\",-,-c id"
            })
    void readsTheCommandLineWithoutTheProgram(String members, String binary, String command) {
        String record = replace(
                ALERT,
                "\"proc.cmdline\":\"bash -c id\",\"proc.exepath\":\"/usr/bin/bash\",\"proc.name\":\"bash\"",
                members.replace(';', ','));
        HostProcess process = decoder.event(record).process();

        assertThat(process.binary()).isEqualTo(binary);
        assertThat(process.command()).isEqualTo(command);
    }

    @ParameterizedTest
    @CsvSource({
        "\"evt.type\":\"openat\",open",
        "\"evt.type\":\"openat\";\"evt.arg.flags\":\"O_TRUNC|O_CREAT|O_WRONLY\",write",
        "\"evt.type\":\"open\";\"evt.arg.flags\":\"O_RDONLY|O_CLOEXEC\",open",
        "\"evt.type\":\"openat2\";\"evt.is_open_write\":true,write",
        "\"evt.type\":\"execveat\",exec",
        "\"evt.type\":\"unlinkat\",unlinkat",
        "\"evt.type\":null,"
    })
    void namesWhatWasDone(String members, String verb) {
        SecurityEvent event = decoder.event(replace(
                ALERT, "\"evt.type\":\"execve\"", members.replace(';', ',') + ",\"fd.name\":\"/etc/cron.d/x\""));

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.process().file()).isEqualTo("/etc/cron.d/x");
    }

    @ParameterizedTest
    @CsvSource({"SUCCESS,SUCCESS", "EACCES,DENIED", "EPERM,DENIED", "ENOENT,ERROR", "<NA>,UNKNOWN"})
    void tellsTheOutcomeByTheCallsResult(String result, Outcome outcome) {
        assertThat(decoder.event(replace(ALERT, "\"evt.type\"", "\"evt.res\":\"" + result + "\",\"evt.type\""))
                        .outcome())
                .isEqualTo(outcome);
    }

    @Test
    void readsAConnection() {
        SecurityEvent event = decoder.event(replace(
                ALERT,
                "\"evt.type\":\"execve\"",
                "\"evt.type\":\"connect\",\"fd.name\":\"10.0.1.15:41005->203.0.113.9:443\",\"fd.l4proto\":\"tcp\""));

        assertThat(event.verb()).isEqualTo("connect");
        assertThat(event.peer()).isEqualTo("10.0.1.15");
        assertThat(event.zone()).isEqualTo(Zone.CLUSTER);
        assertThat(event.flow()).isEqualTo(new Flow("tcp", "203.0.113.9", 443, null, null, null, "egress"));
        assertThat(event.process().file()).isNull();

        assertThat(decoder.event(replace(
                                ALERT,
                                "\"evt.type\":\"execve\"",
                                "\"evt.type\":\"connect\",\"fd.name\":\"2001:db8::1:41005->2001:db8::2:443\""))
                        .flow())
                .isEqualTo(new Flow(null, "2001:db8::2", 443, null, null, null, "egress"));
        assertThat(decoder.event(replace(
                                ALERT,
                                "\"evt.type\":\"execve\"",
                                "\"evt.type\":\"connect\",\"fd.rip\":\"203.0.113.9\",\"fd.rport\":443"))
                        .flow())
                .isEqualTo(new Flow(null, "203.0.113.9", 443, null, null, null, "egress"));
    }

    @Test
    void readsAnAlertOnAnAuditEvent() {
        SecurityEvent event = decoder.event(AUDIT);

        assertThat(event.user()).isEqualTo("system:serviceaccount:shop:web");
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.resource()).isEqualTo("secrets");
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.name()).isEqualTo("db");
        assertThat(event.uri()).isEqualTo("/api/v1/namespaces/shop/secrets/db");
        assertThat(event.code()).isEqualTo(403);
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.level()).isEqualTo("warning");
        assertThat(event.place()).isEqualTo(Place.NONE);
        assertThat(event.process()).isEqualTo(HostProcess.NONE);
        // What old versions left out.
        assertThat(decoder.event(replace(AUDIT, "\"source\":\"k8s_audit\",", ""))
                        .user())
                .isEqualTo("system:serviceaccount:shop:web");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[\"10.9.9.9\",\"203.0.113.7\"]", "\"(10.9.9.9,203.0.113.7)\"", "\"10.9.9.9, 203.0.113.7\""})
    void takesTheLastAddressForThePeer(String addresses) {
        SecurityEvent event = decoder.event(replace(AUDIT, "[\"10.9.9.9\",\"203.0.113.7\"]", addresses));

        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.claimed()).containsExactly("10.9.9.9");
    }

    @Test
    void takesNoAddressForThePeerWhereTheLastOneMayBeMissing() {
        String many = "10.9.9.9,".repeat(1_200);

        assertThat(decoder.event(replace(AUDIT, "[\"10.9.9.9\",\"203.0.113.7\"]", "\"(" + many + "203.0.113.7)\""))
                        .peer())
                .isNull();
        assertThat(decoder.event(replace(
                                AUDIT,
                                "[\"10.9.9.9\",\"203.0.113.7\"]",
                                "[" + "\"10.9.9.9\",".repeat(1_200) + "\"203.0.113.7\"]"))
                        .peer())
                .isNull();
    }

    @Test
    void tellsTheImpersonatedUser() {
        SecurityEvent event = decoder.event(replace(AUDIT, "\"ka.verb\"", "\"ka.impuser.name\":\"admin\",\"ka.verb\""));

        assertThat(event.user()).isEqualTo("admin");
        assertThat(event.impersonator()).isEqualTo("system:serviceaccount:shop:web");
    }

    @Test
    void readsOfOtherSourcesOnlyTheAlertItself() {
        SecurityEvent event = decoder.event(replace(ALERT, "\"syscall\"", "\"aws_cloudtrail\""));

        assertThat(event.reason()).isEqualTo("Terminal shell in container");
        assertThat(event.user()).isNull();
        assertThat(event.place()).isEqualTo(Place.NONE);
    }

    @Test
    void isToldByItsMembersInEveryOrderInUse() {
        String old = "{\"output\":\"x\",\"priority\":\"Warning\",\"rule\":\"r\"," + TIME + ",\"output_fields\":"
                + FIELDS + "}";
        String forwarded = replace(old, "{\"output\":\"x\"", "{\"uuid\":\"1b2c\",\"output\":\"x\"");
        String silent = "{\"output_fields\":" + FIELDS + ",\"priority\":\"Warning\",\"rule\":\"r\"," + TIME + "}";
        String bare = "{\"priority\":\"Warning\",\"rule\":\"r\",\"source\":\"syscall\"," + TIME + "}";

        assertThat(List.of(old, forwarded, silent, bare))
                .allSatisfy(record -> assertThat(decoder.event(record).reason()).isEqualTo("r"));
        assertThat(decoder.event(forwarded).id())
                .isEqualTo(decoder.event(replace(forwarded, "\"x\"", "\"y\"")).id());
        assertThat(decoder.event(silent).message()).isNull();
        assertThat(decoder.event(replace(silent, "{", "{\"message\":\"A shell\","))
                        .message())
                .isEqualTo("A shell");
    }

    @Test
    void refusesWhatIsBroken() {
        assertThat(decoder.reason(replace(ALERT, "\"Terminal shell in container\"", "0")))
                .isEqualTo("rule must be a string: 0");
        assertThat(decoder.reason(replace(ALERT, FIELDS, "7"))).isEqualTo("output_fields must be an object: 7");
        assertThat(decoder.reason(replace(ALERT, "\"root\"", "{\"a\":1}")))
                .isEqualTo("output_fields/user.name must be a string: an object");
        assertThat(decoder.reason(replace(ALERT, "2024-12-22T", "22.12.2024 ")))
                .isEqualTo("time must be an RFC 3339 time: \"22.12.2024 13:35:40.929908828Z\"");
        assertThat(TestingDecoder.of("falco").reason("{\"a\":1}")).isEqualTo("not a falco record: {\"a\":1}");
    }

    @Test
    void salvagesAnAlertThatIsCut() {
        SecurityEvent event =
                TestingDecoder.autoWithFallbackTime().event(ALERT.substring(0, ALERT.indexOf("\"tags\"")));

        assertThat(event.truncated()).isTrue();
        assertThat(event.reason()).isEqualTo("Terminal shell in container");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        assertThat(event.time()).isEqualTo(Instant.parse("2024-12-22T13:35:40.929908828Z"));
    }

    @Test
    void readsAHugeAlert() {
        SecurityEvent event = decoder.event(replace(ALERT, "bash -c id", "bash -c " + "A".repeat(1 << 19)));

        assertThat(event.process().command()).hasSizeLessThanOrEqualTo(2_048).startsWith("-c AAA");
    }

    @Test
    void isNotAboutThePodThatWroteTheLog() {
        decoder.at("/var/log/pods/falco_falco-x_12345678-0000-4000-8000-000000000001/falco/0.log");

        assertThat(decoder.event(ALERT).place().pod()).isEqualTo("shop/web-0");
        assertThat(decoder.event(AUDIT).place()).isEqualTo(Place.NONE);
        SecurityEvent text = decoder.event("10:20:05.408091526: Warning x");
        assertThat(text.place()).isEqualTo(Place.NONE);
        assertThat(text.namespace()).isNull();
    }

    @Test
    void readsEveryFixtureAsSomethingKnown() {
        assertThat(TestingFixtures.decode("falco/alerts.jsonl")).hasSize(11).allMatch(r -> r.event() != null);
        assertThat(TestingFixtures.decode("falco/alerts.log")).hasSize(3).allMatch(r -> r.event() != null);
    }
}
