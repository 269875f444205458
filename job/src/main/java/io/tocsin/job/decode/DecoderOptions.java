package io.tocsin.job.decode;

import io.tocsin.event.EventField;
import io.tocsin.network.Networks;
import java.io.Serializable;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a decoder of one input needs to know.
 *
 * @param format a format's name ({@code kubernetes-audit}, {@code eks-authenticator}), or {@code auto}
 * @param cluster the cluster's name as the user gave it for the input; it wins over what an envelope names
 * @param networks what is inside each cluster
 * @param fields the costly fields that some enabled detection reads
 * @param maxRecordBytes a longer record is cut here and treated as truncated
 */
public record DecoderOptions(
        String format, @Nullable String cluster, Networks networks, Set<EventField> fields, int maxRecordBytes)
        implements Serializable {
    public static final String AUTO = "auto";
    public static final int DEFAULT_MAX_RECORD_BYTES = 1 << 20;

    public DecoderOptions {
        fields = Set.copyOf(fields);
    }

    /** All fields, default networks. */
    public static DecoderOptions of(String format) {
        return new DecoderOptions(
                format, null, Networks.defaults(), Set.of(EventField.values()), DEFAULT_MAX_RECORD_BYTES);
    }
}
