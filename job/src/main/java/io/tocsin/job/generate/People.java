package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.DAY;
import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Application;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A dozen engineers at work with kubectl, from the office, from home and from wherever they are. */
final class People {
    private static final String[] OFFICE = {"203.0.113.10", "203.0.113.11"};
    private static final String[] VPN = {"203.0.113.40", "203.0.113.41", "203.0.113.42"};
    private static final String[] DISCOVERY = {
        "/api?timeout=32s",
        "/apis?timeout=32s",
        "/api/v1?timeout=32s",
        "/apis/apps/v1?timeout=32s",
        "/apis/batch/v1?timeout=32s",
        "/apis/autoscaling/v2?timeout=32s",
        "/apis/networking.k8s.io/v1?timeout=32s",
        "/apis/rbac.authorization.k8s.io/v1?timeout=32s",
        "/apis/policy/v1?timeout=32s",
        "/openapi/v3?timeout=32s"
    };

    /** A refused request and another mistake from one place are this far apart, so that mistakes never look like probing. */
    private static final long BETWEEN_REFUSALS = 16 * MINUTE;

    private static final long BETWEEN_SECRETS = 12 * MINUTE;

    private final Simulation simulation;
    private final Fleet fleet;
    private final Pods pods;
    private final Staff staff;
    private final Map<String, Long> lastRefusal = new HashMap<>();
    private final Map<String, Long> lastSecret = new HashMap<>();

    People(Simulation simulation, Cluster cluster, Pods pods, Staff staff) {
        this.simulation = simulation;
        this.fleet = cluster.fleet;
        this.pods = pods;
        this.staff = staff;
    }

    void start() {
        Chance chance = simulation.chance;
        // These have something to do early on, so that whatever the hour of the start they have a history.
        for (Person person : new Person[] {staff.victim(), staff.insider(), staff.administrator()}) {
            simulation.timeline.at(
                    simulation.start + chance.between(HOUR, 4 * HOUR), now -> session(person, person.home, now));
        }
        long firstDay = Math.floorDiv(simulation.start, DAY) * DAY;
        for (long day = firstDay; day < simulation.end; day += DAY) {
            boolean weekend = Math.floorMod(Math.floorDiv(day, DAY) + 4, 7) % 6 == 0;
            for (Person person : staff.on(day >= simulation.start + DAY)) {
                int sessions = (int) Math.max(1, Math.round(5 * simulation.scale));
                for (int i = 0; i < sessions; i++) {
                    long at = day + (8 - person.early) * HOUR + chance.between(0, 9 * HOUR);
                    boolean works = !weekend || (person.duty == Person.Duty.ON_CALL && chance.oneIn(4));
                    if (works && at > simulation.start) {
                        simulation.timeline.at(at, now -> session(person, whereabouts(person, weekend), now));
                    }
                }
            }
        }
        colleagueWithTheWrongRole();
    }

    /** Home first; then mostly the office, home or the VPN, and once in a while somewhere new. */
    private String whereabouts(Person person, boolean weekend) {
        Chance chance = simulation.chance;
        int die = chance.below(100);
        if (person.sessions == 0 || weekend || die < 35) {
            return person.home;
        }
        if (die < 85) {
            return chance.pick(OFFICE);
        }
        return die < 97 ? chance.pick(VPN) : "198.51.100." + chance.between(150, 250);
    }

    private void session(Person person, String address, long now) {
        Chance chance = simulation.chance;
        if (person.sessions++ > 0) {
            person.logIn(chance.awsId("ASIA"));
        }
        boolean known = address.equals(person.home) || address.startsWith("203.0.113.");
        String browser = "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/135.0";
        simulation.logs.cloudTrail.assumed(person.session, address, browser, now);
        simulation.logs.authenticator.granted(person.session, person.username, person.groups, now);
        long at = now + 700_000;
        int pages = simulation.scale < 0.5 ? 4 : DISCOVERY.length;
        for (int i = 0; i < pages; i++) {
            Request request = Request.path("get", DISCOVERY[i]);
            at += chance.between(20_000, 90_000);
            simulation.timeline.at(at, later -> {
                person.caller.from(address);
                simulation.logs.audit.call(person.caller, request, later);
            });
        }
        int commands = 3 + chance.below(2 + (int) (24 * simulation.scale));
        for (int i = 0; i < commands; i++) {
            at += chance.between(5 * SECOND, 80 * SECOND);
            simulation.timeline.at(at, later -> {
                person.caller.from(address);
                command(person, known, later);
            });
        }
    }

