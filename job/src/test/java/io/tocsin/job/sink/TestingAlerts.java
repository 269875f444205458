package io.tocsin.job.sink;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import io.tocsin.alert.Severity;
import io.tocsin.event.Zone;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Alerts as a detection would make them. */
final class TestingAlerts {
    static final Instant START = Instant.parse("2026-03-01T03:04:05Z");

    private TestingAlerts() {}

    /** Two refusals of one identity, then a success. */
    static Alert refusedThenLetIn() {
        return with(
                "alice",
                "curl/8.5",
                "alice was refused 3 requests from 203.0.113.7, then succeeded",
                Map.of("refusals", "3"));
    }

    /** The same with what a client chooses. */
    static Alert hostile(String text) {
        return with(text, text, text, Map.of(text, text));
    }

    private static Alert with(String user, String userAgent, String message, Map<String, String> facts) {
        Evidence denial = new Evidence(
                "e1",
                "denials",
                START,
                "kubernetes-audit",
                "prod",
                "123456789012",
                user,
                List.of("devs", "system:authenticated"),
                "bob",
                "JTI=1",
                "arn:aws:iam::123456789012:role/dev",
                "alice-laptop",
                "AKIAEXAMPLE",
                "203.0.113.7",
                Zone.OUTSIDE,
                userAgent,
                "list secrets",
                "payments",
                "secrets",
                null,
                403,
                "no rule allows it",
                true,
                null,
                null,
                null);
        Evidence success = new Evidence(
                "e2",
                "success",
                START.plusMillis(90_500),
                "kubernetes-audit",
                "prod",
                null,
                user,
                List.of(),
                null,
                null,
                "arn:aws:iam::123456789012:role/dev",
                null,
                null,
                "203.0.113.7",
                Zone.CONTROL_PLANE,
                null,
                "get secrets",
                "payments",
                "secrets",
                "db",
                0,
                null,
                false,
                null,
                null,
                null);
        return alert(Alert.CREATE, 2, "prod", "123456789012", message, List.of(denial, success), facts);
    }

    /** An alert with the least that a detection gives. */
    static Alert bare(int activity, int kind, @Nullable String account) {
        return alert(activity, kind, "prod", account, "quiet", List.of(), Map.of());
    }

    /** An alert on this evidence. */
    static Alert alert(
            int activity,
            int kind,
            String cluster,
            @Nullable String account,
            String message,
            List<Evidence> evidence,
            Map<String, String> facts) {
        return new Alert(
                "4f2a77c01b9e4d1fa0c5d3e2b1a09876",
                activity,
                "forbidden-then-success",
                kind,
                "Let in from a new address after refusals",
                Severity.HIGH,
                message,
                List.of("T1528", "T1552.007"),
                START.plusMillis(90_500),
                START,
                cluster,
                cluster,
                account,
                3,
                evidence,
                "Revoke the credential.",
                List.of("story"),
                3_600_000,
                facts,
                "The owner may have moved.",
                List.of());
    }

    /** Evidence in a cluster. */
    static Evidence evidence(String cluster, @Nullable String user, @Nullable String credential) {
        return new Evidence(
                "e3",
                "success",
                START,
                "eks-authenticator",
                cluster,
                null,
                user,
                List.of(),
                null,
                credential,
                null,
                null,
                null,
                null,
                Zone.UNKNOWN,
                null,
                "authenticate",
                null,
                null,
                null,
                0,
                null,
                false,
                null,
                null,
                null);
    }
}
