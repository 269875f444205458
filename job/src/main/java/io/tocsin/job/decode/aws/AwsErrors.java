package io.tocsin.job.decode.aws;

import io.tocsin.event.Outcome;
import java.util.Set;

/** What the error codes of AWS say of how a call ended. Each service has its own spelling. */
final class AwsErrors {
    private static final String EXCEPTION = "Exception";

    /** The caller's credentials or token are not good. */
    private static final Set<String> CREDENTIALS = Set.of(
            "AuthFailure",
            "ExpiredToken",
            "IDPRejectedClaim",
            "IncompleteSignature",
            "InvalidAccessKeyId",
            "InvalidClientTokenId",
            "InvalidIdentityToken",
            "InvalidSignature",
            "InvalidToken",
            "MissingAuthenticationToken",
            "RequestExpired",
            "SignatureDoesNotMatch",
            "UnrecognizedClient");

    private static final Set<String> TOO_MANY = Set.of("RequestLimitExceeded", "SlowDown", "TooManyRequests");

    private AwsErrors() {}

    static Outcome outcome(String code) {
        // EC2 says whose fault it is: Client.UnauthorizedOperation.
        String bare = code.startsWith("Client.") || code.startsWith("Server.") ? code.substring(7) : code;
        if (bare.endsWith(EXCEPTION)) {
            bare = bare.substring(0, bare.length() - EXCEPTION.length());
        }
        // EC2's UnauthorizedOperation is a known caller without the permission.
        if (bare.contains("AccessDenied") || bare.equals("UnauthorizedOperation") || bare.startsWith("Forbidden")) {
            return Outcome.DENIED;
        }
        if (bare.startsWith("Unauthorized") || CREDENTIALS.contains(bare)) {
            return Outcome.UNAUTHENTICATED;
        }
        return bare.contains("Throttl") || TOO_MANY.contains(bare) ? Outcome.THROTTLED : Outcome.ERROR;
    }
}
