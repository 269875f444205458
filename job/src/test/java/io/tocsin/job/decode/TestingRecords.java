package io.tocsin.job.decode;

/** Records as the API server and the authenticator write them, made up from their formats. */
public final class TestingRecords {
    public static final String GET_POD = audit("ResponseComplete", "get", "/api/v1/namespaces/shop/pods/web-0")
            .replace("#user#", "{\"username\":\"jane\",\"uid\":\"u-1\",\"groups\":[\"dev\",\"system:authenticated\"]}");

    public static final String GRANTED = "time=\"2026-01-24T19:48:32Z\" level=info msg=\"access granted\""
            + " arn=\"arn:aws:iam::111122223333:role/Admin\" client=\"127.0.0.1:41000\""
            + " groups=\"[ops system:masters]\" method=POST path=/authenticate"
            + " stsendpoint=sts.eu-west-1.amazonaws.com uid=\"aws-iam-authenticator:111122223333:AROAEXAMPLE\""
            + " username=admin";

    private TestingRecords() {}

    /** An event with the user left to fill in; parts are replaced by name. */
    private static String audit(String stage, String verb, String uri) {
        return "{\"kind\":\"Event\",\"apiVersion\":\"audit.k8s.io/v1\",\"level\":\"Metadata\","
                + "\"auditID\":\"6c1f0f7e-0000-4000-8000-000000000001\",\"stage\":\"" + stage + "\","
                + "\"requestURI\":\"" + uri + "\",\"verb\":\"" + verb + "\",\"user\":#user#,"
                + "\"sourceIPs\":[\"203.0.113.7\"],\"userAgent\":\"kubectl/v1.31.0\","
                + "\"objectRef\":{\"resource\":\"pods\",\"namespace\":\"shop\",\"name\":\"web-0\",\"apiVersion\":\"v1\"},"
                + "\"responseStatus\":{\"metadata\":{},\"code\":200},"
                + "\"requestReceivedTimestamp\":\"2026-01-24T10:00:00.000001Z\","
                + "\"stageTimestamp\":\"2026-01-24T10:00:00.250000Z\","
                + "\"annotations\":{\"authorization.k8s.io/decision\":\"allow\",\"authorization.k8s.io/reason\":\"r\"}}";
    }

    /** The usual record with one part exchanged; the part must be there. */
    public static String with(String part, String other) {
        return replace(GET_POD, part, other);
    }

    public static String replace(String record, String part, String other) {
        if (!record.contains(part)) {
            throw new IllegalArgumentException("not in the record: " + part);
        }
        return record.replace(part, other);
    }

    public static String user(String json) {
        return with("{\"username\":\"jane\",\"uid\":\"u-1\",\"groups\":[\"dev\",\"system:authenticated\"]}", json);
    }

    /** A request on a pod's subresource. */
    public static String subresource(String stage, String verb, String subresource, String query, int code) {
        String record = with("\"name\":\"web-0\",", "\"name\":\"web-0\",\"subresource\":\"" + subresource + "\",");
        record = replace(record, "pods/web-0\"", "pods/web-0/" + subresource + query + "\"");
        record = replace(record, "\"verb\":\"get\"", "\"verb\":\"" + verb + "\"");
        record = replace(record, "\"code\":200", "\"code\":" + code);
        return replace(record, "ResponseComplete", stage);
    }

    /** A CloudWatch subscription document with messages of one stream. */
    public static String subscription(String stream, String... messages) {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < messages.length; i++) {
            events.append(i == 0 ? "" : ",")
                    .append("{\"id\":\"3900000000000000000000000000000000000000000000000000000")
                    .append(i)
                    .append("\",\"timestamp\":1769248800")
                    .append(500 + i)
                    .append(",\"message\":\"")
                    .append(messages[i].replace("\\", "\\\\").replace("\"", "\\\""))
                    .append("\"}");
        }
        return "{\"messageType\":\"DATA_MESSAGE\",\"owner\":\"111122223333\",\"logGroup\":\"/aws/eks/prod/cluster\","
                + "\"logStream\":\"" + stream + "\",\"subscriptionFilters\":[\"all\"],\"logEvents\":[" + events + "]}";
    }
}
