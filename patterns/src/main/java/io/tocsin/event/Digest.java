package io.tocsin.event;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * A hash over parts, each preceded by its length so that no two lists of parts collide by moving a boundary. Cryptographic,
 * since attackers choose parts of what is hashed.
 */
public final class Digest {
    private static final int BYTES = 16;
    private static final HexFormat HEX = HexFormat.of();

    /** Never used but to be copied: looking up who provides the algorithm costs more than a short hash. */
    private static final MessageDigest UNUSED = sha256();

    private final MessageDigest sha = fresh();

    /** Adds a part; null and the empty string differ. */
    public Digest add(@Nullable String part) {
        return part == null ? length(-1) : add(part.getBytes(StandardCharsets.UTF_8));
    }

    /** Adds a part of bytes. */
    public Digest add(byte[] part) {
        return add(part, 0, part.length);
    }

    /** Adds a part of bytes. */
    public Digest add(byte[] part, int offset, int length) {
        length(length);
        sha.update(part, offset, length);
        return this;
    }

    /** The first 128 bits in hexadecimal. The digest can't be used afterwards. */
    public String hex() {
        return HEX.formatHex(sha.digest(), 0, BYTES);
    }

    private Digest length(int length) {
        sha.update((byte) (length >> 24));
        sha.update((byte) (length >> 16));
        sha.update((byte) (length >> 8));
        sha.update((byte) length);
        return this;
    }

    private static MessageDigest fresh() {
        try {
            return (MessageDigest) UNUSED.clone();
        } catch (CloneNotSupportedException e) {
            return sha256();
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256 is part of every Java platform", e);
        }
    }
}
