package io.tocsin.enrich;

import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The services that hand out a node's or a pod's cloud credentials to whoever can reach them, in every spelling of their addresses
 * that a client understands: {@code 169.254.169.254}, {@code 0xa9fea9fe}, {@code 2852039166}, {@code 0251.0376.43518}, {@code
 * ::ffff:a9fe:a9fe}.
 */
public final class MetadataService {
    private static final Set<Long> ADDRESSES = Set.of(
            0xa9fea9feL, // 169.254.169.254: EC2, Azure, Google and most others
            0xa9feaa17L, // 169.254.170.23: EKS Pod Identity
            0xa9feaa02L); // 169.254.170.2: ECS

    private static final Set<String> ADDRESSES_V6 = Set.of("fd00:ec2::254", "fd00:ec2::23");

    private static final List<String> NAMES = List.of(
            "metadata.google.internal", "instance-data", "metadata.azure.internal", "169-254-169-254", "a9fea9fe.");

    private static final int LONGEST = 64;

    private MetadataService() {}

    /** Whether this canonical address is such a service's. */
    public static boolean isAt(@Nullable String address) {
        return address != null
                && (address.startsWith("169.254.") || address.startsWith("fd00:"))
                && (ADDRESSES_V6.contains(address) || isV4(address));
    }

    /** Whether a text names such a service; percent escapes must be resolved already. */
    public static boolean isIn(@Nullable String text) {
        if (text == null) {
            return false;
        }
        int start = -1;
        boolean colon = false;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : ' ';
            if (c == '.' || c == ':' || Character.digit(c, 16) >= 0 || c == 'x' || c == 'X') {
                if (start < 0) {
                    start = i;
                    colon = false;
                }
                colon |= c == ':';
            } else if (start >= 0) {
                // The shortest spelling of an address is a whole number of ten characters, or of eight with its dots.
                if (i - start >= 8 && i - start <= LONGEST && isHost(text.substring(start, i), colon)) {
                    return true;
                }
                start = -1;
            }
        }
        return namesOne(text);
    }

    private static boolean namesOne(String text) {
        // Names are long; most texts hold neither of these letters' pairs.
        if (text.length() < 10) {
            return false;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        for (int i = 0; i < NAMES.size(); i++) {
            if (lower.contains(NAMES.get(i))) {
                return true;
            }
        }
        return false;
    }

    private static boolean isHost(String run, boolean colon) {
        if (!colon) {
            return isV4(run);
        }
        // With a port behind it, or whatever else a colon separates from it.
        int start = 0;
        for (int i = 0; i <= run.length(); i++) {
            if (i == run.length() || run.charAt(i) == ':') {
                if (isV4(run.substring(start, i))) {
                    return true;
                }
                start = i + 1;
            }
        }
        return isV6(run);
    }

    private static boolean isV6(String run) {
        String text = run.toLowerCase(Locale.ROOT);
        if (!text.contains("ec2") && !text.contains("a9fe") && !text.contains("169.254")) {
            return false;
        }
        IPAddress address = new IPAddressString(text).getAddress();
        if (address == null || !address.isIPv6() || address.isMultiple()) {
            return false;
        }
        if (ADDRESSES_V6.contains(address.toCanonicalString())) {
            return true;
        }
        byte[] bytes = address.getBytes();
        long tail = 0;
        for (int i = 12; i < 16; i++) {
            tail = tail << 8 | (bytes[i] & 0xff);
        }
        return ADDRESSES.contains(tail);
    }

    /** An IPv4 address as {@code inet_aton} reads it: one to four numbers, decimal, octal or hexadecimal; the last fills the rest. */
    private static boolean isV4(String text) {
        String host = text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
        long value = 0;
        int parts = 0;
        int at = 0;
        while (at <= host.length()) {
            int dot = host.indexOf('.', at);
            int end = dot < 0 ? host.length() : dot;
            long number = number(host, at, end);
            parts++;
            if (number < 0 || parts > 4) {
                return false;
            }
            if (dot < 0) {
                int bits = 8 * (5 - parts);
                return number < 1L << bits && ADDRESSES.contains(value << bits | number);
            }
            if (number > 255) {
                return false;
            }
            value = value << 8 | number;
            at = dot + 1;
        }
        return false;
    }

    private static long number(String text, int start, int end) {
        int radix = 10;
        int at = start;
        if (end - at > 2 && text.charAt(at) == '0' && (text.charAt(at + 1) == 'x' || text.charAt(at + 1) == 'X')) {
            radix = 16;
            at += 2;
        } else if (end - at > 1 && text.charAt(at) == '0') {
            radix = 8;
            at++;
        }
        if (at >= end) {
            return -1;
        }
        long value = 0;
        for (; at < end; at++) {
            int digit = Character.digit(text.charAt(at), radix);
            if (digit < 0) {
                return -1;
            }
            value = value * radix + digit;
            if (value > 0xffffffffL) {
                return -1;
            }
        }
        return value;
    }
}
