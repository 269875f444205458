package io.tocsin.sigma.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.sigma.SigmaProblem;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.WrittenRule;
import io.tocsin.sigma.read.SigmaDocuments;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleLinterTest {
    private static List<String> lint(String selection) {
        return lint("{product: kubernetes, service: audit}", "s: {" + selection + "}", "condition: s");
    }

    private static List<String> lint(String logSource, String... detection) {
        SigmaDocuments read = WrittenRule.file("title: Test\nname: a\nlogsource: %s\nlevel: low\ndetection:\n%s"
                .formatted(logSource, String.join("\n", detection).indent(4)));
        List<SigmaProblem> problems = new ArrayList<>(read.problems());
        List<SigmaRule> linked = RuleLinker.link(read.rules(), read.filters(), problems);
        assertThat(linked.isEmpty()).isEqualTo(!problems.isEmpty());
        return problems.stream().map(SigmaProblem::reason).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "verb: exec~objectRef.subresource: exec, with verb create or, over WebSocket, get",
                "verb: Attach~objectRef.subresource: attach",
                "verb: read~reading is get, list and watch",
                "verb: modify~changing is update and patch",
                "verb: [create, replace]~kubectl replace is update",
                "verb: apply~kubectl apply is patch",
                "verb: impersonate~actor.impersonates: true",
                "verb: creat~did you mean create?",
                "verb|startswith: dele~",
                "verb|startswith: del_~verb must be one of",
                "verb: 'del*'~",
                "verb: '*x'~verb must be one of",
                "verb|re: '^(create|update)$'~",
                "verb|re: '^exec$'~verb must be one of",
                "verb|cased: Create~always in lower case",
                "verb: CREATE~",
                "objectRef.resource: Pod~did you mean pods?",
                "objectRef.resource: secret~did you mean secrets?",
                "objectRef.resource: deploy~did you mean deployments?",
                "objectRef.resource: sercets~did you mean secrets?",
                "objectRef.resource: clusterrolebinding~did you mean clusterrolebindings?",
                "objectRef.resource: pods/exec~write objectRef.resource: pods and objectRef.subresource: exec",
                "objectRef.resource: applications~",
                "objectRef.resource: releases~",
                "objectRef.resource: constraints~",
                "objectRef.resource: nodepools~",
                "objectRef.resource|cased: Pods~always in lower case",
                "objectRef.subresource: pods/exec~did you mean exec?",
                "objectRef.subresource: execs~did you mean exec?",
                "objectRef.subresource: logs~did you mean log?",
                "objectRef.subresource: restart~",
                "objectRef.apiGroup: rbac.authorization.k8s.io/v1~it has no version, write rbac.authorization.k8s.io",
                "objectRef.apiGroup: rbac~did you mean rbac.authorization.k8s.io?",
                "objectRef.apiGroup: core~the core group has no name",
                "objectRef.apiGroup: argoproj.io~",
                "responseStatus.code: ALLOW~must be an HTTP status from 100 to 599: ALLOW",
                "responseStatus.code: 4030~must be an HTTP status",
                "responseStatus.code|gte: 600~never at least 600",
                "responseStatus.code|gte: 400~",
                "responseStatus.code|startswith: 4~",
                "responseStatus.code|startswith: x~is a number",
                "outcome: failure~did you mean denied?",
                "outcome: admission_denied~did you mean admission-denied?",
                "outcome: [denied, success]~",
                "source.zone: external~did you mean outside?",
                "actor.kind: serviceaccount~did you mean service-account?",
                "actor.kind: user~did you mean person?",
                "annotations.authorization.k8s.io/decision: deny~did you mean forbid?",
                "decision: forbid~",
                "actor.at_home: yes~must be one of false, true: yes",
                "csr.verdict: Approved~",
                "role.rights: '\\*'~",
                "role.rights: everything~role.rights must be one of",
                "requestObject|contains: privileged~has no value of its own",
                "requestObject|exists: true~",
                "impersonatedUser|exists: true~",
                "source.zone: null~"
            })
    void aValueThatNeverOccursIsRefusedWithWhatIsMeant(String test, String meant) {
        List<String> reasons = lint(test);
        if (meant == null) {
            assertThat(reasons).isEmpty();
        } else {
            assertThat(reasons).singleElement().asString().contains(meant);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "verb: update, objectRef.resource: pods, objectRef.subresource: exec~verb update never occurs on pods/exec; there it is create or get",
                "verb: [list, watch], objectRef.subresource: log~verb list or watch never occurs on log",
                "verb: get, objectRef.resource: pods, objectRef.subresource: exec~",
                "verb: post, objectRef.resource: pods~verb post never occurs on pods",
                "verb: post, requestURI: /metrics~",
                "verb: list, objectRef.resource: selfsubjectaccessreviews~there it is create",
                "verb: create, objectRef.resource: selfsubjectaccessreviews~",
                "verb: update, objectRef.resource: certificatesigningrequests, objectRef.subresource: approval~",
                "verb: create, objectRef.resource: widgets, objectRef.subresource: status, objectRef.apiGroup: example.com~",
                "verb: delete, objectRef.resource: nodes, objectRef.subresource: proxy~",
                "objectRef.apiGroup: apps, objectRef.resource: pods~pods is no resource of API group apps, but of the core group",
                "objectRef.apiGroup: apps, objectRef.resource: [pods, deployments]~",
                "objectRef.apiGroup: example.com, objectRef.resource: pods~"
            })
    void whatNeverOccursTogetherIsRefused(String selection, String reason) {
        List<String> reasons = lint(selection);
        if (reason == null) {
            assertThat(reasons).isEmpty();
        } else {
            assertThat(reasons)
                    .singleElement()
                    .asString()
                    .startsWith("can never be true: ")
                    .contains(reason);
        }
    }

    @Test
    void oneFieldIsNotTwoThingsAtOnce() {
        String audit = "{product: kubernetes, service: audit}";
        assertThat(lint(audit, "s: {verb: [get, list]}", "t: {verb: [create, delete]}", "condition: s and t"))
                .containsExactly(
                        "can never be true: verb is asked to be get or list and, at the same time, create or delete");
        assertThat(lint(audit, "s: {verb: [get, list]}", "t: {verb: [list, delete]}", "condition: s and t"))
                .isEmpty();
        assertThat(lint(audit, "s: {verb: [get, list]}", "t: {verb: create}", "condition: s and not t"))
                .isEmpty();
        assertThat(lint(audit, "s: {verb: [get, list]}", "t: {verb: create}", "condition: s or t"))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user.groups|all: [a, b]",
                "sourceIPs|all: [10.0.0.1, 10.0.0.2]",
                "role.rights|all: [escalate, bind]",
                "requestObject.spec.containers.image|all: [a, b]"
            })
    void fieldsOfSeveralValuesAreSeveralThings(String selection) {
        assertThat(lint(selection)).isEmpty();
    }

    @Test
    void levelsAreCheckedToo() {
        SigmaDocuments read = WrittenRule.file(
                """
                title: Test
                name: a
                logsource: {product: kubernetes, service: audit}
                level: low
                detection:
                    s: {verb: get}
                    t: {verb: modify}
                    condition: s
                tocsin:
                    levels: {high: t}
                """);
        List<SigmaProblem> problems = new ArrayList<>(read.problems());
        RuleLinker.link(read.rules(), List.of(), problems);
        assertThat(problems).singleElement().satisfies(problem -> {
            assertThat(problem.line()).isEqualTo(7);
            assertThat(problem.reason()).contains("verb modify never occurs");
        });
    }

    @Test
    void otherLogsHaveTheirOwnValues() {
        assertThat(lint("{category: webserver}", "s: {sc-status: 700}", "condition: s"))
                .singleElement()
                .asString()
                .contains("http.status must be an HTTP status");
        assertThat(lint("{category: webserver}", "s: {attack.kind: xss}", "condition: s"))
                .singleElement()
                .asString()
                .contains("attack.kind must be one of code-injection");
        assertThat(lint("{category: webserver}", "s: {url.decoded|cased|contains: UNION}", "condition: s"))
                .singleElement()
                .asString()
                .contains("always in lower case");
        assertThat(lint("{product: falco}", "s: {priority: warn}", "condition: s"))
                .singleElement()
                .asString()
                .contains("priority must be one of");
    }

    @Test
    void aShapeOfManyWildcardsIsCheckedInNoTime() {
        assertThat(lint("verb: '" + "*?".repeat(500) + "x'")).isNotEmpty();
    }
}
