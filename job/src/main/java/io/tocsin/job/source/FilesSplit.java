package io.tocsin.job.source;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * All files of an input, as one split: only one reader can merge them.
 *
 * @param positions how far each file has been read; empty before the start
 */
public record FilesSplit(List<FilePosition> positions) implements SourceSplit {
    static final FilesSplit START = new FilesSplit(List.of());

    public FilesSplit {
        positions = List.copyOf(positions);
    }

    @Override
    public String splitId() {
        return "files";
    }

    /** Versioned: what one version has written, every later one reads. */
    static final class Serializer implements SimpleVersionedSerializer<FilesSplit> {
        private static final int VERSION = 1;

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(FilesSplit split) throws IOException {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(split.positions.size());
            for (FilePosition position : split.positions) {
                write(out, position.path());
                out.writeLong(position.offset());
                out.writeLong(position.clock());
                out.writeInt(position.beyond());
                out.writeLong(position.lowestBeyond());
                out.writeBoolean(position.skipping());
                out.writeBoolean(position.finished());
                write(out, position.fileKey());
            }
            return bytes.toByteArray();
        }

        @Override
        public FilesSplit deserialize(int version, byte[] serialized) throws IOException {
            if (version != VERSION) {
                throw new IOException("file positions of version %d, expected %d".formatted(version, VERSION));
            }
            DataInputStream in = new DataInputStream(new ByteArrayInputStream(serialized));
            int count = in.readInt();
            List<FilePosition> positions = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                positions.add(new FilePosition(
                        read(in),
                        in.readLong(),
                        in.readLong(),
                        in.readInt(),
                        in.readLong(),
                        in.readBoolean(),
                        in.readBoolean(),
                        read(in)));
            }
            return new FilesSplit(positions);
        }

        private static void write(DataOutputStream out, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            out.writeInt(bytes.length);
            out.write(bytes);
        }

        private static String read(DataInputStream in) throws IOException {
            return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
        }
    }
}
