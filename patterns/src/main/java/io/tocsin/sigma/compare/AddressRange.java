package io.tocsin.sigma.compare;

import inet.ipaddr.IPAddress;
import io.tocsin.network.Network;

/** A range of addresses. */
public final class AddressRange {
    private final IpAddress first;
    private final long highMask;
    private final long lowMask;

    /**
     * A range.
     *
     * @throws IllegalArgumentException if the text is neither an address nor a CIDR range
     */
    public AddressRange(String text) {
        IPAddress range = Network.range(text);
        first = IpAddress.of(range.getLower().getBytes());
        Integer prefix = range.getNetworkPrefixLength();
        int free = range.getBitCount() - (prefix == null ? range.getBitCount() : prefix);
        lowMask = free >= 64 ? 0 : -1L << free;
        highMask = free <= 64 ? -1L : free >= 128 ? 0 : -1L << (free - 64);
    }

    /** Whether an address is in it. */
    public boolean holds(IpAddress address) {
        return address.v6() == first.v6()
                && (address.high() & highMask) == (first.high() & highMask)
                && (address.low() & lowMask) == (first.low() & lowMask);
    }
}
