package io.tocsin.job.generate;

/** A pod that calls the API with its service account's token. */
final class Pod {
    final String namespace;
    final String account;
    final Caller caller;
    String name;
    String uid = "";
    Cluster.Node node;

    Pod(String namespace, String account, String name, Cluster.Node node, Caller caller) {
        this.namespace = namespace;
        this.account = account;
        this.name = name;
        this.node = node;
        this.caller = caller;
    }
}
