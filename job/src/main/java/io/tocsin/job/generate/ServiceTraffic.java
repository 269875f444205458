package io.tocsin.job.generate;

import io.tocsin.event.Source;
import org.jspecify.annotations.Nullable;

/** Who talks to whom in the cluster's network: services to each other and to their partners, DNS, probes, the few drops. */
final class ServiceTraffic {
    private static final String INGRESS = "ingress-nginx/ingress-nginx";

    private static final String[] CALLS = {
        INGRESS + " web/storefront",
        INGRESS + " web/search",
        INGRESS + " web/images",
        INGRESS + " checkout/cart",
        INGRESS + " checkout/checkout-api",
        INGRESS + " data/events-api",
        "web/storefront web/search",
        "web/storefront web/recommendations",
        "web/storefront web/images",
        "web/storefront checkout/cart",
        "web/search data/redis",
        "web/recommendations ml/scorer",
        "checkout/cart data/redis",
        "checkout/checkout-api checkout/cart",
        "checkout/checkout-api checkout/payment-gateway",
        "checkout/checkout-api checkout/fraud-check",
        "checkout/checkout-api ledger/ledger-api",
        "checkout/checkout-api checkout/checkout-db",
        "checkout/fraud-check ml/scorer",
        "ml/scorer ml/feature-store",
        "ml/feature-store data/redis",
        "ledger/ledger-api ledger/ledger-db",
        "ledger/posting ledger/ledger-db",
        "ledger/posting data/kafka",
        "ledger/statements ledger/ledger-db",
        "data/events-api data/kafka",
        "data/exporter data/kafka"
    };

    /** Workload, name and address of what it calls outside. */
    private static final String[][] PARTNERS = {
        {"checkout/payment-gateway", "api.psp.example", "192.0.2.20"},
        {"ledger/reconciler", "ebics.bank.example", "192.0.2.21"},
        {"ledger/statements", "s3.eu-central-1.amazonaws.com", "192.0.2.24"},
        {"data/exporter", "s3.eu-central-1.amazonaws.com", "192.0.2.24"},
        {"checkout/fraud-check", "score.risk.example", "192.0.2.22"},
        {"web/images", "s3.eu-central-1.amazonaws.com", "192.0.2.24"},
        {"external-dns/external-dns", "route53.amazonaws.com", "192.0.2.25"},
        {"cert-manager/cert-manager", "acme.ca.example", "192.0.2.26"}
    };

    /** What network policies are against, each tried again and again: an old address in a configuration, a forgotten port. */
    private static final String[] REFUSED = {
        "web/recommendations ledger/ledger-db", "ml/scorer data/kafka", "data/events-api checkout/checkout-db"
    };

    private final Simulation simulation;
    private final Fleet fleet;
    private final FlowLog flows;
    private final Chance chance;

    ServiceTraffic(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.fleet = cluster.fleet;
        this.flows = simulation.logs.flows;
        this.chance = flows.chance;
    }

    void start() {
        fill(0.30, this::call);
        fill(0.22, this::resolve);
        fill(0.06, this::partner);
        fill(0.16, this::probe);
        fill(0.14, this::scrape);
        fill(0.08, this::watchApi);
        simulation.steadily(Source.HUBBLE, 11 * Simulation.MINUTE, this::refuse);
        simulation.steadily(Source.HUBBLE, 50 * Simulation.MINUTE, this::credentials);
    }

    private void fill(double part, Timeline.Step step) {
        simulation.fill(Source.HUBBLE, part, 1, step);
    }

    private void call(long now) {
        String[] ends = chance.pick(CALLS).split(" ", 2);
        Pod from = pod(ends[0]);
        Pod to = pod(ends[1]);
        if (from != null && to != null) {
            flows.toPod(from, to, to.workload.port(), now);
        }
    }

    private void resolve(long now) {
        Pod from = fleet.any(chance);
        Pod dns = pod("kube-system/coredns");
        Pod to = fleet.any(chance);
        if (dns != null) {
            flows.query(from, dns, to.workload.name() + "." + to.namespace() + ".svc.cluster.local", now);
        }
    }

    private void partner(long now) {
        String[] partner = chance.pick(PARTNERS);
        Pod from = pod(partner[0]);
        if (from != null) {
            flows.toWorld(from, partner[2], partner[1], 443, now);
        }
    }

    private void probe(long now) {
        Pod to = fleet.any(chance);
        if (to.workload.port() > 0) {
            flows.fromHost(to, to.workload.port(), now);
        }
    }

    private void scrape(long now) {
        Pod prometheus = pod("monitoring/prometheus");
        Pod to = fleet.any(chance);
        if (prometheus != null && to != prometheus) {
            flows.toPod(prometheus, to, 9_090, now);
        }
    }

    private void watchApi(long now) {
        Pod from = fleet.any(chance);
        if (from.caller != null) {
            flows.toApi(from, now);
        }
    }

    private void refuse(long now) {
        for (String pair : REFUSED) {
            String[] ends = pair.split(" ", 2);
            Pod from = pod(ends[0]);
            Pod to = pod(ends[1]);
            if (from != null && to != null) {
                flows.dropped(from, to, to.workload.port(), now);
            }
        }
    }

    /** The CNI and the volume driver renew what their node's role gives them, as their kind does at start-up and hourly. */
    private void credentials(long now) {
        for (String account : new String[] {"kube-system/aws-node", "kube-system/ebs-csi-controller-sa"}) {
            Pod pod = pod(account);
            if (pod != null) {
                flows.toWorld(pod, "169.254.169.254", null, 80, now);
            }
        }
    }

    private @Nullable Pod pod(String key) {
        return fleet.any(chance, key);
    }
}
