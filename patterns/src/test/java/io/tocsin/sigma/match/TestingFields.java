package io.tocsin.sigma.match;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.field.ContentReader;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A few fields of each kind, so that the matcher is tested without the catalogue. */
final class TestingFields {
    private static final Map<String, Field> FIELDS = new HashMap<>();

    static {
        told("verb", SecurityEvent::verb);
        told("objectRef.resource", SecurityEvent::resource);
        told("objectRef.subresource", SecurityEvent::subresource);
        told("user.username", SecurityEvent::user);
        told("userAgent", SecurityEvent::userAgent);
        told("requestURI", SecurityEvent::uri);
        told("source.ip", SecurityEvent::peer);
        told("reason", SecurityEvent::reason);
        told("responseStatus.code", event -> event.code() == 0 ? null : Integer.toString(event.code()));
        told("time", event -> event.time().toString());
        add("user.groups", "", (subject, into) -> into.addAll(subject.event().groups()));
        add("renamed", "requestObject.spec", new ContentReader("requestObject.spec"));
        // What is read of the content but not as it stands.
        add(
                "hidden",
                "requestObject.hidden",
                (subject, into) -> into.addAll(subject.event().content().values("requestObject.hidden")));
    }

    private TestingFields() {}

    /** A field of Kubernetes' audit log; another log has none but the verb. */
    static @Nullable Field find(String name, Source source) {
        if (source != Source.KUBERNETES_AUDIT && !name.equals("verb")) {
            return null;
        }
        if (name.startsWith("requestObject.")) {
            return new Field(
                    name, Set.of(source), "", Set.of(), name, Set.of(), new ContentReader(name), Set.of(), Varies.NOT);
        }
        return FIELDS.get(name);
    }

    private static void told(String name, Function<SecurityEvent, @Nullable String> value) {
        add(name, "", (subject, into) -> addTo(into, value.apply(subject.event())));
    }

    private static void addTo(Collection<String> into, @Nullable String value) {
        if (value != null) {
            into.add(value);
        }
    }

    private static void add(String name, String content, Field.Reader reader) {
        FIELDS.put(
                name,
                new Field(
                        name,
                        Set.of(Source.KUBERNETES_AUDIT),
                        "",
                        Set.of(),
                        content,
                        Set.of(),
                        reader,
                        Set.of("requestObject.beside"),
                        Varies.NOT));
    }
}
