package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** What other logs than the API's tell of a pod that comes or goes: Events, the node's agents, the container's first process. */
final class PodLifecycle {
    private static final long MILLISECOND = 1_000;
    private static final String SHIM = "/usr/bin/containerd-shim-runc-v2";

    private final Simulation simulation;
    private final Logs logs;
    private final Map<Pod, ProcessLog.Running> entrypoints = new HashMap<>();

    PodLifecycle(Simulation simulation) {
        this.simulation = simulation;
        this.logs = simulation.logs;
    }

    /** Its owner's controller made it. */
    void created(Pod pod, String controller, long now) {
        owner(pod, controller, "SuccessfulCreate", "Created pod: " + pod.name(), now);
    }

    /** Its owner's controller deleted it. */
    void deleted(Pod pod, String controller, long now) {
        owner(pod, controller, "SuccessfulDelete", "Deleted pod: " + pod.name(), now);
    }

    private void owner(Pod pod, String controller, String reason, String message, long now) {
        String kind =
                switch (controller) {
                    case "replicaset-controller" -> "ReplicaSet";
                    case "daemon-set-controller" -> "DaemonSet";
                    case "job-controller" -> "Job";
                    default -> "";
                };
        if (!kind.isEmpty()) {
            boolean named = kind.equals("DaemonSet");
            String name = named
                    ? pod.workload.name()
                    : pod.name().substring(0, pod.name().lastIndexOf('-'));
            String component = controller.replace("daemon-set", "daemonset");
            logs.events.of(kind, pod.namespace(), name, false, component, reason, message, now);
        }
    }

    /** The scheduler has found it a node, the kubelet starts it. */
    void starts(Pod pod, long now) {
        Node node = pod.node();
        String name = pod.workload.name();
        String qualified = pod.namespace() + "/" + pod.name();
        Workload workload = pod.workload;
        simulation.timeline.at(now + 90 * MILLISECOND, later -> {
            String assigned = "Successfully assigned " + qualified + " to " + node.name;
            logs.events.ofPod(pod, false, "default-scheduler", "Scheduled", assigned, 1, later, later);
            logs.nodes.kubelet(node, 'I', "SyncLoop ADD", "source=\"api\" pods=[\"" + qualified + "\"]", later);
            logs.nodes.containerd(
                    node,
                    "RunPodSandbox for &PodSandboxMetadata{Name:" + pod.name() + ",Uid:" + pod.uid() + ",Namespace:"
                            + pod.namespace() + ",Attempt:0,} returns sandbox id \"" + pod.container() + "\"",
                    later + 110 * MILLISECOND);
        });
        simulation.timeline.at(now + 700 * MILLISECOND, later -> {
            boolean known = logs.events.chance.below(3) > 0;
            String pulled = known
                    ? "Container image \"" + workload.image() + "\" already present on machine"
                    : "Successfully pulled image \"" + workload.image() + "\" in 431ms (431ms including waiting)";
            if (!known) {
                String pulling = "Pulling image \"" + workload.image() + "\"";
                logs.events.ofKubelet(pod, false, "Pulling", pulling, 1, later, later);
                logs.nodes.containerd(node, "PullImage \"" + workload.image() + "\"", later);
            }
            logs.events.ofKubelet(pod, false, "Pulled", pulled, 1, later + 400_000, later + 400_000);
        });
        simulation.timeline.at(now + 1_300 * MILLISECOND, later -> {
            logs.events.ofKubelet(pod, false, "Created", "Created container " + name, 1, later, later);
            logs.events.ofKubelet(pod, false, "Started", "Started container " + name, 1, later, later);
            logs.nodes.containerd(node, "StartContainer for \"" + pod.container() + "\" returns successfully", later);
            entrypoints.put(pod, logs.processes.exec(pod, SHIM, workload.binary(), arguments(pod), false, later));
            logs.containers.structured(pod, "info", "starting " + name, later + 40 * MILLISECOND);
            if (workload.kind().equals("Job")) {
                steps(pod, later);
            }
        });
    }

    private static String arguments(Pod pod) {
        String name = pod.workload.name();
        if (pod.workload.isJava()) {
            return "-XX:MaxRAMPercentage=75 -jar /app/" + name + ".jar";
        }
        return pod.workload.binary().contains("python")
                ? "-m " + name.replace('-', '_').toLowerCase(Locale.ROOT)
                : "--config /etc/" + name + "/config.yaml";
    }

    /** Jobs run scripts: shells that nobody sits at. */
    private void steps(Pod pod, long now) {
        String[] commands = pod.namespace().equals("ci")
                ? new String[] {"git fetch --depth 1 origin", "make build", "make test"}
                : new String[] {"/app/bin/run --once"};
        long at = now;
        for (String command : commands) {
            at += 2 * SECOND + logs.processes.chance.below((int) (9 * SECOND));
            simulation.timeline.at(at, later -> {
                ProcessLog.Running shell = logs.processes.exec(
                        pod, pod.workload.binary(), "/bin/sh", "-c \"" + command + "\"", false, later);
                logs.containers.line(pod, "stdout", "$ " + command, later + 10 * MILLISECOND);
                simulation.timeline.at(later + 2 * SECOND, end -> logs.processes.exit(shell, 0, end));
            });
        }
    }

    /** The kubelet ends a pod that is deleted. */
    void ends(Pod pod, long now) {
        Node node = pod.node();
        String qualified = pod.namespace() + "/" + pod.name();
        String words = "Stopping container " + pod.workload.name();
        logs.events.ofKubelet(pod, false, "Killing", words, 1, now, now);
        logs.nodes.kubelet(node, 'I', "SyncLoop DELETE", "source=\"api\" pods=[\"" + qualified + "\"]", now);
        logs.nodes.containerd(node, "StopContainer for \"" + pod.container() + "\" with timeout 30 (s)", now + 1);
        exits(pod, now + 700 * MILLISECOND);
    }

    /** Its container's process ends. */
    void exits(Pod pod, long now) {
        ProcessLog.Running entrypoint = entrypoints.remove(pod);
        if (entrypoint != null) {
            simulation.timeline.at(now, later -> logs.processes.exit(entrypoint, 0, later));
        }
    }
}
