package io.tocsin.detections.privilegeescalation;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.alert.Severity;
import io.tocsin.detection.Detection;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RbacGrantChainTest implements DetectionContract {
    private static final Duration WINDOW = Duration.ofMinutes(10);
    private static final String CEP = "rbac-grant-chain-cep-v1";
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String OPERATOR = "ClusterRole/operator";
    private static final String AGGREGATION = "system:serviceaccount:kube-system:clusterrole-aggregation-controller";

    private final DetectionHarness harness = DetectionHarness.of(new RbacGrantChain());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new RbacGrantChain();
    }

    /** The role is there, and harmless. */
    @Override
    public List<SecurityEvent> past() {
        return List.of(write("operator").at(START.minus(Duration.ofHours(2))).build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                write("operator", "secrets").in(cluster).at(start).build(),
                bind(OPERATOR, ROBOT).in(cluster).at(start.plusSeconds(30)).build(),
                mint().in(cluster).at(start.plusSeconds(60)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "x"));
    }

    private static AuditEvents rbac(String verb, String resource, @Nullable String namespace, String name) {
        return event().doing(verb, resource, namespace, name).group("rbac.authorization.k8s.io");
    }

    private static AuditEvents telling(AuditEvents event, Consumer<ObjectBody.Builder> facts) {
        ObjectBody.Builder body = ObjectBody.builder();
        facts.accept(body);
        ObjectBody built = body.build();
        return event.having(builder -> builder.body = built);
    }

    private static AuditEvents allowing(AuditEvents event, String... rights) {
        return telling(event, body -> {
            body.contentSeen = true;
            body.rights = List.of(rights);
        });
    }

    private static AuditEvents write(String name, String... rights) {
        return allowing(rbac("update", "clusterroles", null, name), rights);
    }

    private static AuditEvents binding(AuditEvents event, @Nullable String role, String... subjects) {
        return telling(event, body -> {
            body.role = role;
            body.subjects = List.of(subjects);
        });
    }

    private static AuditEvents bind(@Nullable String role, String... subjects) {
        return binding(rbac("create", "clusterrolebindings", null, "b"), role, subjects);
    }

    private static AuditEvents bindIn(String namespace, String role, String... subjects) {
        return binding(rbac("create", "rolebindings", namespace, "b"), role, subjects);
    }

    private static AuditEvents mint() {
        return event().doing("create", "serviceaccounts", "ci", "robot").sub("token");
    }

    private static AuditEvents secret(String verb, String name, @Nullable String type, @Nullable String account) {
        return telling(event().doing(verb, "secrets", "ci", name), body -> {
            body.secretType = type;
            body.secretAccount = account;
        });
    }

    /** Plays events half a minute apart. */
    private static List<Alert> alerts(AuditEvents... events) {
        return alerts(Map.of(), events);
    }

    private static List<Alert> alerts(Map<String, String> parameters, AuditEvents... events) {
        try (DetectionHarness one = DetectionHarness.of(List.of(new RbacGrantChain()), parameters)) {
            List<SecurityEvent> played = new ArrayList<>();
            for (AuditEvents each : events) {
                played.add(each.at(START.plusSeconds(30L * played.size())).build());
            }
            one.play(played).end();
            return one.alerts();
        }
    }

    @Test
    void tellsWhoWroteWhoBoundAndWhoTookTheToken() {
        List<Alert> alerts = alerts(
                write("operator", "pods/exec", "secrets"), bind(OPERATOR, ROBOT).by("bob"), mint().by("eve"));
        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "system:serviceaccount:ci:robot was granted ClusterRole/operator (pods/exec, secrets): alice"
                                    + " wrote the role from 203.0.113.7; bob bound it from 203.0.113.7; then eve from 203.0.113.7:"
                                    + " create serviceaccounts/token ci/robot");
            assertThat(alert.evidence()).extracting("stage").containsExactly("role", "granted", "used");
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
        });
    }

    @Test
    void theRoleMayBecomeDangerousAfterItWasBound() {
        List<Alert> alerts = alerts(write("operator"), bind(OPERATOR, ROBOT), write("operator", "secrets"), mint());
        assertThat(alerts).singleElement().satisfies(alert -> {
            assertThat(alert.evidence()).extracting("stage").containsExactly("granted", "role", "used");
            assertThat(alert.start()).isEqualTo(START.plusSeconds(30));
        });
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT, "bob"), write("operator", "secrets"), mint()))
                .as("told for each subject")
                .hasSize(1);
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT), mint(), write("operator", "secrets")))
                .as("the token was taken before")
                .isEmpty();
    }

    @Test
    void aBindingOfLongAgoIsRememberedWhenTheRoleIsWidened() {
        harness.play(List.of(
                        bind(OPERATOR, ROBOT)
                                .at(START.minus(Duration.ofDays(3)))
                                .build(),
                        write("operator", "secrets").at(START).build(),
                        mint().at(START.plus(WINDOW).minusMillis(1)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.evidence())
                .extracting("stage")
                .containsExactly("role", "used"));
    }

    @Test
    void writingTheSameOrLessAgainWidensNothing() {
        AuditEvents dangerous = write("operator", "pods/exec", "secrets");
        harness.play(List.of(
                        dangerous.at(START.minus(Duration.ofDays(2))).build(),
                        bind(OPERATOR, ROBOT)
                                .at(START.minus(Duration.ofDays(1)))
                                .build(),
                        dangerous.at(START).build(),
                        write("operator", "secrets").at(START.plusSeconds(10)).build(),
                        mint().at(START.plusSeconds(30)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void whatWasDangerousBeforeIsRememberedForABinding() {
        harness.play(List.of(
                        write("operator", "secrets")
                                .at(START.minus(Duration.ofDays(3)))
                                .build(),
                        bind(OPERATOR, ROBOT).at(START).build(),
                        mint().at(START.plusSeconds(30)).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.evidence())
                .extracting("stage")
                .containsExactly("granted", "used"));
    }

    @Test
    void aRoleThatWasReadIsKnownToo() {
        AuditEvents read = allowing(rbac("get", "clusterroles", null, "operator"));
        assertThat(alerts(read, bind(OPERATOR, ROBOT), mint())).isEmpty();
        AuditEvents dangerous = allowing(rbac("get", "clusterroles", null, "operator"), "secrets");
        assertThat(alerts(dangerous, bind(OPERATOR, ROBOT), mint()))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.severity()).isEqualTo(Severity.HIGH);
                    assertThat(alert.evidence()).hasSize(2);
                });
    }

    @Test
    void readingTheRoleHidesNotWhoWroteIt() {
        AuditEvents read = allowing(rbac("get", "clusterroles", null, "operator"), "secrets");
        assertThat(alerts(write("operator", "secrets"), read, bind(OPERATOR, ROBOT), mint()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.evidence()).hasSize(3));
    }

    @Test
    void itIsTheContentThatCountsAndOfThatRole() {
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT), mint())).isEmpty();
        assertThat(alerts(write("cluster-admins", "secrets"), write("operator"), bind(OPERATOR, ROBOT), mint()))
                .isEmpty();
        assertThat(alerts(write("operator", "secrets"), write("operator"), bind(OPERATOR, ROBOT), mint()))
                .as("taken back before")
                .isEmpty();
        assertThat(alerts(
                        allowing(rbac("create", "roles", "web", "r"), "secrets"),
                        allowing(rbac("create", "roles", "ci", "r")),
                        bindIn("ci", "Role/r", ROBOT),
                        mint()))
                .as("a role of that name in another namespace")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ClusterRole/cluster-admin, CRITICAL",
        "ClusterRole/edit, HIGH",
        "ClusterRole/system:node, HIGH",
        "ClusterRole/never-seen, MEDIUM"
    })
    void someRolesAreKnownAndOthersAreUnknown(String role, Severity severity) {
        assertThat(alerts(bind(role, ROBOT), mint())).singleElement().satisfies(alert -> assertThat(alert.severity())
                .isEqualTo(severity));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ClusterRole/view",
                "ClusterRole/system:basic-user",
                "ClusterRole/system:controller:job-controller"
            })
    void knownHarmlessRolesAreQuietUnlessTheyWereTamperedWith(String role) {
        assertThat(alerts(bind(role, ROBOT), mint())).isEmpty();
        String name = role.substring("ClusterRole/".length());
        assertThat(alerts(write(name, "secrets"), bind(role, ROBOT), mint())).hasSize(1);
        assertThat(alerts(bind(role, ROBOT), write(name, "secrets"), mint())).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "web, ClusterRole/cluster-admin, MEDIUM",
        "web, ClusterRole/admin, INFORMATIONAL",
        "web, ClusterRole/edit, INFORMATIONAL",
        "kube-system, ClusterRole/edit, HIGH",
        "web, Role/never-seen, LOW",
        "web, ClusterRole/never-seen, LOW"
    })
    void inOneNamespaceDangerIsLess(String namespace, String role, Severity severity) {
        assertThat(alerts(bindIn(namespace, role, ROBOT), mint()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.severity()).isEqualTo(severity));
    }

    @Test
    void everythingInTheWholeClusterIsCritical() {
        assertThat(alerts(write("x", "*", "secrets"), bind("ClusterRole/x", ROBOT), mint()))
                .extracting(Alert::severity)
                .containsExactly(Severity.CRITICAL);
        AuditEvents role = allowing(rbac("create", "roles", "web", "r"), "*", "secrets");
        assertThat(alerts(role, bindIn("web", "Role/r", ROBOT), mint()))
                .extracting(Alert::severity)
                .containsExactly(Severity.MEDIUM);
    }

    @Test
    void aLesserGrantOfTheSameRoleHidesNoGraverOne() {
        assertThat(alerts(bindIn("web", "ClusterRole/edit", ROBOT), bind("ClusterRole/cluster-admin", ROBOT), mint()))
                .extracting(Alert::severity)
                .contains(Severity.CRITICAL);
        assertThat(alerts(bind(OPERATOR, ROBOT), bindIn("web", OPERATOR, ROBOT), write("operator", "secrets"), mint()))
                .extracting(Alert::severity)
                .contains(Severity.HIGH);
    }

    @Test
    void aRoleWhoseBodyWasCutOffIsDangerous() {
        AuditEvents cut = rbac("create", "clusterroles", null, "operator").having(builder -> builder.truncated = true);
        assertThat(alerts(cut, bind(OPERATOR, ROBOT), mint())).singleElement().satisfies(alert -> {
            assertThat(alert.severity()).isEqualTo(Severity.HIGH);
            assertThat(alert.message()).contains("what it allows was cut off");
        });
    }

    @Test
    void aBindingThatTellsNoRoleBindsAnUnknownOne() {
        AuditEvents added = binding(rbac("patch", "clusterrolebindings", null, "b"), null, ROBOT);
        assertThat(alerts(added, mint())).extracting(Alert::severity).containsExactly(Severity.MEDIUM);
        assertThat(alerts(rbac("create", "clusterrolebindings", null, "b"), mint()))
                .as("no body")
                .isEmpty();
    }

    @Test
    void anOperatorIsInstalledInSilence() {
        AuditEvents role = allowing(rbac("create", "roles", "ci", "r"));
        AuditEvents inside = event().by(ROBOT).from(INSIDE).doing("list", "secrets", "ci", null);
        AuditEvents kubelet = mint().by("system:node:n1").from(INSIDE);
        assertThat(alerts(role, bindIn("ci", "Role/r", ROBOT), kubelet, inside)).isEmpty();
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, ROBOT), kubelet, inside))
                .as("even a dangerous one, as long as nobody takes the token")
                .isEmpty();
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, ROBOT), kubelet.from(ELSEWHERE)))
                .as("a node's name from outside")
                .hasSize(1);
    }

    @Test
    void listedIssuersMintAndDeployersMakeTokenSecrets() {
        Map<String, String> listed = Map.of("identities.token-issuers", "vault", "identities.cd", "flux");
        AuditEvents role = write("operator", "secrets");
        AuditEvents bound = bind(OPERATOR, ROBOT);
        assertThat(alerts(listed, role, bound, mint().by("vault").from(INSIDE))).isEmpty();
        AuditEvents made = secret("create", "t", "kubernetes.io/service-account-token", "robot");
        assertThat(alerts(listed, role, bound, made.by("flux").from(INSIDE))).isEmpty();
        assertThat(alerts(listed, role, bound, made.by("flux").from(ELSEWHERE))).hasSize(1);
        assertThat(alerts(
                        listed,
                        role,
                        bound,
                        made.doing("get", "secrets", "ci", "t").by("flux").from(INSIDE)))
                .as("reading is no deployer's work")
                .hasSize(1);
    }

    @Test
    void tokenSecretsMadeAndReadCount() {
        AuditEvents role = write("operator", "secrets");
        AuditEvents bound = bind(OPERATOR, ROBOT);
        String type = "kubernetes.io/service-account-token";
        assertThat(alerts(role, bound, secret("create", "t", type, "robot"))).hasSize(1);
        assertThat(alerts(role, bound, secret("get", "t", type, "robot"))).hasSize(1);
        assertThat(alerts(role, bound, secret("get", "robot-token-x2b7c", null, null)))
                .hasSize(1);
        assertThat(alerts(role, bound, secret("patch", "t", null, "robot"))).hasSize(1);
        assertThat(alerts(role, bound, secret("get", "t", type, "other"))).isEmpty();
        assertThat(alerts(role, bound, secret("get", "robot-token-x2b7c", "Opaque", null)))
                .isEmpty();
        assertThat(alerts(role, bound, secret("get", "t", null, null))).isEmpty();
        assertThat(alerts(role, bound, secret("delete", "robot-token-x2b7c", null, null)))
                .isEmpty();
        assertThat(alerts(
                        role, bound, secret("get", "robot-token-x", null, null).denied()))
                .isEmpty();
        assertThat(alerts(
                        role,
                        bound,
                        secret("get", "robot-token-x", null, null).by(ROBOT).from(INSIDE)))
                .as("its own, at home")
                .isEmpty();
    }

    @Test
    void aServiceAccountOutsideIsItsTokenTaken() {
        AuditEvents outside = event().by(ROBOT).from(ELSEWHERE).doing("get", "pods", "web", "p");
        assertThat(alerts(bind("ClusterRole/cluster-admin", ROBOT), outside)).hasSize(1);
        assertThat(alerts(bind("ClusterRole/cluster-admin", ROBOT), outside.denied()))
                .hasSize(1);
        assertThat(alerts(bind("ClusterRole/cluster-admin", ROBOT), outside.from(INSIDE)))
                .isEmpty();
        assertThat(alerts(bind("ClusterRole/cluster-admin", ROBOT), outside.from(null)))
                .isEmpty();
    }

    @Test
    void peopleCountWhereTheRoleWasMadeForThem() {
        AuditEvents sensitive = event().by("bob").from(ELSEWHERE).doing("get", "secrets", "web", "s");
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, "bob"), sensitive))
                .hasSize(1);
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, "bob"), sensitive.by("eve")))
                .isEmpty();
        assertThat(alerts(
                        write("operator", "secrets"),
                        bind(OPERATOR, "bob"),
                        sensitive.doing("get", "pods", "web", "p")))
                .isEmpty();
        assertThat(alerts(bind("ClusterRole/cluster-admin", "bob"), sensitive))
                .as("a colleague becomes an administrator")
                .isEmpty();
    }

    @Test
    void toGrantIsNoUse() {
        AuditEvents bound = bind(OPERATOR, "bob").by("bob").from(ELSEWHERE);
        assertThat(alerts(write("operator", "secrets"), bound)).isEmpty();
        assertThat(alerts(
                        write("operator"),
                        bound,
                        write("operator", "secrets").by("bob").from(ELSEWHERE)))
                .isEmpty();
    }

    @Test
    void ofTwoBindingsOfOneGroupTheGraverIsTold() {
        List<Alert> alerts = alerts(
                write("operator"),
                bindIn("a", OPERATOR, "group:system:serviceaccounts"),
                bind(OPERATOR, "group:system:serviceaccounts"),
                bindIn("web", OPERATOR, "group:system:serviceaccounts"),
                write("operator", "secrets"),
                mint());
        assertThat(alerts).extracting(Alert::severity).containsExactly(Severity.HIGH);
    }

    @Test
    void groupsStandForTheirMembers() {
        AuditEvents sensitive =
                event().by("bob").groups("dev", "system:authenticated").from(ELSEWHERE);
        AuditEvents read = sensitive.doing("get", "secrets", "web", "s");
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, "group:dev"), read))
                .hasSize(1);
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, "group:ops"), read))
                .isEmpty();
        assertThat(alerts(bind("ClusterRole/cluster-admin", "group:system:authenticated"), read))
                .hasSize(1);
        for (String group : List.of("group:system:serviceaccounts", "group:system:serviceaccounts:ci")) {
            assertThat(alerts(bind("ClusterRole/cluster-admin", group), mint())).hasSize(1);
        }
        assertThat(alerts(bind("ClusterRole/cluster-admin", "group:system:serviceaccounts:web"), mint()))
                .isEmpty();
    }

    @Test
    void moreSubjectsThanAreListedAreAnybody() {
        assertThat(alerts(bind("ClusterRole/cluster-admin", "u1", ObjectBody.OTHERS), mint()))
                .singleElement()
                .satisfies(alert -> assertThat(alert.message()).startsWith("one of many was granted"));
    }

    @Test
    void moreSubjectsOfARoleThanAreRememberedAreAnybody() {
        List<SecurityEvent> events = new ArrayList<>();
        events.add(bind(OPERATOR, ROBOT).at(START).build());
        for (int i = 0; i < 1_100; i++) {
            events.add(bind(OPERATOR, "u" + i).at(START.plusMillis(100 + i)).build());
        }
        events.add(write("operator", "secrets").at(START.plusSeconds(20)).build());
        events.add(mint().at(START.plusSeconds(40)).build());
        harness.send(events).end();
        assertThat(harness.alerts()).isNotEmpty();
    }

    @Test
    void thePlatformsOwnWorkIsNoGrant() {
        AuditEvents filled = write("operator", "secrets").by(AGGREGATION).from(INSIDE);
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT), filled, mint()))
                .isEmpty();
        assertThat(alerts(filled, bind(OPERATOR, ROBOT), mint()))
                .as("but what it made is known")
                .hasSize(1);
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT), filled.from(ELSEWHERE), mint()))
                .as("its name from outside")
                .hasSize(1);
        assertThat(alerts(
                        bind("ClusterRole/cluster-admin", ROBOT)
                                .by("system:apiserver")
                                .from("::1"),
                        mint()))
                .isEmpty();
    }

    @Test
    void whatIsRefusedOrOnlyTriedIsNothing() {
        AuditEvents role = write("operator", "secrets");
        AuditEvents bound = bind(OPERATOR, ROBOT);
        assertThat(alerts(write("operator"), role.denied(), bound, mint())).isEmpty();
        assertThat(alerts(write("operator"), role.dry(), bound, mint())).isEmpty();
        assertThat(alerts(role, bound.denied(), mint())).isEmpty();
        assertThat(alerts(role, bound.dry(), mint())).isEmpty();
        assertThat(alerts(role, bound, mint().denied())).isEmpty();
        assertThat(alerts(role, bound, mint().dry())).isEmpty();
        assertThat(alerts(role, bound.doing("delete", "clusterrolebindings", null, "b"), mint()))
                .isEmpty();
    }

    @Test
    void aBindingWrittenAgainGrantsNothingAnew() {
        AuditEvents bound = bind("ClusterRole/cluster-admin", ROBOT);
        AuditEvents again = bound.doing("patch", "clusterrolebindings", null, "b");
        harness.play(List.of(
                        bound.at(START).build(),
                        again.at(START.plus(Duration.ofHours(1))).build(),
                        mint().at(START.plus(Duration.ofHours(1)).plusSeconds(60))
                                .build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        assertThat(alerts(again, mint())).as("of which nothing was known").hasSize(1);
    }

    @Test
    void staysQuietInAnotherOrderAndOutsideTheWindow() {
        AuditEvents role = write("operator", "secrets");
        AuditEvents bound = bind(OPERATOR, ROBOT);
        assertThat(alerts(write("operator"), mint(), role, bound)).isEmpty();
        assertThat(alerts(write("operator"), role, mint(), bound)).isEmpty();
        harness.play(List.of(
                        role.at(START).build(),
                        bound.at(START.plusSeconds(1)).build(),
                        mint().at(START.plus(WINDOW).plusSeconds(1)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness inside = DetectionHarness.of(detection())) {
            inside.play(List.of(
                            role.at(START).build(),
                            bound.at(START.plusSeconds(1)).build(),
                            mint().at(START.plus(WINDOW).minusMillis(1)).build()))
                    .end();
            assertThat(inside.alerts()).hasSize(1);
        }
    }

    @Test
    void tellsApartSubjectsAndClusters() {
        AuditEvents role = write("operator", "secrets");
        AuditEvents bound = bind(OPERATOR, ROBOT);
        assertThat(alerts(role, bound, mint().doing("create", "serviceaccounts", "web", "robot")))
                .isEmpty();
        assertThat(alerts(role, bound, mint().doing("create", "serviceaccounts", "ci", "other")))
                .isEmpty();
        assertThat(alerts(role, bound, mint().in("c2"))).isEmpty();
    }

    @Test
    void aRestartMayChangeTheWindow() {
        List<SecurityEvent> attack = attack(START, "c1");
        harness.play(past()).play(attack.subList(0, 2)).watermark(START.plusSeconds(50));
        harness.restart(Map.of("detections.rbac-grant-chain.window", "40 s"));
        harness.play(attack.subList(2, 3)).end();
        assertThat(harness.alerts()).isEmpty();
        try (DetectionHarness longer = DetectionHarness.of(detection())) {
            longer.play(attack.subList(0, 2)).watermark(START.plusSeconds(50));
            longer.restart(Map.of("detections.rbac-grant-chain.window", "5 h"));
            longer.play(List.of(mint().at(START.plus(Duration.ofHours(3))).build()))
                    .end();
            assertThat(longer.alerts()).hasSize(1);
        }
    }

    @Test
    void bothOrdersWithinOneSlotSayTheSameHoweverTheyArrive() {
        List<SecurityEvent> events = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            Instant time = START.plusMillis(100L * i);
            AuditEvents role = i % 2 == 0 ? write("operator", "secrets") : write("operator");
            events.add(role.at(time).build());
            events.add(bind(OPERATOR, "u" + i).at(time.plusMillis(50)).build());
            events.add(event().by("u" + i)
                    .from(ELSEWHERE)
                    .doing("get", "secrets", "web", "s")
                    .at(START.plusSeconds(20 + i))
                    .build());
        }
        List<String> expected;
        try (DetectionHarness inOrder = DetectionHarness.of(detection())) {
            events.sort((one, other) -> one.time().compareTo(other.time()));
            expected = inOrder.play(events).end().lines();
            assertThat(expected).hasSizeGreaterThan(2);
        }
        for (int seed = 0; seed < 4; seed++) {
            try (DetectionHarness any = DetectionHarness.of(List.of(detection()), 1 + seed % 3, Map.of())) {
                any.playDisordered(events, new Random(seed), DISORDER).end();
                assertThat(any.lines()).containsExactlyElementsOf(expected);
            }
        }
    }

    @Test
    void staysCheapUnderAFlood() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            AuditEvents bound = bind("ClusterRole/cluster-admin", ROBOT).auditId("r" + i);
            flood.add(bound.at(START.plusMillis(i * 100L)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(210));
        assertThat(harness.received(CEP)).isLessThanOrEqualTo(66);
        harness.send(mint().at(START.plusSeconds(220)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }
}
