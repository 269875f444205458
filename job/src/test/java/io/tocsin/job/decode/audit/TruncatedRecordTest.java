package io.tocsin.job.decode.audit;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.replace;
import static io.tocsin.job.decode.TestingRecords.subresource;
import static io.tocsin.job.decode.TestingRecords.subscription;
import static io.tocsin.job.decode.TestingRecords.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.job.decode.TestingRecords;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trap 7: a client that pads a request until its record is cut must not get away with it. */
class TruncatedRecordTest {
    private static final String PADDED =
            with("\"requestReceived", "\"requestObject\":{\"data\":\"" + "x".repeat(2_000) + "\"},\"requestReceived");

    private final TestingDecoder decoder = TestingDecoder.autoWithFallbackTime();

    private static String cutAfter(String record, String part) {
        return record.substring(0, record.indexOf(part) + part.length());
    }

    @Test
    void salvagesTheHeadOfARecordCutInItsBody() {
        SecurityEvent event = decoder.event(cutAfter(PADDED, "xxxx"));

        assertThat(event.truncated()).isTrue();
        assertThat(event.user()).isEqualTo("jane");
        assertThat(event.name()).isEqualTo("web-0");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.peer()).isEqualTo("203.0.113.7");
        assertThat(event.time()).isEqualTo(TestingDecoder.FALLBACK);
    }

    @Test
    void knowsTheMarkOfAmazonsShippers() {
        assertThat(decoder.event(cutAfter(PADDED, "xxxx") + "[Truncated...]").truncated())
                .isTrue();
        assertThat(decoder.event(GET_POD + "[Truncated...]").truncated()).isTrue();
        assertThat(decoder.event(TestingRecords.GRANTED + "[Truncated...]").truncated())
                .isTrue();
    }

    @Test
    void takesTheTimeOfTheEnvelopeFirst() {
        SecurityEvent event =
                decoder.event(subscription("kube-apiserver-audit-1", cutAfter(PADDED, "xxxx") + "[Truncated...]"));

        assertThat(event.time()).isEqualTo(Instant.ofEpochMilli(1769248800500L));
        assertThat(event.cluster()).isEqualTo("prod");
    }

    @Test
    void refusesAHeadWithoutAnyTime() {
        assertThat(TestingDecoder.auto().reason(cutAfter(PADDED, "xxxx")))
                .isEqualTo("cut off before its timestamps, and nothing around it tells the time");
        assertThat(TestingDecoder.auto()
                        .event(cutAfter(GET_POD, ",\"annotations\""))
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:00.250Z"));
        assertThat(TestingDecoder.auto()
                        .event(cutAfter(GET_POD, ",\"stageTimestamp\""))
                        .time())
                .isEqualTo(Instant.parse("2026-01-24T10:00:00.000001Z"));
    }

    @Test
    void refusesAHeadThatTellsTooLittle() {
        assertThat(decoder.reason(cutAfter(GET_POD, "\"stage\":\"Resp")))
                .isEqualTo("cut off before stage and auditID, or user, verb and requestURI, were read");
        assertThat(decoder.event(cutAfter(GET_POD, "\"requestURI\":\"/api")).auditId())
                .isNotNull();
    }

    @Test
    void skipsACutRecordOfAnEarlierStage() {
        assertThat(decoder.skipped(replace(cutAfter(PADDED, "xxxx"), "ResponseComplete", "RequestReceived")))
                .isEqualTo("stage");
    }

    @Test
    void keepsACutStartThatMayBeAFailedAuthentication() {
        String started = replace(cutAfter(GET_POD, "\"userAgent\":\"kube"), "ResponseComplete", "ResponseStarted");

        assertThat(decoder.event(started).outcome()).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void doesNotTrustWhatTheCutWentThrough() {
        assertThat(decoder.event(cutAfter(GET_POD, "\"code\":20")).code()).isZero();
        assertThat(decoder.event(cutAfter(GET_POD, "\"code\":200")).code()).isEqualTo(200);
        SecurityEvent inChain =
                decoder.event(cutAfter(with("[\"203.0.113.7\"]", "[\"10.0.0.1\",\"203.0.113.7\"]"), "[\"10.0.0.1\","));
        assertThat(inChain.peer()).isNull();
        assertThat(decoder.event(cutAfter(GET_POD, "\"user\":{\"username\":\"ja"))
                        .user())
                .isNull();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/api/v1/namespaces/shop/pods/web-0/exec?command=sh, -, pods, exec, shop, web-0",
                "/api/v1/namespaces/shop/pods?limit=500, -, pods, -, shop, -",
                "/api/v1/namespaces/shop, -, namespaces, -, shop, shop",
                "/api/v1/namespaces/shop/finalize, -, namespaces, finalize, shop, shop",
                "/api/v1/namespaces, -, namespaces, -, -, -",
                "/api/v1/nodes/n1/proxy/run/a/b/c, -, nodes, proxy, -, n1",
                "/apis/apps/v1/namespaces/a%2Db/deployments/x/scale, apps, deployments, scale, a-b, x",
                "/apis/rbac.authorization.k8s.io/v1/clusterroles/admin, rbac.authorization.k8s.io, clusterroles, -, -, admin",
                "/api/v1/watch/namespaces/shop/secrets/s, -, secrets, -, shop, s",
                "/api/v1, -, -, -, -, -",
                "/apis/apps/v1, -, -, -, -, -",
                "/healthz, -, -, -, -, -",
                "/, -, -, -, -, -",
                "//api//v1//pods, -, pods, -, -, -",
            })
    void knowsTheObjectByThePathWhereItsReferenceIsCutOff(
            String uri, String group, String resource, String subresource, String namespace, String name) {
        SecurityEvent event = decoder.event(
                cutAfter(replace(GET_POD, "/api/v1/namespaces/shop/pods/web-0", uri), "\"objectRef\":{\"res"));

        assertThat(event.apiGroup()).isEqualTo(group);
        assertThat(event.resource()).isEqualTo(resource);
        assertThat(event.subresource()).isEqualTo(subresource);
        assertThat(event.namespace()).isEqualTo(namespace);
        assertThat(event.name()).isEqualTo(name);
    }

    @Test
    void countsACutStartOfWhatRunsLong() {
        String started = cutAfter(subresource("ResponseStarted", "get", "exec", "", 101), "\"userAgent\"");

        assertThat(decoder.event(started).subresource()).isEqualTo("exec");
    }

    @Test
    void takesALiteralOrANumberThatIsCutForCut() {
        for (String end : List.of(
                "tr", "nul", "f", "-", "-1", "1.", "1e", "1e+", "12", "\"a", "\"\\u00", "[", "{\"a\":", "{\"a\"")) {
            assertThat(decoder.event(cutAfter(GET_POD, "\"code\":200},") + "\"requestObject\":" + end)
                            .truncated())
                    .as(end)
                    .isTrue();
        }
        assertThat(decoder.fates(cutAfter(GET_POD, "\"code\":200},") + "\"requestObject\":trx"))
                .containsExactly("dead");
    }

    @Test
    void cutsWhatIsLongerThanARecordMayBe() {
        TestingDecoder limited = TestingDecoder.limited(1_500);

        SecurityEvent event = limited.event(PADDED);
        assertThat(event.truncated()).isTrue();
        assertThat(limited.fates(PADDED + GET_POD)).containsExactly("event", "event");
        assertThat(limited.event(GET_POD).truncated()).isFalse();
        List<SecurityEvent> items =
                limited.events("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + PADDED + ","
                        + GET_POD + "]}");
        assertThat(items).extracting(SecurityEvent::truncated).containsExactly(true, false);
    }

    @Test
    void salvagesTheLastItemOfAListThatIsCut() {
        String list = "{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"items\":[" + GET_POD + ","
                + cutAfter(PADDED, "xxxx");

        assertThat(decoder.events(list)).extracting(SecurityEvent::truncated).containsExactly(false, true);
    }

    @Test
    void namesTheRolesInFrontOfTheCut() {
        String mapping = with(
                "\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web-0\"",
                "\"resource\":\"configmaps\",\"namespace\":\"kube-system\",\"name\":\"aws-auth\"");
        String cut = cutAfter(mapping, "\"code\":200},")
                + "\"requestObject\":{\"a\":\"arn:aws:iam::1:role/A\",\"b\":\"arn:aws:iam::1:role/B";

        assertThat(decoder.event(cut).mentionedArns()).containsExactly("arn:aws:iam::1:role/A");
    }
}
