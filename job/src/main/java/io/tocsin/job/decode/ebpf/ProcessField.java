package io.tocsin.job.decode.ebpf;

import java.util.EnumMap;
import java.util.Map;

/** What is read of an event of a process. */
enum ProcessField {
    NODE_NAME("node_name", false),
    CLUSTER_NAME("cluster_name", false),
    TIME("time", false),
    COUNT("aggregation_info/count", false),
    EVENT("", true),
    EXEC_ID("process/exec_id", true),
    UID("process/uid", true),
    CWD("process/cwd", true),
    BINARY("process/binary", true),
    ARGUMENTS("process/arguments", true),
    START_TIME("process/start_time", true),
    POD_NAMESPACE("process/pod/namespace", true),
    POD_NAME("process/pod/name", true),
    POD_UID("process/pod/uid", true),
    CONTAINER("process/pod/container/name", true),
    IMAGE("process/pod/container/image/name", true),
    MAYBE_EXEC_PROBE("process/pod/container/maybe_exec_probe", true),
    WORKLOAD("process/pod/workload", true),
    WORKLOAD_KIND("process/pod/workload_kind", true),
    PARENT_EXEC_ID("process/parent_exec_id", true),
    USER_NAME("process/user/name", true),
    PARENT_BINARY("parent/binary", true),
    PARENT_ID("parent/exec_id", true),
    /** Of probes. */
    FUNCTION("function_name", true),
    TRACEPOINT("event", true),
    SYMBOL("symbol", true),
    PROBE_NAME("name", true),
    PATH("path", true),
    ARGS("args", true),
    ACTION("action", true),
    RETURN_ACTION("return_action", true),
    RETURN_INT("return/int_arg", true),
    RETURN_LONG("return/long_arg", true),
    RETURN_SIZE("return/size_arg", true),
    POLICY("policy_name", true),
    MESSAGE("message", true),
    /** Of exits. */
    SIGNAL("signal", true),
    STATUS("status", true),
    EVENT_TIME("time", true),
    /** Of connections, as Tetragon told them before it had probes for them. */
    SOURCE_IP("source_ip", true),
    DESTINATION_IP("destination_ip", true),
    DESTINATION_PORT("destination_port", true),
    DESTINATION_NAMES("destination_names", true),
    LISTEN_IP("ip", true),
    LISTEN_PORT("port", true),
    PROTOCOL("protocol", true);

    private final String path;
    private final boolean inside;

    ProcessField(String path, boolean inside) {
        this.path = path;
        this.inside = inside;
    }

    /** The paths of all of them in an event of a type. */
    static Map<ProcessField, String> of(String type) {
        Map<ProcessField, String> paths = new EnumMap<>(ProcessField.class);
        for (ProcessField field : values()) {
            String inner = field.path.isEmpty() ? type : type + "/" + field.path;
            // The same string as those of its projection: found without looking at its characters.
            paths.put(field, (field.inside ? inner : field.path).intern());
        }
        return paths;
    }
}
