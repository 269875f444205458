package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Link;
import io.tocsin.signal.Link.Kind;
import io.tocsin.signal.Links;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Which links leave their task: those of wanted kinds, when they change, and once a day. Forgetting costs a shuffle. */
final class LinkLessons {
    private static final int REMEMBERED = 16_384;
    private static final Duration REFRESH = Duration.ofDays(1);

    private final Set<Kind> wanted;
    private final Map<Kind, Map<String, Told>> told = new EnumMap<>(Kind.class);

    LinkLessons(Set<Kind> wanted) {
        this.wanted = wanted;
    }

    private record Told(String value, Instant first, Instant time) {
        static Told of(@Nullable Told before, Link link) {
            if (before == null || !before.value.equals(link.value())) {
                return new Told(link.value(), link.time(), link.time());
            }
            return new Told(
                    before.value,
                    before.first.isBefore(link.time()) ? before.first : link.time(),
                    before.time.isAfter(link.time()) ? before.time : link.time());
        }
    }

    /**
     * Hands on what has to be taught of an event.
     *
     * @param expected whether whoever did it is expected to: then what comes of what he wrote is charged to nobody
     */
    void of(SecurityEvent event, boolean expected, Consumer<Link> out) {
        for (Link link : Links.of(event, wanted)) {
            boolean nobody = expected && link.kind() == Kind.WORKLOAD_WRITER;
            Link told = nobody ? new Link(link.kind(), link.scope(), link.key(), "", link.time()) : link;
            if (isNews(told)) {
                out.accept(told);
            }
        }
    }

    private boolean isNews(Link link) {
        Map<String, Told> known = told.computeIfAbsent(link.kind(), any -> remembered());
        String key = Keys.of(link.scope(), link.key());
        Told before = known.get(key);
        boolean news = before == null
                || !before.value().equals(link.value())
                || link.time().isBefore(before.first())
                || !link.time().isBefore(before.time().plus(REFRESH));
        if (news) {
            known.put(key, Told.of(before, link));
        }
        return news;
    }

    private static Map<String, Told> remembered() {
        return new LinkedHashMap<>(256, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Told> eldest) {
                return size() > REMEMBERED;
            }
        };
    }
}