    private void command(Person person, boolean known, long now) {
        Chance chance = simulation.chance;
        AuditLog audit = simulation.logs.audit;
        Caller caller = person.caller;
        String team = person.team;
        Application app = chance.pick(Cluster.APPLICATIONS);
        while (!app.namespace().equals(team)) {
            app = chance.pick(Cluster.APPLICATIONS);
        }
        Pod running = fleet.any(chance, app.workload().key());
        if (running == null) {
            return;
        }
        String pod = running.name();
        String all = "limit=500";
        int die = chance.below(100);
        if (die < 26) {
            audit.call(caller, Request.of("list", Api.PODS, team, null, null, all), now);
        } else if (die < 40) {
            audit.call(caller, Request.of("get", Api.PODS, team, pod), now);
            audit.call(
                    caller,
                    Request.of("list", Api.EVENTS, team, null, null, "fieldSelector=involvedObject.name%3D" + pod),
                    now + 150_000);
        } else if (die < 55) {
            audit.call(caller, Request.of("get", Api.PODS, team, pod), now);
            String query = "container=app&tailLines=200";
            audit.call(caller, Request.of("get", Api.PODS, team, pod, "log", query), now + 120_000);
        } else if (die < 59) {
            Request log = Request.of("get", Api.PODS, team, pod, "log", "container=app&follow=true");
            audit.stream(caller, log, 200, now, chance.between(20 * SECOND, 6 * MINUTE));
        } else if (die < 72) {
            audit.call(caller, Request.of("list", Api.DEPLOYMENTS, team, null, null, all), now);
        } else if (die < 80) {
            audit.call(caller, Request.of("get", Api.DEPLOYMENTS, team, app.name()), now);
            audit.watch(caller, Request.of("watch", Api.DEPLOYMENTS, team, app.name()), now + 200_000);
        } else if (die < 84) {
            audit.call(caller, Request.of("get", Api.CONFIG_MAPS, team, app.name() + "-config"), now);
        } else if (die < 87) {
            audit.call(caller, Request.of("patch", Api.DEPLOYMENTS, team, app.name()), now);
        } else if (die < 90) {
            audit.answer(caller, Request.of("get", Api.PODS, team, app.name() + "-0"), 404, now);
        } else if (die < 93) {
            refused(person, app, known, now);
        } else if (die < 95) {
            secret(person, app, now);
        } else if (die < 97) {
            new Shells(simulation).open(person, running, now);
        } else if (die < 98) {
            occasionally(person, running, now);
        } else {
            deletePods(person, app, now);
        }
    }

    private void refused(Person person, Application app, boolean known, long now) {
        String role = person.session.canonicalArn();
        Caller caller = person.caller;
        if (!known
                || tooSoon(lastRefusal, role, BETWEEN_REFUSALS, now)
                || tooSoon(lastRefusal, caller.address(), BETWEEN_REFUSALS, now)) {
            return;
        }
        lastRefusal.put(role, now);
        lastRefusal.put(caller.address(), now);
        String other = person.team.equals("ml") ? "data" : "ml";
        Request request =
                switch (simulation.chance.below(3)) {
                    case 0 -> Request.of("list", Api.PODS, other, null, null, "limit=500");
                    case 1 -> Request.of("delete", Api.STATEFUL_SETS, person.team, app.name());
                    default -> Request.of("patch", Api.NETWORK_POLICIES, person.team, app.name());
                };
        simulation.logs.audit.answer(caller, request, 403, now);
    }

