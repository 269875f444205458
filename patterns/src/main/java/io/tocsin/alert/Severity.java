package io.tocsin.alert;

/** OCSF severities. */
public enum Severity {
    INFORMATIONAL(1, "Informational"),
    LOW(2, "Low"),
    MEDIUM(3, "Medium"),
    HIGH(4, "High"),
    CRITICAL(5, "Critical");

    private final int id;
    private final String label;

    Severity(int id, String label) {
        this.id = id;
        this.label = label;
    }

    /**
     * The severity of an id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Severity of(int id) {
        for (Severity severity : values()) {
            if (severity.id == id) {
                return severity;
            }
        }
        throw new IllegalArgumentException("a severity's id must be 1 to 5: " + id);
    }

    /** OCSF's {@code severity_id}. */
    public int id() {
        return id;
    }

    /** OCSF's {@code severity}. */
    public String label() {
        return label;
    }
}
