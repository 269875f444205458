package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** The access log of ingress-nginx, in its default format. A line is written when the answer is sent; whole seconds. */
final class IngressLog extends SourceLog {
    IngressLog(Timeline timeline, Chance chance) {
        super(timeline, Source.ACCESS_LOG, chance);
    }

    /** A request for the workload, answered by one of its pods. */
    void request(String address, String method, String path, int status, String agent, Pod pod, long at) {
        String port = String.valueOf(pod.workload.port());
        String upstream = pod.namespace() + "-" + pod.workload.name() + "-" + port;
        write(address, method, path, status, agent, upstream, pod.address() + ":" + port, at);
    }

    /** A request for no host or path that is known: the ingress's own 404. */
    void unrouted(String address, String method, String path, String agent, long at) {
        write(address, method, path, 404, agent, "upstream-default-backend", "127.0.0.1:8181", at);
    }

    private void write(
            String address,
            String method,
            String path,
            int status,
            String agent,
            String upstream,
            String endpoint,
            long at) {
        if (!wanted()) {
            return;
        }
        long bytes = status == 200 ? chance.between(300, 24_000) : chance.between(60, 400);
        long milliseconds = chance.oneIn(40) ? chance.between(200, 2_500) : chance.between(2, 120);
        line.clear()
                .ascii(address)
                .ascii(" - - [")
                .clock(at)
                .ascii("] \"")
                .ascii(method)
                .ascii(" ");
        line.ascii(path.replace("\"", "\\x22")).ascii(" HTTP/").ascii(chance.oneIn(4) ? "1.1" : "2.0");
        line.ascii("\" ").number(status).ascii(" ").number(bytes).ascii(" \"-\" \"");
        line.ascii(agent.replace("\"", "\\x22"))
                .ascii("\" ")
                .number(chance.between(120, 900))
                .ascii(" ");
        seconds(milliseconds)
                .ascii(" [")
                .ascii(upstream)
                .ascii("] [] ")
                .ascii(endpoint)
                .ascii(" ")
                .number(bytes);
        seconds(line.ascii(" "), milliseconds)
                .ascii(" ")
                .number(status)
                .ascii(" ")
                .ascii(chance.hex(32));
        log(at);
    }

    private LineBuffer seconds(long milliseconds) {
        return seconds(line, milliseconds);
    }

    private static LineBuffer seconds(LineBuffer to, long milliseconds) {
        return to.number(milliseconds / 1_000).ascii(".").fraction(milliseconds % 1_000, 3);
    }
}
