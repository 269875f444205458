package io.tocsin.job.decode.ebpf;

import java.util.Arrays;

/** What is read of an alert of Falco. */
enum AlertField {
    UUID("uuid"),
    TIME("time"),
    RULE("rule"),
    PRIORITY("priority"),
    OUTPUT("output"),
    MESSAGE("message"),
    SOURCE("source"),
    FIELDS("output_fields"),
    EVT_TIME("output_fields/evt.time"),
    EVT_TIME_ISO("output_fields/evt.time.iso8601"),
    EVT_RAWTIME("output_fields/evt.rawtime"),
    EVT_TYPE("output_fields/evt.type"),
    EVT_RES("output_fields/evt.res"),
    EVT_FLAGS("output_fields/evt.arg.flags"),
    EVT_OPEN_WRITE("output_fields/evt.is_open_write"),
    PROC_NAME("output_fields/proc.name"),
    PROC_EXEPATH("output_fields/proc.exepath"),
    PROC_CMDLINE("output_fields/proc.cmdline"),
    PROC_ARGS("output_fields/proc.args"),
    PROC_CWD("output_fields/proc.cwd"),
    PROC_PID("output_fields/proc.pid"),
    PROC_PPID("output_fields/proc.ppid"),
    PROC_PNAME("output_fields/proc.pname"),
    PROC_PEXEPATH("output_fields/proc.pexepath"),
    USER_NAME("output_fields/user.name"),
    USER_UID("output_fields/user.uid"),
    FD_NAME("output_fields/fd.name"),
    FD_PROTOCOL("output_fields/fd.l4proto"),
    FD_RIP("output_fields/fd.rip"),
    FD_RPORT("output_fields/fd.rport"),
    FS_PATH("output_fields/fs.path.name"),
    CONTAINER_ID("output_fields/container.id"),
    CONTAINER_NAME("output_fields/container.name"),
    IMAGE("output_fields/container.image"),
    IMAGE_REPOSITORY("output_fields/container.image.repository"),
    IMAGE_TAG("output_fields/container.image.tag"),
    NAMESPACE("output_fields/k8s.ns.name"),
    POD("output_fields/k8s.pod.name"),
    POD_UID("output_fields/k8s.pod.uid"),
    NODE("output_fields/k8s.node.name"),
    DEPLOYMENT("output_fields/k8s.deployment.name"),
    META_NAMESPACE("output_fields/k8smeta.ns.name"),
    META_POD("output_fields/k8smeta.pod.name"),
    META_POD_UID("output_fields/k8smeta.pod.uid"),
    META_NODE("output_fields/k8smeta.node.name"),
    META_DEPLOYMENT("output_fields/k8smeta.deployment.name"),
    AUDIT_USER("output_fields/ka.user.name"),
    AUDIT_GROUPS("output_fields/ka.user.groups"),
    AUDIT_IMPERSONATED("output_fields/ka.impuser.name"),
    AUDIT_VERB("output_fields/ka.verb"),
    AUDIT_RESOURCE("output_fields/ka.target.resource"),
    AUDIT_SUBRESOURCE("output_fields/ka.target.subresource"),
    AUDIT_NAMESPACE("output_fields/ka.target.namespace"),
    AUDIT_NAME("output_fields/ka.target.name"),
    AUDIT_URI("output_fields/ka.uri"),
    AUDIT_CODE("output_fields/ka.response.code"),
    AUDIT_AGENT("output_fields/ka.useragent"),
    AUDIT_ADDRESSES("output_fields/ka.sourceips");

    final String path;

    AlertField(String path) {
        this.path = path;
    }

    static String[] paths() {
        return Arrays.stream(values()).map(field -> field.path).toArray(String[]::new);
    }
}
