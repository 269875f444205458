package io.tocsin.job.decode;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes hostile documents out of good ones, the same ones for a seed. */
public final class TestingMutator {
    private static final byte[] FAVOURITES =
            "{}[]\",:\\\0\n\r\u001f\u001b=0e-tfn <>%/'()\u00ff\u00c3".getBytes(StandardCharsets.ISO_8859_1);

    static final List<String> HOSTILE = List.of(
            "{",
            "[",
            "\"",
            "}",
            "{\"a\":",
            ",",
            "{}",
            "[{",
            "a=",
            "\\",
            "{\"",
            "\n{\"",
            " ",
            "%",
            "\\x",
            "(",
            "[]",
            "- ",
            "\" ",
            "=\"",
            "from 1.2.3.4 ",
            "a: ",
            "\u001d",
            "\n",
            "1",
            "::",
            "msg=audit(1.1:1): ",
            "\\u00");

    private final Random random;

    public TestingMutator(long seed) {
        random = new Random(seed);
    }

    /** The document with one to four changes, some of them parts of others. */
    public byte[] mutant(byte[] fixture, List<byte[]> others) {
        byte[] mutant = fixture.clone();
        int changes = 1 + random.nextInt(4);
        for (int i = 0; i < changes && mutant.length > 1; i++) {
            int at = random.nextInt(mutant.length);
            switch (random.nextInt(9)) {
                case 0 -> mutant[at] = (byte) random.nextInt(256);
                case 1, 2 -> mutant[at] = FAVOURITES[random.nextInt(FAVOURITES.length)];
                case 3 -> mutant = Arrays.copyOf(mutant, at + 1);
                case 4 -> System.arraycopy(mutant, at, mutant, at / 2, mutant.length - at);
                case 5 -> mutant = insert(mutant, at, hostile());
                case 6 -> {
                    byte[] other = others.get(random.nextInt(others.size()));
                    int from = random.nextInt(other.length);
                    mutant = insert(mutant, at, Arrays.copyOfRange(other, from, Math.min(other.length, from + 64)));
                }
                case 7 -> mutant = without(mutant, at, random.nextInt(16));
                default -> {
                    int other = random.nextInt(mutant.length);
                    byte b = mutant[at];
                    mutant[at] = mutant[other];
                    mutant[other] = b;
                }
            }
        }
        return mutant;
    }

    private byte[] hostile() {
        return HOSTILE.get(random.nextInt(HOSTILE.size()))
                .repeat(1 + random.nextInt(5))
                .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] insert(byte[] bytes, int at, byte[] added) {
        byte[] longer = new byte[bytes.length + added.length];
        System.arraycopy(bytes, 0, longer, 0, at);
        System.arraycopy(added, 0, longer, at, added.length);
        System.arraycopy(bytes, at, longer, at + added.length, bytes.length - at);
        return longer;
    }

    private static byte[] without(byte[] bytes, int at, int count) {
        int to = Math.min(bytes.length, at + count);
        byte[] shorter = new byte[bytes.length - (to - at)];
        System.arraycopy(bytes, 0, shorter, 0, at);
        System.arraycopy(bytes, to, shorter, at, bytes.length - to);
        return shorter;
    }
}
