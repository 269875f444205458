package io.tocsin.job.decode.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.job.decode.Decoded;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The JSON of Envoy, Traefik and nginx. */
class AccessJsonTest {
    private static final String ENVOY = "{\"start_time\":\"2026-01-24T08:20:00.479Z\",\"method\":\"GET\","
            + "\"x-envoy-origin-path\":\"/assets/logo.svg?v=2\",\"protocol\":\"HTTP/2\",\"response_code\":200,"
            + "\"response_flags\":\"-\",\"response_code_details\":\"via_upstream\",\"connection_termination_details\":null,"
            + "\"x-forwarded-for\":\"192.0.2.99,203.0.113.70\",\"user-agent\":\"Mozilla/5.0\","
            + "\":authority\":\"www.example.com\",\"upstream_host\":\"10.244.4.2:8080\","
            + "\"upstream_cluster\":\"outbound|80||web.shop.svc.cluster.local\","
            + "\"downstream_remote_address\":\"203.0.113.70:51522\",\"requested_server_name\":\"sni.example.com\"}";
    private static final String TRAEFIK =
            "{\"ClientAddr\":\"10.42.0.1:40112\",\"ClientHost\":\"192.0.2.99, 203.0.113.40\","
                    + "\"ClientPort\":\"40112\",\"ClientUsername\":\"erin\",\"DownstreamStatus\":502,\"Duration\":31000000,"
                    + "\"OriginStatus\":504,\"RequestHost\":\"api.example.com\",\"RequestMethod\":\"POST\","
                    + "\"RequestPath\":\"/v1/orders?x=1\",\"RequestProtocol\":\"HTTP/2.0\",\"RouterName\":\"a@file -> b@file\","
                    + "\"ServiceAddr\":\"10.42.0.12:8080\",\"ServiceName\":\"shop-api-80@kubernetes\","
                    + "\"StartUTC\":\"2026-01-24T09:00:02.123456789Z\",\"level\":\"info\",\"msg\":\"\","
                    + "\"request_User-Agent\":\"curl/8.5.0\",\"time\":\"2026-01-24T09:00:03Z\"}";
    private static final String NGINX = "{\"time\": \"2026-01-24T11:20:00+01:00\", \"remote_addr\": \"10.0.0.5\", "
            + "\"x_forwarded_for\": \"203.0.113.80, 10.0.0.5\", \"remote_user\": \"frank\", \"bytes_sent\": 911, "
            + "\"request_time\": 0.012, \"status\": 200, \"vhost\": \"shop.example.com\", \"request_proto\": \"HTTP/1.1\", "
            + "\"path\": \"/search\", \"request_query\": \"q=a%20b\", \"method\": \"GET\", "
            + "\"http_user_agent\": \"say \\\"hi\\\"\" }";

    private final TestingDecoder decoder = TestingDecoder.auto();

    private static TestingDecoder trusting(String proxies) {
        Network network = new Network(Network.DEFAULT_CLUSTER, Network.DEFAULT_CONTROL_PLANE, List.of(proxies));
        return TestingDecoder.with(new Networks(network, Map.of()), Set.of());
    }

    @Test
    void readsEnvoy() {
        SecurityEvent event = decoder.event(ENVOY);

        assertThat(event.source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T08:20:00.479Z"));
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.uri()).isEqualTo("/assets/logo.svg?v=2");
        assertThat(event.code()).isEqualTo(200);
        assertThat(event.outcome()).isEqualTo(Outcome.SUCCESS);
        assertThat(event.peer()).isEqualTo("203.0.113.70");
        assertThat(event.claimed()).containsExactly("192.0.2.99");
        assertThat(event.userAgent()).isEqualTo("Mozilla/5.0");
        assertThat(event.reason()).isNull();
        assertThat(event.flow())
                .isEqualTo(new Flow("http/2", "10.244.4.2", 8080, "www.example.com", null, "Service/shop/web", null));
        assertThat(TestingDecoder.of("access-log").event(ENVOY)).isEqualTo(event);
    }

