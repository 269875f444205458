package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** Alerts of Falco, its JSON with output fields. */
final class FalcoLog extends SourceLog {
    FalcoLog(Timeline timeline, Chance chance) {
        super(timeline, Source.FALCO, chance);
    }

    /** A rule's alert about a process in a pod. */
    void alert(Pod pod, String priority, String rule, String command, String parent, boolean terminal, long at) {
        if (!wanted()) {
            return;
        }
        int nanos = chance.below(1_000);
        String program = command.indexOf(' ') < 0 ? command : command.substring(0, command.indexOf(' '));
        line.clear().ascii("{\"hostname\":").json(pod.node().name).ascii(",\"output\":");
        line.json(priority + " " + rule + " | process=" + command + " pod=" + pod.name());
        line.ascii(",\"output_fields\":{\"container.id\":").json(pod.container().substring(0, 12));
        line.ascii(",\"container.name\":").json(pod.workload.name());
        line.ascii(",\"container.image.repository\":").json(pod.workload.image().replaceAll(":[^:]*$", ""));
        line.ascii(",\"evt.time\":").number(at * 1_000 + nanos).ascii(",\"evt.type\":\"execve\",\"k8s.ns.name\":");
        line.json(pod.namespace()).ascii(",\"k8s.pod.name\":").json(pod.name());
        line.ascii(",\"proc.cmdline\":").json(command).ascii(",\"proc.name\":");
        line.json(program.substring(program.lastIndexOf('/') + 1))
                .ascii(",\"proc.pname\":")
                .json(parent);
        line.ascii(",\"proc.tty\":").number(terminal ? 34_816 : 0).ascii(",\"user.name\":\"app\",\"user.uid\":1000}");
        line.ascii(",\"priority\":").json(priority).ascii(",\"rule\":").json(rule);
        line.ascii(",\"source\":\"syscall\",\"tags\":[\"container\"],\"time\":\"")
                .nanos(at, nanos)
                .ascii("\"}");
        log(at);
    }
}
