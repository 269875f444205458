package io.tocsin.job.bench;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** One audit line: somebody gets an object of namespace shop, or is refused it. */
public final class AuditLine {
    private static final String LINE =
            "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\",\"auditID\":\"%s\","
                    + "\"stage\":\"ResponseComplete\",\"requestURI\":\"/api/v1/namespaces/shop/%s/%s\",\"verb\":\"get\","
                    + "\"user\":{\"username\":\"%s\",\"groups\":[\"developers\",\"system:authenticated\"]},"
                    + "\"sourceIPs\":[\"%s\"],\"userAgent\":\"kubectl/v1.31.4 (linux/amd64) kubernetes/a57b6f7\","
                    + "\"objectRef\":{\"resource\":\"%s\",\"namespace\":\"shop\",\"name\":\"%s\",\"apiVersion\":\"v1\"},"
                    + "\"responseStatus\":{\"metadata\":{},\"code\":%d},\"requestReceivedTimestamp\":\"%s\","
                    + "\"stageTimestamp\":\"%s\",\"annotations\":{\"authorization.k8s.io/decision\":\"%s\","
                    + "\"authorization.k8s.io/reason\":\"\"}}";

    private static final String STAGE_TIME = "\"stageTimestamp\":\"";
    private static final String RECEIVED_TIME = "\"requestReceivedTimestamp\":\"";

    private AuditLine() {}

    /** A request with an id of its own. */
    public static String of(Instant time, String user, String address, String resource, String name, int code) {
        String what = user + " " + resource + " " + name + " " + time;
        UUID id = UUID.nameUUIDFromBytes(what.getBytes(StandardCharsets.UTF_8));
        return of(id, time, user, address, resource, name, code);
    }

    /** When the record of a line happened. */
    static Instant time(String line) {
        return Instant.parse(text(line, STAGE_TIME));
    }

    /** The same record at another time. */
    public static String at(Instant time, String line) {
        return line.replace(text(line, RECEIVED_TIME), time.toString())
                .replace(text(line, STAGE_TIME), time.toString());
    }

    private static String text(String line, String behind) {
        int start = line.indexOf(behind);
        if (start < 0) {
            throw new IllegalArgumentException("line must have " + behind + " " + line);
        }
        start += behind.length();
        return line.substring(start, line.indexOf('"', start));
    }

    static String of(UUID id, Instant time, String user, String address, String resource, String name, int code) {
        Instant micros = time.truncatedTo(ChronoUnit.MICROS);
        return LINE.formatted(
                id,
                resource,
                name,
                user,
                address,
                resource,
                name,
                code,
                micros.minusMillis(3),
                micros,
                code == 403 ? "forbid" : "allow");
    }
}
