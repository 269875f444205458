package io.tocsin.job.decode;

import static io.tocsin.job.decode.TestingRecords.GET_POD;
import static io.tocsin.job.decode.TestingRecords.GRANTED;
import static io.tocsin.job.decode.TestingRecords.subresource;
import static io.tocsin.job.decode.TestingRecords.subscription;
import static io.tocsin.job.decode.TestingRecords.user;
import static io.tocsin.job.decode.TestingRecords.with;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** One document of every shape, for tests that try all of them. */
public final class Fixtures {
    public static final List<String> AUDIT = List.of(
            GET_POD,
            subresource("ResponseStarted", "get", "exec", "?command=sh\\u0026command=-c\\u0026dryRun=All", 101),
            user("{\"username\":\"system:serviceaccount:shop:web\",\"extra\":{"
                    + "\"authentication.kubernetes.io/credential-id\":[\"JTI=1-2\"],\"arn\":[\"arn:aws:iam::1:role/a\"],"
                    + "\"authentication.kubernetes.io/pod-name\":[\"web-0\"]}}"),
            with(",\"sourceIPs\"", ",\"impersonatedUser\":{\"username\":\"ro\\\\ot\",\"groups\":[]},\"sourceIPs\""),
            with("[\"203.0.113.7\"]", "[\"10.0.0.1\", \"x\" ,\"203.0.113.7\"]"),
            with("\"requestReceived", "\"requestObject\":[{\"a\":[1,-2.5e3,true,null,\"x\\n\"]}],\"requestReceived"),
            with("\"code\":200", "\"message\":\"User cannot impersonate\",\"details\":{\"kind\":\"x\"},\"code\":403"),
            with("\"stageTimestamp\":\"2026-01-24T10:00:00.250000Z\"", "\"stageTimestamp\":null"),
            with("\"name\":\"web-0\",", ""));

    private Fixtures() {}

    public static List<byte[]> all() {
        List<String> texts = new ArrayList<>(AUDIT);
        texts.add("{\"kind\":\"EventList\",\"apiVersion\":\"audit.k8s.io/v1\",\"metadata\":{},\"items\":[" + GET_POD
                + "," + GET_POD + "]}");
        texts.add(GET_POD + GET_POD);
        texts.add("[" + GET_POD + "]");
        texts.add(GRANTED);
        texts.add(
                "time=\"2026-01-24T19:48:32Z\" level=warning msg=\"access denied\" error=\"x: {\\\"a\\\":\\u00e9}\" session=");
        texts.add(
                "{\"level\":\"info\",\"msg\":\"access granted\",\"time\":\"2026-01-24T19:48:32Z\",\"groups\":[\"a\"]}");
        texts.add("2026-01-24T10:00:00.000Z " + GET_POD);
        String subscription = subscription("kube-apiserver-audit-1", GET_POD, GET_POD);
        texts.add(subscription);
        texts.add(subscription + subscription("authenticator-1", GRANTED));
        texts.add("{\"awslogs\":{\"data\":\"" + TestingDecoder.base64(TestingDecoder.gzip(subscription)) + "\"}}");
        texts.add("{\"Records\":[{\"kinesis\":{\"data\":\"" + TestingDecoder.base64(TestingDecoder.gzip(subscription))
                + "\"},\"awsRegion\":\"eu-west-1\"}]}");
        texts.add(TestingDecoder.base64(TestingDecoder.gzip(subscription)));
        List<byte[]> all = new ArrayList<>();
        for (String text : texts) {
            all.add(text.getBytes(StandardCharsets.UTF_8));
        }
        all.add(TestingDecoder.gzip(subscription));
        return all;
    }
}
