package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRecords.subresource;
import static io.tocsin.job.decode.TestingRecords.user;
import static io.tocsin.job.decode.TestingRecords.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.tocsin.event.EventField;
import io.tocsin.event.Outcome;
import io.tocsin.event.ReceivedRequest;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.Fixtures;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRecords;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AuditFormatTest {
    private static final Instant RECEIVED = Instant.parse("2026-01-24T10:00:00.000001Z");
    private static final Instant STAGE = Instant.parse("2026-01-24T10:00:00.250Z");
    private static final String NO_USER = "\"user\":{},";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsAnEvent() {
        SecurityEvent event = decoder.event(GET_POD);

        assertThat(event.time()).isEqualTo(STAGE);
        assertThat(event.received()).isEqualTo(RECEIVED);
        assertThat(event.source()).isEqualTo(Source.KUBERNETES_AUDIT);
        assertThat(event.cluster()).isEqualTo("default");
        assertThat(event.scope()).isEqualTo("default");
        assertThat(event.auditId()).isEqualTo("6c1f0f7e-0000-4000-8000-000000000001");
        assertThat(event.recordId()).isNull();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.userUid()).isEqualTo("u-1");
        assertThat(event.groups()).containsExactly("dev", "system:authenticated");
        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.claimed()).isEmpty();
        assertThat(event.userAgent()).isEqualTo("kubectl/v1.31.0");
        assertThat(event.is("get", "pods", null)).isTrue();
        assertThat(event.namespace()).isEqualTo("shop");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.apiGroup()).isNull();
        assertThat(event.uri()).isEqualTo("/api/v1/namespaces/shop/pods/web-0");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.code()).isEqualTo(200);
        assertThat(event.reason()).isEqualTo("r");
        assertThat(event.truncated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit.k8s.io/v1beta1", "audit.k8s.io/v1alpha1"})
    void readsOlderVersions(String version) {
        assertThat(decoder.event(with("audit.k8s.io/v1", version)).user()).isEqualTo("jane");
    }

    @Test
    void readsSortedKeysAndWhiteSpaceAndUnknownFields() {
        SecurityEvent event =
                decoder.event("{ \"annotations\" : {\"x\":{\"y\":[1,2.5e3,null,true]}} ,\"auditID\":\"a\",\n"
                        + "\"future\":[{}],\"stage\":\"ResponseComplete\",\"stageTimestamp\":\"2026-01-24T10:00:00Z\",\t"
                        + "\"user\":{\"username\":\"jane\",\"new\":-0.1},\"verb\":\"list\"}");

        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.verb()).isEqualTo("list");
    }

    @Test
    void readsCapitalisedKeys() {
        SecurityEvent event = decoder.event("{\"Level\":\"Metadata\",\"AuditID\":\"a\",\"Stage\":\"ResponseComplete\","
                + "\"RequestURI\":\"/api\",\"Verb\":\"get\",\"User\":{\"Username\":\"jane\",\"UID\":\"1\"},"
                + "\"SourceIPs\":[\"203.0.113.7\"],\"ObjectRef\":{\"Resource\":\"pods\",\"APIGroup\":\"g\"},"
                + "\"StageTimestamp\":\"2026-01-24T10:00:00Z\"}");

        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.userUid()).isEqualTo("1");
        assertThat(event.apiGroup()).isEqualTo("g");
        assertThat(event.peer()).isEqualTo("203.0.113.7");
    }

    @Test
    void readsEscapesAndOtherAlphabets() {
        SecurityEvent event = decoder.event(user("{\"username\":\"j\\u00e4n\\\"e \\ud83d\\ude00 ü\"}")
                .replace("web-0\",\"verb", "web-0?a=1\\u0026b=2\",\"verb"));

        assertThat(event.user()).isEqualTo("jän\"e \ud83d\ude00 ü");
        assertThat(event.uri()).endsWith("?a=1&b=2");
    }

    @Test
    void readsTheSameWithTheParserAsWithoutIt() {
        for (String record : Fixtures.AUDIT) {
            // A letter beyond ASCII sends a record to the parser.
            String unusual = "{\"é\":0," + record.substring(1);
            assertThat(decoder.events(unusual))
                    .usingRecursiveComparison()
                    .ignoringFields("recordId")
                    .isEqualTo(decoder.events(record));
        }
    }

    @Test
    void readsSeveralObjectsOfOneLine() {
        assertThat(decoder.events(GET_POD + GET_POD + " " + GET_POD)).hasSize(3);
        assertThat(decoder.fates(GET_POD + "{\"a\":}" + GET_POD)).containsExactly("event", "dead", "event");
        assertThat(decoder.fates("[" + GET_POD + ",1," + GET_POD + "]")).containsExactly("event", "dead", "event");
    }

    // Trap 1

    @Test
    void countsFailedAuthenticationThoughItOnlyEverStarts() {
        SecurityEvent event = decoder.event(replace(
                with("ResponseComplete", "ResponseStarted").replace("\"code\":200", "\"code\":401"),
                "\"user\":{\"username\":\"jane\",\"uid\":\"u-1\",\"groups\":[\"dev\",\"system:authenticated\"]},",
                NO_USER));

        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(event.user()).isNull();
        assertThat(event.peer()).isEqualTo("203.0.113.7");
    }

    @Test
    void skipsTheStagesThatAreNotFinal() {
        assertThat(decoder.skipped(with("ResponseComplete", "RequestReceived"))).isEqualTo("stage");
        assertThat(decoder.skipped(with("ResponseComplete", "ResponseStarted"))).isEqualTo("stage");
        assertThat(decoder.event(with("ResponseComplete", "Panic")).outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void aRequestThatIsNotAnsweredYetIsToldOfThoughSkipped() {
        Decoded received =
                decoder.records(with("ResponseComplete", "RequestReceived")).get(0);
        assertThat(received.skipped()).isEqualTo("stage");
        assertThat(received.event()).isNull();
        ReceivedRequest request = Objects.requireNonNull(received.request());
        assertThat(request.verb()).isEqualTo("get");
        assertThat(request.time()).isEqualTo(decoder.event(GET_POD).received());
        assertThat(decoder.records(with("ResponseComplete", "ResponseStarted"))
                        .get(0)
                        .request())
                .isNull();
        assertThat(decoder.records(GET_POD).get(0).request()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "get, exec, ?command=sh, 101",
        "create, attach, '', 101",
        "create, portforward, '', 101",
        "get, proxy, '', 200",
        "get, log, ?follow=true, 200",
        "get, log, ?container=c&follow, 200",
        "watch, status, '', 200",
    })
    void countsWhatRunsLongWhenItStarts(String verb, String subresource, String query, int code) {
        SecurityEvent event = decoder.event(subresource("ResponseStarted", verb, subresource, query, code));

        assertThat(event.time()).isEqualTo(RECEIVED);
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.subresource()).isEqualTo(subresource);
        assertThat(event.verb()).isEqualTo(verb);
    }

    @Test
    void countsALogThatIsNotFollowedWhenItEnds() {
        assertThat(decoder.skipped(subresource("ResponseStarted", "get", "log", "?follow=false", 200)))
                .isEqualTo("stage");
        assertThat(decoder.event(subresource("ResponseComplete", "get", "log", "", 200))
                        .time())
                .isEqualTo(STAGE);
    }

    @Test
    void skipsTheLateEndOfWhatRanLongOnlyIfStartsAreLogged() {
        String end = subresource("ResponseComplete", "get", "exec", "", 101);
        String lateEnd = replace(
                end, "\"stageTimestamp\":\"2026-01-24T10:00:00.25", "\"stageTimestamp\":\"2026-01-24T11:00:00.25");

        assertThat(decoder.event(lateEnd).time()).isEqualTo(RECEIVED);
        SecurityEvent start = decoder.event(subresource("ResponseStarted", "get", "exec", "", 101));
        assertThat(decoder.skipped(lateEnd)).isEqualTo("stage");
        assertThat(decoder.event(end).id()).isEqualTo(start.id());
        assertThat(decoder.event(replace(lateEnd, "exec", "status"))).isNotNull();
    }

    @Test
    void doesNotTakeAFailedAuthenticationForALoggedStart() {
        decoder.event(subresource("ResponseStarted", "get", "exec", "", 401));
        String lateEnd = replace(
                subresource("ResponseComplete", "get", "exec", "", 101), "T10:00:00.250000Z", "T11:00:00.250000Z");

        assertThat(decoder.event(lateEnd)).isNotNull();
    }

    // Trap 2

    @Test
    void tellsRequestsApartThatShareAnAuditId() {
        assertThat(decoder.event(GET_POD).id())
                .isEqualTo(decoder.event(GET_POD).id())
                .isNotEqualTo(
                        decoder.event(with("pods/web-0\"", "pods/web-1\"")).id())
                .isNotEqualTo(decoder.event(with("jane", "joe")).id());
    }

    @Test
    void givesARecordWithoutAuditIdAnIdOfItsBytes() {
        String record = with("\"auditID\":\"6c1f0f7e-0000-4000-8000-000000000001\",", "");

        assertThat(decoder.event(record).recordId()).isNotNull();
        assertThat(decoder.event(record).id()).isEqualTo(decoder.event(record).id());
        assertThat(decoder.event(record).id())
                .isNotEqualTo(decoder.event(replace(record, "kubectl", "curl")).id());
    }

    // Trap 9

    @ParameterizedTest
    @CsvSource({
        "200, allow, SUCCESS",
        "201, x, SUCCESS",
        "299, forbid, SUCCESS",
        "301, allow, ERROR",
        "101, allow, ERROR",
        "403, forbid, DENIED",
        "403, x, DENIED",
        "403, allow, ADMISSION_DENIED",
        "401, x, UNAUTHENTICATED",
        "429, x, THROTTLED",
        "404, allow, ERROR",
        "500, x, ERROR",
        "0, allow, SUCCESS",
        "0, forbid, DENIED",
        "0, x, UNKNOWN",
        "null, forbid, DENIED"
    })
    void decidesByTheCodeAndOnlyWithoutOneByTheDecision(String code, String decision, Outcome outcome) {
        String record = replace(with("\"code\":200", "\"code\":" + code), "\"allow\"", "\"" + decision + "\"");

        assertThat(decoder.event(record).outcome()).isEqualTo(outcome);
    }

    @Test
    void decidesByTheDecisionWhereTheStatusIsAbsent() {
        String record = with("\"responseStatus\":{\"metadata\":{},\"code\":200},", "");

        assertThat(decoder.event(record).outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(decoder.event(replace(record, "allow", "forbid")).outcome()).isEqualTo(Outcome.DENIED);
    }

    // Trap 8

    @Test
    void letsItemsInheritTheirKindFromTheList() {
        String item = replace(GET_POD, "\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",", "");

        assertThat(decoder.events(
                        "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[" + item
                                + "," + item + "]}"))
                .hasSize(2);
        assertThat(decoder.events("{\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[\n" + item + "\n, " + GET_POD
                        + "],\"kind\":\"EventList\"}"))
                .hasSize(2);
        assertThat(decoder.records("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[]}"))
                .isEmpty();
    }

    @Test
    void losesOneRecordToOneBadItem() {
        String list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[%s]}";

        assertThat(decoder.fates(list.formatted(GET_POD + ",7," + GET_POD + ",{\"stage\":1},{\"verb\":]}," + GET_POD)))
                .containsExactly("event", "dead", "event", "dead", "dead", "event");
        assertThat(decoder.reason("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":{}}"))
                .isEqualTo("items must be an array: {}");
        assertThat(decoder.reason(list.formatted("\"x\""))).isEqualTo("items must hold objects: \"x\"");
    }

    // Traps 10, 11, 16, 19

    @Test
    void takesAnyBody() {
        for (String body :
                List.of("[{\"op\":\"add\",\"path\":\"/a\",\"value\":1}]", "\"text\"", "null", "12.5", "{}")) {
            assertThat(decoder.event(with("\"requestReceived", "\"requestObject\":" + body + ",\"requestReceived"))
                            .user())
                    .isEqualTo("jane");
        }
    }

    @Test
    void takesACreateWithoutAName() {
        assertThat(decoder.event(with("\"name\":\"web-0\",", "")).name()).isNull();
    }

    @Test
    void cutsWhatTheClientMayMakeLong() {
        SecurityEvent event = decoder.event(replace(
                with("kubectl/v1.31.0", "a".repeat(100_000)), "web-0\",\"verb", "b".repeat(100_000) + "\",\"verb"));

        assertThat(event.userAgent()).hasSize(1_024);
        assertThat(event.uri()).hasSize(8_192);
    }

    @ParameterizedTest
    @CsvSource({
        "?dryRun=All, true",
        "?x=1&dryRun=All, true",
        "?dry%52un=%41ll&y, true",
        "?dryRun=all, false",
        "?dryRun=, false",
        "?xdryRun=All, false",
        "?dryRun=None&dryRun=All, true",
        "'', false",
        "?%, false",
        "?&&=&, false"
    })
    void knowsADryRunByItsQuery(String query, boolean dryRun) {
        assertThat(decoder.event(with("pods/web-0\"", "pods/web-0" + query + "\""))
                        .dryRun())
                .isEqualTo(dryRun);
    }

    // Time

    @Test
    void fallsBackToOlderTimestamps() {
        String times = "\"requestReceivedTimestamp\":\"2026-01-24T10:00:00.000001Z\","
                + "\"stageTimestamp\":\"2026-01-24T10:00:00.250000Z\"";

        assertThat(decoder.event(with(",\"stageTimestamp\":\"2026-01-24T10:00:00.250000Z\"", ""))
                        .time())
                .isEqualTo(RECEIVED);
        SecurityEvent legacy = decoder.event(with(times, "\"timestamp\":\"2017-09-11T19:55:05Z\""));
        assertThat(legacy.time()).isEqualTo(legacy.received()).isEqualTo(Instant.parse("2017-09-11T19:55:05Z"));
        assertThat(decoder.event(
                                with(
                                        times,
                                        "\"stageTimestamp\":null,\"metadata\":{\"x\":1,\"creationTimestamp\":\"2017-09-11T19:55:05+02:00\"}"))
                        .time())
                .isEqualTo(Instant.parse("2017-09-11T17:55:05Z"));
        assertThat(decoder.reason(with(times, "\"stageTimestamp\":\"0001-01-01T00:00:00Z\"")))
                .isEqualTo("stageTimestamp, requestReceivedTimestamp and timestamp are missing");
    }

    // Bodies

    private static String mapping(String body, boolean bodyFirst) {
        String object =
                "\"objectRef\":{\"resource\":\"configmaps\",\"namespace\":\"kube-system\",\"name\":\"aws-auth\"},";
        String without = with(
                "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web-0\",\"apiVersion\":\"v1\"},",
                bodyFirst ? body + object : object + body);
        return without;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void namesTheRolesInAChangeToTheIdentityMapping(boolean bodyFirst) {
        String body =
                "\"requestObject\":{\"data\":{\"mapRoles\":\"- rolearn: arn:aws:iam::111122223333:role/team/Dev\\n"
                        + "  username: dev\\n- {rolearn: arn:aws:iam::111122223333:role/Ops, username: ops}\\n\"}},"
                        + "\"responseObject\":{\"data\":{\"mapUsers\":\"- \\\"userarn\\\": \\\"arn:aws:iam::111122223333:user/bob\\\"\"}},";

        assertThat(decoder.event(mapping(body, bodyFirst)).mentionedArns())
                .containsExactly(
                        "arn:aws:iam::111122223333:role/Dev",
                        "arn:aws:iam::111122223333:role/Ops",
                        "arn:aws:iam::111122223333:user/bob");
    }

    @Test
    void namesTheRolesInAJsonPatch() {
        String body = "\"requestObject\":[{\"op\":\"replace\",\"path\":\"/data/mapRoles\","
                + "\"value\":\"- rolearn: arn:aws:iam::111122223333:role/Dev\"}],";

        assertThat(decoder.event(mapping(body, false)).mentionedArns())
                .containsExactly("arn:aws:iam::111122223333:role/Dev");
    }

    @Test
    void readsBodiesOnlyOfTheIdentityMappingAndOnlyIfWanted() {
        String body = "\"requestObject\":{\"a\":\"arn:aws:iam::111122223333:role/Dev\"},";

        assertThat(decoder.event(replace(mapping(body, false), "aws-auth", "other"))
                        .mentionedArns())
                .isEmpty();
        assertThat(TestingDecoder.with(Networks.defaults(), Set.of())
                        .event(mapping(body, false))
                        .mentionedArns())
                .isEmpty();
        assertThat(TestingDecoder.with(Networks.defaults(), Set.of(EventField.MENTIONED_ARNS))
                        .event(mapping(body, false))
                        .mentionedArns())
                .hasSize(1);
    }

    // Formats

    @Test
    void takesTheClusterAsGiven() {
        SecurityEvent event = TestingDecoder.ofCluster("prod").event(GET_POD);

        assertThat(event.cluster()).isEqualTo("prod");
        assertThat(event.scope()).isEqualTo("prod");
    }

    @Test
    void refusesAnUnknownFormat() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestingDecoder.of("kubernetes-audits"))
                .withMessage(
                        "format must be one of auto, kubernetes-audit, eks-authenticator, cloudtrail, kubernetes-event,"
                                + " container-log, journald, syslog, auditd, access-log, hubble, tetragon, falco: kubernetes-audits");
    }

    @Test
    void readsOnlyTheFormatNamed() {
        TestingDecoder audit = TestingDecoder.of("kubernetes-audit");
        TestingDecoder authenticator = TestingDecoder.of("eks-authenticator");

        assertThat(audit.event(GET_POD).user()).isEqualTo("jane");
        assertThat(audit.reason(TestingRecords.GRANTED)).startsWith("not a kubernetes-audit record: time=");
        assertThat(audit.reason("{\"foo\":1}")).isEqualTo("not a kubernetes-audit record: {\"foo\":1}");
        assertThat(authenticator.reason(GET_POD)).startsWith("not an eks-authenticator record: {");
        assertThat(authenticator.event(TestingRecords.GRANTED).user()).isEqualTo("admin");
    }
}
