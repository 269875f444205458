package io.tocsin.sigma.compare;

import inet.ipaddr.IPAddress;
import io.tocsin.network.Network;
import org.jspecify.annotations.Nullable;

/**
 * An address as two numbers, which many ranges can be compared with cheaply.
 *
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address; an IPv4 address
 */
public record IpAddress(boolean v6, long high, long low) {
    /** The address that a text is, with a port, in brackets or mapped to IPv6 as well; null if it is none. */
    public static @Nullable IpAddress of(String text) {
        long plain = plain(text);
        if (plain >= 0) {
            return new IpAddress(false, 0, plain);
        }
        IPAddress address = Network.parse(text);
        return address == null ? null : of(address.getBytes());
    }

    /** The number of an IPv4 address that is written as most are; -1 for all others. */
    private static long plain(String text) {
        long address = 0;
        int parts = 0;
        int part = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c >= '0' && c <= '9' && part != 0) {
                part = Math.max(part, 0) * 10 + c - '0';
            } else if (c == '.' && part >= 0) {
                address = address << 8 | part;
                parts++;
                part = -1;
            } else {
                return -1;
            }
            if (part > 255 || parts > 4) {
                return -1;
            }
        }
        return parts == 4 ? address : -1;
    }

    static IpAddress of(byte[] bytes) {
        return bytes.length == 4
                ? new IpAddress(false, 0, number(bytes, 0, 4))
                : new IpAddress(true, number(bytes, 0, 8), number(bytes, 8, 16));
    }

    private static long number(byte[] bytes, int from, int to) {
        long number = 0;
        for (int i = from; i < to; i++) {
            number = (number << 8) | (bytes[i] & 0xff);
        }
        return number;
    }
}
