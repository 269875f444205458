package io.tocsin.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Content;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AlikeTest {
    /** In what events that repeat one another differ. */
    private static final Set<String> IDS = Set.of("time", "auditId", "received", "recordId");
    /** Of what only such as have none can repeat another. */
    private static final Set<String> NEVER_HELD = Set.of("body", "content");

    private static final SecurityEvent EVENT = AuditEvents.event().build();

    /** Whoever adds to an event must say whether events that differ in it repeat one another. */
    @Test
    void eventsAreAlikeThatDifferInNothingButTimeAndIds() throws Exception {
        for (RecordComponent component : SecurityEvent.class.getRecordComponents()) {
            SecurityEvent other = differingIn(component);
            boolean repeats = Alike.canRepeat(other) && Alike.areAlike(EVENT, other, true);
            assertThat(repeats).as(component.getName()).isEqualTo(IDS.contains(component.getName()));
            if (NEVER_HELD.contains(component.getName())) {
                assertThat(Alike.canRepeat(other)).as(component.getName()).isFalse();
            }
            if (repeats) {
                assertThat(Alike.hash(other)).as(component.getName()).isEqualTo(Alike.hash(EVENT));
            }
        }
    }

    private static SecurityEvent differingIn(RecordComponent differing) throws Exception {
        RecordComponent[] components = SecurityEvent.class.getRecordComponents();
        Object[] values = new Object[components.length];
        for (int i = 0; i < values.length; i++) {
            Object value = components[i].getAccessor().invoke(EVENT);
            boolean differs = components[i].getName().equals(differing.getName());
            values[i] = differs ? another(components[i], value) : value;
            assertThat(Objects.equals(values[i], value))
                    .as(components[i].getName())
                    .isNotEqualTo(differs);
        }
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Constructor<SecurityEvent> constructor = SecurityEvent.class.getDeclaredConstructor(types);
        return constructor.newInstance(values);
    }

    private static Object another(RecordComponent component, @Nullable Object value) {
        Class<?> type = component.getType();
        if (type == String.class) {
            return "other" + value;
        }
        if (type == Instant.class) {
            return Instant.parse("2031-02-03T04:05:06Z");
        }
        if (type == List.class) {
            return List.of("other");
        }
        if (type == boolean.class) {
            return !(boolean) value;
        }
        if (type == int.class) {
            return (int) value + 1;
        }
        if (type.isEnum()) {
            Object[] all = type.getEnumConstants();
            return all[0] == value ? all[1] : all[0];
        }
        if (type == Place.class) {
            return Place.onNode("other");
        }
        if (type == HostProcess.class) {
            return new HostProcess("/bin/other", null, null, null, null, null, null);
        }
        if (type == Flow.class) {
            return new Flow("tcp", null, 1, null, null, null, null);
        }
        if (type == ObjectBody.class) {
            ObjectBody.Builder body = ObjectBody.builder();
            body.contentSeen = true;
            return body.build();
        }
        if (type == Content.class) {
            return new Content(List.of(), "{}");
        }
        throw new AssertionError("say what another " + component + " is");
    }

    @Test
    void watchesRepeatOneAnotherFromOtherVersionsOn() {
        SecurityEvent one =
                watching("/api/v1/pods?allowWatchBookmarks=true&resourceVersion=81&timeout=7m1s&watch=true");
        SecurityEvent other =
                watching("/api/v1/pods?allowWatchBookmarks=true&resourceVersion=9444&timeout=58s&watch=true");
        assertThat(Alike.areAlike(one, other, false)).isTrue();
        assertThat(Alike.areAlike(one, other, true))
                .as("where somebody read the query")
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        // Version 0 is any version, not a later one.
        "/api/v1/pods?resourceVersion=81,/api/v1/pods?resourceVersion=0",
        "/api/v1/pods?resourceVersion=81,/api/v1/pods?resourceVersion=",
        "/api/v1/pods?resourceVersion=81,/api/v1/pods?resourceVersion=x",
        "/api/v1/pods?resourceVersion=81,/api/v1/pods?resourceVersion=9&limit=1",
        "/api/v1/pods?resourceVersion=81&x=1,/api/v1/pods?resourceVersion=9&x=2",
        "/api/v1/pods?resourceVersion=81,/api/v1/pods",
        "/api/v1/pods?resourceVersion=81,/api/v1/nodes?resourceVersion=81",
        "/api/v1/pods?timeoutSeconds=5,/api/v1/pods?timeoutSeconds=%27",
        "/api/resourceVersion=81,/api/resourceVersion=82",
    })
    void watchesThatAskForSomethingElseDoNot(String one, String other) {
        assertThat(Alike.areAlike(watching(one), watching(other), false)).isFalse();
        assertThat(Alike.areAlike(watching(other), watching(one), false)).isFalse();
    }

    @Test
    void onlyWatchesMayDifferInTheirUris() {
        SecurityEvent one =
                AuditEvents.event().uri("/api/v1/pods?resourceVersion=81").build();
        SecurityEvent other =
                AuditEvents.event().uri("/api/v1/pods?resourceVersion=82").build();
        assertThat(Alike.areAlike(one, other, false)).isFalse();
    }

    private static SecurityEvent watching(String uri) {
        return AuditEvents.event().doing("watch", "pods", null, null).uri(uri).build();
    }

    @Test
    void longEventsAreNotHeld() {
        assertThat(Alike.canRepeat(EVENT)).isTrue();
        assertThat(Alike.canRepeat(
                        AuditEvents.event().uri("/" + "x".repeat(4_000)).build()))
                .isFalse();
    }
}
