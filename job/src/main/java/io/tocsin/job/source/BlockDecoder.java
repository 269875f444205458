package io.tocsin.job.source;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.function.SerializableSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the lines of blocks. Lines end with {@code \n} or {@code \r\n}; blank ones are none.
 *
 * <p>A record that lost its time gets that of its file's clock: the block's, moved on by the events before it in the block, as
 * {@link FileClock} does it.
 */
public final class BlockDecoder extends ProcessFunction<Block, Decoded> {
    private static final long serialVersionUID = 1;

    private final SerializableSupplier<? extends DocumentDecoder> decoders;
    private transient @Nullable DocumentDecoder decoder;

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
    }

    @Override
    public void processElement(Block block, Context context, Collector<Decoded> out) {
        if (decoder == null) {
            throw new IllegalStateException("not open");
        }
        decode(block, decoder, out);
    }

    private static void decode(Block block, DocumentDecoder decoder, Collector<Decoded> out) {
        byte[] bytes = block.bytes();
        Lines lines = new Lines(block, out);
        Consumer<Decoded> take = lines::take;
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            boolean blank = true;
            while (end < bytes.length && bytes[end] != '\n') {
                blank &= bytes[end] == ' ' || bytes[end] == '\t' || bytes[end] == '\r';
                end++;
            }
            if (!blank) {
                int length = end - start - (bytes[end - 1] == '\r' ? 1 : 0);
                decoder.decode(
                        bytes,
                        start,
                        length,
                        new Provenance(block.location(), block.offset() + start, lines.lastTime),
                        take);
            }
            start = end + 1;
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
