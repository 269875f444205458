package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.MINUTE;
import static io.tocsin.job.generate.Simulation.SECOND;

import io.tocsin.event.Source;

/** Who comes to the public site: customers, their apps, search engines, the monitoring, and the internet's background noise. */
final class Visitors {
    private static final String[] BROWSERS = {
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/133.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3",
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:135.0) Gecko/20100101 Firefox/135.0",
        "LumenShop/7.4.1 (Android 15)"
    };
    private static final String CRAWLER = "Mozilla/5.0 (compatible; Searchbot/2.1; +https://search.example/bot.html)";
    private static final String[] NOISE = {
        "/.env",
        "/wp-login.php",
        "/xmlrpc.php",
        "/.git/config",
        "/phpmyadmin/",
        "/admin",
        "/server-status",
        "/owa/",
        "/actuator/health",
        "/config.json"
    };
    private static final String[] TYPED_WRONG = {"/sale2025", "/about-us", "/favicon.png", "/login.html"};

    private final Simulation simulation;
    private final Fleet fleet;
    private final IngressLog log;
    private final Chance chance;

    Visitors(Simulation simulation, Cluster cluster) {
        this.simulation = simulation;
        this.fleet = cluster.fleet;
        this.log = simulation.logs.ingress;
        this.chance = log.chance;
    }

    void start() {
        // Six pages each on average, and one in three gets further.
        simulation.fill(Source.ACCESS_LOG, 0.84, 6.9, this::visit);
        simulation.fill(Source.ACCESS_LOG, 0.07, 1, this::crawl);
        simulation.fill(Source.ACCESS_LOG, 0.06, 1, this::monitor);
        simulation.fill(Source.ACCESS_LOG, 0.01, 3.5, this::noise);
        simulation.steadily(Source.ACCESS_LOG, 41 * MINUTE, this::forgotPassword);
    }

    /** Somebody looks around, and perhaps buys something. */
    private void visit(long now) {
        String address = customer();
        String agent = chance.pick(BROWSERS);
        long at = now;
        int pages = 3 + chance.below(7);
        for (int i = 0; i < pages; i++) {
            at += chance.between(SECOND, 40 * SECOND);
            simulation.timeline.at(at, later -> page(address, agent, later));
        }
        if (chance.oneIn(3)) {
            long cart = at + 20 * SECOND;
            simulation.timeline.at(
                    cart, later -> send(address, "POST", "/cart/items", 201, agent, "checkout/cart", later));
            if (chance.oneIn(2)) {
                simulation.timeline.at(
                        cart + MINUTE,
                        later -> send(address, "POST", "/checkout", 200, agent, "checkout/checkout-api", later));
            }
        }
    }

    private void page(String address, String agent, long now) {
        int die = chance.below(1_000);
        long product = chance.between(1_000, 9_999);
        if (die < 450) {
            send(address, "GET", "/products/" + product, 200, agent, "web/storefront", now);
        } else if (die < 650) {
            send(address, "GET", "/images/" + product + ".webp", chance.oneIn(5) ? 304 : 200, agent, "web/images", now);
        } else if (die < 850) {
            send(address, "GET", "/search?q=" + chance.suffix(5), 200, agent, "web/search", now);
        } else if (die < 980) {
            send(address, "POST", "/events", 202, agent, "data/events-api", now);
        } else if (die < 990) {
            send(address, "GET", "/products/" + product, 404, agent, "web/storefront", now);
        } else if (die < 996) {
            log.unrouted(address, "GET", chance.pick(TYPED_WRONG), agent, now);
        } else {
            send(address, "GET", "/search?q=" + chance.suffix(5), 503, agent, "web/search", now);
        }
    }

    /** A search engine, from one address, slowly enough not to be a burden. */
    private void crawl(long now) {
        boolean gone = chance.oneIn(40);
        // It comes back to the same pages rather than to all of them at once.
        String path = "/products/" + (1_000 + now / (70 * SECOND) * 7 % 9_000);
        send("198.18.7.66", "GET", path, gone ? 404 : 200, CRAWLER, "web/storefront", now);
    }

    private void monitor(long now) {
        String[] paths = {
            "/healthz web/storefront", "/cart/health checkout/cart", "/checkout/health checkout/checkout-api"
        };
        String[] target = chance.pick(paths).split(" ", 2);
        send("198.18.200.9", "GET", target[0], 200, "UptimeProbe/3.2", target[1], now);
    }

    /** Somebody's script tries a few addresses that are there elsewhere. */
    private void noise(long now) {
        String address = "198.19." + chance.between(0, 255) + "." + chance.between(1, 254);
        String agent = chance.oneIn(2) ? "Mozilla/5.0" : "Go-http-client/1.1";
        int tries = 1 + chance.below(6);
        int first = chance.below(NOISE.length);
        for (int i = 0; i < tries; i++) {
            String path = NOISE[(first + i) % NOISE.length];
            simulation.timeline.at(now + i * 2L * SECOND, later -> log.unrouted(address, "GET", path, agent, later));
        }
    }

    private void forgotPassword(long now) {
        String address = customer();
        String agent = chance.pick(BROWSERS);
        send(address, "POST", "/account/login", 401, agent, "web/storefront", now);
        simulation.timeline.at(
                now + 9 * SECOND,
                later -> send(address, "POST", "/account/login", 401, agent, "web/storefront", later));
        simulation.timeline.at(
                now + 31 * SECOND,
                later -> send(address, "POST", "/account/login", 200, agent, "web/storefront", later));
    }

    private void send(String address, String method, String path, int status, String agent, String key, long now) {
        Pod pod = fleet.any(chance, key);
        if (pod == null) {
            return;
        }
        log.request(address, method, path, status, agent, pod, now);
        Pod ingress = fleet.any(chance, "ingress-nginx/ingress-nginx");
        if (ingress != null && chance.oneIn(16)) {
            simulation.logs.flows.fromWorld(address, ingress, 443, now);
            simulation.logs.flows.toPod(ingress, pod, pod.workload.port(), now + 300);
        }
    }

    private String customer() {
        return "198." + chance.between(18, 19) + "." + chance.between(0, 255) + "." + chance.between(1, 254);
    }
}
