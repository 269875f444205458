package io.tocsin.job.source;

import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import org.apache.flink.util.function.SerializableSupplier;

/** Tells the time a line moves its file's clock to, at much less cost than decoding it. Belongs to one thread. */
public interface RecordClock {
    /** The time of a line that has none. */
    long NO_TIME = Long.MIN_VALUE;

    /** Only {@link #timeOf} tells. */
    long UNTOLD = Long.MAX_VALUE;

    /**
     * The time in ms since 1970, or {@link #NO_TIME} where the line has none: it is no record, or a bad or a truncated one.
     *
     * @param bytes holds the line; not kept
     * @param offset where the line starts
     * @param length its length, without the line's end
     * @param provenance where it comes from
     */
    long timeOf(byte[] bytes, int offset, int length, Provenance provenance);

    /**
     * What {@link #timeOf} gives unless it gives {@link #NO_TIME}, at less cost; {@link #UNTOLD} where that can't be said. So of many
     * lines {@link #timeOf} is needed of the one only that would move a clock highest.
     */
    default long toldTime(byte[] bytes, int offset, int length, Provenance provenance) {
        return UNTOLD;
    }

    /**
     * Clocks that find the time of bare audit events and authenticator lines by their text, and leave every other line to a
     * decoder: its time is then the latest of its events that are not truncated.
     */
    static SerializableSupplier<RecordClock> of(SerializableSupplier<? extends DocumentDecoder> decoders) {
        return () -> new ScanningRecordClock(decoders.get());
    }
}
