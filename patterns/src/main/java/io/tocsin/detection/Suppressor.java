package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * One alert per story. Keyed by detection and cluster. Of several matches that one event completes, the gravest is kept, and
 * of these the one with the latest opener; an alert that shares a story with one not longer ago than {@link Alert#suppressMillis()} is a repeat and only counted,
 * unless it is graver than what was told.
 * When a story closes that had repeats, one update tells how many. An alert of a single late event is decided at once.
 */
final class Suppressor extends EventOrderFunction<Alert, Alert> {
    private static final long serialVersionUID = 1L;
    private static final Comparator<Alert> ORDER =
            Comparator.comparing(Alert::time).thenComparing(Alert::uid);

    /** Of one detection in one cluster and one slot: nobody reads more, and what comes later in the flood is told anew. */
    private static final int MAX_ALERTS = 10_000;

    private final @Nullable Instant alertFrom;

    private transient Counts counts;
    private transient MapState<String, Story> stories;
    /** What was told of the stories that are open, by the alert's id. */
    private transient MapState<String, Alert> told;

    /** An alert earlier than {@code alertFrom} is neither told nor remembered: until then events only teach. */
    Suppressor(@Nullable Instant alertFrom) {
        super(Outputs.ALERT);
        this.alertFrom = alertFrom;
    }

    /**
     * State: a story that is closed to new alerts.
     *
     * @param uid the alert that told it
     * @param lastMillis its last repeat
     * @param count how often it was observed; of a rate, the most it had counted when it spoke
     * @param untilMillis when a new alert may tell it again
     */
    public record Story(String uid, long lastMillis, long count, long untilMillis) {}

    @Override
    public void open(OpenContext context) throws Exception {
        super.open(context);
        counts = new Counts(getRuntimeContext());
        stories = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>("stories", Types.STRING, TypeInformation.of(Story.class)));
        told = getRuntimeContext().getMapState(new MapStateDescriptor<>("told", Types.STRING, Outputs.ALERT));
    }

    @Override
    Instant timeOf(Alert alert) {
        return alert.time();
    }

    @Override
    Comparator<Alert> order() {
        return ORDER;
    }

    @Override
    String idOf(Alert alert) {
        return alert.uid();
    }

    @Override
    String kindOf(Alert alert) {
        return alert.detection();
    }

    @Override
    int bound(Alert alert) {
        return MAX_ALERTS;
    }

    @Override
    Alert merge(Alert one, Alert other) {
        int bySeverity = one.severity().compareTo(other.severity());
        if (bySeverity != 0) {
            return bySeverity > 0 ? one : other;
        }
        int byStart = one.start().compareTo(other.start());
        if (byStart != 0) {
            return byStart > 0 ? one : other;
        }
        int bySize = Integer.compare(one.evidence().size(), other.evidence().size());
        if (bySize != 0) {
            return bySize > 0 ? one : other;
        }
        int byCount = Long.compare(counted(one), counted(other));
        if (byCount != 0) {
            return byCount > 0 ? one : other;
        }
        return ids(one).compareTo(ids(other)) <= 0 ? one : other;
    }

    private static long counted(Alert alert) {
        return Long.parseLong(alert.facts().getOrDefault("counted", "0"));
    }

    private static String ids(Alert alert) {
        return alert.evidence().stream().map(Evidence::eventId).collect(Collectors.joining(","));
    }

    @Override
    void decide(long slotEnd, List<Alert> alerts, Context context, Collector<Alert> out) throws Exception {
        for (Alert alert : alerts) {
            tell(alert, context, out);
        }
    }

    @Override
    void late(Alert alert, Context context, Collector<Alert> out) throws Exception {
        tell(alert, context, out);
    }

    private void tell(Alert alert, Context context, Collector<Alert> out) throws Exception {
        if (alertFrom != null && alert.time().isBefore(alertFrom)) {
            return;
        }
        long time = alert.time().toEpochMilli();
        List<Story> open = openStories(alert, time);
        for (Story story : open) {
            if (story.uid().equals(alert.uid())) {
                return;
            }
        }
        long until = time + alert.suppressMillis();
        Story repeated = repeated(alert, open);
        if (repeated == null) {
            counts.add(Counts.ALERTS + alert.detection());
            out.collect(alert);
            told.put(alert.uid(), alert);
            for (String story : alert.stories()) {
                stories.put(story, new Story(alert.uid(), time, alert.count(), until));
            }
            for (Story outdone : open) {
                closeIfForgotten(outdone, out);
            }
        } else {
            counts.add("suppressed");
            repeat(repeated, alert, time, until);
        }
        long grain = Math.max(1, alert.suppressMillis() / 8);
        long forgetAt = Math.max(until, context.timerService().currentWatermark() + 1);
        context.timerService().registerEventTimeTimer(Math.floorDiv(forgetAt, grain) * grain + grain);
    }

    /** A repeat keeps the stories of the alert it repeats closed, and closes no others: nobody hides behind somebody else's. */
    private void repeat(Story open, Alert alert, long time, long until) throws Exception {
        Alert before = told.get(open.uid());
        if (before != null && before.stories().size() == 1) {
            // Of what has but one story there may be many thousands, and nothing to look for among them.
            stories.put(before.stories().get(0), repeated(open, alert, time, until));
            return;
        }
        for (Map.Entry<String, Story> entry : stories.entries()) {
            Story story = entry.getValue();
            if (story.uid().equals(open.uid())) {
                entry.setValue(repeated(story, alert, time, until));
            }
        }
    }

    private static Story repeated(Story story, Alert alert, long time, long until) {
        return new Story(
                story.uid(),
                Math.max(story.lastMillis(), time),
                alert.kind() == Alerts.RATE ? Math.max(story.count(), alert.count()) : story.count() + alert.count(),
                Math.max(story.untilMillis(), until));
    }

    private List<Story> openStories(Alert alert, long time) throws Exception {
        List<Story> open = new ArrayList<>();
        for (String name : alert.stories()) {
            Story story = stories.get(name);
            if (story != null && time < story.untilMillis()) {
                open.add(story);
            }
        }
        return open;
    }

    /** The open story that this alert repeats. What is graver than all that was told of it is no repeat: nothing grave hides. */
    private @Nullable Story repeated(Alert alert, List<Story> open) throws Exception {
        for (Story story : open) {
            Alert before = told.get(story.uid());
            if (before == null || before.severity().compareTo(alert.severity()) >= 0) {
                return story;
            }
        }
        return null;
    }

    /** Closes what a graver alert has outdone, unless it has told of something else too. */
    private void closeIfForgotten(Story outdone, Collector<Alert> out) throws Exception {
        for (Story story : stories.values()) {
            if (story.uid().equals(outdone.uid())) {
                return;
            }
        }
        close(outdone, out);
    }

    @Override
    void expire(long timestamp, Context context, Collector<Alert> out) throws Exception {
        Map<String, Story> closed = new TreeMap<>();
        Set<String> open = new HashSet<>();
        Iterator<Map.Entry<String, Story>> entries = stories.iterator();
        while (entries.hasNext()) {
            Story story = entries.next().getValue();
            if (story.untilMillis() <= timestamp) {
                closed.merge(story.uid(), story, (one, other) -> one.count() >= other.count() ? one : other);
                entries.remove();
            } else {
                open.add(story.uid());
            }
        }
        for (Map.Entry<String, Story> entry : closed.entrySet()) {
            if (!open.contains(entry.getKey())) {
                close(entry.getValue(), out);
            }
        }
        if (stories.isEmpty()) {
            stories.clear();
            told.clear();
        }
    }

    private void close(Story story, Collector<Alert> out) throws Exception {
        Alert alert = told.get(story.uid());
        told.remove(story.uid());
        if (alert != null && story.count() > alert.count()) {
            out.collect(alert.updated(Instant.ofEpochMilli(story.lastMillis()), story.count()));
        }
    }
}
