package io.tocsin.testkit;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.network.Network;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Builds events; tests state only what matters to them. Every step returns a new builder, so one may be kept as a starting point.
 */
public final class AuditEvents {
    /** When tests begin: the start of a slot and of a day. */
    public static final Instant T0 = Instant.parse("2026-03-02T00:00:00Z");
    /** An address inside. */
    public static final String INSIDE = "10.0.0.5";
    /** A usual address outside. */
    public static final String OFFICE = "203.0.113.7";
    /** An address nobody has used. */
    public static final String ELSEWHERE = "198.51.100.9";

    private static final Network NETWORK = Network.defaults();

    private final Consumer<SecurityEvent.Builder> steps;

    private AuditEvents(Consumer<SecurityEvent.Builder> steps) {
        this.steps = steps;
    }

    /** A successful read of a pod by alice at the office, at T0, in cluster c1. */
    public static AuditEvents event() {
        return new AuditEvents(builder -> {
                    builder.source = Source.KUBERNETES_AUDIT;
                    builder.user = "alice";
                })
                .at(T0)
                .in("c1")
                .from(OFFICE)
                .doing("get", "pods", "web", "a")
                .ended(Outcome.SUCCESS, 200);
    }

    public AuditEvents at(Duration after) {
        return at(T0.plus(after));
    }

    public AuditEvents at(Instant time) {
        return with(builder -> {
            builder.time = time;
            builder.received = time;
        });
    }

    public AuditEvents in(String cluster) {
        return with(builder -> {
            builder.cluster = cluster;
            builder.scope = cluster;
        });
    }

    public AuditEvents by(@Nullable String user) {
        return with(builder -> builder.user = user);
    }

    public AuditEvents from(@Nullable String address) {
        return with(builder -> {
            Network.Address peer = NETWORK.address(address);
            builder.peer = peer == null ? null : peer.canonical();
            builder.zone = peer == null ? Zone.UNKNOWN : peer.zone();
        });
    }

    public AuditEvents arn(@Nullable String arn) {
        return with(builder -> builder.arn = arn);
    }

    public AuditEvents credential(@Nullable String id) {
        return with(builder -> builder.credentialId = id);
    }

    public AuditEvents impersonatedBy(@Nullable String impersonator) {
        return with(builder -> builder.impersonator = impersonator);
    }

    public AuditEvents groups(String... groups) {
        return with(builder -> builder.groups = List.of(groups));
    }

    public AuditEvents doing(
            @Nullable String verb, @Nullable String resource, @Nullable String namespace, @Nullable String name) {
        return with(builder -> {
            builder.verb = verb;
            builder.resource = resource;
            builder.namespace = namespace;
            builder.name = name;
        });
    }

    public AuditEvents group(@Nullable String apiGroup) {
        return with(builder -> builder.apiGroup = apiGroup);
    }

    public AuditEvents sub(@Nullable String subresource) {
        return with(builder -> builder.subresource = subresource);
    }

    public AuditEvents uri(@Nullable String uri) {
        return with(builder -> builder.uri = uri);
    }

    public AuditEvents dry() {
        return with(builder -> builder.dryRun = true);
    }

    public AuditEvents denied() {
        return ended(Outcome.DENIED, 403);
    }

    public AuditEvents ended(Outcome outcome, int code) {
        return with(builder -> {
            builder.outcome = outcome;
            builder.code = code;
        });
    }

    public AuditEvents because(@Nullable String reason) {
        return with(builder -> builder.reason = reason);
    }

    public AuditEvents issuing(@Nullable String credentialId) {
        return with(builder -> builder.issuedCredentialId = credentialId);
    }

    public AuditEvents naming(String... arns) {
        return with(builder -> builder.mentionedArns = List.of(arns));
    }

    public AuditEvents auditId(@Nullable String auditId) {
        return with(builder -> builder.auditId = auditId);
    }

    /** The token used is bound to this pod, {@code namespace/name}; its uid is made of the name. */
    public AuditEvents boundTo(@Nullable String pod) {
        return with(builder -> {
            builder.credentialPod = pod;
            builder.credentialPodUid = pod == null ? null : "uid-of-" + pod;
        });
    }

    /** An authenticator's record instead: a role asks to be let in. */
    public AuditEvents authenticator() {
        return doing("authenticate", null, null, null).from(null).with(builder -> {
            builder.source = Source.EKS_AUTHENTICATOR;
            builder.code = 0;
        });
    }

    /** A record of another log instead, of nobody and about nothing; the test says what the log tells. */
    public AuditEvents log(Source source) {
        return by(null).doing(null, null, null, null)
                .ended(Outcome.UNKNOWN, 0)
                .having(builder -> builder.source = source);
    }

    /** Whatever else a record tells. */
    public AuditEvents having(Consumer<SecurityEvent.Builder> step) {
        return with(step);
    }

    /** What the record says in its own words. */
    public AuditEvents saying(@Nullable String message) {
        return with(builder -> builder.message = message);
    }

    /** The event. Its audit id is made of what the test has stated, so equal statements are one request. */
    public SecurityEvent build() {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        steps.accept(builder);
        if (builder.uri == null && builder.resource != null) {
            builder.uri =
                    "/%s/%s/%s/%s".formatted(builder.resource, builder.namespace, builder.name, builder.subresource);
        }
        if (builder.auditId == null) {
            String stated = "%s-%s-%s".formatted(builder.peer, builder.arn, builder.outcome);
            builder.auditId = UUID.nameUUIDFromBytes(stated.getBytes(StandardCharsets.UTF_8))
                    .toString();
        }
        return builder.build();
    }

    private AuditEvents with(Consumer<SecurityEvent.Builder> step) {
        return new AuditEvents(steps.andThen(step));
    }
}
