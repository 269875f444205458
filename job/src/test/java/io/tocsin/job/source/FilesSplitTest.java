package io.tocsin.job.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class FilesSplitTest {
    private static final FilesSplit SPLIT = new FilesSplit(List.of(
            new FilePosition(
                    "/log/ä.log", 1L << 40, 1_767_607_200_000L, 3, 1_767_610_000_000L, true, false, "(dev=1,ino=2)"),
            new FilePosition("b.gz", 0, RecordClock.NO_TIME, 0, RecordClock.NO_TIME, false, true, "")));

    /** What version 1 has written: a change here is lost state. */
    private static final String VERSION_1 =
            "000000020000000b2f6c6f672fc3a42e6c6f6700000100000000000000019b8d996900000000030000019b8dc42280"
                    + "01000000000d286465763d312c696e6f3d322900000004622e677a00000000000000008000000000000000000000008000"
                    + "000000000000000100000000";

    private final FilesSplit.Serializer serializer = new FilesSplit.Serializer();

    @Test
    void positionsComeBackAsTheyWere() throws IOException {
        assertThat(serializer.deserialize(serializer.getVersion(), serializer.serialize(SPLIT)))
                .isEqualTo(SPLIT);
    }

    @Test
    void whatVersionOneHasWrittenIsRead() throws IOException {
        assertThat(HexFormat.of().formatHex(serializer.serialize(SPLIT))).isEqualTo(VERSION_1);
        assertThat(serializer.deserialize(1, HexFormat.of().parseHex(VERSION_1)))
                .isEqualTo(SPLIT);
    }

    @Test
    void anUnknownVersionIsRefused() {
        assertThatThrownBy(() -> serializer.deserialize(2, new byte[0])).hasMessageContaining("version 2, expected 1");
        assertThatThrownBy(() -> new FilesEnumerator.Serializer().deserialize(2, new byte[1]))
                .hasMessageContaining("version 2, expected 1");
    }

    @Test
    void theEnumeratorsStateComesBack() throws IOException {
        FilesEnumerator.Serializer state = new FilesEnumerator.Serializer();
        assertThat(state.deserialize(1, state.serialize(true))).isTrue();
        assertThat(state.deserialize(1, state.serialize(false))).isFalse();
    }
}
