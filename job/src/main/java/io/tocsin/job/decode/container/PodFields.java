package io.tocsin.job.decode.container;

import io.tocsin.event.Place;
import io.tocsin.network.Network;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one part of a collector's record tells of the pod. Parts are never mixed: an application may have written some of them. */
final class PodFields {
    /** Whose names they have. */
    enum Style {
        FLUENT,
        VECTOR,
        ELASTIC,
        OPENTELEMETRY
    }

    enum Field {
        NAMESPACE,
        POD,
        UID,
        ADDRESS,
        NODE,
        CONTAINER,
        IMAGE,
        WORKLOAD
    }

    private final Map<Field, String> values = new EnumMap<>(Field.class);
    private Style style = Style.FLUENT;

    void set(Field field, String value, Style teller) {
        if (!value.isEmpty()) {
            values.put(field, value);
        }
        if (teller != Style.FLUENT) {
            style = teller;
        }
    }

    @Nullable
    String get(Field field) {
        return values.get(field);
    }

    boolean namesPod() {
        return get(Field.POD) != null || get(Field.NAMESPACE) != null;
    }

    Style style() {
        return style;
    }

    Place place(Network network) {
        String pod = get(Field.POD);
        String namespace = get(Field.NAMESPACE);
        // A namespace without a pod is a container of an unknown pod, which is not the same as none.
        String named = pod == null && namespace != null ? namespace + "/" : Place.pod(namespace, pod);
        Network.Address address = network.address(get(Field.ADDRESS));
        return new Place(
                get(Field.NODE),
                null,
                named,
                get(Field.UID),
                address == null ? null : address.canonical(),
                get(Field.CONTAINER),
                get(Field.IMAGE),
                get(Field.WORKLOAD));
    }
}
