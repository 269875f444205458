package io.tocsin.job.source;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;

/** The uncompressed bytes of a file or a stream, told by its first two bytes whether it is compressed. */
interface ByteInput extends Closeable {
    /** Reads some bytes: how many, 0 if there are none now, -1 at the end. */
    int read(byte[] bytes, int offset, int length) throws IOException;

    /** Done when a read gives something other than 0. */
    CompletableFuture<?> available();

    /** Whether going back to an offset costs reading all before it. */
    boolean compressed();

    /** Opens a file at an offset of its uncompressed bytes. */
    static ByteInput open(Path path, long offset) throws IOException {
        boolean gzip;
        try (InputStream in = new FileInputStream(path.toFile())) {
            gzip = isGzip(in.readNBytes(2));
        }
        InputStream file = new FileInputStream(path.toFile());
        try {
            InputStream in = gzip ? new GZIPInputStream(new Members(file), 1 << 15) : file;
            in.skipNBytes(offset);
            return new FileInput(in, gzip);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static boolean isGzip(byte[] head) {
        return head.length == 2 && head[0] == (byte) 0x1f && head[1] == (byte) 0x8b;
    }

    /** Bytes that may have to be waited for, such as standard input: compressed ones are told and uncompressed here too. */
    static InputStream uncompressed(InputStream stream) throws IOException {
        BufferedInputStream in = new Members(stream);
        in.mark(2);
        byte[] head = in.readNBytes(2);
        in.reset();
        return isGzip(head) ? new GZIPInputStream(in, 1 << 15) : in;
    }

    /** Bytes of a regular file: there, or the end. */
    record FileInput(InputStream in, boolean compressed) implements ByteInput {
        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return in.read(bytes, offset, length);
        }

        @Override
        public CompletableFuture<?> available() {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }

    /**
     * Looks whether there is a further byte when it is asked for available ones: {@link GZIPInputStream} takes "none now" for the
     * end, and would lose all further members of a compressed stream.
     */
    final class Members extends BufferedInputStream {
        Members(InputStream in) {
            super(in, 1 << 16);
        }

        @Override
        public synchronized int available() throws IOException {
            if (super.available() > 0) {
                return super.available();
            }
            mark(1);
            boolean more = read() >= 0;
            reset();
            return more ? 1 : 0;
        }
    }
}
