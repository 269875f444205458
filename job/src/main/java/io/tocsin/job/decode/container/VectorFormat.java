package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import java.util.List;
import java.util.Set;

/** Records of Vector, of containers and of files. */
public final class VectorFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new VectorFormat(options, values);
        }
    }

    private VectorFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About("records of Vector, of containers and of files", "message and source_type; kubernetes", "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(Set.of("message", "source_type"));
    }
}
