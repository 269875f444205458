package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import java.util.List;
import java.util.Set;

/** Log records of OpenTelemetry as exporters of other systems write them: one object, its attributes as members. */
public final class OpenTelemetryFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new OpenTelemetryFormat(options, values);
        }
    }

    private OpenTelemetryFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About(
                "log records of OpenTelemetry, one an object, attributes as members",
                "k8s.namespace.name or k8s.pod.name; body with resource, resources or attributes",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("k8s.namespace.name"),
                Set.of("k8s.pod.name"),
                Set.of("body", "resource"),
                Set.of("body", "resources"),
                Set.of("body", "attributes"));
    }
}
