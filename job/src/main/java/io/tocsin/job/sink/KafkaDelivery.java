package io.tocsin.job.sink;

import io.tocsin.job.kafka.KafkaConnection;
import java.io.Serializable;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * How lines get into Kafka.
 *
 * @param connection the brokers
 * @param guarantee exactly once (readers need {@code isolation.level=read_committed} and see lines at checkpoints) or at least
 *     once (readers see lines at once, and some twice after a failure)
 * @param transactionalIdPrefix of the job; two jobs on one Kafka cluster need different ones, or each aborts the other's
 *     transactions. The operator's uid is put behind it
 */
public record KafkaDelivery(KafkaConnection connection, DeliveryGuarantee guarantee, String transactionalIdPrefix)
        implements Serializable {
    public KafkaDelivery {
        if (transactionalIdPrefix.isBlank()) {
            throw new IllegalArgumentException("transactional id prefix must not be blank");
        }
    }
}
