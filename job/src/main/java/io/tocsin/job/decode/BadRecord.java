package io.tocsin.job.decode;

/** Why a record can't be read. Costs no stack trace: hostile input may raise one a record. */
public final class BadRecord extends Exception {
    private static final long serialVersionUID = 1L;

    public BadRecord(String reason) {
        super(reason, null, false, false);
    }

    /** The reason, in the words of a dead letter. */
    public String reason() {
        return String.valueOf(getMessage());
    }
}
