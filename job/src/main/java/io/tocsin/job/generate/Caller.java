package io.tocsin.job.generate;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who asks: a user, the address and client in use, and the reason why the authorizer lets it in. Changes with time. */
final class Caller {
    private final String username;
    private final String uid;
    private final List<String> groups;
    private final Map<String, String> extra = new TreeMap<>();
    private String address;

    byte[] user;
    byte[] peer;
    byte[] agent;
    byte[] reason;

    /** @param reason the authorizer's; empty for nodes and {@code system:masters} */
    Caller(String username, String uid, List<String> groups, String address, String agent, String reason) {
        this.username = username;
        this.uid = uid;
        this.groups = List.copyOf(groups);
        this.address = address;
        this.user = userJson();
        this.peer = peerJson();
        this.agent = agentJson(agent);
        this.reason = new LineBuffer().json(reason).copy();
    }

    /** A service account; its client names it at the end, as client-go does in controllers. */
    static Caller serviceAccount(
            String namespace, String name, String uid, String address, String agent, String binding) {
        return new Caller(
                "system:serviceaccount:" + namespace + ":" + name,
                uid,
                List.of("system:serviceaccounts", "system:serviceaccounts:" + namespace, "system:authenticated"),
                address,
                agent,
                "RBAC: allowed by ClusterRoleBinding \"%s\" of ClusterRole \"%s\" to ServiceAccount \"%s/%s\""
                        .formatted(binding, binding, name, namespace));
    }

    String username() {
        return username;
    }

    String address() {
        return address;
    }

    Caller from(String newAddress) {
        address = newAddress;
        peer = peerJson();
        return this;
    }

    Caller with(String newAgent) {
        agent = agentJson(newAgent);
        return this;
    }

    /** Sets an attribute that the authenticator adds. */
    Caller extra(String key, String value) {
        extra.put(key, value);
        user = userJson();
        return this;
    }

    Caller credential(String id) {
        return extra("authentication.kubernetes.io/credential-id", id);
    }

    private byte[] userJson() {
        LineBuffer buffer = new LineBuffer().ascii("\"user\":{\"username\":").json(username);
        if (!uid.isEmpty()) {
            buffer.ascii(",\"uid\":").json(uid);
        }
        String separator = ",\"groups\":[";
        for (String group : groups) {
            buffer.ascii(separator).json(group);
            separator = ",";
        }
        buffer.ascii("]");
        separator = ",\"extra\":{";
        for (Map.Entry<String, String> attribute : extra.entrySet()) {
            buffer.ascii(separator)
                    .json(attribute.getKey())
                    .ascii(":[")
                    .json(attribute.getValue())
                    .ascii("]");
            separator = ",";
        }
        return buffer.ascii(extra.isEmpty() ? "}," : "}},").copy();
    }

    private byte[] peerJson() {
        return new LineBuffer()
                .ascii("\"sourceIPs\":[")
                .json(address)
                .ascii("],\"userAgent\":")
                .copy();
    }

    private static byte[] agentJson(String agent) {
        return new LineBuffer().json(agent).ascii(",").copy();
    }
}
