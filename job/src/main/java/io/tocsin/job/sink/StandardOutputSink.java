package io.tocsin.job.sink;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.jspecify.annotations.Nullable;

/**
 * Lines to standard output, each at once: alerts are rare and somebody is waiting. After a failure lines since the last
 * checkpoint come again.
 */
final class StandardOutputSink implements Sink<Line> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String header;

    StandardOutputSink(@Nullable String header) {
        this.header = header;
    }

    @Override
    public SinkWriter<Line> createWriter(WriterInitContext context) throws IOException {
        return new Writer(System.out, header);
    }

    private static final class Writer implements SinkWriter<Line> {
        private final PrintStream out;

        Writer(PrintStream out, @Nullable String header) throws IOException {
            this.out = out;
            if (header != null) {
                write(header.getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public void write(Line line, Context context) throws IOException {
            write(line.bytes());
        }

        private void write(byte[] bytes) throws IOException {
            byte[] line = new byte[bytes.length + 1];
            System.arraycopy(bytes, 0, line, 0, bytes.length);
            line[bytes.length] = '\n';
            out.write(line, 0, line.length);
            flush(false);
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            // A print stream swallows errors; a reader that went away must end the job, not make it write into nothing.
            if (out.checkError()) {
                throw new IOException("standard output must be open: its reader is gone");
            }
        }

        @Override
        public void close() {
            // Standard output is not ours to close.
        }
    }
}
