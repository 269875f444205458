package io.tocsin.job.decode.host;

import org.jspecify.annotations.Nullable;

/**
 * Tells which program really wrote an entry of the journal. Anybody may log as {@code sshd}: what counts is what journald saw of
 * the process. A process of root is believed to be what it is called; of others only one that runs a file where none but root puts
 * any, and that is sudo and su alone. What a container wrote, itself or through its runtime, is nobody's.
 */
final class JournalWriter {
    /** Where only root, or the distribution, puts programs. */
    private static final String[] SYSTEM_PATHS = {"/usr/", "/bin/", "/sbin/", "/nix/store/", "/run/wrappers/"};

    private JournalWriter() {}

    static Program of(JournalEntry entry) {
        if (!entry.believed() || ofContainer(entry)) {
            return Program.OTHER;
        }
        if ("1".equals(entry.get(JournalField.PID))) {
            return Program.SYSTEMD;
        }
        String exe = entry.get(JournalField.EXE);
        Program byFile = Program.named(exe);
        if ((byFile == Program.SUDO || byFile == Program.SU) && inSystemPath(exe)) {
            return byFile;
        }
        return "0".equals(entry.get(JournalField.UID)) ? ofRoot(entry, byFile) : Program.OTHER;
    }

    private static Program ofRoot(JournalEntry entry, Program byFile) {
        if (byFile != Program.OTHER) {
            return byFile;
        }
        Program byName = Program.named(entry.get(JournalField.COMM));
        if (byName != Program.OTHER) {
            return byName;
        }
        Program claimed = Program.named(entry.get(JournalField.IDENTIFIER));
        boolean seen = entry.has(JournalField.COMM) || entry.has(JournalField.EXE);
        Program byUnit = Program.ofUnit(entry.get(JournalField.SYSTEMD_UNIT));
        if (byUnit != Program.OTHER && (!seen || claimed == byUnit)) {
            return byUnit;
        }
        // A process that ended before journald looked at it: only root could say so, and nothing speaks against it.
        boolean unseen = !seen && !entry.has(JournalField.SYSTEMD_UNIT) && !entry.truncated();
        return unseen ? claimed : Program.OTHER;
    }

    private static boolean ofContainer(JournalEntry entry) {
        String group = entry.get(JournalField.CGROUP);
        return entry.has(JournalField.CONTAINER_ID)
                || entry.has(JournalField.CONTAINER_NAME)
                || (group != null && group.contains("/kubepods"));
    }

    private static boolean inSystemPath(@Nullable String exe) {
        for (String path : SYSTEM_PATHS) {
            if (exe != null && exe.startsWith(path)) {
                return true;
            }
        }
        return false;
    }
}
