package io.tocsin.job.decode.audit;

import io.tocsin.job.decode.QueryString;
import org.jspecify.annotations.Nullable;

/** Path and query of a request, and what the query asks for. */
final class RequestUri {
    static final RequestUri NONE = new RequestUri(null);

    final @Nullable String text;
    /** Whether nothing is to be done. */
    final boolean dryRun;
    /** Whether a log is to be followed. */
    final boolean follows;

    private RequestUri(@Nullable String text) {
        this.text = text;
        boolean query = text != null && text.indexOf('?') >= 0;
        this.dryRun = query && QueryString.has(text, "dryRun", "All");
        this.follows = query && QueryString.on(text, "follow");
    }

    static RequestUri of(@Nullable String text) {
        return text == null ? NONE : new RequestUri(text);
    }
}
