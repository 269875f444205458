package io.tocsin.job;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tocsin.job.decode.FormatFixtures;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of every kind, put into the fixtures of every format: into what stands in them, into the bodies of requests, in records
 * that are whole, cut off and broken. Each kind has a word of its own, to be looked for in what comes out.
 */
public final class PlantedSecrets {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** Members of whose text only parts are kept, and each for itself. */
    private static final Set<String> TAKEN_APART = Set.of(
            "methodName",
            "x-forwarded-for",
            "x_forwarded_for",
            "http_x_forwarded_for",
            "FORWARDED",
            "ClientHost",
            "request_X-Forwarded-For");

    private static final int KINDS_A_RECORD = 3;

    private final Map<String, String> texts = new LinkedHashMap<>();
    private final Map<String, String> bodies = new LinkedHashMap<>();
    private final Map<String, List<String>> forms = new HashMap<>();

    /** A record and the word of its secret. */
    public record Planted(String word, byte[] bytes) {}

    public PlantedSecrets() {
        text("--password %s");
        text("--password=%s");
        text("mysqldump -h db -p%s shop");
        text("sshpass -p %s ssh root@10.0.0.1");
        text("curl -u admin:%s https://shop.example.com");
        text("PGPASSWORD=%s psql -h db");
        text("export AWS_SECRET_ACCESS_KEY=wJalr%s/K7MDENG/bPx");
        text("AWS_SESSION_TOKEN=IQoJb3JpZ2lu%sZXUtd2VzdC0x");
        text("https://shop:%s@db.example.com:5432/x");
        text("/cb?access_token=%s&state=1");
        text("/exec?command=mysql&command=-p%s&container=web");
        text("/exec?command=sh&command=-c&command=login%%20--token%%20%s&container=web");
        text("/exec?command=psql&command=--password&command=%s&tty=true");
        text("/x?next=%%2Fcb%%3Fpassword%%3D%s%%26x%%3D1");
        text("/x?X-Amz-Signature=0a%s&X-Amz-Date=1");
        text("Authorization: Bearer %s");
        text("curl -H 'Authorization: Basic " + base64("admin:%s") + "' x");
        text("Cookie: session=%s; lang=en");
        text("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIx%s.c2lnbmF0dXJl");
        text("k8s-aws-v1.aHR0cHM6Ly9zdHM%s");
        text("ghp_0123456789%s0123456789");
        text("xoxb-123456789012-%s");
        text("-----BEGIN RSA PRIVATE KEY-----\nMIIEow%sIBAAKCAQEA\n-----END RSA PRIVATE KEY-----");
        text(base64("-----BEGIN PRIVATE KEY-----\nMIIEvQ%sIBADANBg\n-----END PRIVATE KEY-----\n"));
        text("echo " + base64("db.password=%s\n") + " | base64 -d");
        text("{\"apiVersion\":\"v1\",\"data\":{\"pin\":\"" + base64("%s") + "\"},\"kind\":\"Secret\"}");
        text("{\"auths\":{\"registry.example.com\":{\"auth\":\"" + base64("ci:%s") + "\"}}}");
        text("{\"env\":[{\"name\":\"DB_PASSWORD\",\"value\":\"%s\"}]}");
        text("[\"mysql\",\"-u\",\"root\",\"-p%s\"]");
        text("kind: Secret\nstringData:\n  pin: %s\ntype: Opaque");
        text("AccountName=shop;AccountKey=%s==;EndpointSuffix=x");
        text("proctitle=" + hex("mysql\0--password=%s\0shop"));
        text("kubectl create secret generic db --from-literal=pin=%s");
        text("password=\"a\\\"%s b\" user=x");
        text("client-key-data: LS0tLS1%s");
        body("{\"kind\":\"Secret\",\"metadata\":{\"name\":\"db\"},\"data\":{\"pin\":\"" + base64("%s") + "\"}}");
        body("{\"kind\":\"SecretList\",\"items\":[{\"data\":{\"pin\":\"" + base64("%s") + "\"}}]}");
        body("{\"apiVersion\":\"v1\",\"items\":[{\"data\":{\"pin\":\"" + base64("%s")
                + "\"}}],\"kind\":\"SecretList\"}");
        body("{\"stringData\":{\"pin\":\"%s\"}}");
        body("{\"kind\":\"TokenRequest\",\"status\":{\"token\":\"%s\",\"expirationTimestamp\":\"x\"}}");
        body("{\"kind\":\"Secret\",\"metadata\":{\"annotations\":{\"kubectl.kubernetes.io/last-applied-configuration\":"
                + "\"{\\\"data\\\":{\\\"pin\\\":\\\"%s\\\"},\\\"kind\\\":\\\"Secret\\\"}\\n\"}}}");
        body("{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"env\":[{\"name\":\"API_TOKEN\",\"value\":\"%s\"}]}]}}");
        body("{\"kind\":\"Pod\",\"spec\":{\"containers\":[{\"command\":[\"app\",\"--password\",\"%s\"]}]}}");
        body("{\"kind\":\"TokenReview\",\"spec\":{\"token\":\"%s\"}}");
    }

