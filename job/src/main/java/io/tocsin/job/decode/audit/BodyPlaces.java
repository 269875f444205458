package io.tocsin.job.decode.audit;

import io.tocsin.event.Place;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.network.Network;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the object of a request is, as the bodies tell it: a pod's node, addresses and owner, a node's address, the pod a token is
 * bound to. A body is read only if it is of one such object. Asked only of requests that were granted and done: before that, a body
 * is what somebody would like to be true. The answer's body is the API server's own and tells all; of the request's counts
 * what the API server takes from it.
 */
final class BodyPlaces {
    private static final String NODE = "Node";
    private static final String POD = "Pod";
    private static final int MAX_ELEMENTS = 64;

    private final Projection pod;
    private final Projection owner;
    private final Projection container;
    private final Projection node;
    private final Projection address;
    private final Projection reference;

    BodyPlaces(DecoderOptions options, JsonValues values) {
        pod = new Projection(
                options,
                values,
                "kind",
                "metadata/name",
                "metadata/namespace",
                "metadata/uid",
                "metadata/labels/pod-template-hash",
                "metadata/ownerReferences",
                "spec/nodeName",
                "spec/containers",
                "status/podIP",
                "status/hostIP",
                "target/kind",
                "target/name");
        owner = new Projection(options, values, "controller", "kind", "name");
        container = new Projection(options, values, "image");
        node = new Projection(options, values, "kind", "metadata/name", "status/addresses");
        address = new Projection(options, values, "type", "address");
        reference = new Projection(
                options,
                values,
                "kind",
                "spec/boundObjectRef/kind",
                "spec/boundObjectRef/name",
                "spec/boundObjectRef/uid");
    }

    /** The place, {@link Place#NONE} if the bodies tell none. */
    Place of(AuditFields f, RecordBytes record, Network network) {
        if (f.resource == null
                || f.apiGroup != null
                || (f.requestBody.isAbsent() && f.responseBody.isAbsent())
                || !isOfOne(f.verb)) {
            return Place.NONE;
        }
        return switch (f.resource) {
            case "pods" -> ofPod(f, record, network);
            case "nodes" -> ofNode(f, record, network);
            case "serviceaccounts" -> "token".equals(f.subresource) ? ofToken(f, record) : Place.NONE;
            default -> Place.NONE;
        };
    }

    /** Whether the bodies of a request of this verb hold one object. */
    private static boolean isOfOne(@Nullable String verb) {
        if (verb == null) {
            return false;
        }
        return switch (verb) {
            case "create", "update", "patch", "get", "delete" -> true;
            default -> false;
        };
    }

    private Place ofPod(AuditFields f, RecordBytes record, Network network) {
        String subresource = f.subresource == null ? "" : f.subresource;
        RecordBytes request = f.requestBody.in(record);
        switch (subresource) {
            case "", "status", "ephemeralcontainers", "resize" -> {
                Place answered = answeredPod(f, f.responseBody.in(record), network);
                return answered.equals(Place.NONE) ? requestedPod(f, request, subresource, network) : answered;
            }
            case "binding" -> {
                return boundPod(f, request);
            }
            default -> {
                return Place.NONE;
            }
        }
    }

    private Place answeredPod(AuditFields f, @Nullable RecordBytes body, Network network) {
        try {
            return read(pod, body) && POD.equals(pod.name("kind"))
                    ? new Place(
                            pod.name("spec/nodeName"),
                            canonical(network, pod.name("status/hostIP")),
                            podName(f),
                            pod.name("metadata/uid"),
                            podAddress(network),
                            null,
                            onlyImage(),
                            workload())
                    : Place.NONE;
        } catch (BadRecord e) {
            // What a body tells is an addition to an event that was read.
            return Place.NONE;
        }
    }

    private Place requestedPod(AuditFields f, @Nullable RecordBytes body, String subresource, Network network) {
        try {
            // A patch need not name the kind. A pod's status is taken from writes of its status alone, all else never
            // from these.
            if (!read(pod, body) || (pod.has("kind") && !POD.equals(pod.name("kind")))) {
                return Place.NONE;
            }
            boolean status = subresource.equals("status");
            return new Place(
                    status ? null : pod.name("spec/nodeName"),
                    status ? canonical(network, pod.name("status/hostIP")) : null,
                    podName(f),
                    "create".equals(f.verb) ? null : pod.name("metadata/uid"),
                    status ? podAddress(network) : null,
                    null,
                    "create".equals(f.verb) ? onlyImage() : null,
                    "create".equals(f.verb) ? workload() : null);
        } catch (BadRecord e) {
            return Place.NONE;
        }
    }

    private Place boundPod(AuditFields f, @Nullable RecordBytes body) {
        try {
            boolean toNode = read(pod, body) && (!pod.has("target/kind") || NODE.equals(pod.name("target/kind")));
            return toNode && pod.has("target/name")
                    ? new Place(
                            pod.name("target/name"), null, podName(f), pod.name("metadata/uid"), null, null, null, null)
                    : Place.NONE;
        } catch (BadRecord e) {
            return Place.NONE;
        }
    }

