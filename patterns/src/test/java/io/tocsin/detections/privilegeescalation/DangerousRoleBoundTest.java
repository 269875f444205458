package io.tocsin.detections.privilegeescalation;

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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DangerousRoleBoundTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String OPERATOR = "ClusterRole/operator";

    @Override
    public Detection<?> detection() {
        return new DangerousRoleBound();
    }

    /** The role is there, and harmless. */
    @Override
    public List<SecurityEvent> past() {
        Instant before = START.minus(Duration.ofHours(2));
        return List.of(
                write("operator").in("c1").at(before).build(),
                write("operator").in("c2").at(before).build());
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        return List.of(
                write("operator", "secrets").in(cluster).at(start).build(),
                bind(OPERATOR, ROBOT).in(cluster).at(start.plusSeconds(30)).build());
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

    /** Plays events half a minute apart. */
    private static List<Alert> alerts(AuditEvents... events) {
        return alerts(Duration.ofSeconds(30), events);
    }

    private static List<Alert> alerts(Duration apart, AuditEvents... events) {
        try (DetectionHarness one = DetectionHarness.of(new DangerousRoleBound())) {
            List<SecurityEvent> played = new ArrayList<>();
            for (AuditEvents each : events) {
                played.add(
                        each.at(START.plus(apart.multipliedBy(played.size()))).build());
            }
            one.play(played).end();
            return one.alerts().stream()
                    .filter(alert -> alert.activityId() == Alert.CREATE)
                    .toList();
        }
    }

    @Test
    void tellsWhoBoundWhomToWhatAndWhoWroteTheRole() {
        assertThat(alerts(
                        write("operator", "pods/exec", "secrets"),
                        bind(OPERATOR, ROBOT).by("bob")))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.message())
                            .isEqualTo("bob bound system:serviceaccount:ci:robot to ClusterRole/operator (pods/exec,"
                                    + " secrets) from 203.0.113.7 (create clusterrolebindings b); alice wrote the role"
                                    + " from 203.0.113.7");
                    assertThat(alert.evidence()).extracting("stage").containsExactly("role", "bound");
                    assertThat(alert.severity()).isEqualTo(Severity.HIGH);
                });
    }

    @Test
    void aRoleIsRememberedLongerThanTheWindow() {
        assertThat(alerts(Duration.ofDays(3), write("operator", "secrets"), bind(OPERATOR, ROBOT)))
                .singleElement()
                .satisfies(alert -> {
                    assertThat(alert.evidence()).extracting("stage").containsExactly("bound");
                    assertThat(alert.severity()).isEqualTo(Severity.HIGH);
                });
    }

    @Test
    void aRoleThatWasReadIsKnownToo() {
        assertThat(alerts(allowing(rbac("get", "clusterroles", null, "operator")), bind(OPERATOR, ROBOT)))
                .isEmpty();
        assertThat(alerts(allowing(rbac("get", "clusterroles", null, "operator"), "bind"), bind(OPERATOR, ROBOT)))
                .hasSize(1);
    }

    @Test
    void itIsTheLastContentThatCountsAndOfThatRole() {
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT))).isEmpty();
        assertThat(alerts(write("operator", "secrets"), write("operator"), bind(OPERATOR, ROBOT)))
                .as("taken back before")
                .isEmpty();
        assertThat(alerts(write("other", "secrets"), write("operator"), bind(OPERATOR, ROBOT)))
                .isEmpty();
        assertThat(alerts(
                        allowing(rbac("create", "roles", "web", "r"), "secrets"),
                        allowing(rbac("create", "roles", "ci", "r")),
                        bindIn("ci", "Role/r", ROBOT)))
                .as("a role of that name in another namespace")
                .isEmpty();
    }

    @Test
    void aRoleWidenedAfterItWasBoundIsToldOfTheRole() {
        assertThat(alerts(write("operator"), bind(OPERATOR, ROBOT), write("operator", "secrets")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ClusterRole/admin, HIGH",
        "ClusterRole/edit, HIGH",
        "ClusterRole/system:node, HIGH",
        "ClusterRole/never-seen, MEDIUM"
    })
    void inAllOfTheClusterSomeRolesAreKnownAndOthersAreUnknown(String role, Severity severity) {
        assertThat(alerts(bind(role, ROBOT))).extracting(Alert::severity).containsExactly(severity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ClusterRole/view", "ClusterRole/system:basic-user", "ClusterRole/cluster-admin"})
    void harmlessRolesAreQuietAndClusterAdminHasARuleOfItsOwn(String role) {
        assertThat(alerts(bind(role, ROBOT))).isEmpty();
    }

    @Test
    void aRoleOfThePlatformThatWasTamperedWithIsDangerous() {
        assertThat(alerts(write("view", "secrets"), bind("ClusterRole/view", ROBOT)))
                .hasSize(1);
    }

    @Test
    void everythingInAllOfTheClusterIsCritical() {
        assertThat(alerts(write("x", "*", "secrets"), bind("ClusterRole/x", ROBOT)))
                .extracting(Alert::severity)
                .containsExactly(Severity.CRITICAL);
    }

    @ParameterizedTest
    @CsvSource({"web, MEDIUM", "kube-system, HIGH"})
    void inOneNamespaceItIsLessButInThatOfTheControllers(String namespace, Severity severity) {
        assertThat(alerts(
                        allowing(rbac("create", "roles", namespace, "r"), "secrets"),
                        bindIn(namespace, "Role/r", ROBOT)))
                .extracting(Alert::severity)
                .containsExactly(severity);
        assertThat(alerts(write("x", "secrets"), bindIn(namespace, "ClusterRole/x", ROBOT)))
                .extracting(Alert::severity)
                .containsExactly(severity);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ClusterRole/admin", "ClusterRole/edit", "ClusterRole/never-seen", "Role/never-seen"})
    void whatIsBoundInOneNamespaceEveryDayIsQuiet(String role) {
        assertThat(alerts(bindIn("web", role, ROBOT))).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"create", "update", "patch"})
    void writesOfAnyKindBind(String verb) {
        AuditEvents event = rbac(verb, "clusterrolebindings", null, "b");
        assertThat(alerts(write("operator", "secrets"), binding(event, OPERATOR, ROBOT)))
                .hasSize(1);
    }

    @Test
    void anAbsentBodyIsBlindAndAPatchThatTellsNoRoleBindsAnUnknownOne() {
        assertThat(alerts(rbac("create", "clusterrolebindings", null, "b"))).isEmpty();
        assertThat(alerts(binding(rbac("patch", "clusterrolebindings", null, "b"), null, ROBOT)))
                .extracting(Alert::severity)
                .containsExactly(Severity.MEDIUM);
        assertThat(alerts(binding(rbac("patch", "rolebindings", "web", "b"), null, ROBOT)))
                .isEmpty();
    }

    @Test
    void eachSubjectIsToldOnce() {
        AuditEvents again = binding(rbac("update", "clusterrolebindings", null, "b"), OPERATOR, ROBOT);
        AuditEvents more = binding(rbac("update", "clusterrolebindings", null, "b"), OPERATOR, ROBOT, "mallory");
        List<Alert> alerts = alerts(write("operator", "secrets"), bind(OPERATOR, ROBOT), again, again, more);
        assertThat(alerts).hasSize(2);
        assertThat(alerts.get(1).message()).contains("bound mallory to");
    }

    @Test
    void aLesserGrantHidesNoGraverOneThatFollowsAtOnce() {
        assertThat(alerts(
                        Duration.ofSeconds(1),
                        write("lesser", "secrets"),
                        write("graver", "*"),
                        bindIn("web", "ClusterRole/lesser", ROBOT),
                        bind("ClusterRole/graver", ROBOT)))
                .extracting(Alert::severity)
                .containsExactlyInAnyOrder(Severity.MEDIUM, Severity.CRITICAL);
    }

    @Test
    void thePlatformRestoresItsOwnBindings() {
        AuditEvents own = binding(
                rbac("update", "clusterrolebindings", null, "system:node-proxier"), "ClusterRole/never-seen", ROBOT);
        assertThat(alerts(own.by("system:apiserver").from("127.0.0.1"))).isEmpty();
        assertThat(alerts(own.by("system:apiserver"))).as("from outside").hasSize(1);
    }

    @Test
    void operatorsInsideAreToldToo() {
        AuditEvents inside =
                bind(OPERATOR, ROBOT).by("system:serviceaccount:ops:operator").from(INSIDE);
        assertThat(alerts(write("operator", "secrets"), inside)).hasSize(1);
    }

    @Test
    void whatIsRefusedOrOnlyTriedIsQuiet() {
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, ROBOT).denied()))
                .isEmpty();
        assertThat(alerts(write("operator", "secrets"), bind(OPERATOR, ROBOT).having(builder -> builder.dryRun = true)))
                .isEmpty();
    }
}
