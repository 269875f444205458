package io.tocsin.job;

import io.tocsin.alert.Severity;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The parameters of the job itself. Those of detections stand in the detections; those of the cluster in its configuration. */
public final class JobOptions {
    public static final ConfigOption<String> INPUTS = text("inputs")
            .withDescription(
                    "What is read: [FORMAT][@CLUSTER]=LOCATION, comma-separated. LOCATION is a file (.gz too), a folder, a"
                            + " glob, - for standard input, or kafka:TOPIC. Files given without a name are auto=FILE.");

    public static final ConfigOption<String> ALERTS = ConfigOptions.key("alerts")
            .stringType()
            .defaultValue("-")
            .withDescription(
                    "Where alerts go, comma-separated: - for standard output, a file (replaced), a folder ending in /"
                            + " (part files, committed at checkpoints), or kafka:TOPIC.");

    public static final ConfigOption<String> DEAD_LETTERS = text("dead-letters")
            .withDescription(
                    "Where records go that can't be read. Without it they are counted and the first five are shown.");

    public static final ConfigOption<String> LATE = text("late")
            .withDescription(
                    "Where the raw records of late events go, so that detect on them finds the sequences they hold.");

    public static final ConfigOption<String> SUMMARY =
            text("summary").withDescription("File for the figures of a bounded run, as JSON.");

    public static final ConfigOption<Boolean> FOLLOW = ConfigOptions.key("follow")
            .booleanType()
            .defaultValue(false)
            .withDescription("Keep reading after the end of the inputs.");

    public static final ConfigOption<String> CONFIG =
            text("config").withDescription("YAML file with the same keys; the command line wins.");

    public static final ConfigOption<AlertFormat> FORMAT = ConfigOptions.key("format")
            .enumType(AlertFormat.class)
            .defaultValue(AlertFormat.JSON)
            .withDescription("How alerts are written to standard output: json lines, or a table for people.");

    public static final ConfigOption<Severity> MIN_SEVERITY = ConfigOptions.key("min-severity")
            .enumType(Severity.class)
            .defaultValue(Severity.INFORMATIONAL)
            .withDescription("Alerts below this severity are counted and not written.");

    public static final ConfigOption<Severity> FAIL_ON = ConfigOptions.key("fail-on")
            .enumType(Severity.class)
            .noDefaultValue()
            .withDescription("End with 3 if an alert of this severity or above was raised.");

    public static final ConfigOption<String> FROM = text("from")
            .withDescription("Events before this time are skipped: RFC 3339, such as 2026-03-02T00:00:00Z.");

    public static final ConfigOption<String> TO =
            text("to").withDescription("Events at or after this time are skipped: RFC 3339.");

    public static final ConfigOption<String> ALERT_FROM = text("alert-from")
            .withDescription("Earlier events only teach histories and baselines and raise no alert: RFC 3339.");

    public static final ConfigOption<Duration> IDLE_AFTER = ConfigOptions.key("idle-after")
            .durationType()
            .defaultValue(Duration.ofMinutes(1))
            .withDescription("How long a live input may be silent before its clock goes on by itself; more than 0.");

    public static final ConfigOption<Integer> MAX_RECORD_BYTES = ConfigOptions.key("max-record-bytes")
            .intType()
            .defaultValue(DecoderOptions.DEFAULT_MAX_RECORD_BYTES)
            .withDescription("A longer record is cut here, and its head is read as a truncated record; at least 1024.");

    public static final ConfigOption<String> NETWORK_CLUSTER = ConfigOptions.key("network.cluster")
            .stringType()
            .defaultValue("10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7,fe80::/10")
            .withDescription("Address ranges of nodes and pods, comma-separated.");

    public static final ConfigOption<String> NETWORK_CONTROL_PLANE = ConfigOptions.key("network.control-plane")
            .stringType()
            .defaultValue("127.0.0.0/8,::1/128")
            .withDescription(
                    "Address ranges of the control plane, comma-separated; loopback always is. While it is not set, the cluster's"
                            + " ranges serve for control-plane identities too.");

    public static final ConfigOption<String> NETWORK_TRUSTED_PROXIES = ConfigOptions.key("network.trusted-proxies")
            .stringType()
            .defaultValue("")
            .withDescription(
                    "Address ranges of proxies in front of the API server whose forwarded addresses are believed,"
                            + " comma-separated.");

    public static final ConfigOption<String> PLATFORM_NAMESPACES = ConfigOptions.key("platform-namespaces")
            .stringType()
            .defaultValue(String.join(",", DecoderOptions.PLATFORM_NAMESPACES))
            .withDescription(
                    "Namespaces of the platform: globs, comma-separated. Their containers may write logs of others, such as audit"
                            + " or Falco's; what containers of other namespaces write is text, or an access log. Rules know them as"
                            + " namespace.system, as they do kube-public and kube-node-lease.");

    public static final ConfigOption<String> RULES = text("rules")
            .withDescription(
                    "Sigma rules of your own, comma-separated: files, or folders whose *.yml and *.yaml are read, folders in"
                            + " them too (no *.test.yml, no hidden ones). Each is a detection, named by its name. Filters among"
                            + " them are about the rules that come with the job too.");

