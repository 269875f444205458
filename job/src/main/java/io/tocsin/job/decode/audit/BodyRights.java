package io.tocsin.job.decode.audit;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.tocsin.event.ObjectBody;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.RecordBytes;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What roles allow, by the rules of RBAC: a right is there where one rule covers its group, its resource and its verb, by name or by
 * {@code *}. However many rules there are, all are read; nothing of them is kept but which rights they give. Of a rule that names its
 * objects, reading secrets doesn't count: an operator reads its own so.
 */
final class BodyRights implements BodyReader {
    private static final int ANY = 1;

    private static final int CORE = 1 << 1;
    private static final int RBAC = 1 << 2;
    private static final int AUTHENTICATION = 1 << 3;

    private static final int ROLES = 1 << 1;
    private static final int IDENTITIES = 1 << 2;
    private static final int EXTRAS = 1 << 3;
    private static final int EXEC = 1 << 4;
    private static final int TOKEN = 1 << 5;
    private static final int PROXY = 1 << 6;
    private static final int SECRETS = 1 << 7;

    private static final int ESCALATE = 1 << 1;
    private static final int BIND = 1 << 2;
    private static final int IMPERSONATE = 1 << 3;
    private static final int GET = 1 << 4;
    private static final int LIST = 1 << 5;
    private static final int CREATE = 1 << 6;
    private static final int OTHER = 1 << 7;

    private static final int ALL = -1;

    private final JsonValues values;
    private final TreeSet<String> rights = new TreeSet<>();

    BodyRights(JsonValues values) {
        this.values = values;
    }

    @Override
    public boolean isOf(String kind) {
        return kind.equals("ClusterRole") || kind.equals("Role") || kind.equals(Bodies.ANY);
    }

