package io.tocsin.job.source;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.DeadLetter;
import io.tocsin.job.decode.Decoded;
import org.apache.flink.types.PojoTestUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamTypesTest {
    @ParameterizedTest
    @ValueSource(
            classes = {Block.class, Decoded.class, DeadLetter.class, SecurityEvent.class, Alert.class, Evidence.class})
    void whatTravelsIsAPojoWithoutKryo(Class<?> type) {
        PojoTestUtils.assertSerializedAsPojoWithoutKryo(type);
    }
}
