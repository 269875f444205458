package io.tocsin.job.decode;

import static io.tocsin.job.decode.TestingRecords.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.event.EventField;
import io.tocsin.job.decode.content.TestingPlans;
import io.tocsin.network.Network;
import io.tocsin.network.Networks;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Decoders remember what bytes stood for, so as not to read them again. One that has seen everything makes of each document what one
 * makes of it that has seen nothing.
 */
class DecoderMemoryTest {
    private static final int MUTANTS_OF_EACH = 2;
    private static final int SHUFFLED = 2_500;
    private static final Networks NETWORKS = new Networks(
            Network.defaults(),
            Map.of(
                    "other",
                    new Network(List.of("203.0.113.0/24"), Network.DEFAULT_CONTROL_PLANE, List.of("10.0.0.0/8"))));

    private final TestingDecoder old = decoder();

    @Test
    void changesNothingOfFixturesAndMutants() {
        TestingMutator mutator = new TestingMutator(7);
        List<byte[]> documents = documents();
        List<byte[]> all = new ArrayList<>(documents);
        for (byte[] document : documents) {
            for (int i = 0; i < MUTANTS_OF_EACH; i++) {
                all.add(mutator.mutant(document, documents));
            }
        }
        documents.forEach(old::records);
        documents.forEach(old::records);
        Collections.shuffle(all, new Random(8));
        all.forEach(this::check);
    }

    @Test
    void changesNothingOfAuditEventsWhoseMembersComeInAnyOrder() {
        Random random = new Random(9);
        for (int i = 0; i < SHUFFLED; i++) {
            String document = event(random);
            check(bytes(random.nextInt(8) == 0 ? other(subscription("kube-apiserver-audit-1", document)) : document));
        }
    }

    /** Nothing but what it means to remember: that starts of what runs long are logged, so that late ends count no more. */
    private void check(byte[] document) {
        List<String> remembered = told(old.records(document));
        List<String> plain = told(decoder().records(document));
        if (remembered.size() == plain.size()) {
            for (int i = 0; i < plain.size(); i++) {
                if (remembered.get(i).equals("skip stage") && plain.get(i).contains("longOver=true")) {
                    remembered.set(i, plain.get(i));
                }
            }
        }
        assertThat(remembered)
                .as(new String(document, StandardCharsets.ISO_8859_1))
                .isEqualTo(plain);
    }

    private static List<String> told(List<Decoded> records) {
        List<String> told = new ArrayList<>();
        for (Decoded record : records) {
            if (record.event() != null) {
                told.add(record.event().toString());
            } else if (record.deadLetter() != null) {
                DeadLetter letter = record.deadLetter();
                told.add(letter.reason() + " for " + Arrays.toString(letter.bytes()));
            } else {
                told.add("skip " + record.skipped() + (record.request() == null ? "" : " " + record.request()));
            }
        }
        return told;
    }

    private static TestingDecoder decoder() {
        return TestingDecoder.with(new DecoderOptions(
                "auto",
                null,
                NETWORKS,
                Set.of(EventField.values()),
                DecoderOptions.DEFAULT_MAX_RECORD_BYTES,
                Map.of(),
                DecoderOptions.PLATFORM_NAMESPACES,
                TestingPlans.much()));
    }

    /** All fixtures, and audit events of two clusters with networks of their own. */
    private static List<byte[]> documents() {
        List<byte[]> documents = new ArrayList<>(Fixtures.all());
        for (FormatFixtures.File file : FormatFixtures.all()) {
            documents.addAll(file.documents());
        }
        for (String event : Fixtures.AUDIT) {
            String wrapped = subscription("kube-apiserver-audit-1", event);
            documents.add(bytes(wrapped));
            documents.add(bytes(other(wrapped)));
        }
        return documents;
    }

    private static String other(String subscription) {
        return subscription.replace("/aws/eks/prod/cluster", "/aws/eks/other/cluster");
    }

    /** An event of a few values, most of its members in their usual order. */
    private static String event(Random random) {
        List<String> members = new ArrayList<>();
        for (List<String> choice : MEMBERS) {
            if (random.nextInt(20) > 0) {
                members.add(
                        choice.get(random.nextInt(random.nextInt(3) > 0 ? Math.min(2, choice.size()) : choice.size())));
            }
        }
        for (int i = random.nextInt(4); i > 0; i--) {
            int one = random.nextInt(members.size());
            switch (random.nextInt(4)) {
                case 0 -> members.add(one, members.get(random.nextInt(members.size())));
                case 1 -> members.add(random.nextInt(members.size()), members.remove(one));
                case 2 -> members.set(one, " " + members.get(one) + "\t");
                default -> Collections.swap(members, one, Math.max(0, one - 1));
            }
        }
        return "{" + String.join(",", members) + (random.nextInt(50) == 0 ? "" : "}");
    }