    @Override
    public void object(RecordBytes object, boolean partial, ObjectBody.Builder into) throws IOException {
        rights.clear();
        boolean whole = false;
        boolean told = false;
        try (JsonParser p = values.parser(object.bytes(), object.start(), object.end())) {
            p.nextToken();
            for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
                JsonToken value = p.nextToken();
                if (name.equals("rules")) {
                    told = true;
                    rules(p);
                } else if (name.equals("aggregationRule")) {
                    into.aggregated |= value == JsonToken.START_OBJECT;
                    p.skipChildren();
                } else {
                    p.skipChildren();
                }
            }
            whole = told || !partial;
        } finally {
            // Of a role that is cut, what was read is there; that nothing else is there can't be told.
            boolean filledLater = into.aggregated && rights.isEmpty();
            tell(whole && !filledLater, into);
        }
    }

    @Override
    public void operation(String path, Projection operation, ObjectBody.Builder into) throws BadRecord, IOException {
        if (!path.equals("/rules") && !path.startsWith("/rules/")) {
            return;
        }
        rights.clear();
        rights.addAll(into.rights);
        String[] parts = path.split("/", 5);
        try {
            if (operation.isText("value")) {
                String text = operation.text("value");
                member(parts.length > 3 ? parts[3] : "", meaning -> text == null ? 0 : meaning.of(text));
            } else if (operation.isObject("value") || operation.isArray("value")) {
                RecordBytes value = operation.isArray("value") ? operation.array("value") : operation.object("value");
                structure(value, parts);
            }
        } finally {
            tell(into.contentSeen || (parts.length == 2 && operation.isArray("value")), into);
        }
    }

    private void structure(@Nullable RecordBytes value, String[] parts) throws IOException {
        if (value == null) {
            return;
        }
        try (JsonParser p = values.parser(value.bytes(), value.start(), value.end())) {
            p.nextToken();
            switch (parts.length) {
                case 2 -> rules(p);
                case 3 -> rule(p);
                default -> member(parts[3], meaning -> bits(p, meaning));
            }
        }
    }

    private void tell(boolean seen, ObjectBody.Builder into) {
        into.contentSeen = seen || !rights.isEmpty();
        into.rights = List.copyOf(rights);
    }

    private void rules(JsonParser p) throws IOException {
        if (p.currentToken() != JsonToken.START_ARRAY) {
            p.skipChildren();
            return;
        }
        while (p.nextToken() != JsonToken.END_ARRAY && p.currentToken() != null) {
            rule(p);
        }
    }

    private void rule(JsonParser p) throws IOException {
        if (p.currentToken() != JsonToken.START_OBJECT) {
            p.skipChildren();
            return;
        }
        int groups = 0;
        int resources = 0;
        int verbs = 0;
        boolean named = false;
        for (String name = p.nextFieldName(); name != null; name = p.nextFieldName()) {
            p.nextToken();
            switch (name) {
                case "apiGroups" -> groups |= bits(p, BodyRights::group);
                case "resources" -> resources |= bits(p, BodyRights::resource);
                case "verbs" -> verbs |= bits(p, BodyRights::verb);
                case "resourceNames" -> named |= bits(p, any -> 1) != 0;
                default -> p.skipChildren();
            }
        }
        judge(groups, resources, verbs, named);
    }

    /** A patch inside a rule, of which the rest isn't told: what it adds is taken to meet what makes it dangerous. */
    private void member(String member, Added added) throws IOException {
        switch (member) {
            case "verbs" -> {
                int verbs = added.bits(BodyRights::verb);
                add((verbs & ANY) != 0, ObjectBody.EVERYTHING);
                judge(ALL, ROLES | IDENTITIES, verbs & (ANY | ESCALATE | BIND | IMPERSONATE), true);
            }
            case "resources" -> judge(ALL, added.bits(BodyRights::resource), ALL, false);
            default -> {}
        }
    }

    private void judge(int groups, int resources, int verbs, boolean named) {
        boolean core = (groups & (CORE | ANY)) != 0;
        boolean rbac = (groups & (RBAC | ANY)) != 0 && (resources & (ROLES | ANY)) != 0;
        boolean identities = (core && (resources & (IDENTITIES | ANY)) != 0)
                || ((groups & (AUTHENTICATION | ANY)) != 0 && (resources & (EXTRAS | ANY)) != 0);
        add(core && (resources & ANY) != 0 && (verbs & ANY) != 0, ObjectBody.EVERYTHING);
        add(rbac && (verbs & (ESCALATE | ANY)) != 0, ObjectBody.ESCALATE);
        add(rbac && (verbs & (BIND | ANY)) != 0, ObjectBody.BIND);
        add(identities && (verbs & (IMPERSONATE | ANY)) != 0, ObjectBody.IMPERSONATE);
        // A WebSocket's exec is a get.
        add(core && (resources & (EXEC | ANY)) != 0 && (verbs & (GET | CREATE | ANY)) != 0, ObjectBody.EXEC);
        add(core && (resources & (TOKEN | ANY)) != 0 && (verbs & (CREATE | ANY)) != 0, ObjectBody.TOKENS);
        add(core && (resources & (PROXY | ANY)) != 0 && verbs != 0, ObjectBody.KUBELETS);
        add(
                core && (resources & (SECRETS | ANY)) != 0 && (verbs & (GET | LIST | ANY)) != 0 && !named,
                ObjectBody.SECRETS);
    }

    private void add(boolean given, String right) {
        if (given) {
            rights.add(right);
        }
    }

    /** What is added to a list of names. */
    private interface Added {
        int bits(Meaning meaning) throws IOException;
    }

    /** Says what a name means. */
    private interface Meaning {
        int of(String name);
    }

    /** The meanings of the strings of an array, or of one string. */
    private static int bits(JsonParser p, Meaning meaning) throws IOException {
        if (p.currentToken() == JsonToken.VALUE_STRING) {
            return meaning.of(p.getText());
        }
        if (p.currentToken() != JsonToken.START_ARRAY) {
            p.skipChildren();
            return 0;
        }
        int bits = 0;
        while (p.nextToken() != JsonToken.END_ARRAY && p.currentToken() != null) {
            if (p.currentToken() == JsonToken.VALUE_STRING) {
                bits |= meaning.of(p.getText());
            } else {
                p.skipChildren();
            }
        }
        return bits;
    }

    private static int group(String name) {
        return switch (name) {
            case "*" -> ANY;
            case "" -> CORE;
            case "rbac.authorization.k8s.io" -> RBAC;
            case "authentication.k8s.io" -> AUTHENTICATION;
            default -> 0;
        };
    }

    private static int resource(String name) {
        return switch (name) {
            case "*" -> ANY;
            case "roles", "clusterroles" -> ROLES;
            case "users", "groups", "serviceaccounts" -> IDENTITIES;
            case "uids" -> EXTRAS;
            case "pods/exec", "pods/attach", "*/exec", "*/attach" -> EXEC;
            case "serviceaccounts/token", "*/token" -> TOKEN;
            case "nodes/proxy", "*/proxy" -> PROXY;
            case "secrets" -> SECRETS;
            default -> name.startsWith("userextras/") ? EXTRAS : 0;
        };
    }

    private static int verb(String name) {
        return switch (name) {
            case "*" -> ANY;
            case "escalate" -> ESCALATE;
            case "bind" -> BIND;
            case "impersonate" -> IMPERSONATE;
            case "get" -> GET;
            case "list", "watch" -> LIST;
            case "create" -> CREATE;
            default -> OTHER;
        };
    }
}
