package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.SECOND;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Consumer;

/** Where one attack takes place: the cluster as it is then, and dice and logs that are the attack's own. */
final class Scene {
    static final String KUBECTL = "kubectl/v1.29.3 (linux/amd64) kubernetes/6813625";

    final Simulation simulation;
    final Cluster cluster;
    final Staff staff;
    final Chance chance;
    final Logs logs;

    private final Attack attack;
    private final Deployer deployer;
    private final Consumer<PlantedAttack> told;

    Scene(
            Attack attack,
            Simulation simulation,
            Cluster cluster,
            Staff staff,
            Deployer deployer,
            long seed,
            Consumer<PlantedAttack> told) {
        this.attack = attack;
        this.simulation = simulation;
        this.cluster = cluster;
        this.staff = staff;
        this.deployer = deployer;
        this.chance = new Chance(seed);
        this.logs = new Logs(simulation.timeline, seed ^ 0x1B873593CC9E2D51L);
        this.told = told;
    }

    void at(long time, Timeline.Step step) {
        simulation.timeline.at(time, step);
    }

    void call(Caller caller, Request request, long at) {
        at(at, now -> logs.audit.call(caller, request, now));
    }

    void refuse(Caller caller, Request request, long at) {
        at(at, now -> logs.audit.answer(caller, request, 403, now));
    }

    /** A change of an object whose bodies are logged; what is asked for is what comes of it. */
    void change(Caller caller, Request request, String body, long at) {
        at(at, now -> logs.audit.change(caller, request, body, body, now));
    }

    /** What a client asks first. */
    long discover(Caller caller, long start) {
        long at = start;
        for (String uri : new String[] {"/version?timeout=32s", "/api?timeout=32s", "/apis?timeout=32s"}) {
            call(caller, Request.path("get", uri), at);
            at += chance.between(40_000, 300_000);
        }
        return at;
    }

    /** A pod of the workload, the one that has run for the longest time. */
    Pod pod(String workload) {
        return new Pod(cluster.fleet.first(workload));
    }

    /** The person from home, with the client in use for long, freshly logged in. */
    Caller usual(Person person, long start) {
        at(start, now -> logs.authenticator.granted(person.session, person.username, person.groups, now));
        return person.session.describe(person.caller(person.home, person.agent));
    }

    /** The pipeline that deploys, from its build host. */
    Caller deployer() {
        return deployer.caller("pipeline-" + chance.below(1_000), chance.awsId("ASIA"));
    }

    /** Whoever holds the token of this pod. */
    Caller asPod(Pod pod, String address, String agent) {
        Caller caller = Caller.serviceAccount(pod.namespace(), pod.account, chance.uuid(), address, agent, pod.account);
        Pods.bind(pod, caller, chance.uuid());
        return caller;
    }

    /** Whoever has what the node has to prove itself. */
    Caller asNode(Cluster.Node node, String address, String agent) {
        return node.session.describe(new Caller(
                node.kubelet.username(),
                node.session.uid(),
                List.of("system:bootstrappers", "system:nodes", "system:authenticated"),
                address,
                agent,
                ""));
    }

    /** A shell or a command in a pod, as {@code kubectl exec} asks for it. */
    void exec(Caller caller, Pod pod, String binary, String arguments, long at) {
        Request request = Shells.exec(pod, binary, arguments);
        at(at, now -> logs.audit.stream(caller, request, 101, now, 45 * SECOND));
    }

    void starts(Pod pod, String parent, String binary, String arguments, long at) {
        at(at, now -> logs.processes.exec(pod, parent, binary, arguments, false, now));
    }

    /** The truth about what was done. */
    void tell(String identity, Caller caller, long start, long end) {
        told.accept(new PlantedAttack(attack, identity, caller.address(), instant(start), instant(end)));
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }
}
