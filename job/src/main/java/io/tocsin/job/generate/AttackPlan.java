package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/**
 * Hides attacks in the traffic, each in its own part of the run's last third, with its own dice: the other lines are the same
 * with and without them.
 */
final class AttackPlan {
    private static final String KUBECTL = "kubectl/v1.29.3 (linux/amd64) kubernetes/6813625";

    private final Simulation simulation;
    private final People people;
    private final long seed;
    private final Chance chance;
    private final AuditLog audit;
    private final AuthenticatorLog authenticator;
    private final List<PlantedAttack> planted = new ArrayList<>();

    AttackPlan(Simulation simulation, People people, long seed) {
        this.simulation = simulation;
        this.people = people;
        this.seed = seed;
        this.chance = new Chance(seed ^ 0x1B873593CC9E2D51L);
        this.audit = new AuditLog(simulation.timeline, chance);
        this.authenticator = new AuthenticatorLog(simulation.timeline, chance);
    }

    /** What was planted, in the order of time. */
    List<PlantedAttack> planted() {
        return List.copyOf(planted);
    }

    @SuppressWarnings("EnumOrdinal") // the order of the constants is part of what a seed means
    void plant(Attack attack) {
        // Each attack has its slot, so that adding one doesn't move another: 0.60 to 0.66, 0.67 to 0.73, ...
        Chance dice = new Chance(seed + 0x632BE59BD9B4E019L * (attack.ordinal() + 1));
        double part = 0.60 + 0.07 * attack.ordinal() + 0.06 * dice.unit();
        long at = simulation.start + (long) ((simulation.end - simulation.start) * part);
        simulation.timeline.at(at, now -> {
            switch (attack) {
                case STOLEN_TOKEN -> stolenToken(now);
                case ROGUE_INSIDER -> rogueInsider(now);
                case SELF_MAPPED_ROLE -> selfMappedRole(now);
                case MINTED_TOKEN -> mintedToken(now);
                case ANONYMOUS_ACCESS -> anonymousAccess(now);
            }
        });
    }

    private void stolenToken(long start) {
        Person victim = people.victim();
        Caller thief = victim.session.describe(victim.caller("192.0.2.44", KUBECTL));
        authenticator.granted(victim.session, victim.username, victim.groups, start);
        long at = discover(thief, start + SECOND);
        Request[] probes = {
            Request.of("list", Api.SECRETS, null, null, null, "limit=500"),
            Request.of("list", Api.CLUSTER_ROLE_BINDINGS, null, null, null, "limit=500"),
            Request.of("list", Api.NODES, null, null, null, "limit=500"),
            Request.of("list", Api.SECRETS, "kube-system", null, null, "limit=500"),
            Request.of("get", Api.CONFIG_MAPS, "kube-system", "aws-auth"),
            Request.of("list", Api.NAMESPACES, null, null, null, "limit=500"),
        };
        for (Request probe : probes) {
            at += chance.between(12 * SECOND, 26 * SECOND);
            refuse(thief, probe, at);
        }
        long first = at + chance.between(15 * SECOND, 30 * SECOND);
        call(thief, Request.of("list", Api.PODS, victim.team, null, null, "limit=500"), first);
        at = first;
        for (String name : new String[] {"payment-gateway-db", "cart-db"}) {
            at += chance.between(20 * SECOND, 40 * SECOND);
            call(thief, Request.of("get", Api.SECRETS, victim.team, name), at);
        }
        plant(Attack.STOLEN_TOKEN, victim.session.canonicalArn(), thief, start, first);
    }

    private void rogueInsider(long start) {
        Person insider = people.insider();
        Caller caller = insider.session.describe(
                insider.caller(insider.home, "kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9"));
        authenticator.granted(insider.session, insider.username, insider.groups, start);
        List<Request> requests = new ArrayList<>();
        String[] services = {"orders", "invoices", "refunds", "vouchers", "ratings"};
        for (String namespace : new String[] {"ledger", "checkout"}) {
            for (String service : services) {
                requests.add(Request.of("delete", Api.DEPLOYMENTS, namespace, service));
                requests.add(Request.of("delete", Api.CONFIG_MAPS, namespace, service + "-config"));
                requests.add(Request.of("delete", Api.SECRETS, namespace, service + "-db"));
                requests.add(Request.of("delete", Api.VOLUME_CLAIMS, namespace, "data-" + service + "-0"));
            }
            requests.add(Request.of("delete", Api.SERVICES, namespace, services[0]));
            requests.add(Request.of("delete", Api.SERVICES, namespace, services[1]));
            requests.add(Request.of("deletecollection", Api.AUTOSCALERS, namespace, null));
        }
        long at = start + SECOND;
        for (Request request : requests) {
            at += chance.between(4 * SECOND, 6 * SECOND);
            call(caller, request, at);
        }
        plant(Attack.ROGUE_INSIDER, insider.session.canonicalArn(), caller, start, at);
    }

