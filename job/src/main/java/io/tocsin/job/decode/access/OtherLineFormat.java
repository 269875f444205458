package io.tocsin.job.decode.access;

import com.google.auto.service.AutoService;
import io.tocsin.event.Source;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import java.nio.charset.StandardCharsets;

/**
 * What servers write between the lines of their access logs: error logs and the like. Nothing is wrong with them, and they are no
 * requests. Told by shape only where no container's output is around them: that is a container's line.
 */
public final class OtherLineFormat implements Format {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new OtherLineFormat(options);
        }
    }

    /** {@code 2026/01/24 12:00:00 [error] 7#7: }, digits as 0. */
    private static final String NGINX = "0000/00/00 00:00:00 [";
    /** {@code [2026-01-24 12:00:00.000][1][info][main]}. */
    private static final String ENVOY = "[0000-00-00 00:00:00.000][";
    /** {@code [Sat Jan 24 12:00:00.000000 2026] [}: the day and the month are letters. */
    private static final String APACHE = "[aaa aaa 00 00:00:00.000000 0000] [";

    private static final String DAYS = "MonTueWedThuFriSatSun";

    private final boolean named;

    OtherLineFormat(DecoderOptions options) {
        this.named = options.format().equals(Source.ACCESS_LOG.id());
    }

    @Override
    public String name() {
        return Source.ACCESS_LOG.id();
    }

    @Override
    public About about() {
        return new About(
                "lines between the requests: error logs of nginx, Apache and Envoy, and any other where access-log was named",
                "their time and level in front",
                "events: they are skipped as error-log or other-line");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        if (named) {
            // A bracket would be taken for an array.
            return line.bytes()[line.start()] == '[' && !startsArray(line) && !startsRequest(line);
        }
        return line.origin().time() == null && isErrorLog(line);
    }

    private static boolean isErrorLog(RecordBytes line) {
        return has(line, NGINX)
                || has(line, ENVOY)
                || (has(line, APACHE)
                        && DAYS.contains(new String(line.bytes(), line.start() + 1, 3, StandardCharsets.US_ASCII)));
    }

    private static boolean startsArray(RecordBytes line) {
        int next = JsonScanner.skipSpace(line.bytes(), line.start() + 1, line.end());
        return next == line.end() || "{[]\"".indexOf(line.bytes()[next]) >= 0;
    }

    /** Whether this is a line of Envoy's access log. */
    private static boolean startsRequest(RecordBytes line) {
        int close = line.start() + 1;
        while (close < Math.min(line.end(), line.start() + 40) && line.bytes()[close] != ']') {
            close++;
        }
        String time = new String(line.bytes(), line.start() + 1, close - line.start() - 1, StandardCharsets.ISO_8859_1);
        return Rfc3339.parse(time) != null;
    }

    private static boolean has(RecordBytes line, String shape) {
        if (line.end() - line.start() < shape.length()) {
            return false;
        }
        for (int i = 0; i < shape.length(); i++) {
            byte b = line.bytes()[line.start() + i];
            char expected = shape.charAt(i);
            boolean fits =
                    expected == '0' ? b >= '0' && b <= '9' : expected == 'a' ? Character.isLetter(b) : b == expected;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int decode(RecordBytes record, Document document) {
        int end = record.end();
        if (record.bytes()[record.start()] == '{') {
            int close = JsonScanner.valueEndInLine(record.bytes(), record.start(), record.end());
            if (close == JsonScanner.CUT) {
                document.deadLetter(record, "cut off before it tells what it is");
                return end;
            }
            end = close;
        }
        document.skip(named ? "other-line" : "error-log");
        return end;
    }
}
