package io.tocsin.event;

import org.jspecify.annotations.Nullable;

/**
 * A process.
 *
 * @param binary what runs: a path where the kernel told it, the program's name for itself in a log of text
 * @param command its command line, without the binary, as far as it is known
 * @param directory its working directory
 * @param id the id that tells it from all others: Tetragon's {@code exec_id}; the pid in other sources
 * @param parentId the parent's id
 * @param parent the parent's binary
 * @param file the file that the record is about: opened, written, deleted
 */
public record HostProcess(
        @Nullable String binary,
        @Nullable String command,
        @Nullable String directory,
        @Nullable String id,
        @Nullable String parentId,
        @Nullable String parent,
        @Nullable String file) {
    /** None known. */
    public static final HostProcess NONE = new HostProcess(null, null, null, null, null, null, null);

    /** A program that logs under a name. */
    public static HostProcess named(@Nullable String binary, @Nullable String pid) {
        return binary == null && pid == null ? NONE : new HostProcess(binary, null, null, pid, null, null, null);
    }
}
