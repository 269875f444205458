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
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TetragonFormatTest {
    private static final String POD = "\"pod\":{\"namespace\":\"shop\",\"name\":\"web-0\",\"uid\":\"u-1\","
            + "\"container\":{\"id\":\"containerd://abab\",\"name\":\"web\","
            + "\"image\":{\"id\":\"registry.example.com/web@sha256:cd\",\"name\":\"registry.example.com/web:1.4\"},"
            + "\"start_time\":\"2026-01-24T09:00:00Z\",\"pid\":42},\"pod_labels\":{\"app\":\"web\"},"
            + "\"workload\":\"web\",\"workload_kind\":\"Deployment\"},\"docker\":\"abab\",";
    private static final String PROCESS = "\"process\":{\"exec_id\":\"bm9kZS1hOjE6Mg==\",\"pid\":115153,\"uid\":33,"
            + "\"cwd\":\"/srv\",\"binary\":\"/bin/sh\",\"arguments\":\"-c \\\"id; cat /etc/shadow\\\"\","
            + "\"flags\":\"execve clone\",\"start_time\":\"2026-01-24T10:00:00.1Z\",\"auid\":4294967295," + POD
            + "\"parent_exec_id\":\"bm9kZS1hOjE6MQ==\",\"refcnt\":1,\"tid\":115153}";
    private static final String PARENT = "\"parent\":{\"exec_id\":\"bm9kZS1hOjE6MQ==\",\"pid\":1,"
            + "\"binary\":\"/usr/sbin/nginx\",\"arguments\":\"-g x\",\"pod\":{\"name\":\"other\"}}";
    private static final String TAIL = "},\"node_name\":\"node-a\",\"time\":\"2026-01-24T10:00:00.123456789Z\"}";
    private static final String EXEC = "{\"process_exec\":{" + PROCESS + "," + PARENT + TAIL;

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static String event(String type, String members) {
        return "{\"" + type + "\":{" + PROCESS + "," + PARENT + "," + members + TAIL;
    }

    private static String probe(String function, String arguments) {
        return event(
                "process_kprobe",
                "\"function_name\":\"" + function + "\",\"args\":[" + arguments
                        + "],\"action\":\"KPROBE_ACTION_POST\",\"policy_name\":\"my-policy\"");
    }

    @Test
    void readsAnExec() {
        for (TestingDecoder reader : List.of(decoder, TestingDecoder.of("tetragon"))) {
            SecurityEvent event = reader.event(EXEC);

            assertThat(event.source()).isEqualTo(Source.TETRAGON);
            assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.123456789Z"));
            assertThat(event.verb()).isEqualTo("exec");
            assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
            assertThat(event.process())
                    .isEqualTo(new HostProcess(
                            "/bin/sh",
                            "-c \"id; cat /etc/shadow\"",
                            "/srv",
                            "bm9kZS1hOjE6Mg==",
                            "bm9kZS1hOjE6MQ==",
                            "/usr/sbin/nginx",
                            null));
            assertThat(event.place())
                    .isEqualTo(new Place(
                            "node-a",
                            null,
                            "shop/web-0",
                            "u-1",
                            null,
                            "web",
                            "registry.example.com/web:1.4",
                            "Deployment/web"));
            assertThat(event.namespace()).isEqualTo("shop");
            assertThat(event.userUid()).isEqualTo("33");
            assertThat(event.user()).isNull();
            assertThat(event.reason()).isNull();
            assertThat(event.message()).isNull();
            assertThat(event.level()).isNull();
            assertThat(event.count()).isEqualTo(1);
            assertThat(event.flow()).isEqualTo(Flow.NONE);
        }
    }

    @Test
    void isOneObservationByItsProcessHoweverItCame() {
        String id = decoder.event(EXEC).id();

        assertThat(decoder.event(replace(EXEC, "\"refcnt\":1", "\"refcnt\":2")).id())
                .isEqualTo(id);
        assertThat(decoder.event(
                                replace(EXEC, "{\"exec_id\":\"bm9kZS1hOjE6Mg==\"", "{\"exec_id\":\"bm9kZS1hOjE6Mw==\""))
                        .id())
                .isNotEqualTo(id);
        assertThat(decoder.event(replace(EXEC, "process_exec", "process_exit")).id())
                .isNotEqualTo(id);
        // Two files in one millisecond are two.
        assertThat(decoder.event(probe("fd_install", "{\"file_arg\":{\"path\":\"/a\"}}"))
                        .id())
                .isNotEqualTo(decoder.event(probe("fd_install", "{\"file_arg\":{\"path\":\"/b\"}}"))
                        .id());
    }

    @Test
    void readsAProcessWhosePodNobodyKnew() {
        SecurityEvent event = decoder.event(replace(EXEC, POD, ""));

        assertThat(event.place()).isEqualTo(Place.onNode("node-a"));
        assertThat(event.namespace()).isNull();
    }

    @Test
    void guessesNoKindOfWorkload() {
        assertThat(decoder.event(replace(EXEC, ",\"workload_kind\":\"Deployment\"", ""))
                        .place()
                        .workload())
                .isNull();
    }

    @Test
    void marksWhatMayBeAProbeOfTheKubelet() {
        String mark = "\"pid\":42,\"maybe_exec_probe\":true}";

        assertThat(decoder.event(replace(EXEC, "\"pid\":42}", mark)).reason()).isEqualTo("maybe_exec_probe");
        assertThat(decoder.event(replace(probe("tcp_connect", ""), "\"pid\":42}", mark))
                        .reason())
                .isEqualTo("my-policy maybe_exec_probe");
    }

    @Test
    void namesTheUserOnlyWhereTetragonDoes() {
        SecurityEvent event = decoder.event(
                replace(EXEC, "\"refcnt\":1", "\"user\":{\"name\":\"root\"},\"process_credentials\":{\"uid\":5}"));

        assertThat(event.user()).isEqualTo("root");
        assertThat(event.userUid()).isEqualTo("33");
    }

    @Test
    void readsAnExit() {
        SecurityEvent killed = decoder.event(event("process_exit", "\"signal\":\"SIGKILL\",\"status\":9"));

        assertThat(killed.verb()).isEqualTo("exit");
        assertThat(killed.message()).isEqualTo("signal SIGKILL");
        assertThat(killed.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(decoder.event(event("process_exit", "\"status\":127")).message())
                .isEqualTo("status 127");
        assertThat(decoder.event(replace(EXEC, "process_exec", "process_exit")).message())
                .isEqualTo("status 0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            nullValues = "-",
            value = {
                "fd_install;{\"int_arg\":3},{\"file_arg\":{\"path\":\"/run/secrets/t\"}};open;/run/secrets/t",
                "security_file_open;{\"file_arg\":{\"path\":\"/etc/shadow\",\"flags\":\"\"}};open;/etc/shadow",
                "security_file_permission;{\"file_arg\":{\"path\":\"/a\"}},{\"int_arg\":4};open;/a",
                "security_file_permission;{\"file_arg\":{\"path\":\"/a\"}},{\"int_arg\":2};write;/a",
                "security_file_permission;{\"file_arg\":{\"path\":\"/a\"}},{\"int_arg\":10};write;/a",
                "security_mmap_file;{\"file_arg\":{\"path\":\"/a\"}},{\"uint_arg\":3};open;/a",
                "security_path_truncate;{\"path_arg\":{\"path\":\"/a\"}};write;/a",
                "__x64_sys_openat;{\"int_arg\":-100},{\"string_arg\":\"/etc/passwd\"},{\"int_arg\":0};open;/etc/passwd",
                "__arm64_sys_openat;{\"int_arg\":-99},{\"string_arg\":\"/etc/passwd\"},{\"int_arg\":577};write;/etc/passwd",
                "sys_open;{\"string_arg\":\"/etc/passwd\"},{\"int_arg\":2};write;/etc/passwd",
                "__x64_sys_write;{\"file_arg\":{\"path\":\"etc/passwd\"}},{\"bytes_arg\":\"AAEC\"};write;etc/passwd",
                "__x64_sys_read;{\"file_arg\":{\"path\":\"/a\"}},{\"truncated_bytes_arg\":{\"orig_size\":\"65536\"}},{\"size_arg\":\"65536\"};open;/a",
                "__x64_sys_mount;{\"string_arg\":\"/dev/sda1\"},{\"string_arg\":\"/mnt\"},{\"string_arg\":\"ext4\"};mount;/mnt",
                "__x64_sys_unlinkat;{\"int_arg\":-100},{\"string_arg\":\"/var/log/x\"};unlinkat;/var/log/x",
                "__x64_sys_sethostname;{\"string_arg\":\"not-a-file\"};sethostname;-",
                "__x64_sys_setns;{\"int_arg\":4};setns;-",
                "security_bprm_check;{\"linux_binprm_arg\":{\"path\":\"/tmp/x\"}};exec;/tmp/x",
                "do_init_module;{\"module_arg\":{\"name\":\"rootkit\"}};do_init_module;rootkit",
                "commit_creds;;commit_creds;-",
                "sys_;;sys_;-"
            })
    void readsWhatAProbedFunctionDoes(String function, String arguments, String verb, String file) {
        SecurityEvent event = decoder.event(probe(function, arguments == null ? "" : arguments));

        assertThat(event.verb()).isEqualTo(verb);
        assertThat(event.process().file()).isEqualTo(file);
        assertThat(event.process().binary()).isEqualTo("/bin/sh");
        assertThat(event.reason()).isEqualTo("my-policy");
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.flow()).isEqualTo(Flow.NONE);
    }

    @Test
    void readsWhereAProcessConnectsTo() {
        String socket = "{\"sock_arg\":{\"family\":\"AF_INET\",\"type\":\"SOCK_STREAM\",\"protocol\":\"IPPROTO_TCP\","
                + "\"saddr\":\"10.0.1.15\",\"daddr\":\"169.254.169.254\",\"sport\":41004,\"dport\":80,\"cookie\":\"18446744073709551615\"}}";
        SecurityEvent event = decoder.event(probe("tcp_connect", socket));

        assertThat(event.verb()).isEqualTo("connect");
        assertThat(event.peer()).isEqualTo("10.0.1.15");
        assertThat(event.zone()).isEqualTo(Zone.CLUSTER);
        assertThat(event.flow()).isEqualTo(new Flow("tcp", "169.254.169.254", 80, null, null, null, "egress"));
        assertThat(event.place().podAddress()).isNull();

        SecurityEvent named = decoder.event(probe(
                "security_socket_connect",
                "{\"int_arg\":3},{\"sockaddr_arg\":{\"family\":\"AF_INET6\",\"addr\":\"2001:DB8::1\",\"port\":443}}"));
        assertThat(named.verb()).isEqualTo("connect");
        assertThat(named.peer()).isNull();
        assertThat(named.flow()).isEqualTo(new Flow(null, "2001:db8::1", 443, null, null, null, "egress"));
        // A local socket has no address.
        assertThat(decoder.event(probe("security_socket_connect", "{\"sockaddr_arg\":{\"family\":\"AF_UNIX\"}}"))
                        .flow()
                        .destination())
                .isNull();
    }

    @Test
    void seesAnAcceptedConnectionFromWhoOpenedIt() {
        SecurityEvent event = decoder.event(probe(
                "inet_csk_accept",
                "{\"sock_arg\":{\"protocol\":\"IPPROTO_TCP\",\"saddr\":\"10.0.1.15\",\"daddr\":\"198.51.100.7\","
                        + "\"sport\":8080,\"dport\":50123}}"));

        assertThat(event.verb()).isEqualTo("accept");
        assertThat(event.peer()).isEqualTo("198.51.100.7");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.flow()).isEqualTo(new Flow("tcp", "10.0.1.15", 8080, null, null, null, "ingress"));
    }

    @ParameterizedTest
    @CsvSource({
        "\"action\":\"KPROBE_ACTION_SIGKILL\",DENIED",
        "\"action\":\"KPROBE_ACTION_OVERRIDE\",DENIED",
        "\"action\":\"KPROBE_ACTION_NOTIFYENFORCER\",DENIED",
        "\"action\":3,DENIED",
        "\"action\":13,DENIED",
        "\"action\":1,UNKNOWN",
        "\"action\":\"KPROBE_ACTION_SIGNAL\",UNKNOWN",
        "\"return_action\":\"KPROBE_ACTION_SIGKILL\",DENIED",
        "\"return\":{\"int_arg\":0},SUCCESS",
        "\"return\":{\"int_arg\":-1},DENIED",
        "\"return\":{\"int_arg\":-13},DENIED",
        "\"return\":{\"int_arg\":-2},ERROR",
        "\"return\":{\"long_arg\":\"-111\"},ERROR",
        "\"return\":{\"size_arg\":\"18446744073709551615\"},SUCCESS"
    })
    void tellsTheOutcomeByActionAndReturnValue(String member, Outcome outcome) {
        SecurityEvent event = decoder.event(event("process_kprobe", "\"function_name\":\"__x64_sys_setns\"," + member));

        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.reason()).isNull();
    }

    @Test
    void readsThePolicysOwnWords() {
        SecurityEvent event = decoder.event(event(
                "process_lsm",
                "\"function_name\":\"file_open\",\"policy_name\":\"keys\",\"message\":\"a key was read\","
                        + "\"args\":[{\"file_arg\":{\"path\":\"/root/.ssh/id_rsa\"}}],\"tags\":[\"a\"]"));

        assertThat(event.verb()).isEqualTo("open");
        assertThat(event.reason()).isEqualTo("keys");
        assertThat(event.message()).isEqualTo("a key was read");
        assertThat(event.process().file()).isEqualTo("/root/.ssh/id_rsa");
    }

    @Test
    void readsTracepointsUprobesAndLoadedLibraries() {
        SecurityEvent trace = decoder.event(
                event(
                        "process_tracepoint",
                        "\"subsys\":\"syscalls\",\"event\":\"sys_enter_openat\",\"args\":[{\"string_arg\":\"/a\"}],\"policy_name\":\"p\""));
        assertThat(trace.verb()).isEqualTo("open");
        assertThat(trace.process().file()).isEqualTo("/a");
        assertThat(decoder.event(event("process_tracepoint", "\"subsys\":\"raw_syscalls\",\"event\":\"sys_enter\""))
                        .verb())
                .isEqualTo("sys_enter");

        SecurityEvent uprobe = decoder.event(event("process_uprobe", "\"path\":\"/bin/bash\",\"symbol\":\"readline\""));
        assertThat(uprobe.verb()).isEqualTo("readline");
        assertThat(uprobe.process().file()).isEqualTo("/bin/bash");
        assertThat(decoder.event(event("process_usdt", "\"path\":\"/bin/x\",\"provider\":\"p\",\"name\":\"probe\""))
                        .verb())
                .isEqualTo("probe");
        SecurityEvent loaded = decoder.event(event("process_loader", "\"path\":\"/lib/x.so\",\"buildid\":\"AAEC\""));
        assertThat(loaded.verb()).isEqualTo("load");
        assertThat(loaded.process().file()).isEqualTo("/lib/x.so");
    }

    @Test
    void readsConnectionsOfOldVersions() {
        String ends = "\"source_ip\":\"10.0.1.15\",\"source_port\":49168,\"destination_ip\":\"203.0.113.9\","
                + "\"destination_port\":80,\"protocol\":\"TCP\"";
        SecurityEvent connect =
                decoder.event(event("process_connect", ends + ",\"destination_names\":[\"a.example.com\"]"));
        assertThat(connect.verb()).isEqualTo("connect");
        assertThat(connect.peer()).isEqualTo("10.0.1.15");
        assertThat(connect.flow()).isEqualTo(new Flow("tcp", "203.0.113.9", 80, "a.example.com", null, null, "egress"));

        SecurityEvent close = decoder.event(event("process_close", ends + ",\"stats\":{\"bytes_sent\":\"78\"}"));
        assertThat(close.verb()).isEqualTo("close");
        assertThat(close.peer()).isNull();
        assertThat(close.flow()).isEqualTo(new Flow("tcp", null, 0, null, null, null, null));

        SecurityEvent listen =
                decoder.event(event("process_listen", "\"ip\":\"0.0.0.0\",\"port\":9080,\"protocol\":\"TCP\""));
        assertThat(listen.verb()).isEqualTo("listen");
        assertThat(listen.flow().port()).isEqualTo(9080);
        assertThat(decoder.event(event("process_accept", ends)).verb()).isEqualTo("accept");
    }

    @Test
    void readsTheClusterAndHowManyEventsOneTellsOf() {
        SecurityEvent event = decoder.event(
                replace(
                        EXEC,
                        "\"node_name\"",
                        "\"cluster_name\":\"prod-eu\",\"node_labels\":{\"a\":\"b\"},\"aggregation_info\":{\"count\":\"12\"},\"node_name\""));

        assertThat(event.cluster()).isEqualTo("prod-eu");
        assertThat(event.count()).isEqualTo(12);
        assertThat(decoder.event(replace(EXEC, "\"node_name\"", "\"cluster_name\":\"default\",\"node_name\""))
                        .cluster())
                .isEqualTo("default");
    }

    @Test
    void takesTheStartOfAProcessForTheTimeOfItsExec() {
        String timeless = replace(EXEC, ",\"time\":\"2026-01-24T10:00:00.123456789Z\"", "");

        assertThat(decoder.event(timeless).time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.1Z"));
        assertThat(decoder.reason(replace(timeless, "process_exec", "process_kprobe")))
                .isEqualTo("time is missing");
        String exit = replace(timeless, "process_exec", "process_exit");
        assertThat(decoder.event(replace(exit, "\"parent\"", "\"time\":\"2026-01-24T10:00:05Z\",\"parent\""))
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:05Z"));
    }

    @Test
    void skipsWhatIsAboutTetragonItself() {
        assertThat(decoder.skipped(
                        "{\"process_throttle\":{\"type\":\"THROTTLE_START\",\"cgroup\":\"x\"},\"node_name\":\"n\"}"))
                .isEqualTo("throttle");
        assertThat(decoder.skipped(
                        "{\"rate_limit_info\":{\"number_of_dropped_process_events\":\"17\"},\"node_name\":\"n\"}"))
                .isEqualTo("rate-limit-info");
        assertThat(TestingDecoder.of("tetragon").skipped("{\"process_new\":{},\"node_name\":\"n\"}"))
                .isEqualTo("other-event");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"node_name\":\"n\",\"time\":\"t\"}", "{\"process_new\":7}", "{}"})
    void refusesWhatIsNoEvent(String record) {
        assertThat(TestingDecoder.of("tetragon").reason(record)).isEqualTo("not a tetragon record: " + record);
    }

    @Test
    void refusesWhatIsBroken() {
        assertThat(decoder.reason(replace(EXEC, "\"/bin/sh\"", "[]")))
                .isEqualTo("process_exec/process/binary must be a string: an array");
        assertThat(decoder.reason(replace(EXEC, "\"uid\":33", "\"uid\":-1")))
                .isEqualTo("process_exec/process/uid must be a whole number from 0 to 4294967295: -1");
        assertThat(decoder.reason(probe("fd_install", "7")))
                .isEqualTo("process_kprobe/args must be an array of objects: 7");
        assertThat(decoder.reason(probe("fd_install", "{\"file_arg\":7}"))).isEqualTo("file_arg must be an object: 7");
        assertThat(decoder.reason(replace(EXEC, "\"uid\":33", "\"uid\":33,\"uid\":0")))
                .isEqualTo("duplicate field: process_exec/process/uid");
        assertThat(decoder.reason("{\"process_exec\":7,\"node_name\":\"n\",\"time\":\"2026-01-24T10:00:00Z\"}"))
                .isEqualTo("process_exec must be an object: 7");
        assertThat(decoder.reason("{\"process_exec\":{},\"node_name\":\"n\",\"time\":\"2026-01-24T10:00:00Z\"}"))
                .isEqualTo("process_exec/process is missing");
    }

    @Test
    void salvagesARecordThatIsCut() {
        String kprobe = probe("fd_install", "{\"file_arg\":{\"path\":\"/a\"}}");
        TestingDecoder withTime = TestingDecoder.autoWithFallbackTime();
        SecurityEvent event = withTime.event(EXEC.substring(0, EXEC.indexOf("\"parent\"")));

        assertThat(event.truncated()).isTrue();
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00.1Z"));
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
        SecurityEvent cut = withTime.event(kprobe.substring(0, kprobe.indexOf("\"args\"")));
        assertThat(cut.verb()).isEqualTo("open");
        assertThat(cut.time()).isEqualTo(TestingDecoder.FALLBACK);
        assertThat(withTime.reason(kprobe.substring(0, kprobe.indexOf("\"function_name\""))))
                .isEqualTo("cut off before what was called");
        assertThat(withTime.reason("{\"process_exec\":{\"process\":{\"exec_")).isEqualTo("cut off before the process");
    }

    @Test
    void readsHugeArgumentsInPart() {
        SecurityEvent event = decoder.event(replace(EXEC, "-c \\\"id", "-c \\\"" + "A".repeat(1 << 19)));

        assertThat(event.process().command()).hasSize(2_048).startsWith("-c \"AAA");
        assertThat(event.place().pod()).isEqualTo("shop/web-0");
    }

    @Test
    void isNotAboutThePodThatWroteTheLog() {
        decoder.at("/var/log/pods/kube-system_tetragon-x_12345678-0000-4000-8000-000000000001/export-stdout/0.log");

        assertThat(decoder.event(EXEC).place().pod()).isEqualTo("shop/web-0");
        SecurityEvent onHost = decoder.event(replace(EXEC, POD, ""));
        assertThat(onHost.place()).isEqualTo(Place.onNode("node-a"));
        assertThat(onHost.namespace()).isNull();
    }

    @Test
    void readsEveryFixtureAsSomethingKnown() {
        List<Decoded> records = TestingFixtures.decode("tetragon/export.jsonl");

        assertThat(records).hasSize(27).allMatch(r -> r.deadLetter() == null);
    }
}
