package io.tocsin.job.decode.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnvoyTextFormatTest {
    private static final String TIME = "[2026-01-24T08:00:00.250Z] ";
    private static final String DEFAULT = TIME + "\"GET /productpage?u=1 HTTP/1.1\" 200 - 0 4183 24 23 "
            + "\"192.0.2.99, 203.0.113.61\" \"Mozilla/5.0\" \"7d1e3c9a\" \"shop.example.com:8443\" \"10.244.3.8:9080\"";
    private static final String ISTIO = TIME
            + "\"GET /reviews/7 HTTP/2\" 200 - via_upstream - \"-\" 0 437 18 17 \"192.0.2.99,203.0.113.62\" "
            + "\"python-requests/2.31.0\" \"8e2f4d0b\" \"reviews:9080\" \"10.244.3.9:9080\" "
            + "outbound|9080|v2|reviews.shop.svc.cluster.local 10.244.1.3:48722 10.96.12.7:9080 10.244.1.3:50110 - default";

    private final TestingDecoder decoder = TestingDecoder.auto();

    @Test
    void readsTheDefault() {
        SecurityEvent event = decoder.event(DEFAULT);

        assertThat(event.source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T08:00:00.250Z"));
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.uri()).isEqualTo("/productpage?u=1");
        assertThat(event.code()).isEqualTo(200);
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.reason()).isNull();
        assertThat(event.peer()).isEqualTo("203.0.113.61");
        assertThat(event.claimed()).containsExactly("192.0.2.99");
        assertThat(event.userAgent()).isEqualTo("Mozilla/5.0");
        assertThat(event.flow())
                .isEqualTo(new Flow("http/1.1", "10.244.3.8", 9080, "shop.example.com", null, null, null));
        assertThat(event.truncated()).isFalse();
        assertThat(TestingDecoder.of("access-log").event(DEFAULT)).isEqualTo(event);
    }

    @Test
    void readsIstiosLongerForm() {
        SecurityEvent event = decoder.event(ISTIO);

        assertThat(event.peer()).isEqualTo("10.244.1.3");
        assertThat(event.claimed()).containsExactly("192.0.2.99", "203.0.113.62");
        assertThat(event.userAgent()).isEqualTo("python-requests/2.31.0");
        assertThat(event.reason()).isNull();
        assertThat(event.flow())
                .isEqualTo(new Flow("http/2", "10.244.3.9", 9080, "reviews", null, "Service/shop/reviews", null));
    }

    // Trap 3

    @Test
    void walksForwardedAddressesOnlyPastTrustedProxies() {
        Network network = new Network(Network.DEFAULT_CLUSTER, Network.DEFAULT_CONTROL_PLANE, List.of("10.244.0.0/16"));
        SecurityEvent event =
                TestingDecoder.with(new Networks(network, Map.of()), Set.of()).event(ISTIO);

        assertThat(event.peer()).isEqualTo("203.0.113.62");
        assertThat(event.claimed()).containsExactly("192.0.2.99");
    }

    @Test
    void countsThePeerOnceThatEnvoyAppendedItself() {
        SecurityEvent event = decoder.event(ISTIO.replace("203.0.113.62\"", "10.244.1.3\""));

        assertThat(event.peer()).isEqualTo("10.244.1.3");
        assertThat(event.claimed()).containsExactly("192.0.2.99");
    }

    @Test
    void readsAddressesInBrackets() {
        SecurityEvent event = decoder.event(DEFAULT.replace("192.0.2.99, 203.0.113.61", "[2001:db8:0::61]:50123")
                .replace("10.244.3.8:9080", "tcp://[fd00:10:244::8]:8080"));

        assertThat(event.peer()).isEqualTo("2001:db8::61");
        assertThat(event.flow().destination()).isEqualTo("fd00:10:244::8");
        assertThat(event.flow().port()).isEqualTo(8080);
    }

    @Test
    void readsConnectionsWithoutRequests() {
        SecurityEvent plain =
                decoder.event(TIME + "\"- - -\" 0 - 517 3120 4050 - \"-\" \"-\" \"-\" \"-\" \"10.244.3.20:5432\"");
        SecurityEvent refused = decoder.event(TIME
                + "\"- - -\" 0 - - rbac_access_denied_matched_policy[none] \"-\" 0 0 0 - \"-\" \"-\" \"-\" \"-\" \"-\" "
                + "inbound|5432|| - 10.244.3.20:5432 10.244.1.99:33018 db.example.com -");

        assertThat(plain.verb()).isNull();
        assertThat(plain.code()).isZero();
        assertThat(plain.outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(plain.reason()).isNull();
        assertThat(plain.peer()).isNull();
        assertThat(plain.flow()).isEqualTo(new Flow("tcp", "10.244.3.20", 5432, null, null, null, null));
        assertThat(refused.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(refused.reason()).isEqualTo("rbac_access_denied_matched_policy[none]");
        assertThat(refused.peer()).isEqualTo("10.244.1.99");
        assertThat(refused.flow().name()).isEqualTo("db.example.com");
    }

    @Test
    void tellsFlagsAndDetails() {
        assertThat(decoder.event(DEFAULT.replace("200 -", "503 UF,URX")).reason())
                .isEqualTo("UF,URX");
        assertThat(decoder.event(ISTIO.replace("200 - via_upstream", "403 UAEX ext_authz_denied"))
                        .reason())
                .isEqualTo("UAEX ext_authz_denied");
        assertThat(decoder.event(ISTIO.replace("200 - via_upstream -", "200 - \"-\""))
                        .peer())
                .isEqualTo("10.244.1.3");
        assertThat(decoder.event(TIME + "\"- - HTTP/1.1\" 400 DPE 0 11 0 - \"-\" \"-\" \"-\" \"-\" \"-\"")
                        .reason())
                .isEqualTo("DPE");
    }

    @ParameterizedTest
    @CsvSource({
        "outbound|80||web.shop.svc.cluster.local, Service/shop/web",
        "outbound_.80_._.web, ",
        "inbound|80||, ",
        "outbound|443||api.example.com, ",
        "outbound|80||web.shop.svc, Service/shop/web",
        "outbound|80||.shop.svc.x, ",
        "PassthroughCluster, "
    })
    void namesTheServiceBehindACluster(String cluster, String workload) {
        assertThat(EnvoyCluster.service(cluster)).isEqualTo(workload);
    }

    // Forged fields: Envoy escapes nothing

    @Test
    void isNotFooledByHeadersThatHoldQuotes() {
        SecurityEvent event = decoder.event(
                ISTIO.replace("python-requests/2.31.0", "ua\" \"id\" \"good\" \"192.0.2.1:1\" a b c 192.0.2.99:1 d e"));

        assertThat(event.peer()).isEqualTo("10.244.1.3");
        assertThat(event.claimed()).isEmpty();
        assertThat(event.reason()).isEqualTo("ambiguous-fields");
        assertThat(event.flow().destination()).isEqualTo("10.244.3.9");
        assertThat(event.flow().name()).isEqualTo("reviews");
        assertThat(event.flow().workload()).isEqualTo("Service/shop/reviews");
    }

    @Test
    void knowsNoPeerWhereTheHeaderThatTellsItMayBeForged() {
        SecurityEvent event = decoder.event(DEFAULT.replace("192.0.2.99, ", "192.0.2.99\" \"x"));

        assertThat(event.peer()).isNull();
        assertThat(event.claimed()).isEmpty();
        assertThat(event.reason()).isEqualTo("ambiguous-fields");
        assertThat(event.uri()).isEqualTo("/productpage?u=1");
    }

    @Test
    void endsTheRequestAtAResponseCode() {
        SecurityEvent event = decoder.event(DEFAULT.replace("u=1", "u=\"1\"200\""));

        assertThat(event.uri()).isEqualTo("/productpage?u=\"1\"200\"");
        assertThat(event.code()).isEqualTo(200);
    }

    @Test
    void marksAMalformedRequest() {
        SecurityEvent event = decoder.event(DEFAULT.replace("GET /", "G(T /"));

        assertThat(event.verb()).isNull();
        assertThat(event.reason()).isEqualTo("malformed-request");
    }

    // Broken and cut lines

    @Test
    void salvagesTheHeadOfACutLine() {
        for (int length = DEFAULT.indexOf("?u"); length < DEFAULT.length(); length++) {
            SecurityEvent event = decoder.event(DEFAULT.substring(0, length) + "[Truncated...]");
            assertThat(event.truncated()).isTrue();
            assertThat(event.uri()).startsWith("/productpage");
            assertThat(event.peer()).isNull();
        }
        for (int length = ISTIO.indexOf("outbound"); length < ISTIO.length(); length++) {
            SecurityEvent event = decoder.event(ISTIO.substring(0, length) + "[Truncated...]");
            // Never a part of an address, and never a forwarded one, which Istio's sidecars don't vouch for.
            assertThat(event.peer()).isIn(null, "10.244.1.3");
        }
        assertThat(decoder.event(TIME + "\"GET /aaa").truncated()).isTrue();
        assertThat(decoder.event(DEFAULT.substring(0, DEFAULT.length() - 4)).truncated())
                .isTrue();
        assertThat(decoder.reason(TIME + "\"GE")).isEqualTo("cut off before the request");
    }

    @Test
    void tellsWhatIsWrongWithALine() {
        assertThat(decoder.reason(TIME + "\"GET / HTTP/1.1\" ok - 0 0 0 -"))
                .isEqualTo("response code must follow the request");
        assertThat(decoder.reason(TIME + "\"GET / HTTP/1.1\" 2000 - 0 0 0 -"))
                .isEqualTo("response code must be a whole number from 0 to 999: 2000");
    }

    @Test
    void readsLinesWithOtherFieldsAsFarAsTheyAreKnown() {
        SecurityEvent event = decoder.event(TIME + "\"GET / HTTP/1.1\" 200 - foo \"203.0.113.1\" \"bar\"");

        assertThat(event.uri()).isEqualTo("/");
        assertThat(event.peer()).isNull();
        assertThat(event.truncated()).isFalse();
    }

    @Test
    void isLinearInHostileLines() {
        String start = TIME + "\"GET / HTTP/1.1\" 200 - 0 0 0 - ";
        assertThat(decoder.fates(start + "\"" + "\" \"".repeat(300_000))).containsExactly("event");
        assertThat(decoder.fates(start + "\"".repeat(900_000))).containsExactly("event");
        assertThat(decoder.fates(TIME + "\"GET /" + "\" ".repeat(400_000))).hasSize(1);
        assertThat(decoder.fates(TIME + "\"GET / HTTP/1.1\" 200 - " + "1 ".repeat(400_000)))
                .hasSize(1);
    }
}
