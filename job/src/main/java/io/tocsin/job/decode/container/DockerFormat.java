package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.Framing;
import io.tocsin.job.decode.JsonValues;
import java.util.List;
import java.util.Set;

/** Container logs of Docker's json-file driver. Lines that Docker split are put together again. */
public final class DockerFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new DockerFormat(options, values);
        }

        @Override
        public Framing framing() {
            return new PartsFraming(new DockerLine());
        }
    }

    private DockerFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About(
                "container logs of Docker (json-file), split lines joined",
                "log and stream; log alone where nothing else fits",
                "the pod, unless the file's path or a collector tells it");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("log", "stream"));
    }

    @Override
    public List<Set<String>> weakSignatures() {
        return List.of(Set.of("log"));
    }
}
