package io.tocsin.job.redaction;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text and records without the secrets in them. Everything the job hands out goes through here: alerts, dead letters, late records,
 * what {@code inspect} shows, and messages.
 *
 * <p>Secrets are told by their form (tokens, private keys, keys that say whose they are), by the name before them ({@code
 * password}, {@code Authorization}, {@code sig}; in JSON the member's name, the {@code name} beside a {@code value}, the option
 * before an argument), by where they stand ({@code user:password@} in a URL, {@code data} and {@code stringData} of a Kubernetes
 * Secret, in a list and in a patch too), and all of that inside strings of JSON in strings of JSON, percent-encoded, in hexadecimal
 * digits as auditd writes them, in base64 and in gzip. A bare word that nothing tells, such as the argument of {@code echo}, is kept.
 * Ids are no secrets: of credentials ({@code JTI=}, access key ids), objects and requests, and fingerprints.
 *
 * <p>Names stay, and so does all around a secret, which becomes {@code [redacted]}: JSON stays JSON, base64 stays base64, and a
 * record decodes to the same event but for the secrets. Where in doubt (broken JSON, nesting beyond eight levels) rather too much is
 * taken than too little. Takes time and memory linear in the size, whatever the text.
 */
public final class Redaction {
    /** What stands where a secret stood. */
    public static final String REDACTED = "[redacted]";

    private Redaction() {}

    /** The text without its secrets; the same object if there are none. */
    public static String of(String text) {
        return redacted(text, null);
    }

    /** The same for the arguments of a program, some of which take a password by a short option. */
    public static String ofCommand(@Nullable String binary, String arguments) {
        return redacted(arguments, PasswordOption.ofBinary(binary));
    }

    /** A record without its secrets; the same object if there are none. The bytes need be no text of any kind. */
    public static byte[] of(byte[] record) {
        return new PackedSecrets(new SecretSearch(record.length)).without(record, 0);
    }

    private static String redacted(String text, @Nullable PasswordOption option) {
        List<Edit> edits = new SecretSearch(text.length()).in(text, 0, option, false);
        return edits.isEmpty() ? text : Edits.apply(text, edits);
    }
}
