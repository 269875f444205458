package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.DAY;
import static io.tocsin.job.generate.Simulation.HOUR;
import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.job.generate.Cluster.Node;
import java.util.List;

/**
 * What a platform does now and then and what looks worse than it is: secrets synchronised by the dozen, a benchmark from inside,
 * surges, a fan-out of Jobs, certificates, a collector that is restarted, an inventory of everything.
 */
final class Upkeep {
    private static final String[] SECRETS = {
        "web/storefront-db",
        "web/search-api-key",
        "web/images-s3",
        "web/recommendations-db",
        "ledger/ledger-db",
        "ledger/bank-api-key",
        "ledger/posting-db",
        "ledger/statements-s3",
        "checkout/cart-db",
        "checkout/payment-gateway-db",
        "checkout/psp-api-key",
        "checkout/fraud-check-db",
        "ml/feature-store-db",
        "ml/scorer-db",
        "ml/registry-credentials",
        "data/events-api-db",
        "data/exporter-s3",
        "data/partner-keys"
    };

    private final Simulation simulation;
    private final Cluster cluster;
    private final Pods pods;
    private final Churn churn;
    private int rounds;

    Upkeep(Simulation simulation, Cluster cluster, Pods pods, Churn churn) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.pods = pods;
        this.churn = churn;
    }

    void start(Workloads workloads, Staff staff) {
        Chance chance = simulation.chance;
        Caller secrets = workloads.caller("external-secrets/external-secrets");
        long every = (long) (HOUR / Math.max(0.2, Math.min(1, simulation.scale)));
        simulation.timeline.at(
                simulation.start + chance.between(5 * MINUTE, 20 * MINUTE), now -> synchronise(secrets, every, now));
        Caller certificates = workloads.caller("cert-manager/cert-manager");
        simulation.daily(12, now -> certificate(certificates, now));
        Caller inventory = workloads.caller("kyverno/kyverno-reports-controller");
        simulation.daily(20, now -> takeStock(inventory, now));
        boolean busy = simulation.scale >= 0.2;
        for (long day = simulation.start; day < simulation.end; day += DAY) {
            at(day + chance.between(HOUR, 3 * HOUR), now -> {
                churn.cronJob(new Workload("security", "kube-bench", "Job", "/usr/local/bin/kube-bench", 0), "", now);
            });
            if (busy) {
                at(
                        day + chance.between(11 * HOUR, 13 * HOUR),
                        now -> churn.surge(Cluster.APPLICATIONS[8].workload(), 22, now));
                at(day + chance.between(21 * HOUR, 23 * HOUR), this::fanOut);
            }
        }
        // Every other day somebody has changed the collector's configuration.
        for (long day = simulation.start; day < simulation.end; day += 2 * DAY) {
            at(day + chance.between(9 * HOUR, 10 * HOUR), now -> restartCollector(staff.administrator(), now));
        }
    }

    private void at(long time, Timeline.Step step) {
        simulation.timeline.at(time, step);
    }

    /** The secrets operator reads what it keeps in step; a third of it was added to its list after the first rounds. */
    private void synchronise(Caller caller, long every, long now) {
        int count = rounds++ < 3 ? SECRETS.length * 2 / 3 : SECRETS.length;
        for (int i = 0; i < count; i++) {
            String[] secret = SECRETS[i].split("/", 2);
            Request request = Request.of("get", Api.SECRETS, secret[0], secret[1]);
            at(now + i * 4L * SECOND, later -> simulation.logs.audit.call(caller, request, later));
        }
        at(now + every, next -> synchronise(caller, every, next));
    }

    /** A certificate of an ingress is renewed: cert-manager's own requests, and the Secret they end in. */
    private void certificate(Caller caller, long now) {
        Api requests = new Api("cert-manager.io", "v1", "certificaterequests");
        String name = "storefront-tls-" + simulation.chance.suffix(5);
        AuditLog audit = simulation.logs.audit;
        audit.call(caller, Request.of("create", requests, "web", name), now);
        audit.call(caller, Request.of("update", requests, "web", name, "status", ""), now + SECOND);
        audit.call(caller, Request.of("update", Api.SECRETS, "web", "storefront-tls"), now + 40 * SECOND);
        String issued = "The certificate has been successfully issued";
        simulation.logs.events.of(
                "Certificate",
                "web",
                "storefront-tls",
                false,
                "cert-manager-certificates-issuing",
                "Issuing",
                issued,
                now + 41 * SECOND);
    }

    /** A reporter lists one kind after the other, cluster-wide, but no secrets. */
    private void takeStock(Caller caller, long now) {
        Api[] kinds = {
            Api.PODS, Api.DEPLOYMENTS, Api.STATEFUL_SETS, Api.DAEMON_SETS, Api.SERVICES, Api.CONFIG_MAPS, Api.INGRESSES
        };
        for (int i = 0; i < kinds.length; i++) {
            Request request = Request.of("list", kinds[i], null, null, null, "limit=500");
            at(now + i * 5L * SECOND, later -> simulation.logs.audit.call(caller, request, later));
        }
    }

    /** A nightly CronJob that makes 24 Jobs of its own within a minute. */
    private void fanOut(long now) {
        Workload shard = new Workload("ml", "retrain", "Job", "/usr/local/bin/python3", 0);
        for (int i = 0; i < 24; i++) {
            String suffix = "-shard-" + i;
            at(now + i * 2L * SECOND, later -> churn.cronJob(shard, suffix, later));
        }
    }

    /** {@code kubectl rollout restart}: node by node, the collector's pod is replaced; nothing is lost. */
    private void restartCollector(Person person, long now) {
        person.lastExec = now;
        simulation.logs.authenticator.granted(person.session, person.username, person.groups, now);
        Request patch =
                Request.of("patch", Api.DAEMON_SETS, "logging", "fluent-bit", null, "fieldManager=kubectl-rollout");
        simulation.logs.audit.call(person.caller, patch, now + SECOND);
        List<Pod> running = cluster.fleet.of(StandingPods.COLLECTOR);
        for (int i = 0; i < running.size(); i++) {
            Pod old = running.get(i);
            at(now + (5 + 12L * i) * SECOND, later -> replace(old, later));
        }
    }

    private void replace(Pod old, long now) {
        if (!cluster.fleet.has(old)) {
            return;
        }
        pods.stops(old, "daemon-set-controller", now);
        String name = old.workload.name() + "-" + simulation.chance.suffix(5);
        Node node = old.node();
        at(now + 4 * SECOND, later -> {
            Pod fresh = pods.fresh(old.workload, old.account, name, node, later);
            pods.starts(fresh, "daemon-set-controller", later);
        });
    }
}
