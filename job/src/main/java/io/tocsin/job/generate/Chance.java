package io.tocsin.job.generate;

/**
 * The generator's dice: SplitMix64, written out because the JDK promises the same numbers for one seed within one version
 * only.
 */
final class Chance {
    private long state;

    Chance(long seed) {
        this.state = seed;
    }

    long bits() {
        state += 0x9E3779B97F4A7C15L;
        long z = state;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    /** From 0 up to, but not including, the bound. */
    int below(int bound) {
        return (int) (((bits() >>> 32) * bound) >>> 32);
    }

    /** From the lowest to the highest, both included. */
    long between(long lowest, long highest) {
        return lowest + (long) (unit() * (highest - lowest + 1));
    }

    /** From 0 up to, but not including, 1. */
    double unit() {
        return (bits() >>> 11) * 0x1.0p-53;
    }

    boolean oneIn(int n) {
        return below(n) == 0;
    }

    <T> T pick(T[] choices) {
        return choices[below(choices.length)];
    }

    /** Lower-case hexadecimal digits. */
    String hex(int digits) {
        return letters("0123456789abcdef", digits);
    }

    /** The suffix Kubernetes gives to generated names. */
    String suffix(int letters) {
        return letters("bcdfghjklmnpqrstvwxz2456789", letters);
    }

    /** Capitals and digits, as AWS writes its ids. */
    String awsId(String prefix) {
        return prefix + letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16);
    }

    String uuid() {
        return hex(8) + "-" + hex(4) + "-4" + hex(3) + "-" + letters("89ab", 1) + hex(3) + "-" + hex(12);
    }

    private String letters(String alphabet, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(alphabet.charAt(below(alphabet.length())));
        }
        return text.toString();
    }
}
