package io.tocsin.detection;

import io.tocsin.event.Flow;
import io.tocsin.event.HostProcess;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.testkit.AuditEvents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;

/** Some hours of everything that detections look for and at, made up at random, the same for a seed. */
final class MixedTraffic {
    /** How many events it has. */
    static final int EVENTS = 960;

    private static final List<String> PEOPLE = List.of("alice", "bob", "system:serviceaccount:ci:robot");
    private static final List<String> ADDRESSES = List.of("203.0.113.7", "198.51.100.9", "192.0.2.1", "10.0.0.5");
    private static final List<String> ROLES = List.of("arn:aws:iam::1:role/a", "arn:aws:iam::1:role/b");

    private MixedTraffic() {}

    private static <T> T any(Random random, List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** Some hours in bursts: denials, successes, deletions, tokens, roles; sorted by time, all times different. */
    static List<SecurityEvent> of(Random random) {
        TreeSet<Long> times = new TreeSet<>();
        long now = 0;
        while (times.size() < EVENTS) {
            now += random.nextInt(40) == 0 ? random.nextLong(3_000_000) : random.nextLong(6_000);
            times.add(now);
        }
        List<SecurityEvent> events = new ArrayList<>();
        List<String> minted = new ArrayList<>();
        for (long millis : times) {
            Instant time = AuditEvents.T0.plusMillis(millis);
            AuditEvents event = one(random, minted).at(time).in(random.nextInt(8) == 0 ? "c2" : "c1");
            // Some clients choose their audit ids, some keys are told.
            event = millis % 23 == 0 ? event.auditId("chosen-" + millis % 3) : event;
            events.add(
                    millis % 11 == 0
                            ? event.having(builder -> builder.accessKeyId = "ASIA" + millis % 2)
                                    .build()
                            : event.build());
        }
        return events;
    }

    /** A credential id is issued once, and used only afterwards. */
    private static String issue(List<String> minted) {
        minted.add("JTI=" + minted.size());
        return minted.get(minted.size() - 1);
    }

    private static AuditEvents one(Random random, List<String> minted) {
        int about = random.nextInt(8);
        if (about < 3) {
            return random.nextBoolean() ? counted(random) : followed(random);
        }
        AuditEvents event = AuditEvents.event().by(any(random, PEOPLE)).from(any(random, ADDRESSES));
        if (about == 3) {
            return inside(event, random);
        }
        if (about == 4 && random.nextInt(3) == 0) {
            return granted(event, random);
        }
        String name = "n" + random.nextInt(30);
        String token = minted.isEmpty() ? "JTI=none" : any(random, minted);
        AuditEvents role = event.by("dev").arn(any(random, ROLES));
        return switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> event.doing("get", "secrets", "web", name).denied();
            case 4, 5 -> event.doing("delete", "deployments", "web", name);
            case 6 ->
                event.doing("create", "serviceaccounts", "ci", "robot")
                        .sub("token")
                        .issuing(issue(minted));
            case 7 ->
                event.by("system:serviceaccount:ci:robot")
                        .from(any(random, ADDRESSES.subList(0, 3)))
                        .credential(token);
            case 8 ->
                role.authenticator()
                        .ended(random.nextInt(3) == 0 ? Outcome.SUCCESS : Outcome.DENIED, 0)
                        .groups("system:masters");
            case 9 ->
                random.nextBoolean()
                        ? event.doing("patch", "configmaps", "kube-system", "aws-auth")
                        : event.doing("patch", "configmaps", "kube-system", "aws-auth")
                                .naming(any(random, ROLES));
            case 10 -> event.by("system:anonymous").doing("get", "pods", "web", name);
            case 11 -> event.doing("list", "secrets", random.nextBoolean() ? null : "web", null);
            case 12 ->
                random.nextBoolean()
                        ? event.doing("get", "pods", "web", "p" + random.nextInt(3))
                                .sub("exec")
                        : event.doing("delete", "pods", "web", "p" + random.nextInt(3));
            case 13 ->
                random.nextInt(3) == 0
                        ? event.doing("delete", "events", "web", name)
                        : event.doing("delete", "configmaps", "logging", "fluent-bit");
            case 14 -> event.doing("create", "certificatesigningrequests", null, random.nextBoolean() ? null : "csr");
            case 15 ->
                event.doing("update", "certificatesigningrequests", null, "csr").sub("approval");
            case 16 -> event.doing("create", "jobs", random.nextBoolean() ? "web" : "db", name);
            default ->
                event.log(Source.KUBERNETES_EVENT)
                        .from(null)
                        .doing(null, "pods", random.nextBoolean() ? "web" : "db", name)
                        .because(random.nextBoolean() ? "FailedScheduling" : "FailedCreate")
                        .saying("exceeded quota");
        };
    }

    /** Roles are written, read and bound, with bodies. */
    private static AuditEvents granted(AuditEvents event, Random random) {
        AuditEvents rbac = event.group("rbac.authorization.k8s.io");
        String name = "r" + random.nextInt(2);
        ObjectBody.Builder body = ObjectBody.builder();
        if (random.nextBoolean()) {
            body.contentSeen = true;
            body.rights = random.nextBoolean() ? List.of() : List.of("secrets");
            ObjectBody role = body.build();
            return rbac.doing(random.nextBoolean() ? "update" : "get", "clusterroles", null, name)
                    .having(builder -> builder.body = role);
        }
        body.role = "ClusterRole/" + name;
        body.subjects = List.of("system:serviceaccount:ci:robot", any(random, PEOPLE), "group:system:serviceaccounts");
        ObjectBody binding = body.build();
        boolean everywhere = random.nextBoolean();
        return rbac.doing(
                        random.nextInt(3) == 0 ? "patch" : "create",
                        everywhere ? "clusterrolebindings" : "rolebindings",
                        everywhere ? null : "ci",
                        "b")
                .having(builder -> builder.body = binding);
    }

