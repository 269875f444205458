package io.tocsin.job.redaction;

/**
 * What is to stand in a place of a text.
 *
 * @param from where what goes starts
 * @param to where it ends
 * @param text what comes
 */
record Edit(int from, int to, String text) {
    Edit moved(int by) {
        return new Edit(from + by, to + by, text);
    }
}
