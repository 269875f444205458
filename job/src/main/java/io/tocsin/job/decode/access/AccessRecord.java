package io.tocsin.job.decode.access;

import io.tocsin.job.decode.BadRecord;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What one record of an access log tells, as it stands there; {@code -} and the empty string are nothing. Used again for the next. */
final class AccessRecord {
    @Nullable
    Instant time;

    /** Who connected, as the server saw it. */
    @Nullable
    String direct;

    /** The {@code X-Forwarded-For} header. */
    @Nullable
    String forwarded;

    /** A further address that somebody claims. */
    @Nullable
    String hearsay;

    @Nullable
    String user;

    RequestLine request = RequestLine.NONE;

    /** What the client sent where a request should be. */
    @Nullable
    String malformed;

    int code;

    @Nullable
    String reason;

    /** Whether the server says that it refused the connection, where there is no code. */
    boolean refused;

    @Nullable
    String userAgent;

    /** Name of the host that was asked for, with or without a port. */
    @Nullable
    String host;

    @Nullable
    String protocol;

    /** The servers that were tried. */
    @Nullable
    String upstream;

    @Nullable
    String workload;

    boolean truncated;

    void clear() {
        time = null;
        direct = null;
        forwarded = null;
        hearsay = null;
        user = null;
        request = RequestLine.NONE;
        malformed = null;
        code = 0;
        reason = null;
        refused = false;
        userAgent = null;
        host = null;
        protocol = null;
        upstream = null;
        workload = null;
        truncated = false;
    }

    /**
     * Takes the request line.
     *
     * @param open whether the record ended in it
     */
    void request(String line, boolean open) {
        request = RequestLine.of(line);
        protocol = request.protocol();
        malformed = request.malformed() && !open ? line : null;
        truncated |= open;
    }

    /**
     * Makes sure that the head of a cut record is worth something.
     *
     * @throws BadRecord if it doesn't tell who asked
     */
    void requireClient() throws BadRecord {
        if (truncated && direct == null && forwarded == null) {
            throw new BadRecord("cut off before the client");
        }
    }

    /** Takes the parts of a request line, which are known apart. */
    void request(@Nullable String method, @Nullable String target) {
        String verb = method == null || method.equals("-") ? null : RequestLine.method(method);
        boolean bad = verb == null && method != null && !method.equals("-") && !method.isEmpty();
        request = new RequestLine(verb, "-".equals(target) ? null : target, null, bad);
        malformed = bad ? method : null;
    }
}