    /** What rates count, of other logs too. */
    private static AuditEvents counted(Random random) {
        AuditEvents event = AuditEvents.event().by(any(random, PEOPLE)).from(any(random, ADDRESSES));
        int number = random.nextInt(30);
        Place place = new Place("n1", null, "web/a-" + number % 3, null, null, null, null, null);
        return switch (random.nextInt(9)) {
            case 0 ->
                event.log(Source.JOURNALD).ended(Outcome.UNAUTHENTICATED, 0).having(builder -> {
                    builder.verb = "login";
                    builder.place = place;
                    builder.count = 1 + number % 3;
                });
            case 1 -> event.log(Source.ACCESS_LOG).uri("/" + number).ended(Outcome.ERROR, 404);
            case 2 -> event.by(null).ended(Outcome.UNAUTHENTICATED, 401);
            case 3 ->
                event.log(Source.HUBBLE).ended(Outcome.DENIED, 0).having(builder -> {
                    builder.place = place;
                    builder.flow = new Flow("tcp", "10.1.0.1", number, null, null, null, null);
                });
            case 4 ->
                event.log(Source.CONTAINER_LOG).having(builder -> {
                    builder.place = place;
                    builder.level = "error";
                });
            case 5 ->
                event.log(Source.KUBERNETES_EVENT).because("BackOff").having(builder -> {
                    builder.place = place;
                    builder.count = 1 + number;
                });
            case 6 -> event.doing("create", "selfsubjectaccessreviews", null, null);
            case 7 -> event.doing("list", "kind" + number % 6, "web", null);
            default -> event.doing("get", "secrets", "web", "n" + number);
        };
    }

    /** What is followed from one place to another: tokens of pods, nodes, logins, and what is read after a look around. */
    private static AuditEvents followed(Random random) {
        String address = any(random, ADDRESSES);
        String node = "n" + random.nextInt(2);
        String client = random.nextBoolean() ? "kubelet/v1" : "curl/8";
        AuditEvents event = AuditEvents.event();
        return switch (random.nextInt(7)) {
            case 0, 1 ->
                event.by("system:serviceaccount:ci:robot")
                        .from(address)
                        .credential("JTI=pod-on-" + node + "-" + random.nextInt(2))
                        .having(builder -> {
                            builder.credentialPod = "ci/robot-1";
                            builder.credentialPodUid = "uid-1";
                            builder.credentialNode = node;
                        });
            case 2 ->
                event.by("system:node:" + node)
                        .from(any(random, ADDRESSES.subList(2, 4)))
                        .having(builder -> builder.userAgent = client);
            case 3, 4 -> {
                boolean in = random.nextInt(3) == 0;
                yield event.log(random.nextBoolean() ? Source.JOURNALD : Source.SYSLOG)
                        .from(any(random, ADDRESSES.subList(0, 2)))
                        .ended(in ? Outcome.SUCCESS : Outcome.UNAUTHENTICATED, 0)
                        .having(builder -> {
                            builder.verb = "login";
                            builder.place = Place.onNode(node);
                        });
            }
            case 5 ->
                random.nextBoolean()
                        ? event.doing("create", "selfsubjectaccessreviews", null, null)
                        : event.doing("list", "kind" + random.nextInt(4), "web", null);
            default ->
                random.nextBoolean()
                        ? event.doing("list", "kind" + random.nextInt(4), "web", null)
                        : event.doing("get", "secrets", "web", "s" + random.nextInt(5));
        };
    }

    /** What goes on in pods and on nodes. */
    private static AuditEvents inside(AuditEvents event, Random random) {
        String name = any(random, List.of("p", "q"));
        String pod = "web/" + name;
        Place place = new Place("n" + random.nextInt(2), null, pod, null, null, null, null, "Deployment/" + name);
        String client = any(random, List.of("kubelet/v1", "kubectl/v1"));
        String outside = "198.51.100." + random.nextInt(60);
        AuditEvents seen = event.by(null).doing("exec", null, null, null).having(builder -> builder.place = place);
        return switch (random.nextInt(7)) {
            case 0 ->
                event.doing("get", "pods", "web", name)
                        .sub("exec")
                        .uri("/x?command=" + any(random, List.of("sh", "date")))
                        .ended(Outcome.SUCCESS, 101);
            case 1 ->
                event.by("system:serviceaccount:web:app")
                        .credential("JTI=of-" + name)
                        .boundTo(pod)
                        .from(any(random, List.of("10.0.0.5", outside)))
                        .doing("create", "selfsubjectrulesreviews", null, null);
            case 2 ->
                seen.having(builder -> {
                    builder.source = Source.HUBBLE;
                    builder.flow = new Flow("tcp", "169.254.169.254", 80, null, null, null, "egress");
                });
            case 3 ->
                event.by("system:node:n" + random.nextInt(2))
                        .from(any(random, List.of("10.0.0.5", outside)))
                        .having(builder -> builder.userAgent = client);
            case 4 ->
                seen.having(builder -> {
                    builder.source = Source.ACCESS_LOG;
                    builder.uri = "/../../etc/passwd";
                    builder.flow = new Flow("http/1.1", null, 80, null, pod, null, null);
                });
            case 5 -> {
                String command = "-c " + random.nextInt(40);
                yield seen.having(builder -> {
                    builder.source = Source.TETRAGON;
                    builder.process = new HostProcess("/bin/sh", command, "/", "1", "0", null, null);
                });
            }
            default ->
                seen.having(builder -> {
                    builder.source = Source.HUBBLE;
                    builder.flow = new Flow("tcp", outside, 443, null, null, null, "egress");
                });
        };
    }
}
