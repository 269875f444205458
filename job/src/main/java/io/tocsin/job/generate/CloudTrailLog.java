package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** CloudTrail's events about EKS and STS, one a line, whole seconds. */
final class CloudTrailLog extends SourceLog {
    private static final String REGION = "eu-central-1";
    private static final String PROVIDER = "oidc.eks." + REGION + ".amazonaws.com/id/EXAMPLE0000000000000000000000001";

    /** The cluster's name to AWS. */
    static final String CLUSTER = "demo";

    CloudTrailLog(Timeline timeline, Chance chance) {
        super(timeline, Source.CLOUDTRAIL, chance);
    }

    /** A session's call; the parameters and the answer are JSON. */
    void call(
            IamSession session,
            String address,
            String agent,
            String service,
            String name,
            boolean readOnly,
            String parameters,
            String answer,
            long at) {
        if (!wanted()) {
            return;
        }
        begin(at - 12 * Simulation.MINUTE, session);
        rest(service, name, address, agent, readOnly, parameters, answer, at);
    }

    /** Somebody signs in and assumes a role, and so gets the session's key. */
    void assumed(IamSession session, String address, String agent, long at) {
        if (!wanted()) {
            return;
        }
        line.clear().ascii("{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"SAMLUser\",\"principalId\":");
        line.json("EXAMPLEIDP:" + session.name()).ascii(",\"userName\":").json(session.name());
        line.ascii(",\"identityProvider\":\"EXAMPLEIDP\"}");
        String role = session.canonicalArn();
        rest(
                "sts",
                "AssumeRoleWithSAML",
                address,
                agent,
                true,
                "{\"roleArn\":\"" + role + "\",\"roleSessionName\":\"" + session.name()
                        + "\",\"durationSeconds\":3600}",
                answer(session, ""),
                at);
    }

    /** A pod turns its service account's token into a role's session. */
    void assumedByPod(Pod pod, IamSession session, String egress, long at) {
        if (!wanted()) {
            return;
        }
        String subject = "system:serviceaccount:" + pod.namespace() + ":" + pod.account;
        line.clear()
                .ascii("{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"WebIdentityUser\",\"principalId\":");
        line.json(
                "arn:aws:iam::" + IamSession.ACCOUNT + ":oidc-provider/" + PROVIDER + ":sts.amazonaws.com:" + subject);
        line.ascii(",\"userName\":").json(subject).ascii(",\"identityProvider\":");
        line.json("arn:aws:iam::" + IamSession.ACCOUNT + ":oidc-provider/" + PROVIDER)
                .ascii("}");
        rest(
                "sts",
                "AssumeRoleWithWebIdentity",
                egress,
                "aws-sdk-go-v2/1.32.2 os/linux lang/go#1.22.8",
                true,
                "{\"roleArn\":\"" + session.canonicalArn() + "\",\"roleSessionName\":\"" + session.name() + "\"}",
                answer(session, "\"subjectFromWebIdentityToken\":\"" + subject + "\","),
                at);
    }

    private static String answer(IamSession session, String more) {
        return "{\"credentials\":{\"accessKeyId\":\"" + session.accessKeyId()
                + "\",\"sessionToken\":\"HIDDEN\"}," + more + "\"assumedRoleUser\":{\"assumedRoleId\":\""
                + session.roleId() + ":" + session.name() + "\",\"arn\":\"" + session.arn() + "\"}}";
    }

    private void begin(long since, IamSession session) {
        line.clear().ascii("{\"eventVersion\":\"1.11\",\"userIdentity\":{\"type\":\"AssumedRole\"");
        line.ascii(",\"principalId\":").json(session.roleId() + ":" + session.name());
        line.ascii(",\"arn\":").json(session.arn()).ascii(",\"accountId\":").json(IamSession.ACCOUNT);
        line.ascii(",\"accessKeyId\":").json(session.accessKeyId());
        line.ascii(",\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":")
                .json(session.roleId());
        line.ascii(",\"arn\":")
                .json(session.canonicalArn())
                .ascii(",\"accountId\":")
                .json(IamSession.ACCOUNT);
        line.ascii(",\"userName\":")
                .json(session.role())
                .ascii("},\"attributes\":{\"creationDate\":\"")
                .seconds(since);
        line.ascii("\",\"mfaAuthenticated\":\"false\"}}}");
    }

    private void rest(
            String service,
            String name,
            String address,
            String agent,
            boolean readOnly,
            String parameters,
            String answer,
            long at) {
        line.ascii(",\"eventTime\":\"")
                .seconds(at)
                .ascii("\",\"eventSource\":\"")
                .ascii(service);
        line.ascii(".amazonaws.com\",\"eventName\":")
                .json(name)
                .ascii(",\"awsRegion\":")
                .json(REGION);
        line.ascii(",\"sourceIPAddress\":")
                .json(address)
                .ascii(",\"userAgent\":")
                .json(agent);
        line.ascii(",\"requestParameters\":")
                .ascii(parameters)
                .ascii(",\"responseElements\":")
                .ascii(answer);
        line.ascii(",\"requestID\":\"").uuid(chance.bits(), chance.bits());
        line.ascii("\",\"eventID\":\"").uuid(chance.bits(), chance.bits()).ascii("\",\"readOnly\":");
        line.ascii(readOnly ? "true" : "false").ascii(",\"eventType\":\"AwsApiCall\",\"managementEvent\":true,");
        line.ascii("\"recipientAccountId\":").json(IamSession.ACCOUNT).ascii(",\"eventCategory\":\"Management\"}");
        log(at);
    }
}
