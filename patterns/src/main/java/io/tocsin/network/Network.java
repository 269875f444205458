package io.tocsin.network;

import inet.ipaddr.AddressStringParameters;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import inet.ipaddr.IPAddressStringParameters;
import io.tocsin.event.Zone;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is inside one cluster. Finds the peer among forwarded addresses and tells where it stands. Remembers recent addresses, a
 * bounded number of bounded texts, and may be used by several threads.
 */
public final class Network implements Serializable {
    private static final long serialVersionUID = 1L;
    private static final int REMEMBERED = 1 << 12;
    /** An IPv6 address with brackets, zone and port is not longer. */
    private static final int LONGEST = 80;
    /** Addresses as Go and CIDR notation write them: no wildcards, ranges, missing or hexadecimal IPv4 parts. */
    private static final IPAddressStringParameters STRICT = new IPAddressStringParameters.Builder()
            .allowEmpty(false)
            .allowAll(false)
            .allowMask(false)
            .allowPrefixOnly(false)
            .allowSingleSegment(false)
            .allowWildcardedSeparator(false)
            .setRangeOptions(AddressStringParameters.RangeParameters.NO_RANGE)
            .allow_inet_aton(false)
            .getIPv4AddressParametersBuilder()
            .allowBinary(false)
            .allowLeadingZeros(false)
            .getParentBuilder()
            .getIPv6AddressParametersBuilder()
            .allowBase85(false)
            .allowBinary(false)
            .getParentBuilder()
            .toParams();

    /** Private, unique-local, shared and link-local ranges. */
    public static final List<String> DEFAULT_CLUSTER =
            List.of("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10");
    /** Loopback. */
    public static final List<String> DEFAULT_CONTROL_PLANE = List.of("127.0.0.0/8", "::1/128");

    private final List<String> cluster;
    private final List<String> controlPlane;
    private final List<String> trustedProxies;

    private transient @Nullable Ranges ranges;

    /**
     * @throws IllegalArgumentException naming the first entry that is no address range
     */
    public Network(List<String> cluster, List<String> controlPlane, List<String> trustedProxies) {
        this.cluster = List.copyOf(cluster);
        this.controlPlane = List.copyOf(controlPlane);
        this.trustedProxies = List.copyOf(trustedProxies);
        ranges();
    }

    /** Private and unique-local ranges are the cluster, loopback the control plane; no proxy is trusted. */
    public static Network defaults() {
        return new Network(DEFAULT_CLUSTER, DEFAULT_CONTROL_PLANE, List.of());
    }

    /** An address with what is known of it. */
    public record Address(String canonical, Zone zone, boolean trustedProxy) {}

    /**
     * The address in canonical form (IPv4-mapped addresses as IPv4, no zone, no port, no brackets) and where it stands; null if
     * the text is no address.
     */
    public @Nullable Address address(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > LONGEST) {
            return null;
        }
        Ranges known = ranges();
        int slot = (text.hashCode() ^ text.hashCode() >>> 16) & (REMEMBERED - 1);
        Remembered recent = known.recent[slot];
        if (recent == null || !recent.text.equals(text)) {
            recent = new Remembered(text, known.classify(text));
            known.recent[slot] = recent;
        }
        return recent.address;
    }

    /**
     * The peer among the addresses of a forwarded-for chain: the last one, or the first from the right that is no trusted proxy.
     * Everything left of it is what the client claims. Null when the list is empty or the last element is no address.
     */
    public @Nullable Address peer(List<String> chain) {
        int index = peerIndex(chain);
        return index < 0 ? null : address(chain.get(index));
    }

    /** The position of the peer in the chain, -1 if there is none. */
    public int peerIndex(List<String> chain) {
        for (int i = chain.size() - 1; i >= 0; i--) {
            Address address = address(chain.get(i));
            if (address == null) {
                return -1;
            }
            if (i == 0 || !address.trustedProxy()) {
                return i;
            }
        }
        return -1;
    }

    private Ranges ranges() {
        Ranges known = ranges;
        if (known == null) {
            known = new Ranges(parse(cluster), parse(controlPlane), parse(trustedProxies));
            ranges = known;
        }
        return known;
    }

    /**
     * One range.
     *
     * @throws IllegalArgumentException if the text is neither an address nor a CIDR range
     */
    public static IPAddress range(String text) {
        IPAddress address = new IPAddressString(text.trim(), STRICT).getAddress();
        if (address == null || (address.isMultiple() && !address.isPrefixed())) {
            throw new IllegalArgumentException("expected an address range such as 10.0.0.0/8: " + text);
        }
        return address.isPrefixed() ? address.toPrefixBlock() : address;
    }

    /** The address that a text is, without port, brackets and zone, IPv4-mapped ones as IPv4; null if it is none. */
    public static @Nullable IPAddress parse(String text) {
        return text.isEmpty() || text.length() > LONGEST ? null : Ranges.parseAddress(text);
    }

    private static List<IPAddress> parse(List<String> texts) {
        return texts.stream().map(Network::range).toList();
    }

    /** Immutable, so that threads may share it without a lock. */
    private record Remembered(String text, @Nullable Address address) {}

    private static final class Ranges {
        private final List<IPAddress> cluster;
        private final List<IPAddress> controlPlane;
        private final List<IPAddress> trustedProxies;
        private final @Nullable Remembered[] recent = new Remembered[REMEMBERED];

        Ranges(List<IPAddress> cluster, List<IPAddress> controlPlane, List<IPAddress> trustedProxies) {
            this.cluster = new ArrayList<>(cluster);
            this.controlPlane = new ArrayList<>(controlPlane);
            this.trustedProxies = new ArrayList<>(trustedProxies);
        }

        @Nullable
        Address classify(String text) {
            IPAddress address = parseAddress(text);
            if (address == null) {
                return null;
            }
            // Only the API server's own host calls over loopback, whatever else is the control plane.
            Zone zone = address.isLoopback() || contains(controlPlane, address)
                    ? Zone.CONTROL_PLANE
                    : contains(cluster, address) ? Zone.CLUSTER : Zone.OUTSIDE;
            return new Address(address.toCanonicalString(), zone, contains(trustedProxies, address));
        }

        private static boolean contains(List<IPAddress> ranges, IPAddress address) {
            for (IPAddress range : ranges) {
                if (range.getIPVersion() == address.getIPVersion() && range.contains(address)) {
                    return true;
                }
            }
            return false;
        }

        private static @Nullable IPAddress parseAddress(String text) {
            String bare = text.trim();
            if (bare.startsWith("[")) {
                int end = bare.indexOf(']');
                bare = end < 0 ? "" : bare.substring(1, end);
            } else if (bare.indexOf(':') >= 0 && bare.indexOf(':') == bare.lastIndexOf(':')) {
                bare = bare.substring(0, bare.indexOf(':'));
            }
            int zone = bare.indexOf('%');
            if (zone >= 0) {
                bare = bare.substring(0, zone);
            }
            if (bare.length() > 45 || bare.isEmpty() || bare.indexOf('/') >= 0) {
                return null;
            }
            IPAddress address = new IPAddressString(bare, STRICT).getAddress();
            if (address == null || address.isMultiple() || address.isPrefixed()) {
                return null;
            }
            if (address.isIPv6() && address.toIPv6().isIPv4Mapped()) {
                return address.toIPv6().getEmbeddedIPv4Address();
            }
            return address;
        }
    }
}
