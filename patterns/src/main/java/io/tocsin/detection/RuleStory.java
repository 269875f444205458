package io.tocsin.detection;

import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.SigmaRule.OncePer;
import io.tocsin.signal.Keys;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What makes two matches of a rule one story: what the rule says, or else what is usual for the log. */
final class RuleStory {
    private static final List<OncePer> REQUESTS = List.of(OncePer.IDENTITY, OncePer.OBJECT);
    private static final List<OncePer> VISITS = List.of(OncePer.ADDRESS, OncePer.OBJECT);
    private static final List<OncePer> HAPPENINGS =
            List.of(OncePer.POD, OncePer.NODE, OncePer.OBJECT, OncePer.WORKLOAD);

    private RuleStory() {}

    static String of(SigmaRule rule, SecurityEvent event, RuleValues values) {
        List<OncePer> oncePer = rule.oncePer().isEmpty() ? usual(event.source()) : rule.oncePer();
        String[] parts = new String[oncePer.size()];
        for (int i = 0; i < parts.length; i++) {
            parts[i] = Objects.toString(part(oncePer.get(i), event, values), "");
        }
        return Keys.of("once", parts);
    }

    private static List<OncePer> usual(Source source) {
        return switch (source) {
            case KUBERNETES_AUDIT, EKS_AUTHENTICATOR, CLOUDTRAIL -> REQUESTS;
            case ACCESS_LOG -> VISITS;
            default -> HAPPENINGS;
        };
    }

    private static @Nullable String part(OncePer what, SecurityEvent event, RuleValues values) {
        return switch (what) {
            case IDENTITY -> event.identity();
            case ADDRESS -> event.peer();
            case OBJECT -> object(event);
            case NAMESPACE -> event.namespace() == null ? event.place().namespace() : event.namespace();
            case POD -> pod(event);
            case WORKLOAD -> workload(event);
            case NODE -> event.place().node();
            case CLUSTER -> "";
            case FIELDS -> values.digest();
        };
    }

    /**
     * The object. Of a request that was not let in only its kind: what it names need not exist, so whoever asks could make up a new
     * story with every request. Of a visit to a web server none, for the same reason: paths and host names are the visitor's.
     */
    private static @Nullable String object(SecurityEvent event) {
        if (event.source() == Source.ACCESS_LOG) {
            return event.place().workload() == null
                    ? event.place().pod()
                    : event.place().namespace() + "/" + event.place().workload();
        }
        boolean real = event.outcome() == Outcome.SUCCESS || event.outcome() == Outcome.UNKNOWN;
        if (event.resource() == null) {
            return event.source() == Source.KUBERNETES_AUDIT && real ? path(event.uri()) : null;
        }
        String kind = Keys.of(
                Objects.toString(event.apiGroup(), ""), event.resource(), Objects.toString(event.subresource(), ""));
        return real ? Keys.of(kind, Objects.toString(event.namespace(), ""), Objects.toString(event.name(), "")) : kind;
    }

    private static @Nullable String path(@Nullable String uri) {
        int query = uri == null ? -1 : uri.indexOf('?');
        return uri == null || query < 0 ? uri : uri.substring(0, query);
    }

    private static @Nullable String pod(SecurityEvent event) {
        if (event.place().pod() != null) {
            return event.place().pod();
        }
        return "pods".equals(event.resource()) ? Place.pod(event.namespace(), event.name()) : null;
    }

    private static @Nullable String workload(SecurityEvent event) {
        String namespace = event.place().namespace() == null
                ? event.namespace()
                : event.place().namespace();
        return event.place().workload() == null
                ? null
                : Keys.of(Objects.toString(namespace, ""), event.place().workload());
    }
}
