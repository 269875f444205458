package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.SECOND;

import java.util.List;

/** Requests without a credential: load balancers' probes, and the internet knocking at a public endpoint. */
final class Strangers {
    private static final String[] KNOCKS = {
        "/", "/.env", "/actuator/health", "/login", "/solr/admin/info/system", "/robots.txt", "/cgi-bin/luci", "/apis"
    };

    private final Simulation simulation;

    Strangers(Simulation simulation) {
        this.simulation = simulation;
    }

    /** The caller without a credential. */
    static Caller anonymous(String address, String agent) {
        return new Caller(
                "system:anonymous",
                "",
                List.of("system:unauthenticated"),
                address,
                agent,
                "RBAC: allowed by ClusterRoleBinding \"system:public-info-viewer\" of ClusterRole"
                        + " \"system:public-info-viewer\" to Group \"system:unauthenticated\"");
    }

    void start() {
        Routine probes =
                new Routine().path(10, "get", "/readyz", "/livez", "/healthz").path(1, "get", "/version");
        for (String address : new String[] {"10.0.3.7", "10.0.7.9"}) {
            Caller balancer = anonymous(address, "ELB-HealthChecker/2.0");
            simulation.routinely(500, now -> probes.next(simulation.chance, simulation.logs.audit, balancer, now));
        }
        simulation.daily(40, this::scan);
        simulation.daily(12, this::badToken);
    }

    private void scan(long now) {
        Caller scanner = anonymous(address(), simulation.chance.oneIn(2) ? "zgrab/0.x" : "Mozilla/5.0 (compatible)");
        int knocks = 1 + simulation.chance.below(4);
        for (int i = 0; i < knocks; i++) {
            Request request = Request.path("get", simulation.chance.pick(KNOCKS));
            simulation.timeline.at(
                    now + 2L * i * SECOND, later -> simulation.logs.audit.answer(scanner, request, 403, later));
        }
    }

    private void badToken(long now) {
        String address = address();
        Request request = Request.of("list", Api.PODS, null, null, null, "limit=500");
        simulation.logs.audit.unauthenticated(address, "python-requests/2.31.0", request, "attempted: bearer", now);
    }

    private String address() {
        return "192.0.2." + simulation.chance.between(100, 250);
    }
}
