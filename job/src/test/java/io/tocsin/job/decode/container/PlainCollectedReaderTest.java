package io.tocsin.job.decode.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.FormatFixtures;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Origin;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.TestingMutator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainCollectedReaderTest {
    private final JsonValues values = new JsonValues();
    private final PlainCollectedReader plain = new PlainCollectedReader(values);
    private final CollectedRecordReader reader = new CollectedRecordReader(DecoderOptions.of("auto"), values);

    @Test
    void readsWhatTheParserReads() {
        TestingMutator mutator = new TestingMutator(8);
        int read = 0;
        for (FormatFixtures.File file : FormatFixtures.all()) {
            List<byte[]> objects = new ArrayList<>();
            for (byte[] document : file.documents()) {
                if (document[0] == '{') {
                    objects.add(document);
                }
            }
            for (byte[] object : objects) {
                for (int i = 0; i < 40; i++) {
                    read += check(i == 0 ? object : mutator.mutant(object, objects)) ? 1 : 0;
                }
            }
        }
        assertThat(read).isGreaterThan(1_000);
    }

    private boolean check(byte[] object) {
        // Something stands behind it, so that the record isn't taken for cut.
        byte[] all = new byte[object.length + 4];
        System.arraycopy(object, 0, all, 2, object.length);
        all[object.length + 2] = ' ';
        all[object.length + 3] = 'x';
        CollectedRecord one = plain.read(record(all, false), all.length);
        if (one == null) {
            return false;
        }
        // What may be cut is left to the parser.
        CollectedRecord other = reader.read(record(all, true));
        assertThat(one)
                .as(new String(object, StandardCharsets.ISO_8859_1))
                .usingRecursiveComparison()
                .isEqualTo(other);
        return true;
    }

    private static RecordBytes record(byte[] all, boolean cut) {
        return new RecordBytes(all, 2, all.length, cut, Origin.of(DecoderOptions.of("auto")));
    }
}
