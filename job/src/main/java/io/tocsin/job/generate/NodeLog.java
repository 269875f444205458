package io.tocsin.job.generate;

import io.tocsin.event.Source;
import io.tocsin.job.generate.Cluster.Node;
import java.nio.charset.StandardCharsets;

/** The journals of the nodes as JSON, with the fields that journald itself sets. */
final class NodeLog extends SourceLog {
    private long entries = 7_000_000;

    NodeLog(Timeline timeline, Chance chance) {
        super(timeline, Source.JOURNALD, chance);
    }

    /** A structured line of the kubelet: the words, then {@code key="value"} pairs. */
    void kubelet(Node node, char severity, String words, String pairs, long at) {
        if (!wanted()) {
            return;
        }
        LineBuffer time = new LineBuffer().micros(at);
        String iso = new String(time.copy(), StandardCharsets.US_ASCII);
        String message = severity + iso.substring(5, 7) + iso.substring(8, 10) + " " + iso.substring(11, 26)
                + "    1675 kubelet.go:" + (600 + words.length() * 37 % 2_000) + "] \"" + words + "\" " + pairs;
        entry(node, "kubelet", 1_675, "/usr/bin/kubelet", "kubelet.service", "stdout", message, at);
    }

    /** A line of containerd. */
    void containerd(Node node, String words, long at) {
        if (!wanted()) {
            return;
        }
        String time = new String(new LineBuffer().nanos(at, 0).copy(), StandardCharsets.US_ASCII);
        String message = "time=\"" + time + "\" level=info msg=\"" + words.replace("\"", "\\\"") + "\"";
        entry(node, "containerd", 1_489, "/usr/bin/containerd", "containerd.service", "stdout", message, at);
    }

    /** A line of sshd; of one login, all with one process id. */
    void sshd(Node node, int pid, String message, long at) {
        entry(node, "sshd", pid, "/usr/sbin/sshd", "sshd.service", "syslog", message, at);
    }

    /** Somebody runs a command as root. */
    void sudo(Node node, String user, String command, long at) {
        String message = "    " + user + " : TTY=pts/0 ; PWD=/home/" + user + " ; USER=root ; COMMAND=" + command;
        entry(node, "sudo", 40_000 + chance.below(20_000), "/usr/bin/sudo", "session-1.scope", "syslog", message, at);
    }

    /** A line of systemd. */
    void systemd(Node node, String message, long at) {
        entry(node, "systemd", 1, "/usr/lib/systemd/systemd", "init.scope", "journal", message, at);
    }

    private void entry(
            Node node, String program, int pid, String binary, String unit, String transport, String message, long at) {
        if (!wanted()) {
            return;
        }
        entries++;
        String boot = node.uid.replace("-", "");
        line.clear().ascii("{\"__CURSOR\":\"s=").ascii(boot.substring(0, 16)).ascii(";i=");
        line.ascii(Long.toHexString(entries))
                .ascii(";b=")
                .ascii(boot)
                .ascii(";t=")
                .ascii(Long.toHexString(at));
        line.ascii("\",\"__REALTIME_TIMESTAMP\":\"")
                .number(at)
                .ascii("\",\"_BOOT_ID\":\"")
                .ascii(boot);
        line.ascii("\",\"_HOSTNAME\":").json(node.name).ascii(",\"PRIORITY\":\"6\",\"SYSLOG_IDENTIFIER\":");
        line.json(program)
                .ascii(",\"_UID\":\"0\",\"_COMM\":")
                .json(program)
                .ascii(",\"_EXE\":")
                .json(binary);
        line.ascii(",\"_SYSTEMD_UNIT\":").json(unit).ascii(",\"_TRANSPORT\":").json(transport);
        line.ascii(",\"_PID\":\"")
                .number(pid)
                .ascii("\",\"MESSAGE\":")
                .json(message)
                .ascii("}");
        log(at);
    }
}
