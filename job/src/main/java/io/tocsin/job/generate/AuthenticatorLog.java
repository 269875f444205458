package io.tocsin.job.generate;

import io.tocsin.event.Source;
import org.jspecify.annotations.Nullable;

/** The log of aws-iam-authenticator: logrus text, whole seconds, keys in alphabetical order. */
final class AuthenticatorLog extends SourceLog {
    private static final String ENDPOINT = "sts.eu-central-1.amazonaws.com";

    AuthenticatorLog(Timeline timeline, Chance chance) {
        super(timeline, Source.EKS_AUTHENTICATOR, chance);
    }

    /** A token that STS vouches for, of a role that is mapped. */
    void granted(IamSession session, String username, String groups, long at) {
        String client = client();
        stsResponse(session, client, at);
        begin(at, "info", "access granted").ascii(" arn=\"").ascii(session.canonicalArn());
        line.ascii("\" client=\"").ascii(client).ascii("\" groups=\"[").ascii(groups);
        line.ascii("]\" method=POST path=/authenticate stsendpoint=").ascii(ENDPOINT);
        line.ascii(" uid=\"").ascii(session.uid()).ascii("\" username=");
        line.ascii(username.indexOf(':') < 0 ? username : '"' + username + '"');
        log(at);
    }

    /** A token that STS vouches for, of a role that nobody mapped. */
    void denied(IamSession session, long at) {
        String client = client();
        stsResponse(session, client, at);
        denial(session.canonicalArn(), client, "identity is not mapped", at);
    }

    /** A token refused before STS was asked. */
    void refused(String error, long at) {
        denial(null, client(), "input token was not properly formatted: " + error, at);
    }

    /** The line written when the mapping's ConfigMap changes. */
    void mappingChanged(long at) {
        begin(at, "info", "Received aws-auth watch event");
        log(at);
    }

    private void stsResponse(IamSession session, String client, long at) {
        begin(at, "info", "STS response").ascii(" accesskeyid=").ascii(session.accessKeyId());
        line.ascii(" accountid=").ascii(IamSession.ACCOUNT).ascii(" arn=\"").ascii(session.arn());
        line.ascii("\" client=\"").ascii(client).ascii("\" method=POST path=/authenticate session=");
        line.ascii(session.name()).ascii(" stsendpoint=").ascii(ENDPOINT);
        line.ascii(" userid=").ascii(session.roleId());
        log(at);
    }

    private void denial(@Nullable String arn, String client, String error, long at) {
        begin(at, "warning", "access denied");
        if (arn != null) {
            line.ascii(" arn=\"").ascii(arn).ascii("\"");
        }
        line.ascii(" client=\"").ascii(client).ascii("\" error=\"").ascii(error);
        line.ascii("\" method=POST path=/authenticate");
        log(at);
    }

    private LineBuffer begin(long at, String level, String message) {
        line.clear().ascii("time=\"").seconds(at).ascii("\" level=").ascii(level);
        return line.ascii(" msg=\"").ascii(message).ascii("\"");
    }

    private String client() {
        return "127.0.0.1:" + chance.between(32_768, 60_999);
    }
}
