package io.tocsin.job.source;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Provenance;
import io.tocsin.job.decode.Rfc3339;
import io.tocsin.job.decode.StringEnds;
import java.util.List;

/**
 * Finds times by text where that is safe. A line counts as a bare audit event if it is an object that holds {@code "auditID"} and
 * ends where the object ends. Its time is its {@code stageTimestamp}: that is the order in which the API server writes, while a
 * long-running request was received long before it ends. Without one, {@code requestReceivedTimestamp} or {@code timestamp}.
 *
 * <p>The key is searched from the end, and only a key of the object itself counts, not one in a request's body: a client chooses
 * the body, and so a truncated record could name any time. What follows the time must therefore close the object exactly at the
 * line's end; and in a line long enough to have been truncated, what stands before it must leave just the object open.
 */
final class ScanningRecordClock implements RecordClock {
    /** No log transport in use cuts records shorter than this; longer ones are looked at from their start. */
    private static final int NEVER_TRUNCATED = 2048;

    private static final int LONGEST_TIME = 64;

    private static final KeyFinder AUDIT_ID = new KeyFinder("auditID");
    private static final byte[] AUTHENTICATOR = "time=\"".getBytes(US_ASCII);
    private static final List<KeyFinder> TIMES = List.of(
            new KeyFinder("stageTimestamp"), new KeyFinder("requestReceivedTimestamp"), new KeyFinder("timestamp"));

    private final DocumentDecoder decoder;
    private long latest;

    ScanningRecordClock(DocumentDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public long timeOf(byte[] bytes, int offset, int length, Provenance provenance) {
        long time = scannedTime(bytes, offset, length);
        return time != UNTOLD ? time : decodedTime(bytes, offset, length, provenance);
    }

    @Override
    public long toldTime(byte[] bytes, int offset, int length, Provenance provenance) {
        long time = scannedTime(bytes, offset, length);
        if (time != UNTOLD) {
            return time;
        }
        long told = decoder.toldTime(bytes, offset, length, provenance);
        return told == DocumentDecoder.UNTOLD ? UNTOLD : told;
    }

    /** The time of an audit event or an authenticator line; {@link #NO_TIME} of a blank line, {@link #UNTOLD} of all others. */
    private static long scannedTime(byte[] bytes, int offset, int length) {
        int from = offset;
        int to = offset + length;
        while (from < to && isSpace(bytes[from])) {
            from++;
        }
        while (to > from && isSpace(bytes[to - 1])) {
            to--;
        }
        if (from == to) {
            return NO_TIME;
        }
        long time = NO_TIME;
        if (bytes[from] == '{') {
            time = auditTime(bytes, from, to);
        } else if (startsWith(bytes, from, to, AUTHENTICATOR)) {
            time = quotedTime(bytes, from + AUTHENTICATOR.length, to);
        }
        return time == NO_TIME ? UNTOLD : time;
    }

    /** The time from here to the next quote. */
    private static long quotedTime(byte[] bytes, int from, int to) {
        int most = Math.min(to, from + LONGEST_TIME);
        int end = from;
        while (end < most && bytes[end] != '"') {
            end++;
        }
        long time = end < most ? Rfc3339.millis(bytes, from, end) : DocumentDecoder.UNTOLD;
        return time == DocumentDecoder.UNTOLD ? NO_TIME : time;
    }

    private static long auditTime(byte[] bytes, int from, int to) {
        if (bytes[to - 1] != '}' || AUDIT_ID.first(bytes, from, to) < 0) {
            return NO_TIME;
        }
        for (KeyFinder key : TIMES) {
            int end = to;
            while (end > from) {
                int at = key.last(bytes, from, end);
                if (at < 0) {
                    break;
                }
                int value = afterColon(bytes, at + key.length(), to);
                if (value > 0 && isOwnKey(bytes, from, at, value, to)) {
                    long time = bytes[value] == '"' ? quotedTime(bytes, value + 1, to) : NO_TIME;
                    if (time != NO_TIME) {
                        return time;
                    }
                    break;
                }
                end = at;
            }
        }
        return NO_TIME;
    }

    /** Whether the key at {@code at} with the value at {@code value} is one of the object from {@code from} to {@code to}. */
    private static boolean isOwnKey(byte[] bytes, int from, int at, int value, int to) {
        return closesAt(bytes, value, to) && (to - from < NEVER_TRUNCATED || depth(bytes, from, at) == 1);
    }

    /** Whether an object that is open at {@code from} is closed by the last byte before {@code to} and not earlier. */
    private static boolean closesAt(byte[] bytes, int from, int to) {
        int depth = 1;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '"') {
                i = endOfString(bytes, i, to);
            } else if (b == '{' || b == '[') {
                depth++;
            } else if ((b == '}' || b == ']') && --depth == 0) {
                return i == to - 1;
            }
        }
        return false;
    }

    /** How many objects and arrays are open at {@code to}; -1 within a string. */
    private static int depth(byte[] bytes, int from, int to) {
        int depth = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            if (b == '"') {
                i = endOfString(bytes, i, to);
                if (i >= to) {
                    return -1;
                }
            } else if (b == '{' || b == '[') {
                depth++;
            } else if (b == '}' || b == ']') {
                depth--;
            }
        }
        return depth;
    }

    /** Where the string that opens at {@code from} closes, or {@code to} or behind it. */
    private static int endOfString(byte[] bytes, int from, int to) {
        int i = StringEnds.special(bytes, from + 1, to);
        while (i < to && bytes[i] != '"') {
            i = StringEnds.special(bytes, i + (bytes[i] == '\\' ? 2 : 1), to);
        }
        return i;
    }

    /** Where the value stands that follows a key's closing quote, or -1. */
    private static int afterColon(byte[] bytes, int from, int to) {
        int at = from;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        if (at >= to || bytes[at] != ':') {
            return -1;
        }
        at++;
        while (at < to && isSpace(bytes[at])) {
            at++;
        }
        return at < to ? at : -1;
    }

    private long decodedTime(byte[] bytes, int offset, int length, Provenance provenance) {
        latest = NO_TIME;
        decoder.decode(bytes, offset, length, provenance, this::see);
        return latest;
    }

    private void see(Decoded decoded) {
        SecurityEvent event = decoded.event();
        if (event != null && !event.truncated()) {
            latest = Math.max(latest, event.time().toEpochMilli());
        }
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\r' || b == '\n';
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] text) {
        if (to - from < text.length) {
            return false;
        }
        for (int i = 0; i < text.length; i++) {
            if (bytes[from + i] != text[i]) {
                return false;
            }
        }
        return true;
    }
}