    @Test
    void readsEnvoysOtherNamesAndNumbersAsStrings() {
        SecurityEvent event =
                decoder.event("{\"@timestamp\":\"2026-01-24T08:20:03.125Z\",\"authority\":\"app.example.com\","
                        + "\"downstream_remote_address\":\"[fd00::5a]:33100\",\"duration\":\"7\",\"method\":\"DELETE\","
                        + "\"path\":\"/v1\",\"response_code\":\"403\",\"response_flags\":\"UAEX\",\"user_agent\":\"-\","
                        + "\"x_forwarded_for\":null,\"upstream_host\":null,\"upstream_cluster\":null}");

        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T08:20:03.125Z"));
        assertThat(event.peer()).isEqualTo("fd00::5a");
        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.reason()).isEqualTo("UAEX");
        assertThat(event.userAgent()).isNull();
        assertThat(event.flow()).isEqualTo(new Flow(null, null, 0, "app.example.com", null, null, null));
    }

    @Test
    void readsEnvoysConnectionsWithoutRequests() {
        SecurityEvent event = decoder.event("{\"start_time\":\"2026-01-24T08:20:02.000Z\",\"method\":null,"
                + "\"response_code\":0,\"response_flags\":\"-\",\"downstream_remote_address\":\"10.244.1.9:43000\","
                + "\"connection_termination_details\":\"rbac_access_denied_matched_policy[none]\","
                + "\"requested_server_name\":\"db.example.com\"}");

        assertThat(event.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(event.flow().protocol()).isEqualTo("tcp");
        assertThat(event.flow().name()).isEqualTo("db.example.com");
    }

    @Test
    void readsTraefik() {
        SecurityEvent event = decoder.event(TRAEFIK);

        assertThat(event.source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T09:00:02.123456789Z"));
        assertThat(event.user()).isEqualTo("erin");
        assertThat(event.verb()).isEqualTo("post");
        assertThat(event.uri()).isEqualTo("/v1/orders?x=1");
        assertThat(event.code()).isEqualTo(502);
        assertThat(event.reason()).isEqualTo("upstream 504");
        assertThat(event.userAgent()).isEqualTo("curl/8.5.0");
        assertThat(event.flow())
                .isEqualTo(new Flow(
                        "http/2.0",
                        "10.42.0.12",
                        8080,
                        "api.example.com",
                        null,
                        "Service/shop-api-80@kubernetes",
                        null));
    }

    // Trap 3

    @Test
    void takesWhoConnectedForThePeerUnlessAProxyIsTrusted() {
        assertThat(decoder.event(TRAEFIK).peer()).isEqualTo("10.42.0.1");
        assertThat(decoder.event(TRAEFIK).claimed()).containsExactly("192.0.2.99", "203.0.113.40");
        assertThat(trusting("10.42.0.0/16").event(TRAEFIK).peer()).isEqualTo("203.0.113.40");
        assertThat(trusting("10.42.0.0/16").event(TRAEFIK).claimed()).containsExactly("192.0.2.99");
        assertThat(decoder.event(TRAEFIK.replace("192.0.2.99, 203.0.113.40", "10.42.0.1"))
                        .claimed())
                .isEmpty();
        assertThat(decoder.event(NGINX).peer()).isEqualTo("10.0.0.5");
        assertThat(decoder.event(NGINX).claimed()).containsExactly("203.0.113.80");
        assertThat(trusting("10.0.0.0/8").event(NGINX).peer()).isEqualTo("203.0.113.80");
        assertThat(trusting("203.0.113.70").event(ENVOY).peer()).isEqualTo("192.0.2.99");
    }

    @Test
    void findsThePeerBehindALongChain() {
        String chain = "192.0.2.99,".repeat(2_000) + "203.0.113.40";
        SecurityEvent event = trusting("10.42.0.0/16").event(TRAEFIK.replace("192.0.2.99, 203.0.113.40", chain));

        assertThat(event.peer()).isEqualTo("203.0.113.40");
        assertThat(event.claimed()).hasSize(16);
    }

    @ParameterizedTest
    @CsvSource({"x_forwarded_for, 10.0.0.5", "http_x_forwarded_for, "})
    void knowsThePeerWithoutItsFieldOnlyWhereNginxAppendedIt(String field, String peer) {
        SecurityEvent event = decoder.event(
                NGINX.replace("remote_addr\": \"10.0.0.5", "remote_addr\": \"").replace("x_forwarded_for", field));

        assertThat(event.peer()).isEqualTo(peer);
    }

    @Test
    void readsNginx() {
        SecurityEvent event = decoder.event(NGINX);

        assertThat(event.source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(event.time()).isEqualTo(Instant.parse("2026-01-24T10:20:00Z"));
        assertThat(event.user()).isEqualTo("frank");
        assertThat(event.verb()).isEqualTo("get");
        assertThat(event.uri()).isEqualTo("/search?q=a%20b");
        assertThat(event.userAgent()).isEqualTo("say \"hi\"");
        assertThat(event.flow()).isEqualTo(new Flow("http/1.1", null, 0, "shop.example.com", null, null, null));
        assertThat(TestingDecoder.of("access-log").event(NGINX)).isEqualTo(event);
    }

    @Test
    void readsNginxsOtherNames() {
        SecurityEvent line = decoder.event("{\"msec\":\"1769250002.125\",\"remote_addr\":\"203.0.113.81\","
                + "\"request\":\"POST /xmlrpc.php HTTP/1.1\",\"status\":\"403\",\"body_bytes_sent\":\"146\","
                + "\"upstream_addr\":\"10.244.1.20:8000, 10.244.2.21:8000\",\"upstream_status\":\"502, 403\","
                + "\"proxy_upstream_name\":\"blog-wordpress-80\",\"host\":{\"name\":\"node-1\"}}");
        SecurityEvent parts = decoder.event(
                "{\"time_local\":\"24/Jan/2026:11:20:03 +0100\",\"remote_addr\":\"203.0.113.82\","
                        + "\"request_method\":\"GET\",\"request_uri\":\"/a?b=c\",\"args\":\"b=c\",\"server_protocol\":\"HTTP/2.0\","
                        + "\"host\":\"api.example.com\",\"status\":200,\"namespace\":\"shop\",\"service_name\":\"api\"}");

        assertThat(line.time()).isEqualTo(Instant.ofEpochSecond(1769250002, 125_000_000));
        assertThat(line.uri()).isEqualTo("/xmlrpc.php");
        assertThat(line.outcome()).isEqualTo(Outcome.DENIED);
        assertThat(line.reason()).isEqualTo("upstream 502, 403");
        assertThat(line.flow())
                .isEqualTo(new Flow("http/1.1", "10.244.2.21", 8000, null, null, "Service/blog-wordpress-80", null));
        assertThat(parts.time()).isEqualTo(Instant.parse("2026-01-24T10:20:03Z"));
        assertThat(parts.uri()).isEqualTo("/a?b=c");
        assertThat(parts.flow().workload()).isEqualTo("Service/shop/api");
        assertThat(parts.flow().name()).isEqualTo("api.example.com");
    }

    @Test
    void isNotTakenForTheAuthenticatorsLog() {
        assertThat(decoder.event(TRAEFIK).source()).isEqualTo(Source.ACCESS_LOG);
        assertThat(decoder.event("{\"DownstreamStatus\":200,\"RequestMethod\":\"GET\",\"level\":\"info\",\"msg\":\"\","
                                + "\"time\":\"2026-01-24T09:00:03Z\"}")
                        .source())
                .isEqualTo(Source.ACCESS_LOG);
        assertThat(TestingDecoder.of("access-log")
                        .skipped("{\"level\":\"info\",\"msg\":\"x\",\"time\":\"2026-01-24T09:00:03Z\"}"))
                .isEqualTo("other-line");
    }

    @Test
    void marksAMalformedRequest() {
        SecurityEvent event = decoder.event(ENVOY.replace("\"GET\"", "\"G(T\""));

        assertThat(event.verb()).isNull();
        assertThat(event.reason()).isEqualTo("malformed-request");
        assertThat(event.message()).isEqualTo("G(T");
        assertThat(decoder.event(NGINX.replace("\"GET\"", "\"\"")).reason()).isNull();
    }

    @Test
    void salvagesACutObjectAmongOthers() {
        int cut = TRAEFIK.indexOf("\"msg\"") + 2;
        List<Decoded> records = decoder.ofFile(TRAEFIK + "\n" + TRAEFIK.substring(0, cut) + "\n" + TRAEFIK + "\n");

        assertThat(records).hasSize(3).allMatch(r -> r.event() != null);
        assertThat(records.get(1).event().truncated()).isTrue();
        assertThat(records.get(1).event().uri()).isEqualTo("/v1/orders?x=1");
        assertThat(records.get(2).event().truncated()).isFalse();
    }

    @Test
    void tellsWhatACutObjectLacks() {
        assertThat(decoder.reason(TRAEFIK.substring(0, TRAEFIK.indexOf("\"RequestMethod"))))
                .isEqualTo("cut off before the request");
        assertThat(decoder.reason(TRAEFIK.substring(0, TRAEFIK.indexOf("\"StartUTC"))))
                .isEqualTo("cut off before its time, and nothing around it tells it");
        assertThat(decoder.reason(ENVOY.substring(0, ENVOY.indexOf("\"downstream"))))
                .isEqualTo("cut off before the client");
        assertThat(TestingDecoder.autoWithFallbackTime()
                        .event(TRAEFIK.substring(0, TRAEFIK.indexOf("\"StartUTC")))
                        .time())
                .isEqualTo(TestingDecoder.FALLBACK);
    }

    @Test
    void tellsTheWrongTypeOfAField() {
        assertThat(decoder.reason(ENVOY.replace("\"GET\"", "{}"))).isEqualTo("method must be a string: an object");
        assertThat(decoder.reason(ENVOY.replace("code\":200", "code\":\"ok\"")))
                .isEqualTo("response_code must be a whole number from 0 to 999: ok");
        assertThat(decoder.reason(ENVOY.replace("code\":200", "code\":[]")))
                .isEqualTo("response_code must be a string or a number: an array");
        assertThat(decoder.reason(ENVOY.replace("2026-01-24T08:20:00.479Z", "yesterday")))
                .isEqualTo("start_time must be a time: \"yesterday\"");
        assertThat(decoder.reason(TRAEFIK.replace("\"10.42.0.1:40112\"", "0")))
                .isEqualTo("ClientAddr must be a string: 0");
        assertThat(decoder.reason(NGINX.replace("\"10.0.0.5\"", "5"))).isEqualTo("remote_addr must be a string: 5");
        assertThat(decoder.reason(ENVOY.replace("\"start_time\":\"2026-01-24T08:20:00.479Z\",", "")))
                .isEqualTo("time is missing");
        assertThat(decoder.reason(ENVOY.replace("\"protocol\"", "\"method\""))).isEqualTo("duplicate field: method");
    }

    @ParameterizedTest
    @ValueSource(strings = {ENVOY, TRAEFIK, NGINX})
    void takesHugeValues(String record) {
        String agent = "x".repeat(1 << 19);
        SecurityEvent event = decoder.event(record.replace("Mozilla/5.0", agent)
                .replace("curl/8.5.0", agent)
                .replace("say ", agent));

        assertThat(event.userAgent()).hasSize(2_048);
        assertThat(event.truncated()).isFalse();
    }
}
