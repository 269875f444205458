package io.tocsin.job.decode.host;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The address in a SOCKADDR record: the kernel's structure in hexadecimal digits.
 *
 * @param address an IPv4 or IPv6 address
 * @param port its port
 */
record SocketAddress(String address, int port) {
    private static final int LONGEST = 256;

    /** The address; null if it is of another family, or none. */
    static @Nullable SocketAddress of(@Nullable String hex) {
        if (hex == null || hex.length() < 16 || hex.length() > LONGEST || hex.length() % 2 != 0) {
            return null;
        }
        try {
            byte[] bytes = HexFormat.of().parseHex(hex);
            // The family is in the machine's own order, which is little-endian on all of these.
            int family = (bytes[0] & 0xff) | (bytes[1] & 0xff) << 8;
            int port = (bytes[2] & 0xff) << 8 | (bytes[3] & 0xff);
            if (family == 2) {
                return new SocketAddress(text(bytes, 4, 4), port);
            }
            return family == 10 && bytes.length >= 24 ? new SocketAddress(text(bytes, 8, 16), port) : null;
        } catch (IllegalArgumentException | UnknownHostException e) {
            return null;
        }
    }

    private static String text(byte[] bytes, int from, int length) throws UnknownHostException {
        return InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + length))
                .getHostAddress();
    }
}
