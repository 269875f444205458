package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tocsin.alert.Alert;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlertJsonTest {
    private static final AlertJson JSON = new AlertJson("1.2.3");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @Test
    void writesAnAlertAsOneLineInAFixedOrder() throws Exception {
        String line = text(TestingAlerts.refusedThenLetIn());

        assertThat(line).doesNotContain("\n");
        assertThat(pretty(line)).isEqualTo(GOLDEN);
    }

    @Test
    void givesTheSameBytesForEqualAlerts() {
        Map<String, String> facts = new HashMap<>();
        Map<String, String> reversed = new LinkedHashMap<>();
        for (int i = 0; i < 50; i++) {
            facts.put("fact" + i, "v");
            reversed.put("fact" + (49 - i), "v");
        }
        Alert one = TestingAlerts.alert(1, 2, "prod", null, "m", List.of(), facts);
        Alert other = TestingAlerts.alert(1, 2, "prod", null, "m", List.of(), reversed);
        assertThat(new AlertJson("1.2.3").encode(one)).isEqualTo(JSON.encode(other));
    }

    /** Required by OCSF 1.8.0 in the class and in each object that is written (read in ocsf-schema, by hand). */
    @ParameterizedTest
    @CsvSource({"1, 1", "2, 2", "3, 3", "1, 2"})
    void hasWhatOcsfRequires(int activity, int kind) throws Exception {
        for (Alert alert : List.of(
                TestingAlerts.refusedThenLetIn(),
                TestingAlerts.bare(activity, kind, null),
                TestingAlerts.bare(activity, kind, "acct"))) {
            JsonNode finding = MAPPER.readTree(JSON.encode(alert));
            requires(
                    finding,
                    "activity_id",
                    "category_uid",
                    "class_uid",
                    "type_uid",
                    "time",
                    "severity_id",
                    "metadata",
                    "finding_info");
            assertThat(finding.get("type_uid").asInt()).isEqualTo(200400 + alert.activityId());
            assertThat(finding.get("category_uid").asInt()).isEqualTo(2);
            requires(finding.get("metadata"), "version", "product");
            // Product: at least one of name and uid; vendor_name is recommended.
            requires(finding.at("/metadata/product"), "name", "vendor_name");
            requires(finding.get("finding_info"), "uid");
            requires(finding.at("/finding_info/analytic"), "type_id");
            requires(finding.get("remediation"), "desc");
            finding.get("observables").forEach(observable -> requires(observable, "name", "type_id"));
            finding.at("/finding_info/related_events").forEach(event -> requires(event, "uid"));
            finding.at("/finding_info/attacks").forEach(attack -> requires(attack, "technique"));
            finding.get("resources").forEach(resource -> requires(resource, "name"));
            finding.get("evidences").forEach(evidence -> requires(evidence, "api", "data"));
            finding.get("evidences").forEach(evidence -> requires(evidence.get("api"), "operation"));
            if (finding.has("cloud")) {
                requires(finding.get("cloud"), "provider");
                assertThat(finding.at("/metadata/profiles").toString()).contains("cloud");
            }
            assertThat(finding.at("/metadata/profiles").toString()).contains("datetime");
        }
    }

    @Test
    void pointsFromEveryObservableToAnAttribute() throws Exception {
        JsonNode finding = MAPPER.readTree(JSON.encode(TestingAlerts.refusedThenLetIn()));
        for (JsonNode observable : finding.get("observables")) {
            List<String> values = new ArrayList<>();
            collect(finding, observable.get("name").asText().split("\\."), 0, values);
            assertThat(values).contains(observable.get("value").asText());
        }
    }

    @Test
    void closesAFinding() throws Exception {
        JsonNode closed = MAPPER.readTree(JSON.encode(TestingAlerts.bare(3, 2, null)));
        assertThat(closed.get("status_id").asInt()).isEqualTo(4);
        assertThat(closed.get("is_alert").asBoolean()).isFalse();
        JsonNode updated = MAPPER.readTree(JSON.encode(TestingAlerts.bare(2, 2, null)));
        assertThat(updated.get("status_id").asInt()).isEqualTo(1);
        assertThat(updated.get("is_alert").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "123456789012, AWS",
        "9F1C2B3A-0000-4000-8000-00000000abcd, Azure",
        "my-project-1, GCP",
        "Straße, Unknown",
    })
    void tellsTheCloudByTheFormOfTheAccount(String account, String provider) throws Exception {
        JsonNode finding = MAPPER.readTree(JSON.encode(TestingAlerts.bare(1, 1, account)));
        assertThat(finding.at("/cloud/provider").asText()).isEqualTo(provider);
        assertThat(finding.at("/cloud/account/uid").asText()).isEqualTo(account);
    }

    @Test
    void namesFurtherClusters() throws Exception {
        Alert alert = TestingAlerts.alert(
                1,
                2,
                "prod",
                null,
                "m",
                List.of(TestingAlerts.evidence("prod", "u", null), TestingAlerts.evidence("test", "u", null)),
                Map.of("cluster", "forged", "clusters", "forged", "false_positives", "forged", "clock", "wall"));
        JsonNode finding = MAPPER.readTree(JSON.encode(alert));
        assertThat(finding.get("unmapped").toString())
                .isEqualTo("{\"cluster\":\"prod\",\"clusters\":[\"test\"],"
                        + "\"false_positives\":\"The owner may have moved.\",\"clock\":\"wall\"}");
        assertThat(finding.get("resources").toString())
                .isEqualTo("[{\"type\":\"cluster\",\"name\":\"prod\"},{\"type\":\"cluster\",\"name\":\"test\"}]");
    }

    @Test
    void keepsTheCredentialOfNobody() throws Exception {
        Alert alert = TestingAlerts.alert(
                1, 2, "prod", null, "m", List.of(TestingAlerts.evidence("prod", null, "JTI=9")), Map.of());
        JsonNode evidence = MAPPER.readTree(JSON.encode(alert)).at("/evidences/0");
        assertThat(evidence.has("actor")).isFalse();
        assertThat(evidence.at("/data/credential_uid").asText()).isEqualTo("JTI=9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\nb\r\u0000\u001b[2J\u0007",
                "\u007f\u0085\u009b31m",
                "\u2028\u2029\ufeff\u200b\u202e",
                "\ud800 lone \udc00",
                "\"},{\"uid\":\"forged",
                "\udb40\udc41 tags, \ud83d\ude00",
                "\ue000 private \uffff",
            })
    void escapesWhatATerminalOrAViewerMightActOn(String hostile) throws Exception {
        String line = text(TestingAlerts.hostile(hostile));
        assertThat(line.codePoints()).noneMatch(SafeText::isHidden);
        JsonNode finding = MAPPER.readTree(line);
        String expected = hostile.replace("\ud800 lone \udc00", "\ufffd lone \ufffd");
        assertThat(finding.get("message").asText()).isEqualTo(expected);
        assertThat(finding.at("/evidences/0/actor/user/name").asText()).isEqualTo(expected);
        assertThat(finding.at("/evidences/0/http_request/user_agent").asText()).isEqualTo(expected);
    }

    @Test
    void capsLongTexts() throws Exception {
        JsonNode finding = MAPPER.readTree(JSON.encode(TestingAlerts.hostile("\ud83d\ude00".repeat(100_000))));
        assertThat(finding.at("/evidences/0/actor/user/name").asText())
                .hasSize(1024)
                .endsWith("\u2026");
        assertThat(finding.get("message").asText()).hasSize(4096);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJzeXN0ZW0ifQ.c2lnbmF0dXJl",
                "k8s-aws-v1.aHR0cHM6Ly9zdHMuYW1hem9uYXdzLmNvbS8_QWN0aW9u",
                "Authorization: Bearer 0123456789abcdef0123",
            })
    void handsOutNoToken(String token) {
        String line = text(TestingAlerts.hostile("x " + token + " y"));
        assertThat(line).contains("[redacted]");
        assertThat(line).doesNotContain(token).doesNotContain("c2lnbmF0dXJl").doesNotContain("0123456789abcdef");
    }

    @Test
    void survivesTimesThatMillisecondsCannotHold() throws Exception {
        Alert alert = TestingAlerts.bare(1, 1, null);
        Alert far = new Alert(
                alert.uid(),
                1,
                alert.detection(),
                1,
                alert.title(),
                alert.severity(),
                "m",
                List.of(),
                Instant.MAX,
                Instant.MIN,
                "prod",
                "prod",
                null,
                1,
                List.of(),
                "",
                List.of(),
                0,
                Map.of(),
                "",
                List.of());
        assertThat(MAPPER.readTree(JSON.encode(far)).get("time").isIntegralNumber())
                .isTrue();
    }

    @Test
    void keysTheLineByTheAlert() {
        assertThat(JSON.line(TestingAlerts.refusedThenLetIn()).key()).isEqualTo("4f2a77c01b9e4d1fa0c5d3e2b1a09876");
    }

    private static String text(Alert alert) {
        return new String(JSON.encode(alert), StandardCharsets.UTF_8);
    }

    private static String pretty(String line) throws IOException {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(MAPPER.readTree(line)) + "\n";
    }

    private static void requires(JsonNode object, String... keys) {
        for (String key : keys) {
            assertThat(object.hasNonNull(key)).as("%s in %s", key, object).isTrue();
        }
    }

    private static void collect(JsonNode node, String[] path, int at, List<String> values) {
        if (at == path.length) {
            values.add(node.asText());
            return;
        }
        boolean array = path[at].endsWith("[]");
        JsonNode child = node.path(array ? path[at].substring(0, path[at].length() - 2) : path[at]);
        if (!array) {
            collect(child, path, at + 1, values);
            return;
        }
        for (Iterator<JsonNode> it = child.elements(); it.hasNext(); ) {
            collect(it.next(), path, at + 1, values);
        }
    }

    private static final String GOLDEN =
            """
            {
              "activity_id" : 1,
              "activity_name" : "Create",
              "category_uid" : 2,
              "category_name" : "Findings",
              "class_uid" : 2004,
              "class_name" : "Detection Finding",
              "type_uid" : 200401,
              "type_name" : "Detection Finding: Create",
              "time" : 1772334335500,
              "time_dt" : "2026-03-01T03:05:35.500Z",
              "start_time" : 1772334245000,
              "start_time_dt" : "2026-03-01T03:04:05Z",
              "end_time" : 1772334335500,
              "end_time_dt" : "2026-03-01T03:05:35.500Z",
              "severity_id" : 4,
              "severity" : "High",
              "status_id" : 1,
              "status" : "New",
              "is_alert" : true,
              "count" : 3,
              "message" : "alice was refused 3 requests from 203.0.113.7, then succeeded",
              "finding_info" : {
                "uid" : "4f2a77c01b9e4d1fa0c5d3e2b1a09876",
                "title" : "Let in from a new address after refusals",
                "analytic" : {
                  "uid" : "forbidden-then-success",
                  "name" : "Let in from a new address after refusals",
                  "type_id" : 2,
                  "type" : "Behavioral"
                },
                "attacks" : [ {
                  "technique" : {
                    "uid" : "T1528",
                    "src_url" : "https://attack.mitre.org/versions/v17/techniques/T1528/"
                  },
                  "version" : "17.1"
                }, {
                  "technique" : {
                    "uid" : "T1552",
                    "src_url" : "https://attack.mitre.org/versions/v17/techniques/T1552/"
                  },
                  "sub_technique" : {
                    "uid" : "T1552.007",
                    "src_url" : "https://attack.mitre.org/versions/v17/techniques/T1552/007/"
                  },
                  "version" : "17.1"
                } ],
                "first_seen_time" : 1772334245000,
                "first_seen_time_dt" : "2026-03-01T03:04:05Z",
                "last_seen_time" : 1772334335500,
                "last_seen_time_dt" : "2026-03-01T03:05:35.500Z",
                "related_events" : [ {
                  "uid" : "e1",
                  "type" : "kubernetes-audit",
                  "created_time" : 1772334245000,
                  "created_time_dt" : "2026-03-01T03:04:05Z",
                  "time" : 1772334245000,
                  "source" : "kubernetes-audit"
                }, {
                  "uid" : "e2",
                  "type" : "kubernetes-audit",
                  "created_time" : 1772334335500,
                  "created_time_dt" : "2026-03-01T03:05:35.500Z",
                  "time" : 1772334335500,
                  "source" : "kubernetes-audit"
                } ],
                "related_events_count" : 2
              },
              "evidences" : [ {
                "uid" : "e1",
                "name" : "denials",
                "actor" : {
                  "user" : {
                    "name" : "alice",
                    "groups" : [ {
                      "name" : "devs"
                    }, {
                      "name" : "system:authenticated"
                    } ],
                    "credential_uid" : "JTI=1"
                  }
                },
                "src_endpoint" : {
                  "ip" : "203.0.113.7"
                },
                "http_request" : {
                  "user_agent" : "curl/8.5"
                },
                "api" : {
                  "operation" : "list secrets",
                  "response" : {
                    "code" : 403
                  }
                },
                "data" : {
                  "time" : "2026-03-01T03:04:05Z",
                  "source" : "kubernetes-audit",
                  "cluster" : "prod",
                  "account" : "123456789012",
                  "object" : "secrets payments/*",
                  "resource" : "secrets",
                  "namespace" : "payments",
                  "arn" : "arn:aws:iam::123456789012:role/dev",
                  "session" : "alice-laptop",
                  "access_key_id" : "AKIAEXAMPLE",
                  "impersonator" : "bob",
                  "zone" : "outside",
                  "reason" : "no rule allows it",
                  "truncated" : true
                }
              }, {
                "uid" : "e2",
                "name" : "success",
                "actor" : {
                  "user" : {
                    "name" : "alice",
                    "uid" : "arn:aws:iam::123456789012:role/dev"
                  }
                },
                "src_endpoint" : {
                  "ip" : "203.0.113.7"
                },
                "api" : {
                  "operation" : "get secrets"
                },
                "data" : {
                  "time" : "2026-03-01T03:05:35.500Z",
                  "source" : "kubernetes-audit",
                  "cluster" : "prod",
                  "object" : "secrets payments/db",
                  "resource" : "secrets",
                  "namespace" : "payments",
                  "name" : "db",
                  "arn" : "arn:aws:iam::123456789012:role/dev",
                  "zone" : "control-plane"
                }
              } ],
              "resources" : [ {
                "type" : "cluster",
                "name" : "prod"
              }, {
                "type" : "secrets",
                "name" : "*",
                "namespace" : "payments"
              }, {
                "type" : "secrets",
                "name" : "db",
                "namespace" : "payments"
              } ],
              "observables" : [ {
                "name" : "evidences[].actor.user.name",
                "type_id" : 4,
                "type" : "User Name",
                "value" : "alice"
              }, {
                "name" : "evidences[].data.impersonator",
                "type_id" : 4,
                "type" : "User Name",
                "value" : "bob"
              }, {
                "name" : "evidences[].actor.user.credential_uid",
                "type_id" : 19,
                "type" : "User Credential ID",
                "value" : "JTI=1"
              }, {
                "name" : "evidences[].src_endpoint.ip",
                "type_id" : 2,
                "type" : "IP Address",
                "value" : "203.0.113.7"
              }, {
                "name" : "resources[].name",
                "type_id" : 38,
                "type" : "Resource Details name",
                "value" : "prod"
              }, {
                "name" : "resources[].name",
                "type_id" : 38,
                "type" : "Resource Details name",
                "value" : "db"
              } ],
              "cloud" : {
                "provider" : "AWS",
                "account" : {
                  "uid" : "123456789012"
                }
              },
              "remediation" : {
                "desc" : "Revoke the credential."
              },
              "metadata" : {
                "version" : "1.8.0",
                "uid" : "4f2a77c01b9e4d1fa0c5d3e2b1a09876-1",
                "profiles" : [ "cloud", "datetime" ],
                "product" : {
                  "name" : "Tocsin",
                  "vendor_name" : "Tocsin",
                  "version" : "1.2.3"
                }
              },
              "unmapped" : {
                "cluster" : "prod",
                "false_positives" : "The owner may have moved.",
                "refusals" : "3"
              }
            }
            """;
}
