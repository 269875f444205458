package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.RecordBytes;
import java.util.List;
import java.util.Set;

/** Records of Fluent Bit, Fluentd and what is built on them, OpenShift's collector among them. */
public final class FluentFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new FluentFormat(options, values);
        }
    }

    private FluentFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About(
                "records of Fluent Bit, Fluentd and OpenShift, enriched or not, with or without the container's JSON merged in",
                "kubernetes, or stream with logtag, or date with log or message",
                "the pod's own, where the collector lets a container's JSON take the place of kubernetes");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("kubernetes"),
                Set.of("stream", "logtag"),
                Set.of("stream", "_p"),
                Set.of("date", "log"),
                Set.of("date", "stream", "message"),
                Set.of("kubernetes.namespace_name"),
                Set.of("kubernetes.pod_name"));
    }

    @Override
    public boolean takesUnclaimed() {
        return true;
    }

    @Override
    public boolean holdsMerged(RecordBytes object) {
        return CollectorMembers.namePod(object.bytes(), object.start(), object.end());
    }
}
