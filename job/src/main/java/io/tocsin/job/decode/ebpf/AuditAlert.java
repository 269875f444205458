package io.tocsin.job.decode.ebpf;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.ValueReader;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.util.ArrayList;
import java.util.List;

/** What an alert on an audit event of the API server tells: the request. It has no place; the pod it names is the object. */
final class AuditAlert {
    private static final int MAX_URI = 8 << 10;
    private static final int MAX_ELEMENTS = 1_000;
    /** Less than what a text is cut at. */
    private static final int MAX_LENGTH = ValueReader.LONG - 2;

    private final Networks networks;
    private final JsonValues values;

    AuditAlert(Networks networks, JsonValues values) {
        this.networks = networks;
        this.values = values;
    }

    /** Reads it into an event. */
    void read(AlertFields p, SecurityEvent.Builder event) throws BadRecord {
        String user = p.name(AlertField.AUDIT_USER);
        String impersonated = p.name(AlertField.AUDIT_IMPERSONATED);
        event.user = impersonated == null ? user : impersonated;
        event.impersonator = impersonated == null ? null : user;
        event.groups = impersonated == null ? values.recurring().of(list(p, AlertField.AUDIT_GROUPS)) : List.of();
        event.verb = p.name(AlertField.AUDIT_VERB);
        event.resource = p.name(AlertField.AUDIT_RESOURCE);
        event.subresource = p.name(AlertField.AUDIT_SUBRESOURCE);
        event.namespace = p.name(AlertField.AUDIT_NAMESPACE);
        event.name = p.name(AlertField.AUDIT_NAME);
        String uri = p.object().text(AlertField.AUDIT_URI.path, MAX_URI);
        event.uri = "<NA>".equals(uri) ? null : uri;
        event.userAgent = p.name(AlertField.AUDIT_AGENT);
        event.code = p.number(AlertField.AUDIT_CODE, 999);
        event.outcome = outcome(event.code);
        addresses(list(p, AlertField.AUDIT_ADDRESSES), networks.of(event.cluster), event);
    }

    private static Outcome outcome(int code) {
        return switch (code) {
            case 0 -> Outcome.UNKNOWN;
            case 401 -> Outcome.UNAUTHENTICATED;
            case 403 -> Outcome.DENIED;
            case 429 -> Outcome.THROTTLED;
            default -> code < 400 ? Outcome.SUCCESS : Outcome.ERROR;
        };
    }

    private static void addresses(List<String> chain, Network network, SecurityEvent.Builder event) {
        int index = network.peerIndex(chain);
        Network.Address peer = index < 0 ? null : network.address(chain.get(index));
        if (peer == null) {
            return;
        }
        event.peer = peer.canonical();
        event.zone = peer.zone();
        List<String> claimed = new ArrayList<>();
        for (String text : chain.subList(0, index)) {
            Network.Address address = network.address(text);
            claimed.add(address == null ? text : address.canonical());
        }
        event.claimed = List.copyOf(claimed);
    }

    /** An array, or a string such as {@code (a,b)}, as Falco prints a list inside a text. Of what is too long nothing is taken. */
    private static List<String> list(AlertFields p, AlertField field) throws BadRecord {
        if (p.object().isArray(field.path)) {
            List<String> all = p.object().texts(field.path);
            // Longer ones lose their end, and the end tells who called.
            return all.size() > MAX_ELEMENTS ? List.of() : all;
        }
        String text = p.text(field);
        if (text == null || text.length() > MAX_LENGTH) {
            return List.of();
        }
        boolean bracketed = text.length() > 1 && text.startsWith("(") && text.endsWith(")");
        return elements(bracketed ? text.substring(1, text.length() - 1) : text);
    }

    private static List<String> elements(String text) {
        List<String> all = new ArrayList<>();
        int at = 0;
        while (at <= text.length()) {
            int comma = text.indexOf(',', at);
            int end = comma < 0 ? text.length() : comma;
            String element = text.substring(at, end).trim();
            if (!element.isEmpty()) {
                all.add(element);
            }
            at = end + 1;
        }
        return all;
    }
}
