package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;

/** What the nodes' journals and the bastion's log hold: kubelet, containerd, timers, and administrators who log in. */
final class NodeAgents {
    private static final String[] ADMINISTRATORS = {"elif", "ruben", "hana"};
    private static final String[] ADDRESSES = {"203.0.113.40", "203.0.113.41", "203.0.113.10"};
    private static final String[] TIMERS = {
        "Started Daily rotation of log files.",
        "Starting Cleanup of Temporary Directories...",
        "Finished Cleanup of Temporary Directories.",
        "Started Session 41 of User elif.",
        "Reloading."
    };
    private static final String[] COMMANDS = {
        "/usr/bin/journalctl -u kubelet --since -1h",
        "/usr/bin/df -h",
        "/usr/bin/dmesg -T",
        "/usr/bin/systemctl status kubelet"
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final NodeLog nodes;
    private final BastionLog bastion;

    NodeAgents(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.nodes = simulation.logs.nodes;
        this.bastion = simulation.logs.bastion;
    }

    void start() {
        simulation.fill(Source.JOURNALD, 0.90, 1, this::routine);
        simulation.fill(Source.SYSLOG, 0.90, 1, this::bastionRoutine);
        for (long day = Math.floorDiv(simulation.start, Simulation.DAY) * Simulation.DAY;
                day < simulation.end;
                day += Simulation.DAY) {
            for (int i = 0; i < 3; i++) {
                long at = day + 8 * HOUR + bastion.chance.between(0, 9 * HOUR);
                if (at > simulation.start) {
                    simulation.timeline.at(at, this::administers);
                }
            }
        }
    }

    private void routine(long now) {
        Chance chance = nodes.chance;
        Node node = chance.pick(cluster.nodes);
        Pod pod = cluster.fleet.any(chance);
        int die = chance.below(10);
        String about = "pod=\"" + pod.namespace() + "/" + pod.name() + "\" podUID=\"" + pod.uid()
                + "\" containerName=\"" + pod.workload.name() + "\"";
        if (die < 3) {
            nodes.kubelet(pod.node(), 'I', "Probe succeeded after warm-up", about, now);
        } else if (die < 5) {
            nodes.kubelet(pod.node(), 'W', "Volume stats are slow", about + " err=\"took 1.8s\"", now);
        } else if (die < 8) {
            nodes.containerd(pod.node(), "ExecSync for \"" + pod.container() + "\" returns with exit code 0", now);
        } else if (die < 9) {
            nodes.containerd(node, "loading plugin \"io.containerd.gc.v1.scheduler\"", now);
        } else {
            nodes.systemd(node, chance.pick(TIMERS), now);
        }
    }

    private void bastionRoutine(long now) {
        Chance chance = bastion.chance;
        if (chance.oneIn(3)) {
            bastion.write("systemd[1]", chance.pick(TIMERS), now);
        } else {
            bastion.write("CRON[" + chance.between(2_000, 60_000) + "]", "(root) CMD (/usr/lib/backup/run)", now);
        }
    }

    /** An administrator comes over the bastion, mistypes a password now and then, looks at a node, and leaves. */
    private void administers(long now) {
        Chance chance = bastion.chance;
        int who = chance.below(ADMINISTRATORS.length);
        String user = ADMINISTRATORS[who];
        String address = ADDRESSES[who];
        int port = 40_000 + chance.below(20_000);
        int pid = 2_000 + chance.below(50_000);
        Node node = chance.pick(cluster.nodes);
        long at = now;
        if (chance.oneIn(3)) {
            bastion.sshd(pid, "Failed password for " + user + " from " + address + " port " + port + " ssh2", at);
            at += 6 * SECOND;
        }
        long in = at;
        simulation.timeline.at(in, later -> {
            bastion.sshd(pid, "Accepted password for " + user + " from " + address + " port " + port + " ssh2", later);
            bastion.sshd(
                    pid,
                    "pam_unix(sshd:session): session opened for user " + user + "(uid=1000) by (uid=0)",
                    later + 40_000);
        });
        simulation.timeline.at(in + 20 * SECOND, later -> {
            String key = "Accepted publickey for " + user + " from " + BastionLog.ADDRESS + " port " + (port + 1)
                    + " ssh2: ED25519 SHA256:" + "example".repeat(6);
            nodes.sshd(node, pid + 7, key, later);
            nodes.sshd(
                    node,
                    pid + 7,
                    "pam_unix(sshd:session): session opened for user " + user + "(uid=1000) by (uid=0)",
                    later + 50_000);
        });
        int commands = 1 + chance.below(4);
        for (int i = 0; i < commands; i++) {
            String command = chance.pick(COMMANDS);
            simulation.timeline.at(in + (60 + 45L * i) * SECOND, later -> nodes.sudo(node, user, command, later));
        }
        simulation.timeline.at(in + 6 * MINUTE, later -> {
            String closed = "pam_unix(sshd:session): session closed for user " + user;
            nodes.sshd(node, pid + 7, closed, later);
            bastion.sshd(pid, closed, later + 2 * SECOND);
        });
    }
}
