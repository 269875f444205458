package io.tocsin.job.source;

import java.io.Serializable;

/**
 * How far a file has been read: state.
 *
 * @param path the file as it was named
 * @param offset uncompressed bytes handed on or skipped
 * @param clock the file's clock; {@link RecordClock#NO_TIME} if not started
 * @param beyond times beyond the clock in a row, see {@link FileClock}
 * @param lowestBeyond the lowest of them
 * @param skipping whether the offset stands within a line that is too long and whose head has been handed on
 * @param finished whether the file has been read to its end and will not grow
 * @param fileKey what the file system knows the file by, so that one renamed is known again; empty if it doesn't tell
 */
public record FilePosition(
        String path,
        long offset,
        long clock,
        int beyond,
        long lowestBeyond,
        boolean skipping,
        boolean finished,
        String fileKey)
        implements Serializable {

    /** The start of a file. */
    static FilePosition start(String path, String fileKey) {
        return new FilePosition(path, 0, RecordClock.NO_TIME, 0, RecordClock.NO_TIME, false, false, fileKey);
    }

    /** The same file, with nothing left to read. */
    FilePosition read() {
        return new FilePosition(path, offset, clock, beyond, lowestBeyond, skipping, true, fileKey);
    }

    /** The same place in the same file, which has another name now. */
    FilePosition renamed(String newPath) {
        return new FilePosition(newPath, offset, clock, beyond, lowestBeyond, skipping, finished, fileKey);
    }
}
