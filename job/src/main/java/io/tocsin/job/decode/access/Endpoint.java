package io.tocsin.job.decode.access;

import io.tocsin.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * The other end of a connection, out of {@code 10.0.0.1:80}, {@code [fd00::1]:80}, {@code tcp://10.0.0.1:80} or {@code web:80}.
 *
 * @param address canonical; null if the text has a name instead
 * @param port 0 where there is none
 */
record Endpoint(@Nullable String address, int port) {
    static final Endpoint NONE = new Endpoint(null, 0);

    static Endpoint of(@Nullable String text, Network network) {
        if (text == null || text.isEmpty() || text.equals("-") || text.startsWith("unix:")) {
            return NONE;
        }
        int scheme = text.indexOf("://");
        String bare = scheme < 0 ? text : text.substring(scheme + 3);
        int slash = bare.indexOf('/');
        bare = slash < 0 ? bare : bare.substring(0, slash);
        Network.Address address = network.address(bare);
        return new Endpoint(address == null ? null : address.canonical(), port(bare));
    }

    /** The last of a list of servers that were tried, {@code a, b : c}, that has an address. */
    static Endpoint last(@Nullable String list, Network network) {
        int end = list == null ? 0 : list.length();
        while (list != null && end > 0) {
            int start = list.lastIndexOf(' ', end - 1) + 1;
            int to = list.charAt(end - 1) == ',' ? end - 1 : end;
            Endpoint endpoint = of(list.substring(start, Math.max(start, to)), network);
            if (endpoint.address != null) {
                return endpoint;
            }
            end = start - 1;
        }
        return NONE;
    }

    /** A host name without its port, null if nothing is left. */
    static @Nullable String host(@Nullable String text) {
        if (text == null || text.isEmpty() || text.equals("-")) {
            return null;
        }
        int colon = colon(text);
        String host = colon < 0 || port(text) == 0 ? text : text.substring(0, colon);
        return host.isEmpty() ? null : host;
    }

    private static int port(String text) {
        int colon = colon(text);
        int port = 0;
        if (colon < 0 || text.length() - colon > 6) {
            return 0;
        }
        for (int i = colon + 1; i < text.length(); i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port > 65_535 ? 0 : port;
    }

    /** Where the port's colon stands, -1 if there is none: colons may belong to an IPv6 address. */
    private static int colon(String text) {
        int colon = text.lastIndexOf(':');
        boolean bracketed = colon > 0 && text.charAt(colon - 1) == ']';
        return bracketed || text.indexOf(':') == colon ? colon : -1;
    }
}
