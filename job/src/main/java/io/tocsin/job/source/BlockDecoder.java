package io.tocsin.job.source;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Provenance;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the documents of blocks.
 *
 * <p>A record that lost its time gets that of its file's clock: the block's, moved on by the events before it in the block, as
 * {@link FileClock} does it.
 */
public final class BlockDecoder extends ProcessFunction<Block, Decoded> {
    private static final long serialVersionUID = 1;

    private final SerializableSupplier<? extends DocumentDecoder> decoders;
    private transient @Nullable DocumentDecoder decoder;
    private transient @Nullable Documents documents;

    /**
     * Decodes with one decoder for each parallel instance.
     *
     * @param decoders such as {@code () -> Decoders.create(options)}
     */
    public BlockDecoder(SerializableSupplier<? extends DocumentDecoder> decoders) {
        this.decoders = decoders;
    }

    @Override
    public void open(OpenContext context) {
        decoder = decoders.get();
        documents = new Documents(Decoders.framing());
    }

    @Override
    public void processElement(Block block, Context context, Collector<Decoded> out) {
        if (decoder == null || documents == null) {
            throw new IllegalStateException("not open");
        }
        decode(block, documents, decoder, out);
    }

    private static void decode(Block block, Documents documents, DocumentDecoder decoder, Collector<Decoded> out) {
        Lines lines = new Lines(block, out);
        Consumer<Decoded> take = lines::take;
        Instant written = Instant.ofEpochMilli(block.written());
        documents.over(block.bytes(), 0, block.bytes().length);
        while (documents.next()) {
            Provenance provenance =
                    new Provenance(block.location(), block.offset() + documents.start(), lines.lastTime, written);
            decoder.decode(block.bytes(), documents.start(), documents.length(), provenance, take);
        }
    }

    /** Hands on what a block's lines hold, and remembers the time. */
    private static final class Lines {
        private final Collector<Decoded> out;
        private final FileClock clock;
        private @Nullable Instant lastTime;

        Lines(Block block, Collector<Decoded> out) {
            this.out = out;
            this.clock = new FileClock(block.fallbackTime(), 0, RecordClock.NO_TIME);
            this.lastTime = clock.started() ? Instant.ofEpochMilli(block.fallbackTime()) : null;
        }

        void take(Decoded decoded) {
            SecurityEvent event = decoded.event();
            if (event != null && !event.truncated() && clock.see(event.time().toEpochMilli())) {
                lastTime = event.time();
            }
            out.collect(decoded);
        }
    }
}
