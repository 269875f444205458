package io.tocsin.job.generate;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What is asked of the API server, rendered once and sent often. */
final class Request {
    final String verb;
    final @Nullable Api api;
    final @Nullable String namespace;
    final @Nullable String name;
    final @Nullable String subresource;

    /** The URI without its closing quote, so that a watch can add its query. */
    final byte[] uri;

    final byte[] verbField;
    final byte[] objectRef;

    private Request(
            String verb,
            @Nullable Api api,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String subresource,
            String uri) {
        this.verb = verb;
        this.api = api;
        this.namespace = namespace;
        this.name = name;
        this.subresource = subresource;
        LineBuffer buffer = new LineBuffer();
        this.uri = buffer.escaped(uri).copy();
        this.verbField = ascii("\",\"verb\":\"" + verb + "\",");
        this.objectRef = api == null ? new byte[0] : objectRef(buffer.clear(), api);
    }

    /** A request for an object or a collection; a null namespace is cluster-wide, a null name the whole collection. */
    static Request of(String verb, Api api, @Nullable String namespace, @Nullable String name) {
        return of(verb, api, namespace, name, null, "");
    }

    /** The same, with a subresource and the query that follows the question mark. */
    static Request of(
            String verb,
            Api api,
            @Nullable String namespace,
            @Nullable String name,
            @Nullable String subresource,
            String query) {
        StringBuilder uri = new StringBuilder(api.prefix());
        if (namespace != null && !api.equals(Api.NAMESPACES)) {
            uri.append("/namespaces/").append(namespace);
        }
        uri.append('/').append(api.resource());
        boolean collection = verb.equals("list") || verb.equals("watch") || verb.equals("deletecollection");
        boolean posted = verb.equals("create") && subresource == null;
        if (name != null && !posted && !collection) {
            uri.append('/').append(name);
        }
        if (subresource != null) {
            uri.append('/').append(subresource);
        }
        if (!query.isEmpty()) {
            uri.append('?').append(query);
        }
        return new Request(verb, api, namespace, name, subresource, uri.toString());
    }

    /** A request that is for no resource; the verb is the HTTP method in lower case. */
    static Request path(String verb, String uri) {
        return new Request(verb, null, null, null, null, uri);
    }

    /** Whether success is 201. */
    boolean creates() {
        return verb.equals("create");
    }

    private byte[] objectRef(LineBuffer buffer, Api api) {
        buffer.ascii("\"objectRef\":{\"resource\":").json(api.resource());
        if (namespace != null) {
            buffer.ascii(",\"namespace\":").json(namespace);
        }
        if (name != null) {
            buffer.ascii(",\"name\":").json(name);
        }
        if (!api.group().isEmpty()) {
            buffer.ascii(",\"apiGroup\":").json(api.group());
        }
        buffer.ascii(",\"apiVersion\":").json(api.version());
        if (subresource != null) {
            buffer.ascii(",\"subresource\":").json(subresource);
        }
        return buffer.ascii("},").copy();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
