package io.tocsin.job.decode.access;

import io.tocsin.job.decode.RecordBytes;
import org.jspecify.annotations.Nullable;

/**
 * What stands in front of the request in the lines of nginx, Apache and Traefik: {@code client - user [time] "}, a host in front of
 * the client in some, {@code client - [client] - user} in old lines of ingress-nginx, a list of clients in Traefik's.
 *
 * <p>The user's name is the client's choice and may hold spaces, brackets and times, but no quote that is not escaped: so the time
 * is the first that a quote follows.
 *
 * @param client who connected; a chain of forwarded addresses if it holds a comma
 * @param host the host that was asked for, where the line tells it in front
 * @param hearsay who else the client may be
 */
record CommonLogHead(String client, @Nullable String host, @Nullable String user, @Nullable String hearsay) {
    /** {@code [10/Oct/2000:13:55:36 -0700]}. */
    static final int TIME_LENGTH = 28;

    private static final int NEAR = 300;
    /** No server takes a longer header line. */
    private static final int FAR = 16 << 10;

    private static final int LONGEST_ADDRESS = 60;
    private static final String SEPARATOR = " - ";

    /** Where the time's bracket stands if this is a line of an access log, -1 if it is not. */
    static int timeOf(RecordBytes line) {
        byte[] bytes = line.bytes();
        int near = (int) Math.min(line.end(), (long) line.start() + NEAR);
        int firstEnd = wordEnd(bytes, line.start(), near);
        int secondEnd = wordEnd(bytes, firstEnd + 1, near);
        if (secondEnd >= near) {
            return -1;
        }
        boolean address = isAddress(bytes, line.start(), firstEnd);
        boolean dash = isDash(bytes, firstEnd + 1, secondEnd);
        int time = nextTime(bytes, line.start(), near);
        if (time < 0 && address && dash) {
            // Somebody chose a long user name.
            time = nextTime(bytes, near - TIME_LENGTH - 2, (int) Math.min(line.end(), (long) line.start() + FAR));
        }
        if (time < 0 || dash) {
            return time;
        }
        int thirdEnd = wordEnd(bytes, secondEnd + 1, time);
        boolean hostInFront =
                isAddress(bytes, firstEnd + 1, secondEnd) && isDash(bytes, secondEnd + 1, thirdEnd) && thirdEnd < time;
        boolean identified = address && thirdEnd == time - 1;
        return hostInFront || identified || isList(bytes, line.start(), firstEnd, time) ? time : -1;
    }

    /** Where the next time stands that a quote follows, -1 if there is none. */
    static int nextTime(byte[] bytes, int from, int to) {
        for (int i = from + 1; i + TIME_LENGTH + 1 < to; i++) {
            if (bytes[i] == '['
                    && bytes[i - 1] == ' '
                    && bytes[i + 3] == '/'
                    && bytes[i + 7] == '/'
                    && bytes[i + 12] == ':'
                    && bytes[i + 15] == ':'
                    && bytes[i + 18] == ':'
                    && bytes[i + 21] == ' '
                    && bytes[i + 27] == ']'
                    && bytes[i + 28] == ' '
                    && bytes[i + 29] == '"') {
                return i;
            }
        }
        return -1;
    }

    /** Takes apart what stands in front of the time. */
    static CommonLogHead of(String text) {
        String head = text.endsWith(" ") ? text.substring(0, text.length() - 1) : text;
        int dash = head.indexOf(SEPARATOR);
        if (dash < 0) {
            // Somebody asked the client's identd.
            int space = head.indexOf(' ');
            int user = head.indexOf(' ', space + 1);
            return new CommonLogHead(
                    space < 0 ? head : head.substring(0, space),
                    null,
                    user < 0 ? null : head.substring(user + 1),
                    null);
        }
        String client = head.substring(0, dash);
        String user = head.substring(dash + SEPARATOR.length());
        int space = client.indexOf(' ');
        boolean hostInFront = space > 0 && client.charAt(space - 1) != ',';
        int bracket = user.startsWith("[") ? user.indexOf("] - ") : -1;
        return new CommonLogHead(
                hostInFront ? client.substring(space + 1) : client,
                hostInFront ? client.substring(0, space) : null,
                bracket < 0 ? user : user.substring(bracket + 4),
                bracket < 0 ? null : user.substring(1, bracket));
    }

    private static int wordEnd(byte[] bytes, int from, int to) {
        int i = from;
        while (i < to && bytes[i] != ' ') {
            i++;
        }
        return i;
    }

    private static boolean isDash(byte[] bytes, int from, int to) {
        return to == from + 1 && bytes[from] == '-';
    }

    private static boolean isList(byte[] bytes, int from, int firstEnd, int to) {
        int start = from;
        int end = firstEnd;
        while (end < to && end > start && bytes[end - 1] == ',') {
            start = end + 1;
            end = wordEnd(bytes, start, to);
        }
        return start > from && isDash(bytes, end + 1, wordEnd(bytes, end + 1, to));
    }

    /** Whether these may be an address: hexadecimal digits with a dot or several colons among them. */
    private static boolean isAddress(byte[] bytes, int from, int to) {
        int dots = 0;
        int colons = 0;
        for (int i = from; i < to; i++) {
            byte b = bytes[i];
            dots += b == '.' ? 1 : 0;
            colons += b == ':' ? 1 : 0;
            if (Character.digit(b, 16) < 0 && b != '.' && b != ':' && b != '[' && b != ']') {
                return false;
            }
        }
        return to - from <= LONGEST_ADDRESS && (dots == 3 || colons > 1);
    }
}
