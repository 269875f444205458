package io.tocsin.job.source;

import java.io.IOException;
import java.util.List;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** Gives the one split to the first reader. Its state is whether it has done so. */
final class FilesEnumerator implements SplitEnumerator<FilesSplit, Boolean> {
    private static final int READER = 0;

    private final SplitEnumeratorContext<FilesSplit> context;
    private @Nullable FilesSplit unassigned;

    FilesEnumerator(SplitEnumeratorContext<FilesSplit> context, boolean assigned) {
        this.context = context;
        this.unassigned = assigned ? null : FilesSplit.START;
    }

    @Override
    public void start() {}

    @Override
    public void handleSplitRequest(int subtask, @Nullable String host) {}

    @Override
    public void addSplitsBack(List<FilesSplit> splits, int subtask) {
        for (FilesSplit split : splits) {
            unassigned = split;
        }
        if (context.registeredReaders().containsKey(READER)) {
            assign();
        }
    }

    @Override
    public void addReader(int subtask) {
        if (subtask == READER) {
            assign();
        }
        context.signalNoMoreSplits(subtask);
    }

    private void assign() {
        if (unassigned != null) {
            context.assignSplit(unassigned, READER);
            unassigned = null;
        }
    }

    @Override
    public Boolean snapshotState(long checkpointId) {
        return unassigned == null;
    }

    @Override
    public void close() {}

    /** One byte. */
    static final class Serializer implements SimpleVersionedSerializer<Boolean> {
        private static final int VERSION = 1;

        @Override
        public int getVersion() {
            return VERSION;
        }

        @Override
        public byte[] serialize(Boolean assigned) {
            return new byte[] {(byte) (assigned ? 1 : 0)};
        }

        @Override
        public Boolean deserialize(int version, byte[] serialized) throws IOException {
            if (version != VERSION || serialized.length != 1) {
                throw new IOException("file enumerator state of version %d, expected %d".formatted(version, VERSION));
            }
            return serialized[0] == 1;
        }
    }
}
