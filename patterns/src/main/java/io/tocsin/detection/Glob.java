package io.tocsin.detection;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A name in which {@code *} stands for any characters. Matching never takes longer than the lengths multiplied.
 *
 * @param text such as {@code system:serviceaccount:argocd:*}
 */
public record Glob(String text) implements Serializable {

    /** Whether this is such a name; null is none. */
    public boolean matches(@Nullable String name) {
        if (name == null) {
            return false;
        }
        int at = 0;
        int here = 0;
        int star = -1;
        int resume = 0;
        while (at < name.length()) {
            if (here < text.length() && text.charAt(here) == '*') {
                star = here++;
                resume = at;
            } else if (here < text.length() && text.charAt(here) == name.charAt(at)) {
                here++;
                at++;
            } else if (star >= 0) {
                here = star + 1;
                at = ++resume;
            } else {
                return false;
            }
        }
        while (here < text.length() && text.charAt(here) == '*') {
            here++;
        }
        return here == text.length();
    }
}
