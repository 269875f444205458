package io.tocsin.job.decode.access;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.network.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Through whom a request came: the addresses of {@code X-Forwarded-For}, and last the one that connected. Only that one is known;
 * what stands left of it counts as far as trusted proxies wrote it, and is a claim beyond.
 */
final class ForwardedChain {
    private static final int MAX_CLAIMED = 16;
    private static final int LONGEST_CLAIM = 256;

    private final Network network;
    private final ArrayList<String> chain = new ArrayList<>();

    ForwardedChain(Network network) {
        this.network = network;
    }

    /**
     * Finds the peer.
     *
     * @param forwarded the header, of which the last addresses are taken; null or {@code -} if there was none
     * @param direct who connected, as the server saw it; null if the log doesn't tell
     * @param hearsay a further address that somebody claims
     */
    void resolve(
            SecurityEvent.Builder event,
            @Nullable String forwarded,
            @Nullable String direct,
            @Nullable String hearsay) {
        split(forwarded);
        if (direct != null) {
            // Some proxies put who connected at the end of the header themselves.
            if (!chain.isEmpty() && canonical(chain.get(chain.size() - 1)).equals(canonical(direct))) {
                chain.remove(chain.size() - 1);
            }
            chain.add(direct);
        }
        int known = chain.size();
        while (known > 0 && network.address(chain.get(known - 1)) != null) {
            known--;
        }
        int index = known + network.peerIndex(chain.subList(known, chain.size()));
        Network.Address peer = index < known ? null : network.address(chain.get(index));
        if (peer != null) {
            event.peer = peer.canonical();
            event.zone = peer.zone();
        }
        event.claimed = claimed(peer == null ? chain.size() - (direct == null ? 0 : 1) : index, event.peer, hearsay);
    }

    private List<String> claimed(int end, @Nullable String peer, @Nullable String hearsay) {
        List<String> claimed = new ArrayList<>();
        for (int i = Math.max(0, end - MAX_CLAIMED); i < end; i++) {
            claimed.add(canonical(chain.get(i)));
        }
        String further = hearsay == null ? null : canonical(hearsay);
        if (further != null && claimed.size() < MAX_CLAIMED && !further.equals(peer) && !claimed.contains(further)) {
            claimed.add(further);
        }
        return List.copyOf(claimed);
    }

    /** Whether the text is a chain whose end is an address. */
    boolean endsInAddress(String forwarded) {
        return network.address(
                        forwarded.substring(forwarded.lastIndexOf(',') + 1).trim())
                != null;
    }

    private String canonical(String text) {
        Network.Address address = network.address(text);
        return address == null ? JsonValues.cut(text, LONGEST_CLAIM) : address.canonical();
    }

    /** The last elements of the list, one more than can be claimed. */
    private void split(@Nullable String forwarded) {
        chain.clear();
        if (forwarded == null || forwarded.equals("-")) {
            return;
        }
        int end = forwarded.length();
        while (end >= 0 && chain.size() <= MAX_CLAIMED) {
            int comma = end == 0 ? -1 : forwarded.lastIndexOf(',', end - 1);
            String element = forwarded.substring(comma + 1, end).trim();
            if (!element.isEmpty()) {
                chain.add(0, element);
            }
            end = comma;
        }
    }
}
