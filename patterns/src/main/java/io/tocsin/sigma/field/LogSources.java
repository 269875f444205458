package io.tocsin.sigma.field;

import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.LogSource;
import io.tocsin.sigma.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which logs are meant by Sigma's categories, products and services, and which of their records. */
public final class LogSources {
    private static final String OWN = "tocsin";

    /** Products whose web servers and proxies write access logs. */
    private static final Set<String> SERVERS = Set.of(
            "apache",
            "nginx",
            "ingress-nginx",
            "envoy",
            "istio",
            "traefik",
            "haproxy",
            "contour",
            "kubernetes",
            "linux");

    private static final Set<String> ELSEWHERE = Set.of(
            "windows",
            "macos",
            "m365",
            "azure",
            "gcp",
            "okta",
            "github",
            "bitbucket",
            "onelogin",
            "cisco",
            "fortinet",
            "fortios",
            "paloalto",
            "juniper",
            "huawei",
            "zeek",
            "qualys",
            "rpc_firewall",
            "opencanary",
            "sql",
            "spring",
            "django",
            "ruby_on_rails",
            "python",
            "nodejs",
            "jvm",
            "velocity",
            "modsecurity",
            "splunk",
            "esxi",
            "vmware",
            "google_workspace",
            "salesforce",
            "cloudflare",
            "auth0",
            "duo");

    /** The records of process creation. */
    private static final Expression EXECUTED = is(HostFields.ACTION, "exec");

    /** The records of connections that are opened. */
    private static final Expression CONNECTED = is(HostFields.ACTION, "connect");

    /** What nodes' kernels tell of processes, files and connections. */
    private static final Logs RUNTIME = Logs.of(Source.TETRAGON, Source.AUDITD, Source.FALCO);

    /** The records of files that are written, made or given another name. */
    private static final Expression WRITTEN = isAnyOf(
            HostFields.ACTION,
            "write",
            "truncate",
            "rename",
            "renameat",
            "renameat2",
            "link",
            "linkat",
            "symlink",
            "symlinkat",
            "mknod",
            "mknodat");

    private static final Set<Source> NODE_LOGS = Set.of(Source.JOURNALD, Source.SYSLOG);

    private static final Map<String, Logs> PRODUCTS = products();

    /**
     * Logs.
     *
     * @param sources the logs; none if there is a problem
     * @param when which of their records; null: all
     * @param problem why there are none
     */
    public record Logs(Set<Source> sources, @Nullable Expression when, @Nullable String problem) {
        public static Logs of(Source... sources) {
            return new Logs(Set.of(sources), null, null);
        }

        static Logs refused(String problem) {
            return new Logs(Set.of(), null, problem);
        }
    }

    private LogSources() {}

    private static Map<String, Logs> products() {
        Map<String, Logs> logs = new TreeMap<>();
        logs.put("kubernetes/audit", Logs.of(Source.KUBERNETES_AUDIT));
        logs.put("kubernetes/events", Logs.of(Source.KUBERNETES_EVENT));
        logs.put("kubernetes/container", Logs.of(Source.CONTAINER_LOG));
        logs.put("kubernetes/authenticator", Logs.of(Source.EKS_AUTHENTICATOR));
        logs.put("aws/cloudtrail", Logs.of(Source.CLOUDTRAIL));
        logs.put("aws/eks-authenticator", Logs.of(Source.EKS_AUTHENTICATOR));
        // Rules that search any log of a node for words.
        logs.put("linux/", Logs.of(Source.TETRAGON, Source.AUDITD, Source.FALCO, Source.JOURNALD, Source.SYSLOG));
        logs.put("linux/auditd", Logs.of(Source.AUDITD));
        logs.put("linux/sshd", new Logs(NODE_LOGS, program("sshd", "sshd-session"), null));
        logs.put("linux/sudo", new Logs(NODE_LOGS, program("sudo"), null));
        logs.put("linux/auth", new Logs(NODE_LOGS, null, null));
        logs.put("linux/syslog", new Logs(NODE_LOGS, null, null));
        logs.put("cilium/hubble", Logs.of(Source.HUBBLE));
        logs.put("cilium/tetragon", Logs.of(Source.TETRAGON));
        logs.put("falco/", Logs.of(Source.FALCO));
        for (Source source : Source.values()) {
            logs.put(OWN + "/" + source.id(), Logs.of(source));
        }
        logs.put(OWN + "/runtime", RUNTIME);
        return logs;
    }

