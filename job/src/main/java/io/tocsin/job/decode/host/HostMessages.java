package io.tocsin.job.decode.host;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import org.jspecify.annotations.Nullable;

/**
 * Reads what well-known programs of a host say, whichever log carries it. Who really wrote a message is for the log to know: a
 * program must be given here only if it is known to be the writer, or if the log can't know.
 *
 * <p>So that counting is exact, one attempt to log in gives one event of the verb {@code login} at most, although the programs
 * write up to five lines about it. {@link SshdMessage} and {@link SuMessage} say which.
 */
final class HostMessages {
    /** A longer text is no message of these programs, and is only kept. */
    static final int MAX_LENGTH = 1 << 16;

    private final Networks networks;
    private final SudoMessage sudo;

    HostMessages(DecoderOptions options, JsonValues values) {
        this.networks = options.networks();
        this.sudo = new SudoMessage(options, values);
    }

    /**
     * Sets the event's message and what can be read from it. The event has been begun.
     *
     * @param whole whether the text is known to have its end, from which some messages are read
     */
    void read(Program program, String text, boolean whole, SecurityEvent.Builder event) {
        String message = text.strip();
        event.message = present(message, ValueReader.LONG);
        // Programs write lines; sshd and sudo escape what would break one.
        if (message.isEmpty() || text.length() > MAX_LENGTH || message.indexOf('\n') >= 0) {
            return;
        }
        Network network = networks.of(event.cluster);
        switch (program) {
            case SSHD -> SshdMessage.read(message, whole, event, network);
            case SUDO -> sudo.read(message, whole, event, network);
            case SU -> SuMessage.read(message, whole, event, network);
            case SYSTEMD -> SystemdMessage.read(message, event);
            case KUBELET, CONTAINERD -> NodeAgentMessage.read(message, event);
            case OTHER -> {}
        }
    }

    /** Sets the peer, if the text is an address. */
    static void peer(@Nullable String text, SecurityEvent.Builder event, Network network) {
        Network.Address address = network.address(text);
        if (address != null) {
            event.peer = address.canonical();
            event.zone = address.zone();
        }
    }

    /** A name as an event holds it: cut, null if it is empty. */
    static @Nullable String present(String text) {
        return present(text, ValueReader.SHORT);
    }

    static @Nullable String present(String text, int maxLength) {
        return text.isEmpty() ? null : JsonValues.cut(text, maxLength);
    }
}
