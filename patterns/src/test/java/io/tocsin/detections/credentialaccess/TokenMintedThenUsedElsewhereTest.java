package io.tocsin.detections.credentialaccess;

import static io.tocsin.testkit.AuditEvents.ELSEWHERE;
import static io.tocsin.testkit.AuditEvents.INSIDE;
import static io.tocsin.testkit.AuditEvents.OFFICE;
import static io.tocsin.testkit.AuditEvents.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.detection.Detection;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.testkit.AuditEvents;
import io.tocsin.testkit.DetectionContract;
import io.tocsin.testkit.DetectionHarness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TokenMintedThenUsedElsewhereTest implements DetectionContract {
    private static final String ROBOT = "system:serviceaccount:ci:robot";
    private static final String TOKEN = "JTI=5";
    private static final Duration WINDOW = Duration.ofHours(24);
    private static final String CEP = "token-minted-then-used-elsewhere-cep-v1";

    private final DetectionHarness harness = DetectionHarness.of(new TokenMintedThenUsedElsewhere());

    @AfterEach
    void close() {
        harness.close();
    }

    @Override
    public Detection<?> detection() {
        return new TokenMintedThenUsedElsewhere();
    }

    @Override
    public List<SecurityEvent> attack(Instant start, String cluster) {
        String token = "JTI=" + start;
        return List.of(
                minted().issuing(token).in(cluster).at(start).build(),
                used().credential(token).in(cluster).at(start.plusSeconds(90)).build());
    }

    @Override
    public Map<String, List<String>> badValues() {
        return Map.of("window", List.of("0 s", "9 s", "a while"));
    }

    /** Each minting is another credential, so another story. */
    @Override
    @Test
    public void toldOnceUntilItHasBeenQuietForTheSuppressionTime() {
        List<SecurityEvent> events = new ArrayList<>(List.of(minted().at(START).build()));
        for (int i = 1; i < 5; i++) {
            events.add(used().from("198.51.100." + i)
                    .at(START.plusSeconds(600L * i))
                    .build());
        }
        harness.play(events).end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.time())
                .isEqualTo(START.plusSeconds(600)));
    }

    private static AuditEvents minted() {
        return event().doing("create", "serviceaccounts", "ci", "robot")
                .sub("token")
                .ended(Outcome.SUCCESS, 201)
                .issuing(TOKEN);
    }

    private static AuditEvents used() {
        return event().by(ROBOT).credential(TOKEN).from(ELSEWHERE);
    }

    private void play(AuditEvents minted, AuditEvents used) {
        harness.play(List.of(
                        minted.at(START).build(), used.at(START.plusSeconds(60)).build()))
                .end();
    }

    @Test
    void tellsWhoMintedAndWhereItWasUsed() {
        play(minted(), used().doing("list", "secrets", null, null));
        assertThat(harness.alerts()).singleElement().satisfies(alert -> {
            assertThat(alert.message())
                    .isEqualTo(
                            "alice minted a token for service account ci/robot from 203.0.113.7; it was then used from"
                                    + " 198.51.100.9: list secrets");
            assertThat(alert.evidence()).extracting("stage").containsExactly("minted", "used");
            assertThat(alert.evidence()).extracting("user").containsExactly("alice", ROBOT);
        });
    }

    @Test
    void measuresTheWindowExclusively() {
        harness.play(List.of(
                        minted().at(START).build(),
                        used().at(START.plus(WINDOW).minusMillis(1)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
        try (DetectionHarness outside = DetectionHarness.of(detection())) {
            outside.play(List.of(
                            minted().at(START).build(),
                            used().at(START.plus(WINDOW)).build()))
                    .end();
            assertThat(outside.alerts()).isEmpty();
        }
    }

    @Test
    void staysQuietWhenTheTokenWasUsedOnlyBefore() {
        harness.play(List.of(
                        used().at(START).build(),
                        minted().at(START.plusSeconds(60)).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void staysQuietWhileOnlyTheMintersAddressUsesIt() {
        play(minted(), used().from(OFFICE));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void followsTheTokenPastItsUseAtTheMinters() {
        harness.play(List.of(
                        minted().at(START).build(),
                        used().from(OFFICE).at(START.plusSeconds(60)).build(),
                        used().at(START.plusSeconds(90)).build()))
                .end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void keepsTokensApart() {
        play(minted(), used().credential("JTI=6"));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRefusedUseIsAUse() {
        play(minted(), used().denied());
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void certificatesAreNotTokens() {
        play(minted().issuing("X509SHA256=1"), used().credential("X509SHA256=1"));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void staysQuietWhereAnAddressIsMissing() {
        play(minted().from(null), used());
        play(minted().issuing("JTI=7"), used().credential("JTI=7").from(null));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void kubeletsAndTheControlPlaneMintFromInsideAndFromAnUnknownAddress() {
        for (String platform : List.of(
                "system:node:n1",
                "system:kube-controller-manager",
                "system:serviceaccount:kube-system:job-controller")) {
            for (String address : new String[] {INSIDE, "127.0.0.1", null}) {
                try (DetectionHarness one = DetectionHarness.of(detection())) {
                    one.play(attackBy(minted().by(platform).from(address))).end();
                    assertThat(one.alerts()).as("%s from %s", platform, address).isEmpty();
                }
            }
        }
    }

    private static List<SecurityEvent> attackBy(AuditEvents minted) {
        return List.of(
                minted.at(START).build(), used().at(START.plusSeconds(60)).build());
    }

    @Test
    void theNamesOfThePlatformAreNoExcuseOutside() {
        for (String platform : List.of(
                "system:node:n1",
                "system:kube-controller-manager",
                "system:serviceaccount:kube-system:job-controller")) {
            try (DetectionHarness one = DetectionHarness.of(detection())) {
                one.play(attackBy(minted().by(platform))).end();
                assertThat(one.alerts()).as(platform).hasSize(1);
            }
        }
    }

    @Test
    void theNamesOfThePlatformAreNoExcuseForWhoImpersonatesThem() {
        play(
                minted().by("system:kube-controller-manager")
                        .impersonatedBy("mallory")
                        .from(INSIDE),
                used());
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void otherServiceAccountsAreExpectedToMintNothing() {
        play(minted().by("system:serviceaccount:kube-system:my-controller").from(INSIDE), used());
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void listedIssuersMintFromWhereTheyAreListed() {
        String key = "identities.token-issuers";
        Map<String, String> listed = Map.of(key, "vault from 203.0.113.0/24");
        try (DetectionHarness one = DetectionHarness.of(detection(), listed)) {
            one.play(attackBy(minted().by("vault"))).end();
            assertThat(one.alerts()).isEmpty();
        }
        try (DetectionHarness one = DetectionHarness.of(detection(), listed)) {
            one.play(attackBy(minted().by("vault").from("192.0.2.1"))).end();
            assertThat(one.alerts()).hasSize(1);
        }
        try (DetectionHarness one = DetectionHarness.of(detection(), listed)) {
            one.play(attackBy(minted().by("vault").impersonatedBy("mallory"))).end();
            assertThat(one.alerts()).as("impersonated").hasSize(1);
        }
    }

    @Test
    void aTokenThatWasNotIssuedOpensNothing() {
        play(minted().denied(), used());
        play(minted().dry().issuing("JTI=8"), used().credential("JTI=8"));
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void aRestartMayLengthenTheWindow() {
        DetectionHarness short1 =
                DetectionHarness.of(detection(), Map.of("detections.token-minted-then-used-elsewhere.window", "1 h"));
        try (short1) {
            short1.play(List.of(minted().at(START).build())).watermark(START.plusSeconds(1_800));
            short1.restart();
            short1.play(List.of(used().at(START.plus(Duration.ofHours(5))).build()))
                    .end();
            assertThat(short1.alerts()).hasSize(1);
            assertThat(short1.stateEntriesByUid().values())
                    .as("%s", short1.stateEntriesByUid())
                    .containsOnly(0);
        }
    }

    @Test
    void aRestartMayShortenTheWindow() {
        harness.play(List.of(minted().at(START).build())).watermark(START.plusSeconds(1_800));
        harness.restart(Map.of("detections.token-minted-then-used-elsewhere.window", "1 h"));
        harness.play(List.of(used().at(START.plus(Duration.ofHours(5))).build()))
                .end();
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void staysCheapUnderAFloodOfMintingsAndUses() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            Instant time = START.plusMillis(i * 1_000L);
            flood.add(minted().auditId("m" + i).at(time).build());
            flood.add(
                    used().from(OFFICE).auditId("u" + i).at(time.plusMillis(1)).build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(5_000));
        // One credential is minted once, so this is an attack on the detection itself.
        assertThat(harness.received(CEP)).isLessThan(40);
        assertThat(harness.stateEntries()).isLessThan(100);
        harness.send(used().at(START.plusSeconds(5_010)).build()).end();
        assertThat(harness.alerts()).hasSize(1);
    }

    @Test
    void usesOfTokensThatNobodyMintedDoNotReachThePattern() {
        List<SecurityEvent> flood = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            flood.add(used().credential("JTI=" + i % 10)
                    .at(START.plusMillis(i * 100L))
                    .build());
        }
        harness.watermark(START).send(flood).watermark(START.plusSeconds(510));
        assertThat(harness.received(CEP)).isZero();
        assertThat(harness.received("kubernetes-audit-correlator")).isEqualTo(10);
        assertThat(harness.alerts()).isEmpty();
    }

    @Test
    void theLatestOfSeveralOpenersGivesTheEvidence() {
        harness.play(List.of(
                        minted().auditId("first").at(START).build(),
                        minted().auditId("second")
                                .at(START.plus(Duration.ofHours(2)))
                                .build(),
                        used().at(START.plus(Duration.ofHours(3))).build()))
                .end();
        assertThat(harness.alerts()).singleElement().satisfies(alert -> assertThat(alert.start())
                .isEqualTo(START.plus(Duration.ofHours(2))));
    }
}