    private static Expression is(String field, String text) {
        return new Expression.Test(field, new Comparison.Text(Comparison.Where.IS, text, true), 0);
    }

    private static Expression isAnyOf(String field, String... texts) {
        return new Expression.Any(Stream.of(texts).map(text -> is(field, text)).toList());
    }

    private static Expression program(String... names) {
        List<Expression> any = new ArrayList<>();
        for (String name : names) {
            any.add(is(HostFields.EXECUTABLE, name));
            Comparison path = new Comparison.Text(Comparison.Where.ENDS, "/" + name, true);
            any.add(new Expression.Test(HostFields.EXECUTABLE, path, 0));
        }
        return new Expression.Any(any);
    }

    /** The logs that are meant. */
    public static Logs of(LogSource source) {
        String category = lower(source.category());
        String product = lower(source.product());
        String service = lower(source.service());
        if (ELSEWHERE.contains(product)) {
            return Logs.refused("logsource: product %s writes no log of a Kubernetes platform; %s"
                    .formatted(source.product(), known()));
        }
        if (!category.isEmpty() && service.isEmpty()) {
            return byCategory(source, category, product);
        }
        Logs logs = PRODUCTS.get(product + "/" + (product.equals("falco") ? "" : service));
        if (logs != null && (category.isEmpty() || category.equals("application"))) {
            return logs;
        }
        return unknown(source);
    }

    /** How a log is written as a log source; the first is usual. */
    static List<LogSource> writtenAs(Source source) {
        List<LogSource> all = new ArrayList<>();
        for (Map.Entry<String, Logs> entry : PRODUCTS.entrySet()) {
            int slash = entry.getKey().indexOf('/');
            String service = entry.getKey().substring(slash + 1);
            if (entry.getValue().sources().contains(source)) {
                all.add(new LogSource(null, entry.getKey().substring(0, slash), service.isEmpty() ? null : service));
            }
        }
        for (String category : List.of("file_event", "network_connection", "process_creation", "proxy", "webserver")) {
            LogSource written = new LogSource(category, category.contains("_") ? "linux" : null, null);
            if (of(written).sources().contains(source)) {
                all.add(written);
            }
        }
        return List.copyOf(all);
    }

    private static Logs byCategory(LogSource source, String category, String product) {
        boolean linux = product.equals("linux") || product.isEmpty();
        boolean server = product.isEmpty() || SERVERS.contains(product);
        return switch (category) {
            case "webserver", "proxy" -> server ? Logs.of(Source.ACCESS_LOG) : unknown(source);
            case "process_creation" -> linux ? new Logs(RUNTIME.sources(), EXECUTED, null) : unknown(source);
            case "network_connection" ->
                linux ? new Logs(Set.of(Source.HUBBLE, Source.TETRAGON), CONNECTED, null) : unknown(source);
            case "file_event" -> linux ? new Logs(RUNTIME.sources(), WRITTEN, null) : unknown(source);
            case "application" -> product.equals("falco") ? Logs.of(Source.FALCO) : unknown(source);
            default -> unknown(source);
        };
    }

    private static Logs unknown(LogSource source) {
        String text = source.toString();
        List<String> services = new ArrayList<>();
        String start = lower(source.product()) + "/";
        for (String name : PRODUCTS.keySet()) {
            if (name.startsWith(start) && name.length() > start.length()) {
                services.add(name.substring(start.length()));
            }
        }
        if (text.isEmpty()) {
            return Logs.refused("logsource names no log; " + known());
        }
        if (services.isEmpty()) {
            return Logs.refused("logsource: %s is no log that is read; %s".formatted(text, known()));
        }
        String near = Nearest.to(lower(source.service()), services);
        return Logs.refused("logsource: %s is no log that is read; service of product %s must be one of %s%s"
                .formatted(text, source.product(), String.join(", ", services), near == null ? "" : ": " + near + "?"));
    }

    private static String known() {
        return "there are product kubernetes (service audit, events, container, authenticator), aws (cloudtrail,"
                + " eks-authenticator), linux (auditd, sshd, sudo, auth, syslog; none: all of"
                + " these, tetragon and falco), falco, cilium (hubble, tetragon), tocsin (any format of an input; runtime:"
                + " tetragon, auditd and falco), and category webserver, proxy, process_creation, network_connection and"
                + " file_event";
    }

    private static String lower(@Nullable String text) {
        return Objects.toString(text, "").toLowerCase(Locale.ROOT);
    }
}
