package io.tocsin.job;

/** Which Tocsin this is. */
final class Version {
    /** From the jar's manifest; {@code dev} outside a jar. */
    static final String NUMBER = number();

    private Version() {}

    private static String number() {
        String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
