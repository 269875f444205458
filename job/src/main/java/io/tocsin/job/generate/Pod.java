package io.tocsin.job.generate;

import io.tocsin.job.generate.Cluster.Node;
import org.jspecify.annotations.Nullable;

/** A pod: the same name, uid, address and node in every log. A rollout of a workload that calls the API makes it another one. */
final class Pod {
    final Workload workload;
    final String account;

    /** Who it is to the API, if it calls it. */
    final @Nullable Caller caller;

    private String name;
    private String uid = "";
    private String address = "";
    private String container = "";
    private Node node;
    private long started;

    /** What the logs render of a pod, kept until it is another one. */
    private final byte[] @Nullable [] rendered = new byte[View.values().length][];

    /** How a source describes a pod. */
    enum View {
        COLLECTOR,
        ENDPOINT,
        PROCESS
    }

    Pod(Workload workload, String account, String name, Node node, @Nullable Caller caller) {
        this.workload = workload;
        this.account = account;
        this.name = name;
        this.node = node;
        this.caller = caller;
    }

    /** The same pod, and it stays the same whatever becomes of the other one. */
    Pod(Pod other) {
        this(other.workload, other.account, other.name, other.node, null);
        like(other);
    }

    /** Makes it the pod of that name on that node, with a uid and a container of its own. */
    Pod placed(String newName, Node newNode, String newAddress, Chance chance, long now) {
        name = newName;
        node = newNode;
        address = newAddress;
        uid = chance.uuid();
        container = chance.hex(64);
        started = now;
        for (int i = 0; i < rendered.length; i++) {
            rendered[i] = null;
        }
        return this;
    }

    /** Makes it the same pod as another one: name, uid, address, node, container. */
    Pod like(Pod other) {
        name = other.name;
        node = other.node;
        address = other.address;
        uid = other.uid;
        container = other.container;
        started = other.started;
        for (int i = 0; i < rendered.length; i++) {
            rendered[i] = null;
        }
        return this;
    }

    String namespace() {
        return workload.namespace();
    }

    String name() {
        return name;
    }

    String uid() {
        return uid;
    }

    String address() {
        return address;
    }

    /** Its container's id. */
    String container() {
        return container;
    }

    Node node() {
        return node;
    }

    /** When it started. */
    long started() {
        return started;
    }

    /** A rendering that was kept; null if there is none yet. */
    @SuppressWarnings("EnumOrdinal") // a slot of an array that nobody sees
    byte @Nullable [] rendered(View view) {
        return rendered[view.ordinal()];
    }

    @SuppressWarnings("EnumOrdinal")
    byte[] keep(View view, byte[] rendering) {
        rendered[view.ordinal()] = rendering;
        return rendering;
    }
}
