package io.tocsin.job.decode.content;

import io.tocsin.event.Content;
import io.tocsin.event.ContentPlan;
import io.tocsin.event.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Plans of what is read, and what was read in few words. */
public final class TestingPlans {
    private TestingPlans() {}

    /** These paths of all records of a source. */
    public static ContentPlan of(Source source, String... paths) {
        return new ContentPlan(
                List.of(new ContentPlan.Wish(source, Set.of(), Set.of(), Set.copyOf(Arrays.asList(paths)), false)));
    }

    /** The text of all records of a source. */
    public static ContentPlan text(Source source) {
        return new ContentPlan(List.of(new ContentPlan.Wish(source, Set.of(), Set.of(), Set.of(), true)));
    }

    /** The text, and much of what the records of each source hold. */
    public static ContentPlan much() {
        Set<String> paths = Set.of(
                "requestObject",
                "responseObject",
                "object",
                "pod.containers.image",
                "user",
                "impersonatedUser",
                "objectRef",
                "responseStatus",
                "annotations",
                "userIdentity",
                "requestParameters",
                "responseElements",
                "output_fields",
                "process_exec",
                "process_kprobe",
                "flow",
                "source",
                "destination",
                "metadata",
                "involvedObject",
                "regarding",
                "message",
                "MESSAGE",
                "_PID",
                "request",
                "log");
        List<ContentPlan.Wish> wishes = new ArrayList<>();
        for (Source source : Source.values()) {
            wishes.add(new ContentPlan.Wish(source, Set.of(), Set.of(), paths, true));
        }
        return new ContentPlan(wishes);
    }

    /** Each leaf as {@code where=value}. */
    public static List<String> told(Content content) {
        return content.leaves().stream()
                .map(leaf -> leaf.at() + "=" + leaf.value())
                .toList();
    }
}
