package io.tocsin.job.decode.container;

import com.google.auto.service.AutoService;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Format;
import io.tocsin.job.decode.JsonValues;
import java.util.List;
import java.util.Set;

/** Records of Filebeat, Elastic Agent and Logstash, of containers and of files. */
public final class ElasticFormat extends CollectorFormat {
    /** Makes them. */
    @AutoService(Format.Factory.class)
    public static final class Factory implements Format.Factory {
        @Override
        public Format create(DecoderOptions options, JsonValues values) {
            return new ElasticFormat(options, values);
        }
    }

    private ElasticFormat(DecoderOptions options, JsonValues values) {
        super(options, values);
    }

    @Override
    public About about() {
        return new About(
                "records of Filebeat, Elastic Agent and Logstash, nested or with dots, of containers and of files",
                "@timestamp and message with agent, log, input, ecs or a version; kubernetes",
                "");
    }

    @Override
    public List<Set<String>> signatures() {
        return List.of(
                Set.of("@timestamp", "message", "agent"),
                Set.of("@timestamp", "message", "log"),
                Set.of("@timestamp", "message", "log.file.path"),
                Set.of("@timestamp", "message", "input"),
                Set.of("@timestamp", "message", "input.type"),
                Set.of("@timestamp", "message", "@metadata"),
                Set.of("@timestamp", "message", "@version"),
                Set.of("kubernetes.namespace"),
                Set.of("kubernetes.pod.name"));
    }

    @Override
    public List<Set<String>> weakSignatures() {
        return List.of(Set.of("@timestamp", "message"));
    }
}