    private void secret(Person person, Application app, long now) {
        String role = person.session.canonicalArn();
        if (tooSoon(lastSecret, role, BETWEEN_SECRETS, now)) {
            return;
        }
        lastSecret.put(role, now);
        simulation.logs.audit.call(person.caller, Request.of("get", Api.SECRETS, person.team, app.name() + "-db"), now);
    }

    /** What else people do: ask whether they may, forward a port, edit a ConfigMap. */
    private void occasionally(Person person, Pod pod, long now) {
        Chance chance = simulation.chance;
        AuditLog audit = simulation.logs.audit;
        switch (chance.below(3)) {
            case 0 -> audit.call(person.caller, Request.of("create", Api.ACCESS_REVIEWS, null, null), now);
            case 1 ->
                audit.stream(
                        person.caller,
                        Request.of("get", Api.PODS, person.team, pod.name(), "portforward", ""),
                        101,
                        now,
                        chance.between(20 * SECOND, 9 * MINUTE));
            default -> {
                String map = pod.workload.name() + "-config";
                audit.call(person.caller, Request.of("get", Api.CONFIG_MAPS, person.team, map), now);
                Request edit =
                        Request.of("patch", Api.CONFIG_MAPS, person.team, map, null, "fieldManager=kubectl-edit");
                audit.call(person.caller, edit, now + 30 * SECOND);
            }
        }
    }

    /** One to three pods that hang; never soon after an exec, never by the role that several people share. */
    private void deletePods(Person person, Application app, long now) {
        if (person.duty == Person.Duty.ON_CALL || now - person.lastExec < 30 * MINUTE) {
            return;
        }
        List<Pod> running = fleet.of(app.workload().key());
        int count = Math.min(running.size() - 1, 1 + simulation.chance.below(3));
        for (int i = 0; i < count; i++) {
            Pod pod = running.get(i);
            Request request = Request.of("delete", Api.PODS, person.team, pod.name());
            simulation.logs.audit.call(person.caller, request, now + i * 90_000L);
            simulation.timeline.at(now + i * 90_000L, later -> restarted(pod, later));
        }
    }

    private void restarted(Pod pod, long now) {
        if (fleet.has(pod)) {
            pods.ends(pod, now);
            pods.starts(pods.replica(pod.workload, now), "replicaset-controller", now + 20_000);
        }
    }

    /** A new colleague uses a role that isn't mapped, is refused twice, and comes back with the right one. */
    private void colleagueWithTheWrongRole() {
        Chance chance = simulation.chance;
        Person newcomer = staff.newcomer();
        IamSession wrong =
                new IamSession("billing-reader", chance.awsId("AROA"), newcomer.session.name(), chance.awsId("ASIA"));
        String agent = "kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46";
        Caller caller = newcomer.caller.with(agent);
        long at = simulation.start + chance.between(8 * HOUR, 12 * HOUR);
        Request api = Request.path("get", "/api?timeout=32s");
        for (long refusal : new long[] {at, at + 40 * SECOND}) {
            simulation.timeline.at(refusal, now -> {
                simulation.logs.authenticator.denied(wrong, now);
                simulation.logs.audit.unauthenticated(caller.address(), agent, api, "attempted: bearer", now + 200_000);
            });
        }
        simulation.timeline.at(at + 21 * MINUTE, now -> {
            simulation.logs.authenticator.granted(newcomer.session, newcomer.username, newcomer.groups, now);
            simulation.logs.audit.call(caller, api, now + 800_000);
            simulation.logs.audit.call(
                    caller, Request.of("list", Api.PODS, "web", null, null, "limit=500"), now + 3 * SECOND);
        });
        // Somebody's laptop was asleep with a token in hand.
        simulation.daily(
                3,
                now -> simulation.logs.authenticator.refused(
                        "X-Amz-Date parameter is expired (15 minute expiration) 20260301T221530Z", now));
    }

    private static boolean tooSoon(Map<String, Long> last, String key, long gap, long now) {
        Long before = last.get(key);
        return before != null && now - before < gap;
    }
}
