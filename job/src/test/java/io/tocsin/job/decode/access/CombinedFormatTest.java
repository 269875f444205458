package io.tocsin.job.decode.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.TestingDecoder;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CombinedFormatTest {
    private static final String TIME = "[24/Jan/2026:10:00:00 +0100]";
    private static final String CLIENT = "198.51.100.23 - - " + TIME + " ";
    private static final String INGRESS = CLIENT
            + "\"GET /cart?item=42 HTTP/2.0\" 200 1532 \"-\" \"Mozilla/5.0\" 312 0.018 [shop-web-8080] [] "
            + "10.244.1.17:8080 1532 0.017 200 3f1c9a0b5d7e4c21a6b8d0e2f4a61357";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static TestingDecoder trusting(String proxies) {
        Network network = new Network(Network.DEFAULT_CLUSTER, Network.DEFAULT_CONTROL_PLANE, List.of(proxies));
        return TestingDecoder.with(new Networks(network, Map.of()), Set.of());
    }

    @Test
    void readsIngressNginx() {
        SecurityEvent event = decoder.event(INGRESS);

        assertThat(event.source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T09:00:00Z"));
        assertThat(event.peer()).isEqualTo("198.51.100.23");
        assertThat(event.zone()).isEqualTo(Zone.OUTSIDE);
        assertThat(event.claimed()).isEmpty();
        assertThat(event.user()).isNull();
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.uri()).isEqualTo("/cart?item=42");
        assertThat(event.code()).isEqualTo(200);
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.reason()).isNull();
        assertThat(event.message()).isNull();
        assertThat(event.level()).isNull();
        assertThat(event.userAgent()).isEqualTo("Mozilla/5.0");
        assertThat(event.flow())
                .isEqualTo(new Flow("http/2.0", "10.244.1.17", 8080, null, null, "Service/shop-web-8080", null));
        assertThat(event.recordId()).isNotNull();
        assertThat(event.truncated()).isFalse();
    }

    @Test
    void isReadByItsNameToo() {
        assertThat(TestingDecoder.of("access-log").event(INGRESS)).isEqualTo(decoder.event(INGRESS));
        assertThat(TestingDecoder.of("syslog").fates(INGRESS)).containsExactly("dead");
    }

    @Test
    void takesTheLastOfTheServersThatWereTried() {
        SecurityEvent event = decoder.event(INGRESS.replace(
                "10.244.1.17:8080 1532 0.017 200",
                "10.244.1.17:8080, [fd00::11]:8081 : 10.244.1.18:8082, - 0, 0 : 1532 1.0, 0.1 : 0.017 502, 504 : 200"));

        assertThat(event.flow().destination()).isEqualTo("10.244.1.18");
        assertThat(event.flow().port()).isEqualTo(8082);
        assertThat(event.reason()).isEqualTo("upstream 502, 504 : 200");
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
    }

    @Test
    void knowsNoUpstreamWhereNoneWasTried() {
        SecurityEvent event = decoder.event(CLIENT
                + "\"GET / HTTP/1.1\" 503 190 \"-\" \"-\" 150 0.000 [-] [] - - - - b8d0e2f4a613573f1c9a0b5d7e4c21a6");

        assertThat(event.flow()).isEqualTo(new Flow("http/1.1", null, 0, null, null, null, null));
        assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
    }

    @Test
    void readsTheGenerationWithoutAnAlternativeUpstream() {
        SecurityEvent event = decoder.event(
                CLIENT + "\"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 150 0.001 [shop-web-80] 10.244.1.17:80 1 0.001 502 abc");

        assertThat(event.flow().workload()).isEqualTo("Service/shop-web-80");
        assertThat(event.flow().destination()).isEqualTo("10.244.1.17");
        assertThat(event.reason()).isEqualTo("upstream 502");
    }

    @Test
    void readsTheGenerationThatRepeatsTheClient() {
        String tail = TIME + " \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 150 0.001 [shop-web-80] 10.244.1.17:80 1 0.001 200";
        SecurityEvent same = decoder.event("192.0.2.14 - [192.0.2.14] - - " + tail);
        SecurityEvent other = decoder.event("192.0.2.14 - [198.51.100.77] - bob smith " + tail);

        assertThat(same.peer()).isEqualTo("192.0.2.14");
        assertThat(same.claimed()).isEmpty();
        assertThat(same.user()).isNull();
        assertThat(other.peer()).isEqualTo("192.0.2.14");
        assertThat(other.claimed()).containsExactly("198.51.100.77");
        assertThat(other.user()).isEqualTo("bob smith");
    }

    @Test
    void neverTakesARepeatedClientForThePeerSinceAUserNameMayLookLikeOne() {
        SecurityEvent event = trusting("10.0.0.0/8")
                .event("10.0.0.5 - [192.0.2.99] - bob " + TIME + " \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"");

        assertThat(event.peer()).isEqualTo("10.0.0.5");
        assertThat(event.claimed()).containsExactly("192.0.2.99");
    }

    // Trap 3

    @Test
    void walksForwardedAddressesOnlyPastTrustedProxies() {
        String line = "10.0.0.5 - - " + TIME
                + " \"GET / HTTP/1.1\" 200 2 \"-\" \"-\" \"192.0.2.99, ::ffff:203.0.113.50, 198.51.100.60, 10.0.0.4\"";
        SecurityEvent untrusted = decoder.event(line);
        SecurityEvent trusted = trusting("10.0.0.0/8").event(line);

        assertThat(untrusted.peer()).isEqualTo("10.0.0.5");
        assertThat(untrusted.claimed()).containsExactly("192.0.2.99", "203.0.113.50", "198.51.100.60", "10.0.0.4");
        assertThat(trusted.peer()).isEqualTo("198.51.100.60");
        assertThat(trusted.claimed()).containsExactly("192.0.2.99", "203.0.113.50");
    }

    @Test
    void keepsTheProxyAsPeerWhereWhatItForwardsIsNoAddress() {
        String line = "10.0.0.5 - - " + TIME + " \"GET / HTTP/1.1\" 200 2 \"-\" \"-\" \"unknown, 10.0.0.4\"";

        assertThat(trusting("10.0.0.0/8").event(line).peer()).isEqualTo("10.0.0.4");
        assertThat(trusting("10.0.0.0/8").event(line).claimed()).containsExactly("unknown");
    }

    @Test
    void keepsTheLastSixteenClaims() {
        String header = "203.0.113.1, ".repeat(5_000) + "203.0.113.2";
        SecurityEvent event = decoder.event(CLIENT + "\"GET / HTTP/1.1\" 200 2 \"-\" \"-\" \"" + header + "\"");

        assertThat(event.claimed()).hasSize(16).last().isEqualTo("203.0.113.2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"-\"", "\"gzip\"", "\"203.0.113.1, \"", "0.001 \"203.0.113.1\"", "rt=0.001 uct=\"-\""})
    void passesOverFurtherFields(String fields) {
        SecurityEvent event = decoder.event(CLIENT + "\"GET / HTTP/1.1\" 200 2 \"-\" \"curl/8.5.0\" " + fields);

        assertThat(event.claimed()).isEmpty();
        assertThat(event.userAgent()).isEqualTo("curl/8.5.0");
        assertThat(event.flow()).isEqualTo(new Flow("http/1.1", null, 0, null, null, null, null));
        assertThat(event.truncated()).isFalse();
    }

    @Test
    void readsTheCommonFormat() {
        SecurityEvent event = decoder.event("198.51.100.8 - dave " + TIME + " \"DELETE /files/7 HTTP/1.1\" 403 -");

        assertThat(event.user()).isEqualTo("dave");
        assertThat(event.verb()).isEqualTo("delete");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.userAgent()).isNull();
        assertThat(event.truncated()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "www.example.org 198.51.100.4 - -, www.example.org, 198.51.100.4",
        "www.example.org:443 198.51.100.4 - -, www.example.org, 198.51.100.4",
        "203.0.113.5 198.51.100.4 - -, 203.0.113.5, 198.51.100.4",
        "www.example.org 2001:db8:0::7 - -, www.example.org, 2001:db8::7",
        "client.example.net - -, , ",
        "unix: - -, , ",
        "::1 - -, , ::1",
        "198.51.100.4 ident frank, , 198.51.100.4"
    })
    void readsWhatStandsInFront(String front, String host, String peer) {
        SecurityEvent event = decoder.event(front + " " + TIME + " \"GET / HTTP/1.1\" 200 5");

        assertThat(event.flow().name()).isEqualTo(host);
        assertThat(event.peer()).isEqualTo(peer);
        assertThat(event.claimed()).isEmpty();
        assertThat(event.user()).isEqualTo(front.endsWith("frank") ? "frank" : null);
    }

    @ParameterizedTest
    @CsvSource({
        "200, SUCCESS",
        "301, SUCCESS",
        "401, UNAUTHENTICATED",
        "403, DENIED",
        "429, THROTTLED",
        "404, ERROR",
        "499, ERROR",
        "500, ERROR",
        "000, UNKNOWN",
        "-, UNKNOWN"
    })
    void tellsTheOutcomeByTheStatus(String status, Outcome outcome) {
        assertThat(decoder.event(CLIENT + "\"GET / HTTP/1.1\" " + status + " 5").outcome())
                .isEqualTo(outcome);
    }

    @Test
    void undoesTheServersEscapesAndNothingElse() {
        SecurityEvent nginx = decoder.event(CLIENT
                + "\"GET /%2e%2e/?q=\\x22\\x5C\\xE2\\x82\\xAC+\\q HTTP/1.1\" 200 5 \"-\" \"say \\x22hi\\x22 \\xZZ\\\"");
        SecurityEvent apache = decoder.event(
                CLIENT + "\"GET /say?x=\\\"hi\\\"&p=a\\\\ HTTP/1.1\" 200 5 \"-\" \"say \\\"hi\\\" \\t\\\\\"");

        assertThat(nginx.uri()).isEqualTo("/%2e%2e/?q=\"\\€+\\q");
        assertThat(nginx.truncated()).isFalse();
        assertThat(apache.uri()).isEqualTo("/say?x=\"hi\"&p=a\\");
        assertThat(apache.userAgent()).isEqualTo("say \"hi\" \t\\");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\\x16\\x03\\x01\\x02\\x00",
                "quit",
                "lv|'|'|QUJD|'|'|Win XP|'|'|No",
                "a.b|'|'|Win XP|'|'|[endof]",
                "GE\\x22T / HTTP/1.1",
                " / HTTP/1.1"
            })
    void knowsNoMethodOfWhatIsNoRequest(String request) {
        SecurityEvent event = decoder.event(CLIENT + "\"" + request + "\" 400 157 \"-\" \"-\"");

        assertThat(event.verb()).isNull();
        assertThat(event.uri()).isNull();
        assertThat(event.reason()).isEqualTo("malformed-request");
        assertThat(event.message()).isEqualTo(ServerEscapes.undo(request));
        assertThat(event.code()).isEqualTo(400);
        assertThat(event.outcome()).isEqualTo(Outcome.ERROR);
        assertThat(event.peer()).isEqualTo("198.51.100.23");
    }

    @Test
    void readsRequestsThatLackParts() {
        SecurityEvent http09 = decoder.event(CLIENT + "\"GET /old\" 200 45");
        assertThat(http09.verb()).isEqualTo("get");
        assertThat(http09.uri()).isEqualTo("/old");
        assertThat(http09.flow()).isEqualTo(Flow.NONE);

        for (String none : List.of("-", "")) {
            SecurityEvent event = decoder.event(CLIENT + "\"" + none + "\" 408 0 \"-\" \"-\"");
            assertThat(event.verb()).isNull();
            assertThat(event.uri()).isNull();
            assertThat(event.reason()).isNull();
            assertThat(event.truncated()).isFalse();
        }
        assertThat(decoder.event(CLIENT + "\"GET /a b  c HTTP/1.1\" 200 45").uri())
                .isEqualTo("/a b  c");
        assertThat(decoder.event(CLIENT + "\"CONNECT a.example:25 HTTP/1.1\" 400 1")
                        .uri())
                .isEqualTo("a.example:25");
    }

    @Test
    void readsTraefik() {
        SecurityEvent event = decoder.event(
                "198.51.100.31 - erin " + TIME
                        + " \"GET /who HTTP/1.1\" 401 17 \"-\" \"curl/8.5.0\" 102 \"a@docker -> b@docker\" \"http://10.42.0.9:80\" 3ms");

        assertThat(event.peer()).isEqualTo("198.51.100.31");
        assertThat(event.user()).isEqualTo("erin");
        assertThat(event.outcome()).isEqualTo(Outcome.UNAUTHENTICATED);
        assertThat(event.userAgent()).isEqualTo("curl/8.5.0");
        assertThat(event.reason()).isNull();
        assertThat(event.flow()).isEqualTo(new Flow("http/1.1", "10.42.0.9", 80, null, null, null, null));
    }

    @Test
    void takesTheLastOfTraefiksClients() {
        String line = "192.0.2.99, 203.0.113.40,10.42.0.1 - - " + TIME
                + " \"GET / HTTP/1.1\" 200 1 \"-\" \"-\" 9 \"-\" \"-\" 0ms";

        assertThat(decoder.event(line).peer()).isEqualTo("10.42.0.1");
        assertThat(decoder.event(line).claimed()).containsExactly("192.0.2.99", "203.0.113.40");
        assertThat(trusting("10.42.0.0/16").event(line).peer()).isEqualTo("203.0.113.40");
        assertThat(trusting("10.42.0.0/16").event(line).claimed()).containsExactly("192.0.2.99");
    }

    // Forged fields

    @Test
    void isNotFooledByAUserNameThatLooksLikeARequest() {
        SecurityEvent event =
                decoder.event("198.51.100.23 - x [01/Jan/2000:00:00:00 +0000] \\x22GET /ok HTTP/1.1\\x22 200 " + TIME
                        + " \"GET /admin HTTP/1.1\" 401 5 \"-\" \"-\"");

        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T09:00:00Z"));
        assertThat(event.uri()).isEqualTo("/admin");
        assertThat(event.code()).isEqualTo(401);
        assertThat(event.peer()).isEqualTo("198.51.100.23");
    }

    @Test
    void isNotFooledByHeadersThatLookLikeOtherFields() {
        SecurityEvent event = decoder.event(CLIENT
                + "\"GET /a\\x22 200 1 \\x22-\\x22 HTTP/1.1\" 404 5 \"\\\" 200 \\\"\" "
                + "\"x [01/Jan/2000:00:00:00 +0000] \" 312 0.018 [shop-web-80] [] 10.244.1.17:80 5 0.01 404 abc");

        assertThat(event.uri()).isEqualTo("/a\" 200 1 \"-\"");
        assertThat(event.code()).isEqualTo(404);
        assertThat(event.userAgent()).isEqualTo("x [01/Jan/2000:00:00:00 +0000] ");
        assertThat(event.flow().workload()).isEqualTo("Service/shop-web-80");
        assertThat(event.reason()).isNull();
    }

    @Test
    void findsTheRequestBehindALongUserName() {
        SecurityEvent event =
                decoder.event("198.51.100.23 - " + "u".repeat(9_000) + " " + TIME + " \"GET /a HTTP/1.1\" 401 5");

        assertThat(event.uri()).isEqualTo("/a");
        assertThat(event.user()).hasSize(1_024);
        for (int length = 240; length < 300; length++) {
            String line = "198.51.100.23 - " + "u".repeat(length) + " " + TIME + " \"GET /a HTTP/1.1\" 401 5";
            assertThat(decoder.event(line).code()).isEqualTo(401);
        }
    }

    @Test
    void readsTraefiksPartFromTheEndSinceItEscapesNothing() {
        SecurityEvent event = decoder.event("198.51.100.31 - - " + TIME
                + " \"GET /?a=\"b\" HTTP/1.1\" 404 17 \"-\" \"x\" 1 \"r\" \"http://192.0.2.1:1\" 1ms\\\" 102 \"r@file\" "
                + "\"http://10.42.0.9:80\" 3ms");

        assertThat(event.uri()).isEqualTo("/?a=\"b\"");
        assertThat(event.code()).isEqualTo(404);
        assertThat(event.flow().destination()).isEqualTo("10.42.0.9");
        assertThat(event.userAgent()).startsWith("x\" 1 \"r").endsWith("1ms\\");
    }

    @Test
    void saysWhereTraefiksFieldsCanBeReadInTwoWays() {
        SecurityEvent event =
                decoder.event("198.51.100.31 - x [01/Jan/2026:00:00:00 +0000] \"GET /ok HTTP/1.1\" 200 1 \"-\" \"-\" 1 "
                        + "\"r\" \"u\" 1ms " + TIME
                        + " \"GET /admin HTTP/1.1\" 401 17 \"-\" \"-\" 102 \"-\" \"-\" 3ms");

        assertThat(event.reason()).isEqualTo("ambiguous-fields");
        assertThat(event.peer()).isEqualTo("198.51.100.31");
    }

    // Broken and cut lines

    @Test
    void salvagesTheHeadOfACutLine() {
        for (int length = INGRESS.indexOf("HTTP"); length < INGRESS.indexOf(" 1532"); length++) {
            SecurityEvent event = decoder.event(INGRESS.substring(0, length) + "[Truncated...]");
            assertThat(event.truncated()).isTrue();
            assertThat(event.peer()).isEqualTo("198.51.100.23");
            assertThat(event.uri()).startsWith("/cart?item=42");
            assertThat(event.code()).isIn(0, 200);
            assertThat(event.outcome()).isIn(Outcome.UNKNOWN, Outcome.SUCCESS);
        }
        SecurityEvent uri = decoder.event(CLIENT + "\"GET /aaaa");
        assertThat(uri.uri()).isEqualTo("/aaaa");
        assertThat(uri.truncated()).isTrue();
        assertThat(decoder.reason(CLIENT + "\"GE")).isEqualTo("cut off before the request");
    }

    @Test
    void cutsLongLines() {
        SecurityEvent event =
                TestingDecoder.limited(1_000).event(CLIENT + "\"GET /" + "a".repeat(2_000) + " HTTP/1.1\" 200 5");

        assertThat(event.truncated()).isTrue();
        assertThat(event.uri()).hasSizeBetween(900, 1_000);
        assertThat(event.code()).isZero();
    }

    @Test
    void tellsWhatIsWrongWithALine() {
        assertThat(decoder.reason(CLIENT + "\"GET / HTTP/1.1\" ok 5"))
                .isEqualTo("status must be a whole number from 0 to 999: ok");
        assertThat(decoder.reason(CLIENT + "\"GET / HTTP/1.1\" 2000 5"))
                .isEqualTo("status must be a whole number from 0 to 999: 2000");
        assertThat(decoder.reason(CLIENT.replace("Jan", "Jän") + "\"GET / HTTP/1.1\" 200 5"))
                .startsWith("no known log format");
        assertThat(decoder.reason(CLIENT.replace("Jan", "Foo") + "\"GET / HTTP/1.1\" 200 5"))
                .isEqualTo("time must be such as 10/Oct/2000:13:55:36 -0700: 24/Foo/2026:10:00:00 +0100");
    }

    @Test
    void readsEnglishMonthsWhateverTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("tr-TR"));
            SecurityEvent event = decoder.event(CLIENT.replace("Jan", "May") + "\"CLIMB /I HTTP/1.1\" 200 5");
            assertThat(event.time()).isEqualTo(Instant.parse("2026-05-24T09:00:00Z"));
            assertThat(event.verb()).isEqualTo("climb");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void takesBytesThatAreNoText() {
        byte[] line = (CLIENT + "\"GET /\u00ff\u00fe\u0000 HTTP/1.1\" 200 5 \"-\" \"\u00c3\"")
                .getBytes(StandardCharsets.ISO_8859_1);
        List<Decoded> records = decoder.records(line);

        assertThat(records).singleElement().satisfies(r -> assertThat(r.event().uri())
                .startsWith("/\ufffd\ufffd"));
    }

    @Test
    void isLinearInHostileLines() {
        String brackets = CLIENT.replace("- - ", "- " + "[24/Jan/2026:10:00:00 +0100] ".repeat(30_000));
        assertThat(decoder.fates(brackets + "\"GET / HTTP/1.1\" 200 5")).hasSize(1);
        assertThat(decoder.fates(CLIENT + "\"GET /" + "\\\" ".repeat(300_000))).containsExactly("event");
        assertThat(decoder.fates(
                        CLIENT + "\"GET / HTTP/1.1\" 200 5 \"-\" \"" + "\" \"".repeat(300_000) + " 1 \"-\" \"-\" 1ms"))
                .containsExactly("event");
        assertThat(decoder.fates(CLIENT + "\"GET / HTTP/1.1\" 200 5 \"-\" \"-\" \"" + ",".repeat(900_000) + "\""))
                .containsExactly("event");
        assertThat(decoder.fates(CLIENT + "\"GET / HTTP/1.1\" 200 5 \"-\" \"-\" 1 1 [a] " + "a, ".repeat(300_000)))
                .containsExactly("event");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Jan 24 10:00:00 host nginx: 198.51.100.23 - - [24/Jan/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 5",
                "<34>1 2026-01-24T10:00:00Z host nginx - - - 198.51.100.23 - - [24/Jan/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 5",
                "web_1 | 198.51.100.23 - - [24/Jan/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 5",
                "198.51.100.23:33317 [24/Jan/2026:10:00:00.655] http-in static/srv1 10/0 200 2750 - - ---- \"GET / HTTP/1.1\"",
                "198.51.100.23 - - [24/Jan/2026 10:00:00] \"GET / HTTP/1.1\" 200 -",
                "type=SYSCALL msg=audit(1684329817.579:2995): arch=c000003e",
                "at [24/Jan/2026:10:00:00 +0100] \"GET / HTTP/1.1\" 200 5"
            })
    void leavesLinesOfOtherShapes(String line) {
        assertThat(decoder.records(line))
                .noneMatch(record -> record.event() != null && record.event().source() == Source.ACCESS_LOG);
        assertThat(TestingDecoder.of("access-log").skipped(line)).isEqualTo("other-line");
    }
}
