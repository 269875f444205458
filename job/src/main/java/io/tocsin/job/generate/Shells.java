package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

/** People who go into a container of their team: a WebSocket exec, audited as a get and answered with 101, and what it starts. */
final class Shells {
    private static final String RUNTIME = "/usr/bin/runc";

    private final Simulation simulation;

    Shells(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Looks at a folder, opens a shell, or copies a file into the container as {@code kubectl cp} does. */
    void open(Person person, Pod pod, long now) {
        person.lastExec = now;
        String[] command =
                switch (simulation.chance.below(6)) {
                    case 0, 1 -> new String[] {"/bin/sh", ""};
                    case 2 -> new String[] {"/bin/tar", "-xmf - -C /tmp"};
                    default -> new String[] {"/bin/ls", "-l /data"};
                };
        boolean shell = command[0].endsWith("sh");
        simulation.logs.audit.call(person.caller, Request.of("get", Api.PODS, person.team, pod.name()), now);
        long duration = shell ? simulation.chance.between(MINUTE, 7 * MINUTE) : 2 * SECOND;
        Request request = exec(pod, command[0].substring(command[0].lastIndexOf('/') + 1), command[1]);
        simulation.logs.audit.stream(person.caller, request, 101, now + 130_000, duration);
        simulation.timeline.at(now + 200_000, later -> {
            ProcessLog processes = simulation.logs.processes;
            ProcessLog.Running started = processes.exec(pod, RUNTIME, command[0], command[1], false, later);
            if (shell) {
                ProcessLog.Running look = processes.exec(pod, command[0], "/bin/ps", "aux", false, later + 20 * SECOND);
                processes.exit(look, 0, later + 21 * SECOND);
            }
            simulation.timeline.at(later + duration, end -> processes.exit(started, 0, end));
        });
    }

    /** The request behind {@code kubectl exec}. */
    static Request exec(Pod pod, String program, String arguments) {
        StringBuilder query = new StringBuilder("command=").append(program);
        for (String argument : arguments.split(" ", -1)) {
            if (!argument.isEmpty()) {
                query.append("&command=").append(argument.replace("/", "%2F"));
            }
        }
        query.append("&container=").append(pod.workload.name()).append("&stdout=true");
        if (program.endsWith("sh")) {
            query.append("&stdin=true&tty=true");
        }
        return Request.of("get", Api.PODS, pod.namespace(), pod.name(), "exec", query.toString());
    }
}
