package io.tocsin.job.kafka;

import java.io.Serializable;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * Where the brokers are and how clients talk to them.
 *
 * @param bootstrapServers {@code host:port}, several with commas
 * @param properties Kafka client properties as the user gave them, without the prefix {@code kafka.properties.}
 */
public record KafkaConnection(String bootstrapServers, Map<String, String> properties) implements Serializable {
    /** The parameter that names the brokers. */
    public static final String BOOTSTRAP_SERVERS = "kafka.bootstrap-servers";

    private static final int CHECK_TIMEOUT_MILLIS = 10_000;
    /** What the job decides itself; another value would lose records or count them twice. */
    private static final Set<String> RESERVED = Set.of(
            "bootstrap.servers",
            "key.serializer",
            "value.serializer",
            "key.deserializer",
            "value.deserializer",
            "group.id",
            "enable.auto.commit",
            "auto.offset.reset",
            "transactional.id",
            "enable.idempotence");

    /** @throws IllegalArgumentException if the servers are not {@code host:port} or a property is one the job sets itself */
    public KafkaConnection {
        for (String server : bootstrapServers.split(",", -1)) {
            if (!isHostAndPort(server.trim())) {
                throw new IllegalArgumentException(
                        BOOTSTRAP_SERVERS + " must be host:port, several with commas: " + bootstrapServers);
            }
        }
        for (String key : properties.keySet()) {
            if (RESERVED.contains(key)) {
                throw new IllegalArgumentException("kafka.properties." + key
                        + " is set by the job and can't be a parameter: " + properties.get(key));
            }
        }
        // A tree map: the order of a Map.of differs from one JVM to the next.
        properties = new TreeMap<>(properties);
    }

    /** The brokers, and no property but Kafka's defaults. */
    public static KafkaConnection of(String bootstrapServers) {
        return new KafkaConnection(bootstrapServers, Map.of());
    }

    /** The properties every client gets. */
    public Properties clientProperties() {
        Properties all = new Properties();
        all.putAll(properties);
        all.setProperty("bootstrap.servers", bootstrapServers);
        return all;
    }

    /**
     * Asks the brokers for topics, so that a wrong address, refused credentials or a misspelt topic end the submission with one
     * message instead of a job that retries for ever. Takes about 10 s if nobody answers.
     *
     * @throws IllegalArgumentException names the broker or the topics
     */
    public void check(Collection<String> topics) {
        Properties settings = clientProperties();
        settings.setProperty(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, String.valueOf(CHECK_TIMEOUT_MILLIS));
        settings.setProperty(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, String.valueOf(CHECK_TIMEOUT_MILLIS / 2));
        try (Admin admin = Admin.create(settings)) {
            await(admin.describeCluster().clusterId(), null);
            Map<String, ? extends KafkaFuture<?>> known =
                    admin.describeTopics(Set.copyOf(topics)).topicNameValues();
            Set<String> missing = new TreeSet<>();
            for (String topic : new TreeSet<>(topics)) {
                if (!await(known.get(topic), topic)) {
                    missing.add(topic);
                }
            }
            if (!missing.isEmpty()) {
                throw new IllegalArgumentException(
                        "kafka topic must exist at %s: %s".formatted(bootstrapServers, String.join(", ", missing)));
            }
        } catch (KafkaException e) {
            String why = e.getCause() instanceof ConfigException ? e.getCause().getMessage() : e.getMessage();
            throw new IllegalArgumentException(
                    BOOTSTRAP_SERVERS + ": no Kafka client can be made for " + bootstrapServers + ": " + why, e);
        }
    }

    /** Whether the topic is there; true for the cluster itself. */
    private boolean await(@Nullable KafkaFuture<?> answer, @Nullable String topic) {
        if (answer == null) {
            return false;
        }
        try {
            // The client's own timeout comes first; this one is for a client that doesn't keep it.
            answer.get(2L * CHECK_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            if (cause instanceof UnknownTopicOrPartitionException || cause instanceof InvalidTopicException) {
                return false;
            }
            throw unusable(cause, topic);
        } catch (TimeoutException e) {
            throw unusable(e, topic);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while asking " + bootstrapServers, e);
        }
    }

    private IllegalArgumentException unusable(@Nullable Throwable cause, @Nullable String topic) {
        String what = topic == null ? "" : " topic " + topic;
        if (cause instanceof AuthenticationException) {
            return new IllegalArgumentException(
                    "%s: %s refuses the credentials: %s"
                            .formatted(BOOTSTRAP_SERVERS, bootstrapServers, cause.getMessage()),
                    cause);
        }
        if (cause instanceof AuthorizationException) {
            return new IllegalArgumentException(
                    "%s: %s does not allow%s to be described: %s"
                            .formatted(
                                    BOOTSTRAP_SERVERS,
                                    bootstrapServers,
                                    what.isEmpty() ? " the cluster" : what,
                                    cause.getMessage()),
                    cause);
        }
        if (cause instanceof RetriableException || cause instanceof TimeoutException) {
            return new IllegalArgumentException(
                    "%s: no broker answers within %d s at %s"
                            .formatted(BOOTSTRAP_SERVERS, CHECK_TIMEOUT_MILLIS / 1000, bootstrapServers),
                    cause);
        }
        return new IllegalArgumentException(
                "%s: %s does not tell about%s: %s"
                        .formatted(BOOTSTRAP_SERVERS, bootstrapServers, what.isEmpty() ? " the cluster" : what, cause),
                cause);
    }

    private static boolean isHostAndPort(String server) {
        int colon = server.lastIndexOf(':');
        if (colon <= 0 || server.indexOf('/') >= 0 || server.indexOf(' ') >= 0) {
            return false;
        }
        try {
            int port = Integer.parseInt(server.substring(colon + 1));
            return port > 0 && port < 65_536;
        } catch (NumberFormatException e) {
            return false;
        }
    }
}
