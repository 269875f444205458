package io.tocsin.job.decode.aws;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** Calls as CloudTrail writes them. */
final class TestingCalls {
    static final String IDENTITY = "{\"type\":\"IAMUser\",\"principalId\":\"AIDAEXAMPLE\","
            + "\"arn\":\"arn:aws:iam::111122223333:user/ops/ci\",\"accountId\":\"111122223333\","
            + "\"accessKeyId\":\"AKIAEXAMPLE\",\"userName\":\"ci\"}";
    static final String CALL = "{\"eventVersion\":\"1.11\",\"userIdentity\":" + IDENTITY
            + ",\"eventTime\":\"2026-01-24T10:00:00Z\",\"eventSource\":\"eks.amazonaws.com\","
            + "\"eventName\":\"DescribeCluster\",\"awsRegion\":\"eu-west-1\",\"sourceIPAddress\":\"203.0.113.7\","
            + "\"userAgent\":\"aws-cli/2\",\"requestParameters\":{\"name\":\"prod\"},\"responseElements\":null,"
            + "\"eventID\":\"7a1d0000-0000-4000-8000-000000000001\",\"recipientAccountId\":\"111122223333\"}";

    private TestingCalls() {}

    static List<String> lines(String file) {
        return whole(file).lines().toList();
    }

    static String whole(String file) {
        try (InputStream in = TestingCalls.class.getResourceAsStream("/formats/cloudtrail/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