    private static final List<List<String>> MEMBERS = List.of(
            List.of(
                    "\"kind\":\"Event\"",
                    "\"kind\" : \"Event\"",
                    "\"Kind\":\"Event\"",
                    "\"kind\":null",
                    "\"kind\":\"EventList\""),
            List.of(
                    "\"apiVersion\":\"audit.k8s.io/v1\"",
                    "\"apiVersion\":\"audit.k8s.io/v1beta1\"",
                    "\"apiVersion\":\"v1\""),
            List.of(
                    "\"level\":\"Metadata\"",
                    "\"level\":\"Request\"",
                    "\"level\":{\"verb\":\"get\"}",
                    "\"level\":7",
                    "\"items\":[]"),
            List.of(
                    "\"auditID\":\"1-2\"",
                    "\"auditID\":\"1-3\"",
                    "\"auditID\":\"\\u0031\"",
                    "\"auditID\":null",
                    "\"auditID\":4"),
            List.of(
                    "\"stage\":\"ResponseComplete\"",
                    "\"stage\":\"ResponseStarted\"",
                    "\"stage\":\"RequestReceived\"",
                    "\"stage\":\"Panic\"",
                    "\"stage\":\"\"",
                    "\"stage\":[]"),
            List.of(
                    "\"requestURI\":\"/api/v1/namespaces/a/pods/b\"",
                    "\"requestURI\":\"/api/v1/pods?watch=true\\u0026dryRun=All\"",
                    "\"requestURI\":\"/api/v1/namespaces/a/pods/b/log?follow=1\"",
                    "\"requestURI\":\"/x?d%72yRun=All\""),
            List.of(
                    "\"verb\":\"get\"",
                    "\"verb\":\"create\"",
                    "\"verb\":\"update\"",
                    "\"verb\":\"delete\"",
                    "\"verb\":\"watch\"",
                    "\"verb\":null"),
            List.of(
                    "\"user\":{\"username\":\"a\",\"groups\":[\"g\",\"h\"]}",
                    "\"user\":{\"username\":\"system:node:n\",\"extra\":{\"arn\":[\"arn:aws:iam::1:role/r\"]}}",
                    "\"user\":{\"username\":\"a\",\"groups\":[\"g\",\"i\"]}",
                    "\"user\":{}",
                    "\"user\":null",
                    "\"user\":{\"username\":\"a\",\"username\":\"b\"}"),
            List.of(
                    "\"sourceIPs\":[\"203.0.113.7\"]",
                    "\"sourceIPs\":[\"192.0.2.1\",\"10.0.0.1\"]",
                    "\"sourceIPs\":[]",
                    "\"sourceIPs\":null",
                    "\"verb\":\"list\"",
                    "\"impersonatedUser\":{\"username\":\"root\"}"),
            List.of(
                    "\"userAgent\":\"kubectl/v1\"",
                    "\"userAgent\":\"curl/8\"",
                    "\"userAgent\":null",
                    "\"userAgent\":\"\\u00e9\""),
            List.of(
                    "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"a\",\"name\":\"b\"}",
                    "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"a\",\"name\":\"c\",\"subresource\":\"exec\"}",
                    "\"objectRef\":{\"resource\":\"secrets\",\"apiVersion\":\"v1\"}",
                    "\"objectRef\":null",
                    "\"stage\":\"Panic\""),
            List.of(
                    "\"responseStatus\":{\"metadata\":{},\"code\":200}",
                    "\"responseStatus\":{\"metadata\":{},\"code\":403}",
                    "\"responseStatus\":{\"metadata\":{},\"message\":\"a cannot impersonate b\",\"code\":403}",
                    "\"responseStatus\":{\"code\":1000}",
                    "\"responseStatus\":{}",
                    "\"responseStatus\":null"),
            List.of(
                    "\"requestObject\":{\"kind\":\"Pod\",\"spec\":{\"nodeName\":\"n\",\"containers\":[{\"image\":\"i\"}]}}",
                    "\"requestObject\":null",
                    "\"metadata\":{\"creationTimestamp\":\"2026-01-24T09:00:00Z\"}",
                    "\"requestObject\":[{\"op\":\"add\",\"path\":\"/x\"}]"),
            List.of(
                    "\"requestReceivedTimestamp\":\"2026-01-24T10:00:00.000001Z\"",
                    "\"requestReceivedTimestamp\":\"2026-01-24T10:00:59.999999Z\"",
                    "\"requestReceivedTimestamp\":\"2026-01-24T10:01:60.000000Z\"",
                    "\"requestReceivedTimestamp\":\"2026-01-24T10:00:00.00000:Z\"",
                    "\"requestReceivedTimestamp\":null",
                    "\"requestReceivedTimestamp\":\"0001-01-01T00:00:00.000000Z\"",
                    "\"requestReceivedTimestamp\":\"2026-01-24T10:00:0/.000000Z\""),
            List.of(
                    "\"stageTimestamp\":\"2026-01-24T10:00:00.100000Z\"",
                    "\"stageTimestamp\":\"2026-01-24T10:00:45.100000Z\"",
                    "\"stageTimestamp\":\"2026-01-24T10:00:00.100000+01\"",
                    "\"stageTimestamp\":\"2026-01-24T12:00:00.100000+02:00\"",
                    "\"stageTimestamp\":null"),
            List.of(
                    "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":\"\"}",
                    "\"annotations\":{\"authorization.k8s.io/decision\":\"forbid\",\"authorization.k8s.io/reason\":\"r\"}",
                    "\"annotations\":{}",
                    "\"annotations\":{\"a\":\"b\"}",
                    "\"annotations\":[]"));

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
