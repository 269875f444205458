package io.tocsin.job.sink;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Lines to one local file with one writer. A job that starts anew replaces the file; one that goes on from a checkpoint cuts off
 * what was written after it and goes on behind, so that each line stands there once. Readers see a line within a second.
 */
final class FileLineSink implements Sink<Line>, SupportsWriterState<Line, FileLineSink.Position> {
    private static final long serialVersionUID = 1L;
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final long FLUSH_MILLIS = 1000;

    private final String path;

    FileLineSink(String path) {
        this.path = path;
    }

    @Override
    public Writer createWriter(WriterInitContext context) throws IOException {
        return new Writer(path, 0, context);
    }

    @Override
    public Writer restoreWriter(WriterInitContext context, Collection<Position> recovered) throws IOException {
        long length = 0;
        for (Position position : recovered) {
            if (position.path().equals(path)) {
                length = Math.max(length, position.length());
            }
        }
        return new Writer(path, length, context);
    }

    @Override
    public SimpleVersionedSerializer<Position> getWriterStateSerializer() {
        return new PositionSerializer();
    }

    /**
     * How far the file was written at a checkpoint.
     *
     * @param path the file
     * @param length its length in bytes
     */
    record Position(String path, long length) {}

    /** The one writer. */
    static final class Writer implements StatefulSinkWriter<Line, Position> {
        private final String path;
        private final FileChannel channel;
        private final ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        private boolean closed;

        Writer(String path, long length, WriterInitContext context) throws IOException {
            this.path = path;
            this.channel = FileChannel.open(Path.of(path), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            channel.truncate(length);
            channel.position(channel.size());
            flushLater(context);
        }

        @SuppressWarnings("FutureReturnValueIgnored") // a failing timer fails the task
        private void flushLater(WriterInitContext context) {
            var timers = context.getProcessingTimeService();
            timers.registerTimer(timers.getCurrentProcessingTime() + FLUSH_MILLIS, time -> {
                if (!closed) {
                    flush(false);
                    flushLater(context);
                }
            });
        }

        @Override
        public void write(Line line, Context context) throws IOException {
            byte[] bytes = line.bytes();
            if (bytes.length + 1 > buffer.remaining()) {
                flush(false);
            }
            if (bytes.length + 1 > buffer.remaining()) {
                writeFully(ByteBuffer.wrap(bytes));
            } else {
                buffer.put(bytes);
            }
            buffer.put((byte) '\n');
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            buffer.flip();
            writeFully(buffer);
            buffer.clear();
        }

        @Override
        public List<Position> snapshotState(long checkpointId) throws IOException {
            flush(false);
            // What a checkpoint counts as written must survive the machine as the checkpoint does.
            channel.force(false);
            return List.of(new Position(path, channel.position()));
        }

        @Override
        public void close() throws IOException {
            if (!closed) {
                closed = true;
                channel.close();
            }
        }

        private void writeFully(ByteBuffer bytes) throws IOException {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }
    }

    private static final class PositionSerializer implements SimpleVersionedSerializer<Position> {
        private static final int VERSION = 1;

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(Position position) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeUTF(position.path());
            out.writeLong(position.length());
            return bytes.toByteArray();
        }

        @Override
        public Position deserialize(int version, byte[] serialized) throws IOException {
            if (version != VERSION) {
                throw new IOException("file position must be of version " + VERSION + ": " + version);
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            return new Position(in.readUTF(), in.readLong());
        }
    }
}
