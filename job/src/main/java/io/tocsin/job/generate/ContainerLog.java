package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** What containers write, as Fluent Bit ships it: one record a line, with the pod's metadata around it. */
final class ContainerLog extends SourceLog {
    ContainerLog(Timeline timeline, Chance chance) {
        super(timeline, Source.CONTAINER_LOG, chance);
    }

    /** A line of JSON, as an application's logger writes it; the level in lower case. */
    void structured(Pod pod, String level, String message, long at) {
        String text =
                "{\"level\":\"" + level + "\",\"logger\":\"" + pod.workload.name() + "\",\"msg\":\"" + message + "\"}";
        line(pod, level.equals("error") ? "stderr" : "stdout", text, at);
    }

    /** A line as the container wrote it. */
    void line(Pod pod, String stream, String text, long at) {
        if (!wanted()) {
            return;
        }
        line.clear().ascii("{\"date\":").number(Math.floorDiv(at, 1_000_000L)).ascii(".");
        line.fraction(Math.floorMod(at, 1_000_000L), 6).ascii(",\"time\":\"").nanos(at, chance.below(1_000));
        line.ascii("\",\"stream\":\"")
                .ascii(stream)
                .ascii("\",\"logtag\":\"F\",\"log\":")
                .json(text);
        line.ascii(",\"kubernetes\":").raw(metadata(pod)).ascii("}");
        log(at);
    }

    private static byte[] metadata(Pod pod) {
        byte[] kept = pod.rendered(Pod.View.COLLECTOR);
        if (kept != null) {
            return kept;
        }
        Workload workload = pod.workload;
        LineBuffer buffer = new LineBuffer().ascii("{\"pod_name\":").json(pod.name());
        buffer.ascii(",\"namespace_name\":").json(workload.namespace());
        buffer.ascii(",\"pod_id\":").json(pod.uid()).ascii(",\"pod_ip\":").json(pod.address());
        buffer.ascii(",\"labels\":{\"app\":")
                .json(workload.name())
                .ascii("},\"host\":")
                .json(pod.node().name);
        buffer.ascii(",\"container_name\":").json(workload.name());
        buffer.ascii(",\"docker_id\":").json(pod.container());
        buffer.ascii(",\"container_image\":").json(workload.image());
        return pod.keep(Pod.View.COLLECTOR, buffer.ascii("}").copy());
    }
}
