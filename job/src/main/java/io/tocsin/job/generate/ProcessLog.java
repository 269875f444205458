package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Processes that Tetragon sees in pods: their starts, their ends, and the files that a tracing policy watches. */
final class ProcessLog extends SourceLog {
    /** What ran, so that its end or what it opened can be told. */
    record Running(Pod pod, String execId, String binary, String arguments, int pid, long started, String parent) {}

    ProcessLog(Timeline timeline, Chance chance) {
        super(timeline, Source.TETRAGON, chance);
    }

    /** A process starts in the pod's container. */
    Running exec(Pod pod, String parent, String binary, String arguments, boolean probe, long at) {
        int pid = 10_000 + chance.below(400_000);
        String key = pod.node().name + ":" + at * 1_000 + ":" + pid;
        String id = Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.US_ASCII));
        Running running = new Running(pod, id, binary, arguments, pid, at, parent);
        if (wanted()) {
            line.clear().ascii("{\"process_exec\":{");
            process(running, probe);
            end(pod, at);
        }
        return running;
    }

    /** It has ended. */
    void exit(Running running, int status, long at) {
        if (wanted()) {
            line.clear().ascii("{\"process_exit\":{");
            process(running, false);
            line.ascii(",\"status\":")
                    .number(status)
                    .ascii(",\"time\":\"")
                    .nanos(at, 0)
                    .ascii("\"");
            end(running.pod(), at);
        }
    }

    /** It opens a file that a policy watches. */
    void opens(Running running, String path, long at) {
        if (wanted()) {
            line.clear().ascii("{\"process_kprobe\":{");
            process(running, false);
            line.ascii(",\"function_name\":\"fd_install\",\"args\":[{\"int_arg\":3},{\"file_arg\":{\"path\":");
            line.json(path).ascii(",\"permission\":\"-rw-r--r--\"}}],\"action\":\"KPROBE_ACTION_POST\",");
            line.ascii("\"policy_name\":\"token-files\"");
            end(running.pod(), at);
        }
    }

    private void process(Running running, boolean probe) {
        Pod pod = running.pod();
        line.ascii("\"process\":{\"exec_id\":")
                .json(running.execId())
                .ascii(",\"pid\":")
                .number(running.pid());
        line.ascii(",\"uid\":1000,\"cwd\":\"/app\",\"binary\":").json(running.binary());
        if (!running.arguments().isEmpty()) {
            line.ascii(",\"arguments\":").json(running.arguments());
        }
        line.ascii(",\"flags\":\"execve clone\",\"start_time\":\"").nanos(running.started(), 0);
        line.ascii("\",\"auid\":4294967295,\"pod\":").raw(container(pod));
        labels(pod, line.ascii(probe ? ",\"maybe_exec_probe\":true" : ""));
        line.ascii(",\"docker\":").json(pod.container().substring(0, 31)).ascii(",\"refcnt\":1,\"tid\":");
        line.number(running.pid()).ascii("},\"parent\":{\"pid\":1,\"uid\":1000,\"cwd\":\"/app\",\"binary\":");
        line.json(running.parent()).ascii(",\"flags\":\"procFS auid rootcwd\",\"start_time\":\"");
        line.nanos(Math.min(pod.started(), running.started()), 0).ascii("\",\"auid\":4294967295,\"pod\":");
        labels(pod, line.raw(container(pod))).ascii("}");
    }

    private void end(Pod pod, long at) {
        line.ascii("},\"node_name\":")
                .json(pod.node().name)
                .ascii(",\"time\":\"")
                .nanos(at, chance.below(1_000));
        line.ascii("\"}");
        log(at);
    }

    /** The pod up to where its container may be said to run a probe. */
    private static byte[] container(Pod pod) {
        byte[] kept = pod.rendered(Pod.View.PROCESS);
        if (kept != null) {
            return kept;
        }
        Workload workload = pod.workload;
        LineBuffer buffer = new LineBuffer().ascii("{\"namespace\":").json(workload.namespace());
        buffer.ascii(",\"name\":").json(pod.name()).ascii(",\"uid\":").json(pod.uid());
        buffer.ascii(",\"container\":{\"id\":").json("containerd://" + pod.container());
        buffer.ascii(",\"name\":")
                .json(workload.name())
                .ascii(",\"image\":{\"name\":")
                .json(workload.image());
        buffer.ascii("},\"start_time\":\"").seconds(pod.started()).ascii("\",\"pid\":42");
        return pod.keep(Pod.View.PROCESS, buffer.copy());
    }

    private static LineBuffer labels(Pod pod, LineBuffer to) {
        Workload workload = pod.workload;
        to.ascii("},\"pod_labels\":{\"app\":").json(workload.name()).ascii("},\"workload\":");
        return to.json(workload.name())
                .ascii(",\"workload_kind\":")
                .json(workload.kind())
                .ascii("}");
    }
}
