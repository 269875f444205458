package io.tocsin.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Audit lines written by hand: who asked for what from where, and what the answer was. */
final class TestingAuditLines {
    static final Instant START = Instant.parse("2025-03-03T10:00:00Z");
    static final String HOME = "203.0.113.10";
    static final String ELSEWHERE = "198.51.100.7";

    private TestingAuditLines() {}

    /** {@code verb} on the resource {@code object}, a name in namespace shop, that many seconds after the start. */
    static String line(long second, String user, String address, String verb, String resource, String name, int code) {
        Instant time = START.plusSeconds(second);
        String uri = "/api/v1/namespaces/shop/%s/%s".formatted(resource, name);
        return ("{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\",\"auditID\":\"%s\","
                        + "\"stage\":\"ResponseComplete\",\"requestURI\":\"%s\",\"verb\":\"%s\",\"user\":{\"username\":\"%s\","
                        + "\"groups\":[\"system:authenticated\"]},\"sourceIPs\":[\"%s\"],\"userAgent\":\"kubectl/v1.31.0\","
                        + "\"objectRef\":{\"resource\":\"%s\",\"namespace\":\"shop\",\"name\":\"%s\",\"apiVersion\":\"v1\"},"
                        + "\"responseStatus\":{\"metadata\":{},\"code\":%d},\"requestReceivedTimestamp\":\"%s\","
                        + "\"stageTimestamp\":\"%s\"}")
                .formatted(
                        id(second, user, name),
                        uri,
                        verb,
                        user,
                        address,
                        resource,
                        name,
                        code,
                        time.minusMillis(5),
                        time);
    }

    /** A UUID, as API servers give: another is the client's choice, and told. */
    private static UUID id(long second, String user, String name) {
        return UUID.nameUUIDFromBytes("%d-%s-%s".formatted(second, user, name).getBytes(StandardCharsets.UTF_8));
    }

    /** Something of no interest, from somebody's usual address. */
    static String quiet(long second) {
        return line(second, "jane", HOME, "get", "configmaps", "c" + second, 200);
    }

    /** Mallory at her usual address. */
    static String home(long second) {
        return line(second, "mallory", HOME, "get", "pods", "p" + second, 200);
    }

    /** Mallory is refused at another. */
    static String refused(long second) {
        return line(second, "mallory", ELSEWHERE, "get", "secrets", "s" + second, 403);
    }

    /** Mallory is let in there. */
    static String letIn(long second) {
        return line(second, "mallory", ELSEWHERE, "get", "secrets", "s" + second, 200);
    }

    /** Somebody without a credential reads a secret. */
    static String anonymous(long second) {
        return line(second, "system:anonymous", ELSEWHERE, "get", "secrets", "a" + second, 200);
    }
}
