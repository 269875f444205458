package io.tocsin.job.decode.aws;

import io.tocsin.event.Arns;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.Projection;
import org.jspecify.annotations.Nullable;

/**
 * Who made a call, as {@code userIdentity} tells it.
 *
 * @param user the user's name; the role's for a session; the subject of a web identity, {@code system:serviceaccount:ns:name} for
 *     a pod; the service that calls for itself
 * @param uid the id that IAM gave to the user or role
 * @param arn the canonical ARN of the user or role
 * @param session the session's name, which the caller may have chosen
 */
record CloudTrailIdentity(@Nullable String user, @Nullable String uid, @Nullable String arn, @Nullable String session) {
    static final String TYPE = "userIdentity/type";
    static final String USER_NAME = "userIdentity/userName";
    static final String ARN = "userIdentity/arn";
    static final String PRINCIPAL = "userIdentity/principalId";
    static final String ACCESS_KEY = "userIdentity/accessKeyId";
    static final String INVOKED_BY = "userIdentity/invokedBy";
    static final String ON_BEHALF_OF = "userIdentity/onBehalfOf/userId";
    static final String ISSUER_NAME = "userIdentity/sessionContext/sessionIssuer/userName";
    static final String ISSUER_ARN = "userIdentity/sessionContext/sessionIssuer/arn";

    /** What stands for the name that somebody tried who is no user: perhaps a password typed into the wrong field. */
    private static final String HIDDEN = "HIDDEN_DUE_TO_SECURITY_REASONS";

    private static final String ROLE_ID = "AROA";
    private static final String ASSUMED_ROLE = ":assumed-role/";
    private static final String FEDERATED_USER = ":federated-user/";

    static CloudTrailIdentity of(Projection f) throws BadRecord {
        String type = f.name(TYPE);
        String ownArn = f.text(ARN);
        String principal = f.text(PRINCIPAL);
        String name = f.name(USER_NAME);
        if (HIDDEN.equals(name)) {
            name = null;
        }
        // A role's id has its session behind it.
        int colon = principal != null && principal.startsWith(ROLE_ID) ? principal.indexOf(':') : -1;
        String uid = principal == null || colon < 0 ? principal : principal.substring(0, colon);
        String session = session(ownArn);
        if (session == null && principal != null && colon >= 0) {
            session = present(principal.substring(colon + 1));
        }
        String arn = Arns.canonical(ownArn);
        if (arn == null) {
            arn = Arns.canonical(f.text(ISSUER_ARN));
        }
        String role = first(f.name(ISSUER_NAME), roleName(ownArn));
        String invokedBy = f.name(INVOKED_BY);
        String user =
                switch (type == null ? "" : type) {
                    case "Root" -> "root";
                    case "AssumedRole", "Role", "FederatedUser" -> first(role, name);
                    case "AWSService" -> first(invokedBy, name);
                    // Of another account, which alone knows its name.
                    case "AWSAccount" -> first(name, uid);
                    default -> first(first(name, role), first(invokedBy, f.name(ON_BEHALF_OF)));
                };
        return new CloudTrailIdentity(user, uid, arn, session);
    }

    private static @Nullable String roleName(@Nullable String arn) {
        int start = arn == null ? -1 : arn.indexOf(ASSUMED_ROLE);
        if (arn == null || start < 0) {
            return null;
        }
        int from = start + ASSUMED_ROLE.length();
        int slash = arn.indexOf('/', from);
        return present(arn.substring(from, slash < 0 ? arn.length() : slash));
    }

    private static @Nullable String session(@Nullable String arn) {
        if (arn == null) {
            return null;
        }
        int role = arn.indexOf(ASSUMED_ROLE);
        int slash = role < 0 ? -1 : arn.indexOf('/', role + ASSUMED_ROLE.length());
        if (slash >= 0) {
            return present(arn.substring(slash + 1));
        }
        int federated = arn.indexOf(FEDERATED_USER);
        return federated < 0 ? null : present(arn.substring(federated + FEDERATED_USER.length()));
    }

    private static @Nullable String first(@Nullable String one, @Nullable String other) {
        return one != null ? one : other;
    }

    private static @Nullable String present(String text) {
        return text.isEmpty() ? null : text;
    }
}
