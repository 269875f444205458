package io.tocsin.job.generate;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An attack the generator can hide in a day of traffic. */
public enum Attack {
    /** An engineer's session credentials, used from an address never seen: refusals first, then secrets are read. */
    STOLEN_TOKEN("forbidden-then-success"),
    /** A long-standing engineer deletes what two teams run, from the usual address. */
    ROGUE_INSIDER("delete-burst"),
    /** A role the authenticator refuses is mapped to {@code system:masters} and comes back. */
    SELF_MAPPED_ROLE("denied-then-granted"),
    /** A person has a token issued for a service account, and the token is used elsewhere. */
    MINTED_TOKEN("token-minted-then-used-elsewhere"),
    /** Somebody without a credential reads resources. */
    ANONYMOUS_ACCESS("anonymous-success");

    private final String detection;

    Attack(String detection) {
        this.detection = detection;
    }

    /** The attack's name on the command line, in kebab-case. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The id of the detection that is there to find it. */
    public String detection() {
        return detection;
    }

    /** The attack of that name. */
    public static Optional<Attack> of(String id) {
        return Arrays.stream(values()).filter(a -> a.id().equals(id)).findFirst();
    }
}