    private @Nullable String podName(AuditFields f) throws BadRecord {
        String namespace = f.namespace == null ? pod.name("metadata/namespace") : f.namespace;
        return Place.pod(namespace, f.name == null ? pod.name("metadata/name") : f.name);
    }

    /** The pod's own address: many pods share their node's. */
    private @Nullable String podAddress(Network network) throws BadRecord {
        String own = canonical(network, pod.name("status/podIP"));
        return Objects.equals(own, canonical(network, pod.name("status/hostIP"))) ? null : own;
    }

    private @Nullable String onlyImage() throws BadRecord {
        RecordBytes containers = pod.array("spec/containers");
        if (containers == null) {
            return null;
        }
        JsonElements elements = elements(containers);
        if (!elements.next()) {
            return null;
        }
        RecordBytes first = element(containers, elements);
        return !elements.next() && read(container, first) ? container.name("image") : null;
    }

    /** {@code Kind/name} of the controller; of a ReplicaSet's pod that of its Deployment, which gave both the same hash. */
    private @Nullable String workload() throws BadRecord {
        RecordBytes owners = pod.array("metadata/ownerReferences");
        String hash = pod.name("metadata/labels/pod-template-hash");
        if (owners == null) {
            return null;
        }
        JsonElements elements = elements(owners);
        for (int i = 0; i < MAX_ELEMENTS && elements.next(); i++) {
            if (!read(owner, element(owners, elements)) || !owner.flag("controller")) {
                continue;
            }
            String kind = owner.name("kind");
            String name = owner.name("name");
            if (kind == null || name == null) {
                return null;
            }
            String suffix = "-" + hash;
            boolean deployed = kind.equals("ReplicaSet")
                    && hash != null
                    && name.endsWith(suffix)
                    && name.length() > suffix.length();
            return deployed ? "Deployment/" + name.substring(0, name.length() - suffix.length()) : kind + "/" + name;
        }
        return null;
    }

    private Place ofNode(AuditFields f, RecordBytes record, Network network) {
        boolean status = "status".equals(f.subresource);
        if (f.subresource != null && !status) {
            return Place.NONE;
        }
        Place answered = node(f, f.responseBody.in(record), false, network);
        if (!answered.equals(Place.NONE) || !(status || "create".equals(f.verb))) {
            return answered;
        }
        return node(f, f.requestBody.in(record), true, network);
    }

    private Place node(AuditFields f, @Nullable RecordBytes body, boolean patch, Network network) {
        try {
            boolean ofNode = read(node, body) && (NODE.equals(node.name("kind")) || (patch && !node.has("kind")));
            String name = !ofNode || f.name != null ? f.name : node.name("metadata/name");
            String internal = ofNode ? internalAddress(network) : null;
            return name == null || internal == null
                    ? Place.NONE
                    : new Place(name, internal, null, null, null, null, null, null);
        } catch (BadRecord e) {
            return Place.NONE;
        }
    }

    private @Nullable String internalAddress(Network network) throws BadRecord {
        RecordBytes addresses = node.array("status/addresses");
        if (addresses == null) {
            return null;
        }
        JsonElements elements = elements(addresses);
        for (int i = 0; i < MAX_ELEMENTS && elements.next(); i++) {
            if (read(address, element(addresses, elements)) && "InternalIP".equals(address.name("type"))) {
                return canonical(network, address.name("address"));
            }
        }
        return null;
    }

    private Place ofToken(AuditFields f, RecordBytes record) {
        Place answered = bound(f, f.responseBody.in(record));
        return answered.equals(Place.NONE) ? bound(f, f.requestBody.in(record)) : answered;
    }

    private Place bound(AuditFields f, @Nullable RecordBytes body) {
        try {
            String name = read(reference, body) ? reference.name("spec/boundObjectRef/name") : null;
            String kind = name == null ? null : reference.name("spec/boundObjectRef/kind");
            if (NODE.equals(kind)) {
                return Place.onNode(name);
            }
            return POD.equals(kind)
                    ? new Place(
                            null,
                            null,
                            Place.pod(f.namespace, name),
                            reference.name("spec/boundObjectRef/uid"),
                            null,
                            null,
                            null,
                            null)
                    : Place.NONE;
        } catch (BadRecord e) {
            return Place.NONE;
        }
    }

    /** Whether there is such an object and it was read. */
    private static boolean read(Projection fields, @Nullable RecordBytes body) throws BadRecord {
        if (body == null || body.start() >= body.end() || body.bytes()[body.start()] != '{') {
            return false;
        }
        fields.read(body);
        return true;
    }

    private static JsonElements elements(RecordBytes array) {
        return new JsonElements(array.bytes(), array.start(), array.end());
    }

    private static RecordBytes element(RecordBytes array, JsonElements at) {
        return new RecordBytes(array.bytes(), at.start(), at.end(), at.cut(), array.origin());
    }

    private static @Nullable String canonical(Network network, @Nullable String text) {
        Network.Address address = network.address(text);
        return address == null ? null : address.canonical();
    }
}
