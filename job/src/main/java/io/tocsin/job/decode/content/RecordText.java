package io.tocsin.job.decode.content;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** Records as text, for rules that search them: what is no UTF-8 is replaced. Belongs to one thread. */
public final class RecordText {
    /** In characters: a longer text is cut here. */
    static final int MAX_LENGTH = 64 << 10;

    private final CharsetDecoder decoder = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    private CharBuffer text = CharBuffer.allocate(0);

    /** Starts over. */
    public void begin() {
        // Few need it, and each format that reads records has one.
        text = text.capacity() == 0 ? CharBuffer.allocate(MAX_LENGTH) : text.clear();
    }

    /** Adds what stands there, as far as there is room. */
    public void add(byte[] bytes, int start, int end) {
        if (end > start) {
            decoder.reset();
            decoder.decode(ByteBuffer.wrap(bytes, start, end - start), text, true);
            decoder.flush(text);
        }
    }

    /** All that was added since the beginning. */
    public String take() {
        return text.flip().toString();
    }
}
