package io.tocsin.job.sink;

import com.fasterxml.jackson.core.JsonGenerator;
import io.tocsin.alert.Alert;
import io.tocsin.alert.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An alert as one line of JSON: an OCSF 1.8.0 Detection Finding. Keys stand in a fixed order and the same alert always gives the
 * same bytes.
 *
 * <p>Beyond OCSF stand only {@code time} and {@code source} in {@code finding_info.related_events[]}, for readers who know no
 * OCSF; {@code created_time} and {@code type} say the same. {@code metadata.profiles} names the profiles that {@code cloud} and
 * the {@code _dt} twins come from.
 *
 * @see <a href="https://schema.ocsf.io/1.8.0/classes/detection_finding">Detection Finding</a>
 */
public final class AlertJson implements Serializable {
    private static final long serialVersionUID = 1L;

    private static final String OCSF_VERSION = "1.8.0";
    /** The ATT&amp;CK version whose ids the detections use; each of them exists there. */
    static final String ATTACK_VERSION = "17.1";

    private static final String ATTACK_URL = "https://attack.mitre.org/versions/v17/techniques/";
    private static final String PRODUCT = "Tocsin";
    private static final String FALSE_POSITIVES = "false_positives";
    /** What is written of every alert, whatever a detection calls its figures. */
    private static final Set<String> OWN_KEYS = Set.of("cluster", "clusters", FALSE_POSITIVES);

    private static final int CATEGORY = 2;
    private static final int CLASS = 2004;

    /** Longest text of an attribute; of the message four times as much. */
    private static final int LIMIT = 1024;

    private static final int GROUPS_LIMIT = 64;
    private static final Pattern AWS_ACCOUNT = Pattern.compile("[0-9]{12}");
    private static final Pattern AZURE_SUBSCRIPTION =
            Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    private static final Pattern GOOGLE_PROJECT = Pattern.compile("[a-z][a-z0-9:.-]{4,61}[a-z0-9]");

    private final String productVersion;

    /** @param productVersion the job's version, as {@code metadata.product.version} */
    public AlertJson(String productVersion) {
        this.productVersion = productVersion;
    }

    /** The line that a sink writes; its key is the alert's uid. */
    public Line line(Alert alert) {
        return new Line(alert.uid(), encode(alert));
    }

