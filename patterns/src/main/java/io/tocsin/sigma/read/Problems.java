package io.tocsin.sigma.read;

import io.tocsin.sigma.Nearest;
import io.tocsin.sigma.SigmaProblem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What is wrong with one file. */
final class Problems {
    private final String file;
    private final List<SigmaProblem> found = new ArrayList<>();

    Problems(String file) {
        this.file = file;
    }

    /** Tells a problem of a line, from 1; 0 for the whole file. */
    void add(int line, String reason) {
        found.add(new SigmaProblem(file, line, reason));
    }

    /** How many there are by now. */
    int count() {
        return found.size();
    }

    /** All of them, in the order in which they were found. */
    List<SigmaProblem> all() {
        return List.copyOf(found);
    }

    /** What somebody probably meant who wrote this, as the end of a sentence; empty if nothing is near. */
    static String meant(String written, Collection<String> names) {
        String nearest = Nearest.to(written, names);
        // Of one letter every other letter is near.
        boolean near = nearest != null && (written.length() > 1 || nearest.equalsIgnoreCase(written));
        return near ? "; did you mean " + nearest + "?" : "";
    }
}
