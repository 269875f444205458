package io.tocsin.job.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.event.Content;
import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.job.redaction.Redaction;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An event as members of a JSON object, for people and scripts: the components of {@link SecurityEvent} under their names, and its
 * {@code id}. What is not known is not there, nor is a scope that is the cluster's name, a count of one, a code of 0, a flag that is
 * off. Times are RFC 3339 in UTC. Secrets are taken out of every text, see {@link Redaction}.
 */
public final class EventJson {
    private static final int MOST_PATHS = 256;

    private EventJson() {}

    /** Writes the members; the object is open and stays so. */
    public static void write(SecurityEvent event, JsonGenerator json) throws IOException {
        json.writeStringField("time", event.time().toString());
        json.writeStringField("source", event.source().id());
        json.writeStringField("id", event.id());
        text("cluster", event.cluster(), json);
        text("scope", event.scope().equals(event.cluster()) ? null : event.scope(), json);
        text("account", event.account(), json);
        text("instance", event.instance(), json);
        text("auditId", event.auditId(), json);
        text("recordId", event.recordId(), json);
        text("received", event.received() == null ? null : event.received().toString(), json);
        who(event, json);
        what(event, json);
        place(event.place(), json);
        process(event.process(), json);
        flow(event.flow(), json);
        body(event.body(), json);
        texts("content", paths(event.content()), json);
        text("message", event.message(), json);
        text("level", event.level(), json);
        number("count", event.count() == 1 ? 0 : event.count(), json);
        flag("truncated", event.truncated(), json);
        flag("longOver", event.longOver(), json);
    }

    private static void who(SecurityEvent event, JsonGenerator json) throws IOException {
        text("user", event.user(), json);
        text("userUid", event.userUid(), json);
        texts("groups", event.groups(), json);
        text("impersonator", event.impersonator(), json);
        text("credentialId", event.credentialId(), json);
        text("credentialPod", event.credentialPod(), json);
        text("credentialPodUid", event.credentialPodUid(), json);
        text("credentialNode", event.credentialNode(), json);
        text("arn", event.arn(), json);
        text("sessionName", event.sessionName(), json);
        text("accessKeyId", event.accessKeyId(), json);
        text("peer", event.peer(), json);
        text("zone", event.zone() == Zone.UNKNOWN ? null : name(event.zone()), json);
        texts("claimed", event.claimed(), json);
        text("userAgent", event.userAgent(), json);
    }

    private static void what(SecurityEvent event, JsonGenerator json) throws IOException {
        text("verb", event.verb(), json);
        text("apiGroup", event.apiGroup(), json);
        text("resource", event.resource(), json);
        text("subresource", event.subresource(), json);
        text("namespace", event.namespace(), json);
        text("name", event.name(), json);
        text("uri", event.uri(), json);
        flag("dryRun", event.dryRun(), json);
        text("outcome", event.outcome() == Outcome.UNKNOWN ? null : name(event.outcome()), json);
        number("code", event.code(), json);
        text("reason", event.reason(), json);
        text("issuedCredentialId", event.issuedCredentialId(), json);
        texts("mentionedArns", event.mentionedArns(), json);
    }

    private static void place(Place place, JsonGenerator json) throws IOException {
        if (place.equals(Place.NONE)) {
            return;
        }
        json.writeObjectFieldStart("place");
        text("node", place.node(), json);
        text("nodeAddress", place.nodeAddress(), json);
        text("pod", place.pod(), json);
        text("podUid", place.podUid(), json);
        text("podAddress", place.podAddress(), json);
        text("container", place.container(), json);
        text("image", place.image(), json);
        text("workload", place.workload(), json);
        json.writeEndObject();
    }

    private static void process(HostProcess process, JsonGenerator json) throws IOException {
        if (process.equals(HostProcess.NONE)) {
            return;
        }
        json.writeObjectFieldStart("process");
        text("binary", process.binary(), json);
        String command = process.command();
        if (command != null && !command.isEmpty()) {
            json.writeStringField("command", Redaction.ofCommand(process.binary(), command));
        }
        text("directory", process.directory(), json);
        text("id", process.id(), json);
        text("parentId", process.parentId(), json);
        text("parent", process.parent(), json);
        text("file", process.file(), json);
        json.writeEndObject();
    }

    private static void flow(Flow flow, JsonGenerator json) throws IOException {
        if (flow.equals(Flow.NONE)) {
            return;
        }
        json.writeObjectFieldStart("flow");
        text("protocol", flow.protocol(), json);
        text("destination", flow.destination(), json);
        number("port", flow.port(), json);
        text("name", flow.name(), json);
        text("pod", flow.pod(), json);
        text("workload", flow.workload(), json);
        text("direction", flow.direction(), json);
        json.writeEndObject();
    }

    /** Where rules read something, not what: without what stands around it, a secret among it could not be told. */
    private static List<String> paths(Content content) {
        return content.leaves().stream()
                .map(Content.Leaf::path)
                .distinct()
                .limit(MOST_PATHS)
                .toList();
    }

    private static void body(ObjectBody body, JsonGenerator json) throws IOException {
        if (body.equals(ObjectBody.NONE)) {
            return;
        }
        json.writeObjectFieldStart("body");
        flag("contentSeen", body.contentSeen(), json);
        texts("rights", body.rights(), json);
        flag("aggregated", body.aggregated(), json);
        text("role", body.role(), json);
        texts("subjects", body.subjects(), json);
        text("secretType", body.secretType(), json);
        text("secretAccount", body.secretAccount(), json);
        text("signer", body.signer(), json);
        flag("clientAuth", body.clientAuth(), json);
        text("commonName", body.commonName(), json);
        texts("organizations", body.organizations(), json);
        text("requester", body.requester(), json);
        text("verdict", body.verdict(), json);
        text("serviceAccount", body.serviceAccount(), json);
        text("owner", body.owner(), json);
        if (body.replicas() >= 0) {
            json.writeNumberField("replicas", body.replicas());
        }
        json.writeEndObject();
    }

    private static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static void text(String name, @Nullable String value, JsonGenerator json) throws IOException {
        if (value != null && !value.isEmpty()) {
            json.writeStringField(name, Redaction.of(value));
        }
    }

    private static void texts(String name, List<String> values, JsonGenerator json) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(Redaction.of(value));
        }
        json.writeEndArray();
    }

    private static void number(String name, int value, JsonGenerator json) throws IOException {
        if (value != 0) {
            json.writeNumberField(name, value);
        }
    }

    private static void flag(String name, boolean value, JsonGenerator json) throws IOException {
        if (value) {
            json.writeBooleanField(name, true);
        }
    }
}
