package io.tocsin.job.decode.host;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a journal entry that are read. Only journald sets names with an underscore in front; whoever logs sets the others.
 */
enum JournalField {
    CURSOR("__CURSOR"),
    RECEIVED("__REALTIME_TIMESTAMP"),
    SENT("_SOURCE_REALTIME_TIMESTAMP"),
    HOSTNAME("_HOSTNAME"),
    TRANSPORT("_TRANSPORT"),
    BOOT_ID("_BOOT_ID"),
    MACHINE_ID("_MACHINE_ID"),
    PID("_PID"),
    UID("_UID"),
    COMM("_COMM"),
    EXE("_EXE"),
    CMDLINE("_CMDLINE"),
    SYSTEMD_UNIT("_SYSTEMD_UNIT"),
    CGROUP("_SYSTEMD_CGROUP"),
    MESSAGE("MESSAGE"),
    PRIORITY("PRIORITY"),
    IDENTIFIER("SYSLOG_IDENTIFIER"),
    UNIT("UNIT"),
    CONTAINER_ID("CONTAINER_ID"),
    CONTAINER_NAME("CONTAINER_NAME");

    private static final Map<String, JournalField> BY_NAME = new HashMap<>();

    static {
        for (JournalField field : values()) {
            BY_NAME.put(field.key, field);
        }
    }

    /** Its name in the journal. */
    final String key;

    /** What collectors make of it that write names in lower case. */
    final String lower;

    /** What collectors make of it that take underscores away. */
    final String stripped;

    final String strippedLower;

    JournalField(String key) {
        this.key = key;
        this.lower = key.toLowerCase(Locale.ROOT);
        String bare = key;
        while (bare.startsWith("_")) {
            bare = bare.substring(1);
        }
        this.stripped = bare;
        this.strippedLower = bare.toLowerCase(Locale.ROOT);
    }

    /** Whether journald itself sets it. */
    boolean trusted() {
        return key.startsWith("_");
    }

    static @Nullable JournalField named(String key) {
        return BY_NAME.get(key);
    }
}