    /** The alert in UTF-8, without a line's end. */
    public byte[] encode(Alert alert) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        try (JsonGenerator generator = JsonText.FACTORY.createGenerator(bytes)) {
            new Finding(generator, alert).write();
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /** Writes one alert. */
    private final class Finding {
        private final JsonGenerator json;
        private final Alert alert;

        Finding(JsonGenerator json, Alert alert) {
            this.json = json;
            this.alert = alert;
        }

        void write() throws IOException {
            json.writeStartObject();
            classification();
            times("time", alert.time());
            times("start_time", alert.start());
            times("end_time", alert.time());
            json.writeNumberField("severity_id", alert.severity().id());
            text("severity", alert.severity().label());
            boolean closed = alert.activityId() == Alert.CLOSE;
            json.writeNumberField("status_id", closed ? 4 : 1);
            text("status", closed ? "Resolved" : "New");
            json.writeBooleanField("is_alert", !closed);
            json.writeNumberField("count", alert.count());
            text("message", alert.message(), 4 * LIMIT);
            findingInfo();
            evidences();
            resources();
            observables();
            cloud();
            json.writeObjectFieldStart("remediation");
            text("desc", alert.remediation(), 4 * LIMIT);
            json.writeEndObject();
            metadata();
            unmapped();
            json.writeEndObject();
        }

        private void classification() throws IOException {
            int activity = alert.activityId();
            String name =
                    switch (activity) {
                        case Alert.CREATE -> "Create";
                        case Alert.UPDATE -> "Update";
                        case Alert.CLOSE -> "Close";
                        default -> "Unknown";
                    };
            json.writeNumberField("activity_id", activity);
            text("activity_name", name);
            json.writeNumberField("category_uid", CATEGORY);
            text("category_name", "Findings");
            json.writeNumberField("class_uid", CLASS);
            text("class_name", "Detection Finding");
            json.writeNumberField("type_uid", CLASS * 100 + activity);
            text("type_name", "Detection Finding: " + name);
        }

        private void findingInfo() throws IOException {
            json.writeObjectFieldStart("finding_info");
            text("uid", alert.uid());
            text("title", alert.title());
            analytic();
            attacks();
            times("first_seen_time", alert.start());
            times("last_seen_time", alert.time());
            relatedEvents();
            json.writeEndObject();
        }

        private void analytic() throws IOException {
            String type =
                    switch (alert.kind()) {
                        case 1 -> "Rule";
                        case 2 -> "Behavioral";
                        case 3 -> "Statistical";
                        default -> "Unknown";
                    };
            json.writeObjectFieldStart("analytic");
            text("uid", alert.detection());
            text("name", alert.title());
            json.writeNumberField("type_id", alert.kind());
            text("type", type);
            json.writeEndObject();
        }

        /** A sub-technique also names the technique it belongs to. */
        private void attacks() throws IOException {
            if (alert.techniques().isEmpty()) {
                return;
            }
            json.writeArrayFieldStart("attacks");
            for (String technique : alert.techniques()) {
                int dot = technique.indexOf('.');
                json.writeStartObject();
                technique("technique", dot < 0 ? technique : technique.substring(0, dot));
                if (dot >= 0) {
                    technique("sub_technique", technique);
                }
                text("version", ATTACK_VERSION);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private void technique(String key, String uid) throws IOException {
            json.writeObjectFieldStart(key);
            text("uid", uid);
            text("src_url", ATTACK_URL + uid.replace('.', '/') + "/");
            json.writeEndObject();
        }

        /** Of an incident the alerts it is made of, else the records. */
        private void relatedEvents() throws IOException {
            if (!alert.related().isEmpty()) {
                relatedAlerts();
                return;
            }
            json.writeArrayFieldStart("related_events");
            for (Evidence evidence : alert.evidence()) {
                json.writeStartObject();
                text("uid", evidence.eventId());
                text("type", evidence.source());
                times("created_time", evidence.time());
                json.writeNumberField("time", millis(evidence.time()));
                text("source", evidence.source());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("related_events_count", alert.evidence().size());
        }

        private void relatedAlerts() throws IOException {
            json.writeArrayFieldStart("related_events");
            for (Alert.Related related : alert.related()) {
                json.writeStartObject();
                text("uid", related.uid());
                text("title", related.title());
                text("type", "Detection Finding: Create");
                json.writeNumberField("type_uid", CLASS * 100 + Alert.CREATE);
                times("created_time", related.time());
                json.writeNumberField("time", millis(related.time()));
                text("source", PRODUCT.toLowerCase(Locale.ROOT));
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeNumberField("related_events_count", alert.count());
        }

        private void evidences() throws IOException {
            json.writeArrayFieldStart("evidences");
            for (Evidence evidence : alert.evidence()) {
                json.writeStartObject();
                text("uid", evidence.eventId());
                text("name", evidence.stage());
                actor(evidence);
                object("src_endpoint", "ip", evidence.address());
                object("http_request", "user_agent", evidence.userAgent());
                api(evidence);
                data(evidence);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private void actor(Evidence evidence) throws IOException {
            if (!namesUser(evidence)) {
                return;
            }
            json.writeObjectFieldStart("actor");
            json.writeObjectFieldStart("user");
            text("name", evidence.user());
            text("uid", userUid(evidence));
            groups(evidence.groups());
            text("credential_uid", evidence.credentialId());
            json.writeEndObject();
            json.writeEndObject();
        }

        private void groups(List<String> groups) throws IOException {
            if (groups.isEmpty()) {
                return;
            }
            json.writeArrayFieldStart("groups");
            for (String group : groups.subList(0, Math.min(groups.size(), GROUPS_LIMIT))) {
                json.writeStartObject();
                text("name", group);
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private void api(Evidence evidence) throws IOException {
            json.writeObjectFieldStart("api");
            text("operation", evidence.operation());
            if (evidence.code() != 0) {
                json.writeObjectFieldStart("response");
                json.writeNumberField("code", evidence.code());
                json.writeEndObject();
            }
            json.writeEndObject();
        }

        private void data(Evidence evidence) throws IOException {
            json.writeObjectFieldStart("data");
            text("time", evidence.time().toString());
            text("source", evidence.source());
            text("cluster", evidence.cluster());
            text("account", evidence.account());
            if (evidence.resource() != null) {
                text("object", evidence.object());
                text("resource", evidence.resource());
            }
            text("namespace", evidence.namespace());
            text("name", evidence.name());
            text("arn", evidence.arn());
            text("session", evidence.sessionName());
            text("access_key_id", evidence.accessKeyId());
            if (!namesUser(evidence)) {
                text("credential_uid", evidence.credentialId());
            }
            text("impersonator", evidence.impersonator());
            text("zone", evidence.zone().name().toLowerCase(Locale.ROOT).replace('_', '-'));
            text("reason", evidence.reason());
            if (evidence.truncated()) {
                json.writeBooleanField("truncated", true);
            }
            json.writeEndObject();
        }

        private void resources() throws IOException {
            json.writeArrayFieldStart("resources");
            for (String cluster : clusters()) {
                json.writeStartObject();
                text("type", "cluster");
                text("name", cluster);
                json.writeEndObject();
            }
            Set<Resource> objects = new LinkedHashSet<>();
            for (Evidence evidence : alert.evidence()) {
                if (evidence.resource() != null) {
                    objects.add(Resource.of(evidence.resource(), evidence.namespace(), evidence.name()));
                }
            }
            for (Resource object : objects) {
                json.writeStartObject();
                text("type", object.type());
                text("name", object.name());
                text("namespace", object.namespace());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        private void observables() throws IOException {
            Set<Observable> all = new LinkedHashSet<>();
            for (Evidence evidence : alert.evidence()) {
                Observable.add(all, "evidences[].actor.user.name", 4, "User Name", evidence.user());
                Observable.add(all, "evidences[].data.impersonator", 4, "User Name", evidence.impersonator());
                Observable.add(
                        all,
                        "evidences[].actor.user.credential_uid",
                        19,
                        "User Credential ID",
                        evidence.credentialId());
                Observable.add(all, "evidences[].src_endpoint.ip", 2, "IP Address", evidence.address());
            }
            for (String cluster : clusters()) {
                Observable.add(all, "resources[].name", 38, "Resource Details name", cluster);
            }
            for (Evidence evidence : alert.evidence()) {
                if (evidence.resource() != null) {
                    Observable.add(all, "resources[].name", 38, "Resource Details name", evidence.name());
                }
            }
            json.writeArrayFieldStart("observables");
            for (Observable observable : all) {
                json.writeStartObject();
                text("name", observable.name());
                json.writeNumberField("type_id", observable.typeId());
                text("type", observable.type());
                text("value", observable.value());
                json.writeEndObject();
            }
            json.writeEndArray();
        }

        /** OCSF wants the provider, which no record names: the form of the account tells it. */
        private void cloud() throws IOException {
            String account = alert.account();
            if (account == null) {
                return;
            }
            json.writeObjectFieldStart("cloud");
            text("provider", provider(account));
            json.writeObjectFieldStart("account");
            text("uid", account);
            json.writeEndObject();
            json.writeEndObject();
        }

        private void metadata() throws IOException {
            json.writeObjectFieldStart("metadata");
            text("version", OCSF_VERSION);
            // One finding is told at most once per activity.
            text("uid", alert.uid() + "-" + alert.activityId());
            json.writeArrayFieldStart("profiles");
            if (alert.account() != null) {
                json.writeString("cloud");
            }
            json.writeString("datetime");
            json.writeEndArray();
            json.writeObjectFieldStart("product");
            text("name", PRODUCT);
            text("vendor_name", PRODUCT);
            text("version", productVersion);
            json.writeEndObject();
            json.writeEndObject();
        }

        private void unmapped() throws IOException {
            json.writeObjectFieldStart("unmapped");
            text("cluster", alert.cluster());
            Set<String> clusters = clusters();
            if (clusters.size() > 1) {
                json.writeArrayFieldStart("clusters");
                for (String cluster : clusters) {
                    if (!cluster.equals(alert.cluster())) {
                        json.writeString(SafeText.of(cluster, LIMIT));
                    }
                }
                json.writeEndArray();
            }
            if (!alert.falsePositives().isEmpty()) {
                text(FALSE_POSITIVES, alert.falsePositives(), 4 * LIMIT);
            }
            // Sorted: a map's own order may differ after a restore.
            for (Map.Entry<String, String> fact : new TreeMap<>(alert.facts()).entrySet()) {
                if (!OWN_KEYS.contains(fact.getKey())) {
                    text(SafeText.of(fact.getKey(), LIMIT), fact.getValue());
                }
            }
            json.writeEndObject();
        }

        /** The alert's cluster first, then the others in the order of the evidence. */
        private Set<String> clusters() {
            Set<String> clusters = new LinkedHashSet<>();
            clusters.add(alert.cluster());
            alert.evidence().forEach(evidence -> clusters.add(evidence.cluster()));
            return clusters;
        }

        private void object(String key, String attribute, @Nullable String value) throws IOException {
            if (value == null) {
                return;
            }
            json.writeObjectFieldStart(key);
            text(attribute, value);
            json.writeEndObject();
        }

        private void times(String key, Instant time) throws IOException {
            json.writeNumberField(key, millis(time));
            text(key + "_dt", time.toString());
        }

        private void text(String key, @Nullable String value) throws IOException {
            text(key, value, LIMIT);
        }

        private void text(String key, @Nullable String value, int limit) throws IOException {
            if (value != null) {
                json.writeStringField(key, SafeText.of(value, limit));
            }
        }
    }

    /** An object as a resource: a request for all objects of a kind names none. */
    private record Resource(String type, @Nullable String namespace, String name) {
        static Resource of(String type, @Nullable String namespace, @Nullable String name) {
            return new Resource(type, namespace, name == null ? "*" : name);
        }
    }

    private record Observable(String name, int typeId, String type, String value) {
        static void add(Set<Observable> all, String name, int typeId, String type, @Nullable String value) {
            if (value != null) {
                all.add(new Observable(name, typeId, type, value));
            }
        }
    }

    /** OCSF wants a user to have a name or a uid; a credential without either is told in the data. */
    private static boolean namesUser(Evidence evidence) {
        return evidence.user() != null || userUid(evidence) != null;
    }

    /** The ARN stands behind the credential, so it is not the uid of a user who was impersonated with it. */
    private static @Nullable String userUid(Evidence evidence) {
        return evidence.impersonator() == null ? evidence.arn() : null;
    }

    private static String provider(String account) {
        if (AWS_ACCOUNT.matcher(account).matches()) {
            return "AWS";
        }
        if (AZURE_SUBSCRIPTION.matcher(account).matches()) {
            return "Azure";
        }
        return GOOGLE_PROJECT.matcher(account).matches() ? "GCP" : "Unknown";
    }

    /** Milliseconds since 1970; a time beyond what they can hold, which a hostile record may carry, is cut to it. */
    private static long millis(Instant time) {
        long seconds = Math.max(Long.MIN_VALUE / 1000 + 1, Math.min(Long.MAX_VALUE / 1000 - 1, time.getEpochSecond()));
        return seconds * 1000 + time.getNano() / 1_000_000;
    }
}