    public static final ConfigOption<String> ENABLED = ConfigOptions.key("detections.enabled")
            .stringType()
            .defaultValue("*")
            .withDescription(
                    "Detections that are on: ids or globs, comma-separated; tag:TAG takes those with an ATT&CK tag, such as"
                            + " tag:attack.t1611 or tag:attack.execution, a glob too.");

    public static final ConfigOption<String> DISABLED = ConfigOptions.key("detections.disabled")
            .stringType()
            .defaultValue("")
            .withDescription("Detections that are off although enabled: ids, globs or tags, comma-separated.");

    public static final ConfigOption<String> EXEMPTIONS = text("exemptions")
            .withDescription(
                    "YAML file of who may do what without an alert: identity, origin, detections, owner, reason, expiry.");

    public static final ConfigOption<Boolean> DEFAULT_EXEMPTIONS = ConfigOptions.key("default-exemptions")
            .booleanType()
            .defaultValue(true)
            .withDescription(
                    "Whether the exemptions that come with the job hold, too: for what managed control planes do all day,"
                            + " from the control plane's own network only.");

    public static final ConfigOption<String> KAFKA_BOOTSTRAP_SERVERS = text("kafka.bootstrap-servers")
            .withDescription(
                    "Kafka brokers, host:port, comma-separated; needed for locations of the form kafka:TOPIC.");

    public static final ConfigOption<String> KAFKA_GROUP_ID = ConfigOptions.key("kafka.group-id")
            .stringType()
            .defaultValue("tocsin")
            .withDescription(
                    "Consumer group under which progress shows in Kafka; offsets are kept in Flink's checkpoints.");

    public static final ConfigOption<KafkaGuarantee> KAFKA_DELIVERY = ConfigOptions.key("kafka.delivery")
            .enumType(KafkaGuarantee.class)
            .defaultValue(KafkaGuarantee.EXACTLY_ONCE)
            .withDescription(
                    "exactly-once (transactions, committed at checkpoints) or at-least-once (at once; repeats after a"
                            + " failure carry the same ids).");

    /** The sources that have times without a zone. */
    static final List<Source> ZONED = List.of(Source.SYSLOG);

    /** What keys start with that are handed on to Kafka's clients, without the prefix. */
    public static final String KAFKA_PROPERTIES = "kafka.properties.";

    /** What keys start with that say what {@code |expand} puts for {@code %NAME%} in rules; the name follows. */
    public static final String RULE_PLACEHOLDERS = "rules.placeholders.";

    /** How alerts are written for standard output. */
    public enum AlertFormat {
        JSON,
        TABLE
    }

    /** What Kafka sinks promise. */
    public enum KafkaGuarantee {
        EXACTLY_ONCE,
        AT_LEAST_ONCE;

        @Override
        public String toString() {
            return this == EXACTLY_ONCE ? "exactly-once" : "at-least-once";
        }
    }

    private JobOptions() {}

    /** The disorder a source's records may arrive in. */
    public static ConfigOption<Duration> lateness(Source source) {
        return ConfigOptions.key("lateness." + source.id())
                .durationType()
                .defaultValue(usualLateness(source))
                .withDescription(
                        "How much older than the newest record of its input a record of this format may be without being"
                                + " late; not negative.");
    }

    /** CloudTrail delivers after 5 to 15 minutes; a Kubernetes Event is written anew when it has happened again. */
    private static Duration usualLateness(Source source) {
        return switch (source) {
            case CLOUDTRAIL -> Duration.ofMinutes(20);
            case KUBERNETES_EVENT -> Duration.ofMinutes(2);
            default -> Duration.ofSeconds(60);
        };
    }

    /** The zone of a source's times that name none. */
    public static ConfigOption<String> zone(Source source) {
        return ConfigOptions.key("zone." + source.id())
                .stringType()
                .defaultValue("UTC")
                .withDescription("Zone of this format's times that name none, such as Europe/Paris or +02:00.");
    }

    /** All of them, in the order of the reference. */
    public static List<ConfigOption<?>> all() {
        List<ConfigOption<?>> all = new ArrayList<>(List.of(
                INPUTS,
                ALERTS,
                DEAD_LETTERS,
                LATE,
                SUMMARY,
                FOLLOW,
                CONFIG,
                FORMAT,
                MIN_SEVERITY,
                FAIL_ON,
                FROM,
                TO,
                ALERT_FROM,
                IDLE_AFTER));
        for (Source source : Source.values()) {
            all.add(lateness(source));
        }
        ZONED.forEach(source -> all.add(zone(source)));
        all.addAll(List.of(
                MAX_RECORD_BYTES,
                NETWORK_CLUSTER,
                NETWORK_CONTROL_PLANE,
                NETWORK_TRUSTED_PROXIES,
                PLATFORM_NAMESPACES,
                RULES,
                ENABLED,
                DISABLED,
                EXEMPTIONS,
                DEFAULT_EXEMPTIONS,
                KAFKA_BOOTSTRAP_SERVERS,
                KAFKA_GROUP_ID,
                KAFKA_DELIVERY));
        return List.copyOf(all);
    }

    private static ConfigOption<String> text(String key) {
        return ConfigOptions.key(key).stringType().noDefaultValue();
    }
}
