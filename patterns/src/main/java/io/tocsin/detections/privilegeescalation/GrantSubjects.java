package io.tocsin.detections.privilegeescalation;

import io.tocsin.detection.Identities;
import io.tocsin.detections.Requests;
import io.tocsin.detections.SensitiveActions;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Zone;
import io.tocsin.signal.Keys;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * To whom roles are bound, and who makes use of that: whose token is minted, made or read, and who acts from outside. A subject has
 * two keys, for what it may do in all of the cluster, or in kube-system, and in another namespace, so that a lesser grant never stands
 * in for a graver one.
 */
final class GrantSubjects {
    private static final String TOKEN_TYPE = "kubernetes.io/service-account-token";
    private static final String TOKEN_NAME = "-token-";
    private static final String ACCOUNT = "system:serviceaccount:";
    private static final String ACCOUNTS = ObjectBody.GROUP + "system:serviceaccounts";
    private static final String EVERYBODY = ObjectBody.GROUP + "system:authenticated";
    private static final int MAX_GROUPS = 32;
    private static final String CLUSTER = "cluster";
    private static final String NAMESPACE = "namespace";

    private GrantSubjects() {}

    /** The subjects of a binding. */
    static List<String> bound(SecurityEvent event) {
        boolean everywhere = "clusterrolebindings".equals(event.resource()) || "kube-system".equals(event.namespace());
        List<String> keys = new ArrayList<>();
        for (String subject : event.body().subjects()) {
            keys.add(key(event, everywhere ? CLUSTER : NAMESPACE, subject));
        }
        return keys;
    }

    private static String key(SecurityEvent event, String where, String subject) {
        return Keys.of(event.scope(), "granted", where, subject);
    }

    /** The subject of a key. */
    static String subject(String key) {
        List<String> parts = Keys.parts(key);
        return parts.get(parts.size() - 1);
    }

    /** Whether outside is where a subject is usually: people, and their groups. */
    static boolean isPeople(String subject) {
        String name = subject.startsWith(ObjectBody.GROUP) ? subject.substring(ObjectBody.GROUP.length()) : subject;
        return !name.startsWith("system:") && !subject.equals(ObjectBody.OTHERS);
    }

    /** Whose rights a request makes use of or gets hold of; nobody's, usually. */
    static List<String> used(SecurityEvent event, Identities identities) {
        if (!Requests.isRequest(event)) {
            return List.of();
        }
        String account = tokenOf(event, identities);
        boolean sensitive = event.zone() == Zone.OUTSIDE && SensitiveActions.isSensitive(event, identities);
        boolean strayed = event.zone() == Zone.OUTSIDE && Identities.isServiceAccount(event.user());
        if (account == null && !sensitive && !strayed) {
            return List.of();
        }
        List<String> keys = new ArrayList<>();
        if (account != null) {
            add(event, account, keys);
            add(event, ACCOUNTS, keys);
            add(event, ACCOUNTS + ":" + Identities.serviceAccountNamespace(account), keys);
            add(event, EVERYBODY, keys);
        }
        if (event.user() != null && (sensitive || strayed)) {
            add(event, event.user(), keys);
        }
        if (sensitive) {
            List<String> groups = event.groups();
            for (int i = 0; i < groups.size() && i < MAX_GROUPS; i++) {
                add(event, ObjectBody.GROUP + groups.get(i), keys);
            }
        }
        if (account != null || sensitive) {
            add(event, ObjectBody.OTHERS, keys);
        }
        return List.copyOf(keys);
    }

    private static void add(SecurityEvent event, String subject, List<String> keys) {
        String everywhere = key(event, CLUSTER, subject);
        if (!keys.contains(everywhere)) {
            keys.add(everywhere);
            keys.add(key(event, NAMESPACE, subject));
        }
    }

    /** What makes uses alike: all that a service account does outside; anything else is looked at each. */
    static String alike(SecurityEvent event, Identities identities) {
        boolean any = tokenOf(event, identities) == null && !SensitiveActions.isSensitive(event, identities);
        return any ? "" : event.id();
    }

    /** The service account whose token a request mints, makes or reads, if that isn't the work of who does it. */
    private static @Nullable String tokenOf(SecurityEvent event, Identities identities) {
        boolean minted = event.is("create", "serviceaccounts", "token");
        if ((!minted && !event.is(null, "secrets", null))
                || event.verb() == null
                || event.namespace() == null
                || !Requests.succeeded(event)
                || identities.isPlatformAtHome(event)) {
            return null;
        }
        if (minted) {
            return event.name() == null || identities.isTokenIssuer(event)
                    ? null
                    : ACCOUNT + event.namespace() + ":" + event.name();
        }
        boolean reads = event.verb().equals("get");
        boolean writes =
                switch (event.verb()) {
                    case "create", "update", "patch" -> !identities.isDeployer(event);
                    default -> false;
                };
        String name = reads || writes ? accountOf(event) : null;
        String account = name == null ? null : ACCOUNT + event.namespace() + ":" + name;
        boolean own =
                account != null && account.equals(event.user()) && event.zone().insideOrUnknown();
        return own ? null : account;
    }

    /** The account that a token Secret is of: by its annotation, or where only the name is told, as these are usually named. */
    private static @Nullable String accountOf(SecurityEvent event) {
        ObjectBody body = event.body();
        if (body.secretAccount() != null
                && (body.secretType() == null || body.secretType().equals(TOKEN_TYPE))) {
            return body.secretAccount();
        }
        String name = event.name();
        int end = name == null ? -1 : name.lastIndexOf(TOKEN_NAME);
        boolean other = body.secretType() != null && !body.secretType().equals(TOKEN_TYPE);
        return other || name == null || end <= 0 ? null : name.substring(0, end);
    }
}
