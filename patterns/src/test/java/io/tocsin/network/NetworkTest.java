package io.tocsin.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tocsin.event.Zone;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {
    private final Network network = Network.defaults();

    @ParameterizedTest
    @CsvSource({
        "203.0.113.7, 203.0.113.7, OUTSIDE",
        "203.0.113.7:443, 203.0.113.7, OUTSIDE",
        "10.1.2.3, 10.1.2.3, CLUSTER",
        "100.64.0.9, 100.64.0.9, CLUSTER",
        "127.0.0.1, 127.0.0.1, CONTROL_PLANE",
        "::1, ::1, CONTROL_PLANE",
        "[::1]:6443, ::1, CONTROL_PLANE",
        "::ffff:10.1.2.3, 10.1.2.3, CLUSTER",
        "2001:DB8:0:0::1, 2001:db8::1, OUTSIDE",
        "fe80::1%eth0, fe80::1, CLUSTER",
        "fd00:ec2::254, fd00:ec2::254, CLUSTER",
    })
    void knowsWhereAnAddressStandsHoweverItIsWritten(String text, String canonical, Zone zone) {
        Network.Address address = network.address(text);

        assertThat(address).isNotNull();
        assertThat(address.canonical()).isEqualTo(canonical);
        assertThat(address.zone()).isEqualTo(zone);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " ",
                "example.com",
                "1",
                "127.1",
                "12345",
                "0x7f.0.0.1",
                "0177.0.0.1",
                "10.0.0.*",
                "10.0.0.1-5",
                "10.0.0.0/8",
                "*",
                "[::1",
                "1.2.3.4.5",
                "1.2.3.4, 5.6.7.8",
                "::1::",
                "@"
            })
    void takesNothingElseForAnAddress(String text) {
        assertThat(network.address(text)).isNull();
    }

    @Test
    void remembersNoTextThatIsTooLongForAnAddress() {
        assertThat(network.address("1".repeat(1_000_000))).isNull();
    }

    @Test
    void takesTheLastAddressForThePeer() {
        assertThat(network.peerIndex(List.of("10.0.0.1", "198.51.100.1", "203.0.113.7")))
                .isEqualTo(2);
        assertThat(network.peer(List.of("10.0.0.1", "203.0.113.7")).canonical()).isEqualTo("203.0.113.7");
    }

    @Test
    void walksLeftOnlyPastTrustedProxies() {
        Network behind = new Network(Network.DEFAULT_CLUSTER, List.of(), List.of("10.0.0.0/24"));

        assertThat(behind.peerIndex(List.of("1.1.1.1", "203.0.113.7", "10.0.0.5", "10.0.0.6")))
                .isEqualTo(1);
        assertThat(behind.peerIndex(List.of("10.0.0.5", "10.0.0.6"))).isZero();
        assertThat(behind.peerIndex(List.of("1.1.1.1", "10.0.1.6"))).isEqualTo(1);
    }

    @Test
    void knowsNoPeerWhereTheLastElementIsNoAddress() {
        assertThat(network.peer(List.of("203.0.113.7", "unknown"))).isNull();
        assertThat(network.peer(List.of())).isNull();
    }

    @Test
    void putsTheControlPlaneBeforeTheClusterWhereTheyOverlap() {
        Network overlapping = new Network(List.of("10.0.0.0/8"), List.of("10.9.0.0/16"), List.of());

        assertThat(overlapping.address("10.9.0.1").zone()).isEqualTo(Zone.CONTROL_PLANE);
        assertThat(overlapping.address("10.8.0.1").zone()).isEqualTo(Zone.CLUSTER);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "/8", "10.0.0.0-5", "10.*.*.*", "example.com", "10.0.0.0/33", "*"})
    void refusesARangeThatIsNone(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Network(List.of(text), List.of(), List.of()))
                .withMessage("expected an address range such as 10.0.0.0/8: " + text);
    }

    @Test
    void answersTheSameAfterATrip() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(network);
        }
        Object copy = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();

        assertThat(((Network) copy).address("10.1.2.3")).isEqualTo(network.address("10.1.2.3"));
    }
}
