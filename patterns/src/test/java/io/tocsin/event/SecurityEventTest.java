package io.tocsin.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class SecurityEventTest {
    private static final Instant TIME = Instant.parse("2026-03-02T00:00:00.123456789Z");

    private static SecurityEvent event(Consumer<SecurityEvent.Builder> step) {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        builder.time = TIME;
        builder.source = Source.KUBERNETES_AUDIT;
        builder.cluster = "c1";
        builder.scope = "1/eu/c1";
        builder.instance = "api-1";
        builder.auditId = "id";
        builder.received = TIME;
        builder.user = "alice";
        builder.verb = "get";
        builder.uri = "/api/v1/pods";
        step.accept(builder);
        return builder.build();
    }

    private static String id(Consumer<SecurityEvent.Builder> step) {
        return event(step).id();
    }

    @Test
    void everythingThatTellsRequestsApartIsPartOfTheId() {
        List<String> ids = new ArrayList<>();
        ids.add(id(builder -> {}));
        ids.add(id(builder -> builder.scope = "2/eu/c1"));
        ids.add(id(builder -> builder.source = Source.EKS_AUTHENTICATOR));
        ids.add(id(builder -> builder.instance = "api-2"));
        ids.add(id(builder -> builder.instance = null));
        ids.add(id(builder -> builder.auditId = "other"));
        ids.add(id(builder -> builder.auditId = null));
        ids.add(id(builder -> builder.received = TIME.plusNanos(1)));
        ids.add(id(builder -> builder.received = TIME.plusSeconds(1)));
        ids.add(id(builder -> builder.verb = "list"));
        ids.add(id(builder -> builder.uri = "/api/v1/pods?x"));
        ids.add(id(builder -> builder.user = "bob"));
        ids.add(id(builder -> builder.recordId = "r1"));
        ids.add(id(builder -> builder.recordId = "r2"));
        assertThat(ids).doesNotHaveDuplicates();
    }

    @Test
    void whatDiffersBetweenStagesAndDeliveriesIsNot() {
        String id = id(builder -> {});
        assertThat(id(builder -> builder.time = TIME.plusSeconds(5)))
                .as("the stage's time")
                .isEqualTo(id);
        assertThat(id(builder -> builder.code = 200)).isEqualTo(id);
        assertThat(id(builder -> builder.outcome = Outcome.SUCCESS)).isEqualTo(id);
        assertThat(id(builder -> builder.reason = "because")).isEqualTo(id);
        assertThat(id(builder -> builder.truncated = true)).isEqualTo(id);
        assertThat(id(builder -> builder.cluster = "another name for people")).isEqualTo(id);
    }

    @Test
    void withoutTheTimeItWasReceivedTheEventsTimeIsUsed() {
        assertThat(id(builder -> builder.received = null)).isEqualTo(id(builder -> {}));
        assertThat(id(builder -> {
                    builder.received = null;
                    builder.time = TIME.plusNanos(1);
                }))
                .isNotEqualTo(id(builder -> {}));
    }

    @Test
    void aRoleIsTheIdentityUnlessItsHolderImpersonates() {
        assertThat(event(builder -> {}).identity()).isEqualTo("alice");
        assertThat(event(builder -> builder.arn = "arn").identity()).isEqualTo("arn");
        assertThat(event(builder -> {
                            builder.arn = "arn";
                            builder.impersonator = "root";
                        })
                        .identity())
                .isEqualTo("alice");
        assertThat(event(builder -> builder.user = null).identity()).isNull();
    }

    @Test
    void aSubresourceIsNeverMatchedByAccident() {
        SecurityEvent token = event(builder -> {
            builder.verb = "create";
            builder.resource = "serviceaccounts";
            builder.subresource = "token";
        });
        assertThat(token.is("create", "serviceaccounts", "token")).isTrue();
        assertThat(token.is(null, null, "token")).isTrue();
        assertThat(token.is("create", "serviceaccounts", null)).isFalse();
        assertThat(token.is("get", "serviceaccounts", "token")).isFalse();
        assertThat(token.is("create", "pods", "token")).isFalse();
    }
}
