package io.tocsin.job.decode.container;

import io.tocsin.event.Place;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.ContainerLogPath;
import io.tocsin.job.decode.container.CollectorMembers.Member;
import io.tocsin.job.decode.container.CollectorMembers.Teller;
import io.tocsin.job.decode.container.PodFields.Style;
import io.tocsin.network.Network;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one object of a collector or of Docker says, before anything is made of it. */
final class CollectedRecord {
    /** A moment and how it was written. */
    record Time(Instant instant, String text) {}

    /** Where an object stands. */
    private record Span(int start, int end) {}

    private final Map<Member, String> texts = new EnumMap<>(Member.class);
    private final Map<Member, String> flaws = new EnumMap<>(Member.class);
    private final Map<Member, Span> objects = new EnumMap<>(Member.class);
    private final Map<Teller, PodFields> tellers = new EnumMap<>(Teller.class);
    private @Nullable String kubernetesFlaw;
    private int kubernetesCount;
    private boolean docker = true;
    private @Nullable String flaw;
    private boolean truncated;
    private int end;

    // What the reader fills in

    boolean has(Member member) {
        return texts.containsKey(member) || flaws.containsKey(member) || objects.containsKey(member);
    }

    void text(Member member, String text) {
        texts.put(member, text);
    }

    void wrong(Member member, String reason) {
        flaws.put(member, reason);
    }

    void object(Member member, int start, int objectEnd) {
        objects.put(member, new Span(start, objectEnd));
    }

    PodFields teller(Teller teller) {
        return tellers.computeIfAbsent(teller, any -> new PodFields());
    }

    /** The collector's comes last, behind what a container may have written under the same name. */
    void kubernetes() {
        tellers.put(Teller.KUBERNETES, new PodFields());
        kubernetesFlaw = null;
        kubernetesCount++;
    }

    void kubernetesFlaw(String reason) {
        kubernetesFlaw = kubernetesFlaw == null ? reason : kubernetesFlaw;
    }

    void notDocker() {
        docker = false;
    }

    void flaw(String reason) {
        flaw = reason;
    }

    void end(int position, boolean cut) {
        end = position;
        truncated = cut;
    }

    // What it says

    int end() {
        return end;
    }

    /** Whether the input ended inside it. */
    boolean truncated() {
        return truncated;
    }

    /** Whether it has the members that Docker writes, and no other. */
    boolean docker() {
        return docker;
    }

    /** Why it can't be read; null if it can. */
    @Nullable
    String flaw() {
        return flaw != null ? flaw : kubernetesFlaw;
    }

    @Nullable
    String text(Member member) {
        return texts.get(member);
    }

    private Style style() {
        PodFields teller = teller();
        return teller == null ? Style.FLUENT : teller.style();
    }

    private @Nullable PodFields teller() {
        for (PodFields fields : tellers.values()) {
            if (fields.namesPod()) {
                return fields;
            }
        }
        return null;
    }

    boolean namesPod() {
        return teller() != null;
    }

    /** What the container wrote, as text; null if there is none. */
    @Nullable
    String output() throws BadRecord {
        boolean collectorsMessage = style() != Style.FLUENT || text(Member.FILE) != null;
        Member[] order = collectorsMessage
                ? new Member[] {Member.MESSAGE, Member.BODY, Member.LOG, Member.JOURNAL_MESSAGE}
                : new Member[] {Member.LOG, Member.MESSAGE, Member.BODY, Member.JOURNAL_MESSAGE};
        for (Member member : order) {
            String text = member == Member.JOURNAL_MESSAGE && !namesPod() ? null : text(member);
            if (text != null && !(text.isEmpty() && objects.containsKey(Member.STRUCTURED))) {
                return text;
            }
        }
        for (Member member : order) {
            String reason = flaws.get(member);
            if (reason != null && !namesPod()) {
                throw new BadRecord(reason);
            }
        }
        if (docker && objects.containsKey(Member.LOG)) {
            throw new BadRecord("log must be a string: an object");
        }
        return null;
    }

    /** Where an object is that holds what the container wrote, if it wrote one and the collector keeps it apart. */
    int @Nullable [] outputObject() {
        for (Member member : new Member[] {Member.STRUCTURED, Member.LOG, Member.BODY}) {
            // Elastic's own log member tells of the file.
            boolean own = member == Member.LOG && (style() == Style.ELASTIC || text(Member.FILE) != null);
            Span span = objects.get(member);
            if (span != null && !own) {
                return new int[] {span.start(), span.end()};
            }
        }
        return null;
    }

    /**
     * When it was written.
     *
     * @throws BadRecord if it is told, but never as a time
     */
    @Nullable
    Time time() throws BadRecord {
        boolean timestampFirst = style() == Style.VECTOR || style() == Style.OPENTELEMETRY;
        Member[] order = {
            Member.DATE,
            Member.AT_TIMESTAMP,
            timestampFirst ? Member.TIMESTAMP : Member.TIME,
            timestampFirst ? Member.TIME : Member.TIMESTAMP,
            Member.OBSERVED
        };
        String reason = null;
        for (Member member : order) {
            String text = text(member);
            Instant time = text == null ? null : Moment.of(text);
            if (text != null && time != null) {
                return new Time(time, text);
            }
            String given = text == null ? flaws.get(member) : Flaws.notATime(member, text);
            reason = reason == null ? given : reason;
        }
        if (reason != null) {
            throw new BadRecord(reason);
        }
        return null;
    }

    /** Where it was written. */
    Place place(Network network) {
        PodFields teller = teller();
        if (teller != null) {
            Place place = teller.place(network);
            String image = text(Member.IMAGE);
            return teller.style() == Style.ELASTIC && place.image() == null && image != null
                    ? place.or(new Place(null, null, null, null, null, null, image, null))
                    : place;
        }
        String file = text(Member.FILE);
        Place byPath = file == null ? Place.NONE : ContainerLogPath.place(file);
        String host = text(Member.HOST);
        return host == null || host.isEmpty() ? byPath : byPath.or(Place.onNode(host));
    }

    /** The cluster's name as the collector tells it. */
    @Nullable
    String cluster() {
        String named = text(Member.RESOURCE_CLUSTER);
        return named == null && style() == Style.ELASTIC ? text(Member.CLUSTER) : named;
    }

    /**
     * Whether what the container wrote has a member that names a pod, this very namespace in it, and the record has that member
     * only once: then it may have taken the collector's place.
     */
    boolean doubtful(@Nullable String output) {
        PodFields teller = teller();
        if (output == null || teller == null || kubernetesCount > 1 || !output.startsWith("{")) {
            return false;
        }
        String namespace = teller.get(PodFields.Field.NAMESPACE);
        byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
        return namespace != null
                && output.contains('"' + namespace + '"')
                && CollectorMembers.namePod(bytes, 0, bytes.length);
    }
}
