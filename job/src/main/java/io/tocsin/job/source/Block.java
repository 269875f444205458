package io.tocsin.job.source;

/**
 * Some whole documents of one file, in the order they stand there: lines, or lines that belong together. Lines end with {@code \n};
 * the file's last line may lack it, and a line longer than the limit is alone in its block, as its first limit + 1 bytes, so that a
 * decoder sees that it is too long.
 *
 * @param bytes the lines
 * @param location the file as it was named, or {@code -}
 * @param offset where the first byte stands in the file, counted in uncompressed bytes
 * @param clock the clock of the whole input after this block, in ms since 1970: {@link RecordClock#NO_TIME} before the first time
 *     is known, {@code Long.MAX_VALUE} after the last block
 * @param fallbackTime the clock of the file before this block, in ms since 1970, for a record that lost its own time; or
 *     {@link RecordClock#NO_TIME}
 * @param written when the file was last changed, in ms since 1970
 */
public record Block(byte[] bytes, String location, long offset, long clock, long fallbackTime, long written) {}
