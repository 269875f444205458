package io.tocsin.job.sink;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.SerializableString;
import com.fasterxml.jackson.core.io.CharacterEscapes;
import com.fasterxml.jackson.core.io.SerializedString;
import org.jspecify.annotations.Nullable;

/**
 * How the job writes JSON: everything a terminal or a log viewer might act on is escaped, beyond what JSON asks for: DEL, C1
 * controls, line separators, bidirectional and other format characters, and all above the basic plane.
 */
public final class JsonText {
    /** Shared: a factory is thread-safe once it is built. */
    public static final JsonFactory FACTORY =
            new JsonFactoryBuilder().characterEscapes(new HiddenCharacters()).build();

    private JsonText() {}

    private static final class HiddenCharacters extends CharacterEscapes {
        private static final long serialVersionUID = 1L;
        private static final int[] ASCII = standardAsciiEscapesForJSON();

        static {
            ASCII[0x7F] = ESCAPE_STANDARD;
        }

        @Override
        public int[] getEscapeCodesForAscii() {
            return ASCII.clone();
        }

        @Override
        public @Nullable SerializableString getEscapeSequence(int ch) {
            return SafeText.isHidden(ch) ? new SerializedString("\\u%04X".formatted(ch)) : null;
        }
    }
}
