package io.tocsin.sigma.field;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the logs that are no audit log have by their own names: CloudTrail, Falco, Tetragon, Hubble, Events, the journal. */
final class RecordFields {
    private static final Set<Source> CLOUDTRAIL = Set.of(Source.CLOUDTRAIL);
    private static final Set<Source> FALCO = Set.of(Source.FALCO);
    private static final String AMAZON = ".amazonaws.com";

    private static final List<String> CLOUDTRAIL_MEMBERS = List.of(
            "additionalEventData",
            "addendum",
            "annotation",
            "apiVersion",
            "awsRegion",
            "edgeDeviceDetails",
            "errorMessage",
            "eventCategory",
            "eventID",
            "eventType",
            "eventVersion",
            "managementEvent",
            "readOnly",
            "requestID",
            "requestParameters",
            "resources",
            "responseElements",
            "serviceEventDetails",
            "sessionCredentialFromConsole",
            "sharedEventID",
            "sourceIPAddress",
            "tlsDetails",
            "userIdentity",
            "vpcEndpointAccountId",
            "vpcEndpointId");

    private static final List<String> EVENT_MEMBERS = List.of(
            "action",
            "apiVersion",
            "deprecatedCount",
            "deprecatedFirstTimestamp",
            "deprecatedLastTimestamp",
            "deprecatedSource",
            "firstTimestamp",
            "involvedObject",
            "kind",
            "lastTimestamp",
            "metadata",
            "regarding",
            "related",
            "reportingComponent",
            "reportingController",
            "reportingInstance",
            "series",
            "source");

    private static final List<String> TETRAGON_MEMBERS = List.of(
            "cluster_name",
            "node_labels",
            "node_name",
            "process_connect",
            "process_exec",
            "process_exit",
            "process_kprobe",
            "process_listen",
            "process_loader",
            "process_lsm",
            "process_tracepoint",
            "process_uprobe",
            "process_usdt");

    private RecordFields() {}

    static void define(FieldTable fields) {
        cloudTrail(fields);
        falco(fields);
        others(fields);
    }

    private static void cloudTrail(FieldTable fields) {
        fields.field("eventName", CLOUDTRAIL, "The call")
                .also("event.action", "api.operation", "verb")
                .is(SecurityEvent::verb);
        fields.field("eventSource", CLOUDTRAIL, "The service that was called: eks.amazonaws.com")
                .also("event.provider", "api.service.name")
                .is(event -> service(event.resource()));
        fields.field("errorCode", CLOUDTRAIL, "The error; absent where the call succeeded")
                .also("aws.cloudtrail.error_code", "api.response.error")
                .is(SecurityEvent::reason);
        roots(fields, Source.CLOUDTRAIL, CLOUDTRAIL_MEMBERS, "As CloudTrail writes it");
        fields.also(Source.CLOUDTRAIL, "awsRegion", "cloud.region");
        fields.also(Source.CLOUDTRAIL, "userIdentity.type", "aws.cloudtrail.user_identity.type", "actor.user.type");
        fields.also(Source.CLOUDTRAIL, "errorMessage", "aws.cloudtrail.error_message", "api.response.message");
        fields.also(Source.CLOUDTRAIL, "userIdentity.arn", "aws.cloudtrail.user_identity.arn");
        fields.also(Source.CLOUDTRAIL, "eventType", "aws.cloudtrail.event_type");
    }

    /** The decoder takes the usual end away. */
    private static @Nullable String service(@Nullable String resource) {
        return resource == null || resource.indexOf('.') >= 0 ? resource : resource + AMAZON;
    }

    private static void falco(FieldTable fields) {
        fields.field("rule", FALCO, "The rule of Falco that was met")
                .also("rule.name", "finding_info.title")
                .is(SecurityEvent::reason);
        fields.field("priority", FALCO, "Its priority, in lower case")
                .values("emergency", "alert", "critical", "error", "warning", "notice", "informational", "debug")
                .also("event.severity")
                .is(SecurityEvent::level);
        fields.field("output", FALCO, "Its text").is(SecurityEvent::message);
        roots(
                fields,
                Source.FALCO,
                List.of("hostname", "output_fields", "source", "tags", "uuid"),
                "As Falco writes it");
    }

    private static void others(FieldTable fields) {
        roots(fields, Source.KUBERNETES_EVENT, EVENT_MEMBERS, "As the Event has it");
        roots(fields, Source.TETRAGON, TETRAGON_MEMBERS, "As Tetragon writes it");
        roots(fields, Source.HUBBLE, List.of("flow", "node_name"), "As Hubble writes it");
        roots(fields, Source.CONTAINER_LOG, List.of("kubernetes", "stream"), "As the collector writes it");
    }

    private static void roots(FieldTable fields, Source source, List<String> members, String description) {
        for (String member : members) {
            fields.root(member, Set.of(source), true, description);
        }
    }
}