    private void text(String format) {
        texts.put(word(texts.size() + 100), format);
    }

    private void body(String format) {
        bodies.put(word(bodies.size() + 500), format);
    }

    /** A word that stands nowhere else. */
    private static String word(int number) {
        return "kNary%dVogelX".formatted(number);
    }

    /** Stands for the word until it is known, which base64 and hexadecimal digits must hold too. */
    private static String base64(String format) {
        return "<base64:" + format + ">";
    }

    private static String hex(String format) {
        return "<hex:" + format + ">";
    }

    private static String filled(String format, String word) {
        int open = format.indexOf('<');
        if (open < 0) {
            return format.formatted(word);
        }
        int colon = format.indexOf(':', open);
        int close = format.indexOf('>', open);
        byte[] content = format.substring(colon + 1, close).formatted(word).getBytes(UTF_8);
        String encoded = format.startsWith("hex", open + 1)
                ? HexFormat.of().withUpperCase().formatHex(content)
                : Base64.getEncoder().encodeToString(content);
        return format.substring(0, open) + encoded + format.substring(close + 1);
    }

    /** Each secret alone, in the text that tells it. */
    public List<String> all() {
        List<String> all = new ArrayList<>();
        texts.forEach((word, format) -> all.add(filled(format, word)));
        bodies.forEach((word, format) -> all.add(filled(format, word)));
        return all;
    }

    /** Those that fit on a line of text. */
    public List<String> texts() {
        List<String> all = new ArrayList<>();
        texts.forEach((word, format) -> all.add(filled(format, word)));
        return all;
    }

    /** The records of all formats, again and again, each time with another secret in another place; some cut, some broken. */
    public List<Planted> records() {
        Random random = new Random(11);
        List<Planted> records = new ArrayList<>();
        List<String> words = new ArrayList<>(texts.keySet());
        int next = 0;
        for (FormatFixtures.File file : FormatFixtures.all()) {
            for (byte[] document : file.documents()) {
                String text = new String(document, UTF_8);
                for (int i = 0; i < KINDS_A_RECORD; i++) {
                    String word = words.get(next++ % words.size());
                    String secret = filled(texts.get(word), word);
                    String planted = planted(text, secret, random);
                    records.add(new Planted(word, planted.getBytes(UTF_8)));
                    records.add(new Planted(word, broken(planted, secret, random)));
                    records.add(new Planted(word, cut(planted, word)));
                }
                bodies.forEach((word, format) -> {
                    String planted = withBody(text, filled(format, word));
                    if (planted != null) {
                        records.add(new Planted(word, planted.getBytes(UTF_8)));
                        records.add(new Planted(word, cut(planted, word)));
                    }
                });
            }
        }
        return records;
    }

    private static String planted(String document, String secret, Random random) {
        JsonNode tree = tree(document);
        if (tree != null) {
            List<Runnable> places = new ArrayList<>();
            strings(tree, secret, places);
            if (!places.isEmpty()) {
                places.get(random.nextInt(places.size())).run();
                return tree.toString();
            }
        }
        List<Integer> spaces = new ArrayList<>();
        // Not into the head of a line, whose words are fields.
        for (int i = document.length() / 2; i < document.length(); i++) {
            if (document.charAt(i) == ' ') {
                spaces.add(i);
            }
        }
        String line = secret.replace("\n", "\\n");
        int at = spaces.isEmpty() ? document.length() : spaces.get(random.nextInt(spaces.size()));
        return document.substring(0, at) + " " + line + document.substring(at);
    }

