package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.nio.charset.StandardCharsets;

/** The system log of the host that administrators reach the nodes from: rsyslog's lines with RFC 3339 times. */
final class BastionLog extends SourceLog {
    /** The host's address inside the network; the only one from which nodes are logged in to. */
    static final String ADDRESS = "10.0.88.20";

    BastionLog(Timeline timeline, Chance chance) {
        super(timeline, Source.SYSLOG, chance);
    }

    void sshd(int pid, String message, long at) {
        write("sshd[" + pid + "]", message, at);
    }

    /** A line of another program. */
    void write(String program, String message, long at) {
        if (!wanted()) {
            return;
        }
        String time = new String(new LineBuffer().micros(at).copy(), StandardCharsets.US_ASCII);
        line.clear().ascii(time.substring(0, time.length() - 1)).ascii("+00:00 bastion-1 ");
        line.ascii(program).ascii(": ").ascii(message);
        log(at);
    }
}
