package io.tocsin.job;

import java.util.List;

/** What the user wrote can't be run; all problems at once. Ends the process with 2. */
public final class ArgumentException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final List<String> problems;

    public ArgumentException(List<String> problems) {
        super(String.join(System.lineSeparator(), problems));
        this.problems = List.copyOf(problems);
    }

    /** Each names the thing, what was expected and what was given. */
    public List<String> problems() {
        return problems;
    }
}
