package io.tocsin.job.decode.audit;

import io.tocsin.event.Arns;
import io.tocsin.event.Place;
import io.tocsin.job.decode.RecurringStrings;
import org.jspecify.annotations.Nullable;

/**
 * What follows from what an audit event says of a user.
 *
 * @param credentialId the credential's id, if it is of a kind that is one
 * @param pod the pod the credential is bound to, {@code namespace/name} where both are known
 * @param arn the canonical IAM ARN behind the credential
 * @param place the node that the user is; {@link Place#NONE} if it is none
 */
record UserFacts(@Nullable String credentialId, @Nullable String pod, @Nullable String arn, Place place) {
    private static final String ACCOUNT_PREFIX = "system:serviceaccount:";
    private static final String NODE_PREFIX = "system:node:";

    /** Those of a user, found once. */
    static UserFacts of(AuditFields.User user, RecurringStrings recurring) {
        UserFacts facts = user.facts;
        if (facts == null) {
            String arn = Arns.canonical(user.canonicalArn != null ? user.canonicalArn : user.arn);
            facts = new UserFacts(
                    credentialId(user.credentialId),
                    pod(user, recurring),
                    arn == null ? null : recurring.of(arn),
                    place(user.username, recurring));
            user.facts = facts;
        }
        return facts;
    }

    private static @Nullable String credentialId(@Nullable String id) {
        return id != null && (id.startsWith("JTI=") || id.startsWith("X509SHA256=")) ? id : null;
    }

    /** A service account's pod is in the account's namespace. */
    private static @Nullable String pod(AuditFields.User user, RecurringStrings recurring) {
        String name = user.username;
        if (user.podName == null || name == null || !name.startsWith(ACCOUNT_PREFIX)) {
            return user.podName;
        }
        int colon = name.indexOf(':', ACCOUNT_PREFIX.length());
        return colon < 0
                ? user.podName
                : recurring.of(name.substring(ACCOUNT_PREFIX.length(), colon) + "/" + user.podName);
    }

    private static Place place(@Nullable String username, RecurringStrings recurring) {
        return username != null && username.length() > NODE_PREFIX.length() && username.startsWith(NODE_PREFIX)
                ? Place.onNode(recurring.of(username.substring(NODE_PREFIX.length())))
                : Place.NONE;
    }
}
