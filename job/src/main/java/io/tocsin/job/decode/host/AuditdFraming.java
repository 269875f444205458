package io.tocsin.job.decode.host;

import io.tocsin.job.decode.Framing;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the lines of an event of auditd together, and those of others that stand among them: the kernel writes on several
 * processors at a time. Ends when all system calls have had their last line. Kernels that write no last line are cut where a
 * further event starts.
 */
final class AuditdFraming implements Framing {
    private static final int MAX_LINES = 64;
    /** From so many on, a document ends where an event starts. */
    private static final int FULL = 32;
    /** The lines of an event have one time, and those of events that overlap nearly one. */
    private static final long MAX_MILLIS = 2_000;

    /** One line of each event in the document, and whether its last line has not come. */
    private final List<AuditdLine> events = new ArrayList<>();

    private final List<Boolean> open = new ArrayList<>();
    private int lines;

    @Override
    public boolean opens(byte[] bytes, int from, int to) {
        events.clear();
        open.clear();
        if (to - from < 5 || (bytes[from] != 't' && bytes[from] != 'n')) {
            return false;
        }
        AuditdLine line = AuditdLine.of(bytes, from, to);
        if (line == null || !AuditdTypes.opens(line.type())) {
            return false;
        }
        lines = 1;
        events.add(line);
        open.add(AuditdTypes.isCall(line.type()));
        return true;
    }

    @Override
    public Next next(byte[] bytes, int from, int to) {
        AuditdLine line = AuditdLine.of(bytes, from, to);
        if (line == null
                || lines == MAX_LINES
                || Math.abs(line.millis() - events.get(0).millis()) > MAX_MILLIS) {
            return Next.BEYOND;
        }
        int index = indexOf(line);
        if (index < 0) {
            boolean starts = !AuditdTypes.isAuxiliary(line.type());
            if (!open.contains(true) || (starts && lines >= FULL)) {
                return Next.BEYOND;
            }
            events.add(line);
            open.add(false);
            index = events.size() - 1;
        }
        lines++;
        if (AuditdTypes.isCall(line.type())) {
            open.set(index, true);
        } else if (AuditdTypes.closes(line.type())) {
            open.set(index, false);
            return open.contains(true) ? Next.MORE : Next.LAST;
        }
        return Next.MORE;
    }

    private int indexOf(AuditdLine line) {
        for (int i = 0; i < events.size(); i++) {
            if (events.get(i).isOf(line)) {
                return i;
            }
        }
        return -1;
    }
}
