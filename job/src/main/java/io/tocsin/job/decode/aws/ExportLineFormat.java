package io.tocsin.job.decode.aws;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Document;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonScanner;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.Rfc3339;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A line of a CloudWatch log that was exported to S3: the time it was received, a space, and the line. */
public final class ExportLineFormat implements Format {
    private static final int LONGEST_TIME = 40;

    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new ExportLineFormat();
        }
    }

    @Override
    public String name() {
        return "s3-export";
    }

    @Override
    public Role role() {
        return Role.ENVELOPE;
    }

    @Override
    public About about() {
        return new About("lines of a CloudWatch log exported to S3", "an RFC 3339 time in front of a line", "");
    }

    @Override
    public boolean readsText() {
        return true;
    }

    @Override
    public boolean claimsLine(RecordBytes line) {
        return time(line) != null;
    }

    @Override
    public int decode(RecordBytes line, Document document) {
        Instant time = time(line);
        int start = JsonScanner.skipSpace(line.bytes(), Math.max(space(line), line.start()), line.end());
        document.unwrap(new RecordBytes(
                line.bytes(),
                start,
                line.end(),
                line.cut(),
                line.origin().at(time, line.origin().position())));
        return line.end();
    }

    private static @Nullable Instant time(RecordBytes line) {
        byte first = line.bytes()[line.start()];
        if (first < '0' || first > '9') {
            return null;
        }
        int space = space(line);
        return space < 0
                ? null
                : Rfc3339.parse(
                        new String(line.bytes(), line.start(), space - line.start(), StandardCharsets.US_ASCII));
    }

    /** The position of the first space, -1 if it is further away than a time is long. */
    private static int space(RecordBytes line) {
        int to = Math.min(line.end(), line.start() + LONGEST_TIME);
        for (int i = line.start(); i < to; i++) {
            if (line.bytes()[i] == ' ') {
                return i;
            }
        }
        return -1;
    }
}
