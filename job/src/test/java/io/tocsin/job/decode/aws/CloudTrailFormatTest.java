package io.tocsin.job.decode.aws;

import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.aws.TestingCalls.CALL;
import static io.tocsin.job.decode.aws.TestingCalls.IDENTITY;
import static io.tocsin.job.decode.aws.TestingCalls.lines;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.EventField;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CloudTrailFormatTest {
    private static final String INTRUDER = "arn:aws:iam::111122223333:role/intruder";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private SecurityEvent eks(int line) {
        return decoder.event(lines("eks.jsonl").get(line));
    }

    private SecurityEvent sts(int line) {
        return decoder.event(lines("sts.jsonl").get(line));
    }

    private static String identity(String json) {
        return replace(CALL, IDENTITY, json);
    }

    private static String error(String code) {
        return replace(CALL, "\"requestParameters\"", "\"errorCode\":\"" + code + "\",\"requestParameters\"");
    }

    @Test
    void readsWhoDidWhatFromWhere() {
        SecurityEvent event = eks(0);

        assertThat(event.source()).isEqualTo(Source.CLOUDTRAIL);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:00:00Z"));
        assertThat(event.received()).isNull();
        assertThat(event.user()).isEqualTo("platform-admin");
        assertThat(event.userUid()).isEqualTo("AROAEXAMPLEADMIN00001");
        assertThat(event.arn()).isEqualTo("arn:aws:iam::111122223333:role/platform-admin");
        assertThat(event.identity()).isEqualTo(event.arn());
        assertThat(event.sessionName()).isEqualTo("jane@example.com");
        assertThat(event.accessKeyId()).isEqualTo("ASIAEXAMPLEKEY0000001");
        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.claimed()).isEmpty();
        assertThat(event.userAgent()).startsWith("aws-cli/2.15.0");
        assertThat(event.verb()).isEqualTo("CreateAccessEntry");
        assertThat(event.resource()).isEqualTo("eks");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.reason()).isNull();
        assertThat(event.code()).isZero();
        assertThat(event.place()).isEqualTo(Place.NONE);
        assertThat(event.truncated()).isFalse();
    }

    @Test
    void joinsTheClusterThatTheCallIsMadeTo() {
        SecurityEvent event = eks(0);

        assertThat(event.account()).isEqualTo("111122223333");
        assertThat(event.name()).isEqualTo("prod");
        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.scope()).isEqualTo("111122223333/eu-west-1/prod");
        assertThat(eks(4).cluster()).isEqualTo("prod");
        assertThat(eks(6).scope()).isEqualTo("111122223333/eu-west-1/prod");
        assertThat(eks(8).name()).isEqualTo("prod");
        assertThat(eks(8).cluster()).isEqualTo("prod");
        assertThat(TestingDecoder.ofCluster("mine").event(CALL).scope()).isEqualTo("mine");
    }

    @Test
    void knowsNoClusterOfOtherCallsOrWhereThereIsNone() {
        assertThat(eks(7).name()).isEqualTo("typo");
        assertThat(eks(7).cluster()).isEqualTo("default");
        assertThat(eks(7).outcome()).isEqualTo(Outcome.ERROR);
        assertThat(decoder.event(replace(CALL, "\"prod\"", "\"no such/name\"")).cluster())
                .isEqualTo("default");
        assertThat(decoder.event(replace(CALL, "eks.amazonaws.com", "ecr.amazonaws.com"))
                        .cluster())
                .isEqualTo("default");
        assertThat(decoder.event(replace(CALL, "DescribeCluster", "CreateEksAnywhereSubscription"))
                        .name())
                .isNull();
    }

    @Test
    void namesTheRoleThatAnAccessEntryIsMadeFor() {
        assertThat(eks(0).mentionedArns()).containsExactly(INTRUDER);
        assertThat(eks(0).message()).isEqualTo("principal " + INTRUDER + "; groups ops; username intruder");
        // Percent-encoded, since it is part of a path.
        assertThat(eks(1).mentionedArns()).containsExactly(INTRUDER);
        assertThat(eks(1).message())
                .isEqualTo("principal " + INTRUDER
                        + "; policy arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy; scope cluster");
        assertThat(eks(4).mentionedArns()).containsExactly("arn:aws:iam::111122223333:role/shop-web");
        assertThat(eks(4).message())
                .isEqualTo("service account shop/web; role arn:aws:iam::111122223333:role/shop-web");
        assertThat(TestingDecoder.with(Networks.defaults(), Set.<EventField>of())
                        .event(lines("eks.jsonl").get(0))
                        .mentionedArns())
                .isEmpty();
    }

    @Test
    void namesNoMappingWhereOneIsOnlyLookedAt() {
        assertThat(decoder.event(replace(lines("eks.jsonl").get(0), "CreateAccessEntry", "DescribeAccessEntry"))
                        .mentionedArns())
                .isEmpty();
    }

    @Test
    void tellsThatLoggingIsTurnedOffAndTheEndpointMadePublic() {
        assertThat(eks(2).message()).isEqualTo("logging off: audit, authenticator; logging on: api");
        assertThat(eks(3).message()).isEqualTo("public endpoint on: 0.0.0.0/0");
        assertThat(decoder.event(replace(
                                lines("eks.jsonl").get(3),
                                "\"endpointPublicAccess\":true",
                                "\"endpointPublicAccess\":false"))
                        .message())
                .isEqualTo("public endpoint off");
        assertThat(eks(5).message()).isEqualTo("identity provider https://login.example.com");
    }

    @Test
    void putsTheErrorsWordsBehindTheFacts() {
        assertThat(eks(6).reason()).isEqualTo("AccessDenied");
        assertThat(eks(6).message()).startsWith("User: arn:aws:iam::111122223333:user/ops/ci is not authorized");
        String denied = replace(
                lines("eks.jsonl").get(2),
                "\"requestParameters\"",
                "\"errorCode\":\"AccessDeniedException\",\"errorMessage\":\"no\",\"requestParameters\"");
        assertThat(decoder.event(denied).message()).isEqualTo("logging off: audit, authenticator; logging on: api; no");
    }

    @Test
    void readsWhichKeyWasIssuedToWhomAndNeverItsSecrets() {
        SecurityEvent role = sts(0);
        assertThat(role.user()).isEqualTo("ci");
        assertThat(role.arn()).isEqualTo("arn:aws:iam::111122223333:user/ci");
        assertThat(role.sessionName()).isNull();
        assertThat(role.resource()).isEqualTo("sts");
        assertThat(role.name()).isEqualTo("arn:aws:iam::111122223333:role/platform-admin");
        assertThat(role.issuedCredentialId()).isEqualTo("ASIAEXAMPLENEW0000001");
        assertThat(role.message()).isEqualTo("session ci-1");
        assertThat(role.mentionedArns()).isEmpty();

        for (String line : lines("sts.jsonl")) {
            for (Decoded record : decoder.records(line)) {
                assertThat(Objects.toString(record.event())).doesNotContain("EXAMPLE-SESSION-TOKEN");
            }
        }
    }

    @Test
    void knowsTheServiceAccountBehindAWebIdentity() {
        SecurityEvent irsa = sts(1);
        assertThat(irsa.user()).isEqualTo("system:serviceaccount:shop:web");
        assertThat(irsa.identity()).isEqualTo(irsa.user());
        assertThat(irsa.arn()).isNull();
        assertThat(irsa.issuedCredentialId()).isEqualTo("ASIAEXAMPLEIRSA000001");
        assertThat(irsa.name()).isEqualTo("arn:aws:iam::111122223333:role/shop-web");
        assertThat(decoder.event(replace(
                                lines("sts.jsonl").get(1), "\"userName\":\"system:serviceaccount:shop:web\",", ""))
                        .user())
                .isEqualTo("system:serviceaccount:shop:web");

        assertThat(sts(2).outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(sts(2).issuedCredentialId()).isNull();

        SecurityEvent pod = sts(3);
        assertThat(pod.resource()).isEqualTo("eks-auth");
        assertThat(pod.scope()).isEqualTo("111122223333/eu-west-1/prod");
        assertThat(pod.user()).isEqualTo("eks-node");
        assertThat(pod.sessionName()).isEqualTo("i-0abc000000000001");
        assertThat(pod.message()).isNull();
    }

    @Test
    void readsWhatPodIdentityAnswersIfItIsLogged() {
        String answer = "\"responseElements\":{\"subject\":{\"namespace\":\"shop\",\"serviceAccount\":\"web\"},"
                + "\"assumedRoleUser\":{\"arn\":\"arn:aws:sts::111122223333:assumed-role/shop-web/eks-1\"},"
                + "\"credentials\":{\"accessKeyId\":\"ASIAEXAMPLEPOD\",\"secretAccessKey\":\"s3cr3t\","
                + "\"sessionToken\":\"t0k3n\"}}";
        SecurityEvent pod = decoder.event(replace(lines("sts.jsonl").get(3), "\"responseElements\":null", answer));

        assertThat(pod.issuedCredentialId()).isEqualTo("ASIAEXAMPLEPOD");
        assertThat(pod.message()).isEqualTo("service account shop/web; role arn:aws:iam::111122223333:role/shop-web");
        assertThat(pod.mentionedArns()).isEmpty();
        assertThat(pod.toString()).doesNotContain("s3cr3t").doesNotContain("t0k3n");
    }

    @Test
    void knowsNoAddressOfAService() {
        SecurityEvent service = sts(4);
        assertThat(service.user()).isEqualTo("pods.eks.amazonaws.com");
        assertThat(service.peer()).isNull();
        assertThat(service.zone()).isEqualTo(Zone.UNKNOWN);
        assertThat(sts(8).peer()).isNull();
        // Anonymised.
        assertThat(decoder.event(replace(CALL, "203.0.113.7", "<sourceIp>")).peer())
                .isNull();
        assertThat(decoder.event(replace(CALL, "203.0.113.7", "2001:DB8::0:7")).peer())
                .isEqualTo("2001:db8::7");
    }

    @Test
    void readsConsoleLogins() {
        List<String> lines = lines("console.jsonl");
        SecurityEvent failed = decoder.event(lines.get(0));
        assertThat(failed.verb()).isEqualTo("ConsoleLogin");
        assertThat(failed.resource()).isEqualTo("signin");
        assertThat(failed.user()).isEqualTo("jane");
        assertThat(failed.accessKeyId()).isNull();
        assertThat(failed.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(failed.message()).isEqualTo("Failed authentication");

        // What was typed as a name is hidden and is nobody's name.
        assertThat(decoder.event(lines.get(1)).user()).isNull();

        SecurityEvent root = decoder.event(lines.get(2));
        assertThat(root.user()).isEqualTo("root");
        assertThat(root.arn()).isEqualTo("arn:aws:iam::111122223333:root");
        assertThat(root.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(root.peer()).isEqualTo("2001:db8::7");

        assertThat(decoder.skipped(lines.get(3))).isEqualTo("insight");
    }

    @ParameterizedTest
    @CsvSource({
        "AccessDenied, DENIED",
        "AccessDeniedException, DENIED",
        "VpceAccessDenied, DENIED",
        "Client.UnauthorizedOperation, DENIED",
        "UnauthorizedException, UNAUTHENTICATED",
        "ExpiredToken, UNAUTHENTICATED",
        "ExpiredTokenException, UNAUTHENTICATED",
        "InvalidIdentityToken, UNAUTHENTICATED",
        "InvalidClientTokenId, UNAUTHENTICATED",
        "SignatureDoesNotMatch, UNAUTHENTICATED",
        "Client.AuthFailure, UNAUTHENTICATED",
        "Throttling, THROTTLED",
        "ThrottlingException, THROTTLED",
        "Client.RequestLimitExceeded, THROTTLED",
        "TooManyRequestsException, THROTTLED",
        "ResourceInUseException, ERROR",
        "ValidationException, ERROR"
    })
    void tellsHowACallEndedByItsErrorCode(String code, Outcome outcome) {
        SecurityEvent event = decoder.event(error(code));

        assertThat(event.outcome()).isEqualTo(outcome);
        assertThat(event.reason()).isEqualTo(code);
    }

    @Test
    void knowsADryRun() {
        SecurityEvent event = decoder.event(error("Client.DryRunOperation"));

        assertThat(event.dryRun()).isTrue();
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"type":"AssumedRole","arn":"arn:aws:sts::1:assumed-role/R/S/T"}|R|arn:aws:iam::1:role/R|S/T
            {"type":"AssumedRole","principalId":"AROAX:S","sessionContext":{"sessionIssuer":{"arn":"arn:aws:iam::1:role/p/R","userName":"R"}}}|R|arn:aws:iam::1:role/R|S
            {"type":"FederatedUser","arn":"arn:aws:sts::1:federated-user/Bob","sessionContext":{"sessionIssuer":{"type":"IAMUser","arn":"arn:aws:iam::1:user/ops","userName":"ops"}}}|ops|arn:aws:sts::1:federated-user/Bob|Bob
            {"type":"AWSAccount","principalId":"AROAX:sess","accountId":"1"}|AROAX||sess
            {"type":"AWSService","invokedBy":"eks.amazonaws.com"}|eks.amazonaws.com||
            {"type":"SAMLUser","principalId":"x:y","userName":"jane@example.com"}|jane@example.com||
            {"type":"IdentityCenterUser","accountId":"1","onBehalfOf":{"userId":"u-1","identityStoreArn":"arn:aws:identitystore::1:identitystore/d-1"}}|u-1||
            {"accountId":"1","invokedBy":"eks.amazonaws.com"}|eks.amazonaws.com||
            {"type":"AssumedRole","arn":"<arn>","sessionContext":null}|||
            {}|||
            null|||
            """)
    void readsEveryKindOfIdentity(String json, String user, String arn, String session) {
        SecurityEvent event = decoder.event(identity(json));

        assertThat(event.user()).isEqualTo(user);
        assertThat(event.arn()).isEqualTo(arn);
        assertThat(event.sessionName()).isEqualTo(session);
    }

    @Test
    void takesAnonymisedEventIdsForNone() {
        String one = replace(CALL, "7a1d0000-0000-4000-8000-000000000001", "<eventId>");
        String other = replace(one, "10:00:00Z", "10:00:01Z");

        assertThat(decoder.event(one).id()).isNotEqualTo(decoder.event(other).id());
        assertThat(decoder.event(one).id()).isEqualTo(decoder.event(one).id());
        assertThat(decoder.event(replace(
                                CALL, "\"recipientAccountId\":\"111122223333\"", "\"recipientAccountId\":\"<a>\""))
                        .account())
                .isNull();
    }

    @Test
    void readsSortedAndPrettyPrintedEvents() {
        String sorted = "{\"awsRegion\":\"eu-west-1\",\"eventID\":\"x\",\"eventName\":\"DescribeCluster\","
                + "\"eventSource\":\"eks.amazonaws.com\",\"eventTime\":\"2026-01-24T10:00:00Z\","
                + "\"requestParameters\":{\"name\":\"prod\"},\"userIdentity\":" + IDENTITY + "}";
        assertThat(decoder.event(sorted).cluster()).isEqualTo("prod");

        List<Decoded> pretty = decoder.ofFile(CALL.replace(",\"", ",\n  \"").replace("{", "{\n  "));
        assertThat(pretty).hasSize(1);
        assertThat(Objects.requireNonNull(pretty.get(0).event()).cluster()).isEqualTo("prod");
    }

    // Trap 20

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            "DescribeCluster"|0|eventName must be a string: 0
            "eks.amazonaws.com"|[]|eventSource must be a string: an array
            "2026-01-24T10:00:00Z"|"yesterday"|eventTime must be an RFC 3339 time: "yesterday"
            "203.0.113.7"|{}|sourceIPAddress must be a string: an object
            "7a1d0000-0000-4000-8000-000000000001"|7|eventID must be a string: 7
            "AKIAEXAMPLE"|true|userIdentity/accessKeyId must be a string: true
            {"name":"prod"}|{"name":5}|requestParameters/name must be a string: 5
            {"name":"prod"}|{"logging":"off"}|requestParameters/logging must be an object: "off"
            {"name":"prod"}|{"logging":{"clusterLogging":[1]}}|requestParameters/logging/clusterLogging must hold objects: 1
            {"name":"prod"}|{"name":"a","name":"b"}|duplicate field: requestParameters/name
            "eventName":"DescribeCluster",|"x":1,|eventName is missing
            "eventTime":"2026-01-24T10:00:00Z",|"x":1,|time is missing
            """)
    void refusesTheWrongTypeOfAField(String part, String other, String reason) {
        assertThat(TestingDecoder.of("cloudtrail").reason(replace(CALL, part, other)))
                .isEqualTo(reason);
    }

    @Test
    void refusesAnIdentityThatIsNone() {
        assertThat(decoder.reason(identity("\"root\""))).isEqualTo("userIdentity must be an object: \"root\"");
        assertThat(decoder.reason(identity("{\"sessionContext\":1}")))
                .isEqualTo("userIdentity/sessionContext must be an object: 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"gone\"", "[1]", "{\"name\":{\"a\":1},\"logging\":\"\"}", "5"})
    void takesWhateverOtherServicesAreAskedAndAnswer(String any) {
        String other = replace(CALL, "eks.amazonaws.com", "s3.amazonaws.com");
        other = replace(other, "{\"name\":\"prod\"}", any);
        other = replace(other, "\"responseElements\":null", "\"responseElements\":" + any);

        assertThat(decoder.event(other).resource()).isEqualTo("s3");
    }

    @Test
    void salvagesTheHeadOfACutRecord() {
        SecurityEvent event = decoder.event(CALL.substring(0, CALL.indexOf("\"prod\"")));
        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("ci");
        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(event.recordId()).isNotNull();

        assertThat(TestingDecoder.of("cloudtrail").reason(CALL.substring(0, CALL.indexOf("\"eventSource\""))))
                .isEqualTo("cut off before eventSource and eventName");

        assertThat(decoder.fates("{\"Records\":[" + CALL + "," + CALL.substring(0, CALL.indexOf("\"userAgent\""))))
                .containsExactly("event", "event");
        assertThat(decoder.reason("{\"detail-type\":\"AWS API Call via CloudTrail\",\"detail\":{\"eventVersion\":\"1"))
                .isEqualTo("cut off inside detail");
        assertThat(decoder.reason("{\"Type\":\"Notification\",\"TopicArn\":\"t\",\"Message\":\"{"))
                .isEqualTo("cut off inside the message");
    }

    @Test
    void readsHugeRecords() {
        String huge = replace(CALL, "{\"name\":\"prod\"}", "{\"name\":\"prod\",\"x\":\"" + "a".repeat(1 << 20) + "\"}");
        SecurityEvent event = decoder.event(huge);

        assertThat(event.truncated()).isTrue();
        assertThat(event.name()).isEqualTo("prod");
        assertThat(decoder.event(replace(CALL, "aws-cli/2", "a".repeat(100_000)))
                        .userAgent())
                .hasSize(1_024);
        String types = String.join(
                ",",
                Stream.generate(() -> "\"" + "t".repeat(900) + "\"").limit(500).toList());
        String many = replace(
                CALL,
                "{\"name\":\"prod\"}",
                "{\"name\":\"prod\",\"logging\":{\"clusterLogging\":[{\"enabled\":false,\"types\":[" + types + "]}]}}");
        assertThat(decoder.event(many).message()).hasSize(2_048).startsWith("logging off: ttt");
    }

    @Test
    void cutsNoFieldOfACutRecordShort() {
        for (int end = 1; end < CALL.length(); end++) {
            List<Decoded> records = decoder.records(CALL.substring(0, end));
            assertThat(records).hasSize(1);
            SecurityEvent event = records.get(0).event();
            assertThat(event != null).as("cut at %s", end).isEqualTo(end >= CALL.indexOf(",\"awsRegion\""));
            if (event != null) {
                assertThat(event.truncated()).isTrue();
                assertThat(event.verb()).isEqualTo("DescribeCluster");
            }
        }
    }
}
