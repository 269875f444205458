package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Link;
import io.tocsin.signal.Link.Kind;
import io.tocsin.signal.Links;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Which links leave their task: those of wanted kinds, when they change, and once a day. Forgetting costs a shuffle. */
final class LinkLessons {
    private static final int REMEMBERED = 16_384;
    private static final Duration REFRESH = Duration.ofDays(1);

    private final Set<Kind> wanted;
    private final Map<Kind, Map<Thing, Told>> told = new EnumMap<>(Kind.class);

    LinkLessons(Set<Kind> wanted) {
        this.wanted = wanted;
    }

    /** What a link is of. Two strings that mostly are the same objects again cost less than one made of them. */
    private record Thing(String scope, String key) {}

    /** What was told of a key: a value, when first and when last. It changes when the value does. */
    private static final class Told extends Remembered {
        private String value;
        private Instant first;
        private Instant last;

        Told(Link link) {
            value = link.value();
            first = link.time();
            last = link.time();
        }

        /** Whether a link says something else, or the same earlier, or a long time later. */
        boolean isNews(Link link) {
            return !value.equals(link.value())
                    || link.time().isBefore(first)
                    || !link.time().isBefore(last.plus(REFRESH));
        }

        void hear(Link link) {
            if (!value.equals(link.value())) {
                value = link.value();
                first = link.time();
                last = link.time();
                changed();
            } else if (link.time().isBefore(first)) {
                first = link.time();
            } else if (link.time().isAfter(last)) {
                last = link.time();
            }
        }
    }

    /**
     * Hands on what has to be taught of an event.
     *
     * @param expected whether whoever did it is expected to: then what comes of what he wrote is charged to nobody
     * @param quiet hears when there is nothing to teach
     */
    void of(SecurityEvent event, boolean expected, Consumer<Link> out, Quiet quiet) {
        List<Link> links = Links.of(event, wanted);
        quiet.always();
        for (int i = 0; i < links.size(); i++) {
            Link link = links.get(i);
            boolean nobody = expected && link.kind() == Kind.WORKLOAD_WRITER;
            Link telling = nobody ? new Link(link.kind(), link.scope(), link.key(), "", link.time()) : link;
            if (isNews(telling, quiet)) {
                out.accept(telling);
                quiet.spoke();
            }
        }
    }

    private boolean isNews(Link link, Quiet quiet) {
        Map<Thing, Told> known = told.computeIfAbsent(link.kind(), any -> remembered());
        Thing key = new Thing(link.scope(), link.key());
        Told before = known.get(key);
        if (before == null) {
            known.put(key, new Told(link));
            return true;
        }
        if (before.isNews(link)) {
            before.hear(link);
            return true;
        }
        quiet.between(before.first, before.last.plus(REFRESH));
        quiet.unless(before);
        return false;
    }

    private static Map<Thing, Told> remembered() {
        return new LinkedHashMap<>(256, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Thing, Told> eldest) {
                if (size() <= REMEMBERED) {
                    return false;
                }
                eldest.getValue().changed();
                return true;
            }
        };
    }
}
