package io.tocsin.job.generate;

/**
 * A role somebody assumed, with the session's key.
 *
 * @param role the role's name
 * @param roleId the role's unique id
 * @param name the session's name
 * @param accessKeyId the session's access key
 */
record IamSession(String role, String roleId, String name, String accessKeyId) {
    static final String ACCOUNT = "111122223333";

    String canonicalArn() {
        return "arn:aws:iam::" + ACCOUNT + ":role/" + role;
    }

    String arn() {
        return "arn:aws:sts::" + ACCOUNT + ":assumed-role/" + role + "/" + name;
    }

    /** The user's uid in the audit log. */
    String uid() {
        return "aws-iam-authenticator:" + ACCOUNT + ":" + roleId;
    }

    IamSession renewed(String newAccessKeyId) {
        return new IamSession(role, roleId, name, newAccessKeyId);
    }

    /** Puts the attributes into the user that the authenticator puts there. */
    Caller describe(Caller caller) {
        return caller.extra("accessKeyId", accessKeyId)
                .extra("arn", arn())
                .extra("canonicalArn", canonicalArn())
                .extra("principalId", roleId)
                .extra("sessionName", name)
                .extra("sigs.k8s.io/aws-iam-authenticator/principalId", roleId);
    }
}
