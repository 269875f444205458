package io.tocsin.job.decode;

/**
 * Tells which lines of a file are one document, such as the parts of a split line. A framing belongs to one file and one thread; it
 * remembers nothing beyond the document that is open, so reading can start again between any two documents.
 */
public interface Framing {
    /** What a line is to the document that is open. */
    enum Next {
        /** Belongs to it, and more may follow. */
        MORE,
        /** Belongs to it and ends it. */
        LAST,
        /** Belongs to the next document: this one ended before. */
        BEYOND
    }

    /**
     * Whether a document of this kind starts with this line and goes on behind it. Forgets what was open. Asked for every line that
     * stands alone, so it must be cheap.
     *
     * @param from where the line starts
     * @param to where it ends, without the line's end
     */
    boolean opens(byte[] bytes, int from, int to);

    /** Takes the line after; blank ones too. Not called once the document has ended. */
    Next next(byte[] bytes, int from, int to);
}
