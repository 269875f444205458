package io.tocsin.job.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KafkaConnectionTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "broker", "broker:", ":9092", "broker:0", "broker:x", "a:1,", "http://a:1", "a:1 b:2"})
    void refusesWhatIsNoServer(String servers) {
        assertThatThrownBy(() -> KafkaConnection.of(servers))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("kafka.bootstrap-servers must be host:port, several with commas: " + servers);
    }

    @Test
    void handsPropertiesToTheClients() {
        KafkaConnection connection = new KafkaConnection("a:1,[::1]:2", Map.of("security.protocol", "SSL"));
        assertThat(connection.clientProperties())
                .containsEntry("bootstrap.servers", "a:1,[::1]:2")
                .containsEntry("security.protocol", "SSL");
    }

    @Test
    void refusesWhatTheJobDecides() {
        assertThatThrownBy(() -> new KafkaConnection("a:1", Map.of("group.id", "x")))
                .hasMessageContaining("group.id is set by the job and can't be a parameter: x");
    }
}