    /** Collects what puts the secret behind each string of the tree, and into those of JSON within. */
    private static void strings(JsonNode node, String secret, List<Runnable> places) {
        if (node instanceof ObjectNode object) {
            object.fieldNames().forEachRemaining(name -> {
                JsonNode value = object.get(name);
                if (value.isTextual() && !TAKEN_APART.contains(name)) {
                    places.add(() -> object.put(name, within(value.asText(), secret)));
                }
                strings(value, secret, places);
            });
        } else if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                int index = i;
                JsonNode value = array.get(i);
                if (value.isTextual()) {
                    places.add(() -> array.set(index, within(value.asText(), secret)));
                }
                strings(value, secret, places);
            }
        }
    }

    private static String within(String text, String secret) {
        JsonNode inner = tree(text);
        if (inner != null) {
            return planted(text, secret, new Random(text.length()));
        }
        JsonNode encoded = text.length() > 40 && text.matches("eyJ([A-Za-z0-9+/]{4})+(..==|...=)?")
                ? tree(new String(Base64.getDecoder().decode(text), UTF_8))
                : null;
        if (encoded != null) {
            String planted = planted(encoded.toString(), secret, new Random(text.length()));
            return Base64.getEncoder().encodeToString(planted.getBytes(UTF_8));
        }
        return text.startsWith("/") && !secret.startsWith("/")
                ? text + "?command=" + URLEncoder.encode(secret, UTF_8)
                : text + " " + secret;
    }

    /** The record with this as the body of its request, if it is of one. */
    private static @Nullable String withBody(String document, String body) {
        JsonNode tree = tree(document);
        return tree != null && putBody(tree, body) ? tree.toString() : null;
    }

    private static boolean putBody(JsonNode node, String body) {
        if (node instanceof ObjectNode object) {
            if (object.has("auditID") || object.has("protoPayload") || object.has("AuditId")) {
                // What tells that it is of a Secret stands in the record; a patch says nothing itself.
                ObjectNode record = object.get("protoPayload") instanceof ObjectNode payload ? payload : object;
                record.put("requestURI", "/api/v1/namespaces/shop/secrets/db");
                record.set(object.get("protoPayload") instanceof ObjectNode ? "request" : "requestObject", tree(body));
                return true;
            }
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode inner =
                        object.get(name).isTextual() ? tree(object.get(name).asText()) : null;
                if (inner != null && putBody(inner, body)) {
                    object.put(name, inner.toString());
                    return true;
                }
                if (putBody(object.get(name), body)) {
                    return true;
                }
            }
        } else if (node instanceof ArrayNode array) {
            for (JsonNode each : array) {
                if (putBody(each, body)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static @Nullable JsonNode tree(String text) {
        if (!text.startsWith("{") && !text.startsWith("[")) {
            return null;
        }
        try {
            JsonNode tree = JSON.readTree(text);
            return tree.isContainerNode() ? tree : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    /** Cut off right behind the word, or the middle where it can't be seen. */
    private static byte[] cut(String record, String word) {
        int at = record.indexOf(word);
        return record.substring(0, at < 0 ? record.length() * 2 / 3 : at + word.length())
                .getBytes(UTF_8);
    }

    /** With a mark of JSON gone, but none of the secret's own; or with bytes that are no text. */
    private static byte[] broken(String record, String secret, Random random) {
        int around = record.indexOf(longestWord(secret));
        int at = random.nextInt(record.length());
        for (int i = at; around >= 0 && i < record.length(); i++) {
            boolean near = i > around - 2 * secret.length() - 80 && i < around + 4 * secret.length() + 80;
            if (!near && ":,}".indexOf(record.charAt(i)) >= 0) {
                return (record.substring(0, i) + record.substring(i + 1)).getBytes(UTF_8);
            }
        }
        return ("\u00ff\u00fe" + record).getBytes(ISO_8859_1);
    }

    private static String longestWord(String secret) {
        return Arrays.stream(secret.split("[^A-Za-z0-9]"))
                .max(Comparator.comparingInt(String::length))
                .orElseThrow();
    }

    /** What can be read of any secret in an output, in whatever form it might stand there. */
    public List<String> readableIn(String output) {
        TreeSet<String> readable = new TreeSet<>();
        texts.keySet().forEach(word -> readable.addAll(readableIn(output, word)));
        bodies.keySet().forEach(word -> readable.addAll(readableIn(output, word)));
        return List.copyOf(readable);
    }

    /** What can be read of one. */
    public List<String> readableIn(String output, String word) {
        List<String> readable = new ArrayList<>();
        for (String form : forms.computeIfAbsent(word, PlantedSecrets::forms)) {
            int at = output.indexOf(form);
            if (at >= 0) {
                String around = output.substring(Math.max(0, at - 200), Math.min(output.length(), at + 60));
                readable.add(word + ": ..." + around);
            }
        }
        return readable;
    }

    /** As it is; with a digit escaped; as hexadecimal digits; in UTF-16; in base64, wherever the word starts in it. */
    private static List<String> forms(String word) {
        List<String> forms = new ArrayList<>(List.of(word));
        String hex = HexFormat.of().formatHex(word.getBytes(UTF_8));
        forms.add(hex);
        forms.add(hex.toUpperCase(Locale.ROOT));
        forms.add(new String(word.getBytes(UTF_16LE), ISO_8859_1));
        for (int shift = 0; shift < 3; shift++) {
            String encoded = Base64.getEncoder().encodeToString(("x".repeat(shift) + word).getBytes(UTF_8));
            forms.add(encoded.substring(shift == 0 ? 0 : shift + 1, encoded.length() - 4));
        }
        return forms;
    }
}
