package io.tocsin.sigma;

/**
 * Why a rule can't be taken.
 *
 * @param file as the user named it
 * @param line from 1; 0 where it is the whole file
 * @param reason what was expected, what was given, and what was probably meant
 */
public record SigmaProblem(String file, int line, String reason) {
    @Override
    public String toString() {
        return line > 0 ? file + ":" + line + ": " + reason : file + ": " + reason;
    }
}