    private void selfMappedRole(long start) {
        IamSession role = new IamSession(
                "artifact-sync", chance.awsId("AROA"), "botocore-session-1772476113", chance.awsId("ASIA"));
        Request api = Request.path("get", "/api?timeout=32s");
        String address = "192.0.2.61";
        long at = start;
        for (int i = 0; i < 5; i++) {
            long refusal = at;
            simulation.timeline.at(refusal, now -> authenticator.denied(role, now));
            simulation.timeline.at(
                    refusal + 300_000, now -> audit.unauthenticated(address, KUBECTL, api, "attempted: bearer", now));
            at += chance.between(50 * SECOND, 110 * SECOND);
        }
        Person administrator = people.administrator();
        Caller editor = administrator.session.describe(
                administrator.caller(administrator.home, "kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46"));
        long mapped = at + 3 * MINUTE;
        simulation.timeline.at(
                mapped - 2 * SECOND,
                now -> authenticator.granted(administrator.session, administrator.username, administrator.groups, now));
        call(editor, Request.of("get", Api.CONFIG_MAPS, "kube-system", "aws-auth"), mapped - SECOND);
        simulation.timeline.at(mapped, now -> Rbac.mapRole(audit, editor, role, "artifact-sync", now));
        simulation.timeline.at(mapped + 400_000, authenticator::mappingChanged);
        long back = mapped + chance.between(90 * SECOND, 150 * SECOND);
        simulation.timeline.at(back, now -> authenticator.granted(role, "artifact-sync", "system:masters", now));
        Caller master = role.describe(new Caller(
                "artifact-sync", role.uid(), List.of("system:masters", "system:authenticated"), address, KUBECTL, ""));
        long next = discover(master, back + SECOND);
        call(master, Request.of("list", Api.NAMESPACES, null, null, null, "limit=500"), next + 4 * SECOND);
        call(master, Request.of("list", Api.NODES, null, null, null, "limit=500"), next + 31 * SECOND);
        call(master, Request.of("list", Api.DEPLOYMENTS, null, null, null, "limit=500"), next + 75 * SECOND);
        plant(Attack.SELF_MAPPED_ROLE, role.canonicalArn(), master, start, back);
    }

    private void mintedToken(long start) {
        Person insider = people.insider();
        Caller minter = insider.session.describe(
                insider.caller(insider.home, "kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9"));
        String id = chance.uuid();
        authenticator.granted(insider.session, insider.username, insider.groups, start);
        simulation.timeline.at(
                start + 2 * SECOND,
                now -> audit.issueToken(
                        minter,
                        Request.of("create", Api.SERVICE_ACCOUNTS, "ci", "gitlab-runner", "token", ""),
                        id,
                        now));
        String uid = chance.uuid();
        Caller user = Caller.serviceAccount("ci", "gitlab-runner", uid, "192.0.2.77", "curl/8.5.0", "gitlab-runner")
                .credential("JTI=" + id);
        long used = start + chance.between(6 * MINUTE, 20 * MINUTE);
        call(user, Request.of("list", Api.PODS, "ci", null), used);
        call(user, Request.of("get", Api.CONFIG_MAPS, "ci", "runner-config"), used + 25 * SECOND);
        plant(Attack.MINTED_TOKEN, user.username(), user, start + 2 * SECOND, used);
    }

    private void anonymousAccess(long start) {
        Caller stranger = new Caller(
                "system:anonymous",
                "",
                List.of("system:unauthenticated"),
                "192.0.2.90",
                "curl/8.5.0",
                "RBAC: allowed by ClusterRoleBinding \"debug\" of ClusterRole \"view\" to Group"
                        + " \"system:unauthenticated\"");
        call(stranger, Request.of("list", Api.PODS, "web", null), start);
        call(stranger, Request.of("list", Api.CONFIG_MAPS, "web", null), start + 20 * SECOND);
        plant(Attack.ANONYMOUS_ACCESS, stranger.username(), stranger, start, start);
    }

    private long discover(Caller caller, long start) {
        long at = start;
        for (String uri : new String[] {"/version?timeout=32s", "/api?timeout=32s", "/apis?timeout=32s"}) {
            call(caller, Request.path("get", uri), at);
            at += chance.between(40_000, 300_000);
        }
        return at;
    }

    private void call(Caller caller, Request request, long at) {
        simulation.timeline.at(at, now -> audit.call(caller, request, now));
    }

    private void refuse(Caller caller, Request request, long at) {
        simulation.timeline.at(at, now -> audit.answer(caller, request, 403, now));
    }

    private void plant(Attack attack, String identity, Caller caller, long start, long end) {
        planted.add(new PlantedAttack(attack, identity, caller.address(), instant(start), instant(end)));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
