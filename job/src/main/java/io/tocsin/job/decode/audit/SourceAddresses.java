package io.tocsin.job.decode.audit;

import io.tocsin.event.Zone;
import io.tocsin.network.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The addresses a request came through, the last ones of them, and what a network makes of them. Belongs to one thread. */
final class SourceAddresses {
    static final SourceAddresses NONE = new SourceAddresses(List.of());

    private static final int MAX_CLAIMED = 16;

    /**
     * Who called.
     *
     * @param peer the peer's address, canonical; null if nobody vouches for any of them
     * @param zone where it stands
     * @param claimed the last ones of those in front of it, which the client may choose
     */
    record Caller(@Nullable String peer, Zone zone, List<String> claimed) {
        private static final Caller UNKNOWN = new Caller(null, Zone.UNKNOWN, List.of());
    }

    private final List<String> chain;
    /** The caller as the network tells that was last asked. */
    private @Nullable Network network;

    private Caller caller = Caller.UNKNOWN;

    private SourceAddresses(List<String> chain) {
        this.chain = chain;
    }

    static SourceAddresses of(List<String> chain) {
        return chain.isEmpty() ? NONE : new SourceAddresses(List.copyOf(chain));
    }

    /** The caller, by what is inside the cluster. */
    Caller caller(Network inside) {
        if (chain.isEmpty()) {
            return Caller.UNKNOWN;
        }
        if (network != inside) {
            caller = find(inside);
            network = inside;
        }
        return caller;
    }

    /** The caller where the peer is not among the addresses. */
    Caller claimed() {
        return chain.isEmpty() ? Caller.UNKNOWN : new Caller(null, Zone.UNKNOWN, tail(chain.size()));
    }

    private Caller find(Network inside) {
        int index = inside.peerIndex(chain);
        Network.Address peer = index < 0 ? null : inside.address(chain.get(index));
        return peer == null ? claimed() : new Caller(peer.canonical(), peer.zone(), tail(index));
    }

    /** The last claimed addresses in front of {@code end}. */
    private List<String> tail(int end) {
        return end == 0 ? List.of() : List.copyOf(chain.subList(Math.max(0, end - MAX_CLAIMED), end));
    }
}
