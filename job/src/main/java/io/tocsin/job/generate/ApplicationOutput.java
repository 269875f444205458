package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;

import io.tocsin.event.Source;
import java.nio.charset.StandardCharsets;

/** What the containers write: requests served, now and then a warning or an error, and one that fails all the time. */
final class ApplicationOutput {
    private static final String[] SAID = {
        "GET /products/%d 200 in %d ms",
        "cache refreshed, %d entries in %d ms",
        "message %d consumed after %d ms",
        "order %d priced in %d ms",
        "session %d extended by %d s"
    };
    private static final String[] WARNED = {
        "slow query %d took %d ms", "retrying request %d after %d ms", "pool %d is nearly used up, waited %d ms"
    };
    private static final String[] FAILED = {
        "request %d timed out after %d ms",
        "could not parse message %d, %d bytes",
        "upstream answered 503 to %d in %d ms"
    };

    private final Simulation simulation;
    private final Fleet fleet;
    private final ContainerLog log;
    private final Chance chance;
    private int restarts = 4_100;

    ApplicationOutput(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.fleet = cluster.fleet;
        this.log = simulation.logs.containers;
        this.chance = log.chance;
    }

    void start() {
        simulation.fill(Source.CONTAINER_LOG, 0.95, 1, this::say);
        // Errors are spread over the day: a burst of them is what a detection looks for.
        for (Cluster.Application app : Cluster.APPLICATIONS) {
            simulation.steadily(Source.CONTAINER_LOG, 23 * MINUTE, now -> fail(app.workload(), now));
        }
        // The exporter has been failing for days: started, failed, started again after five minutes.
        simulation.steadily(Source.CONTAINER_LOG, 5 * MINUTE, this::crash);
        simulation.steadily(Source.KUBERNETES_EVENT, 25 * MINUTE, this::backOff);
    }

    private void say(long now) {
        Pod pod = fleet.any(chance);
        if (chance.oneIn(80)) {
            log.structured(pod, "warn", text(WARNED), now);
        } else if (pod.caller != null) {
            log.line(pod, "stderr", klog(now, "Reconciled object, " + chance.between(1, 40) + " unchanged"), now);
        } else {
            log.structured(pod, "info", text(SAID), now);
        }
    }

    private void fail(Workload workload, long now) {
        Pod pod = fleet.any(chance, workload.key());
        if (pod != null) {
            log.structured(pod, "error", text(FAILED), now);
        }
    }

    private void crash(long now) {
        Pod pod = fleet.any(chance, "data/exporter");
        if (pod != null) {
            log.structured(pod, "info", "starting exporter", now);
            log.structured(pod, "error", "bucket of partner 17 refuses the key, giving up", now + 900_000);
        }
    }

    private void backOff(long now) {
        Pod pod = fleet.any(chance, "data/exporter");
        if (pod != null) {
            String message =
                    "Back-off restarting failed container exporter in pod " + pod.name() + "_data(" + pod.uid() + ")";
            long since = Math.max(pod.started(), now - 20 * MINUTE);
            simulation.logs.events.ofKubelet(pod, true, "BackOff", message, 5, since, now);
            restarts += 5;
            simulation.logs.nodes.kubelet(
                    pod.node(),
                    'E',
                    "Error syncing pod, skipping",
                    "err=\"failed to start container: CrashLoopBackOff: back-off 5m0s restarting, restart " + restarts
                            + "\" pod=\"data/" + pod.name() + "\" podUID=\"" + pod.uid() + "\"",
                    now);
        }
    }

    private String text(String[] templates) {
        String template = chance.pick(templates);
        int gap = template.indexOf("%d");
        String first = template.substring(0, gap) + chance.between(1_000, 99_999);
        return first + template.substring(gap + 2).replace("%d", String.valueOf(chance.between(1, 900)));
    }

    private static String klog(long now, String words) {
        String iso = new String(new LineBuffer().micros(now).copy(), StandardCharsets.US_ASCII);
        return "I" + iso.substring(5, 7) + iso.substring(8, 10) + " " + iso.substring(11, 26)
                + "       1 controller.go:212] \"" + words + "\"";
    }
}
