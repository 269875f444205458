package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a client asks again and again, each request with its weight. */
final class Routine {
    private record Habit(int weight, Request[] requests, boolean watch, int code) {}

    private final List<Habit> habits = new ArrayList<>();
    private int total;

    /** Requests for one of these names; without names, for the collection. */
    Routine call(int weight, String verb, Api api, @Nullable String namespace, String... names) {
        return add(weight, false, 0, requests(verb, api, namespace, null, "", names));
    }

    /** The same for a subresource. */
    Routine sub(int weight, String verb, Api api, @Nullable String namespace, String subresource, String... names) {
        return add(weight, false, 0, requests(verb, api, namespace, subresource, "", names));
    }

    /** Lists a collection in pages, from the cache. */
    Routine list(int weight, Api api, @Nullable String namespace) {
        String query = "limit=500&resourceVersion=0";
        return add(weight, false, 0, Request.of("list", api, namespace, null, null, query));
    }

    Routine watch(int weight, Api api, @Nullable String namespace) {
        return add(weight, true, 0, Request.of("watch", api, namespace, null));
    }

    /** Watches single objects, as a kubelet watches what its pods mount: the name stands in a field selector. */
    Routine watchOne(int weight, Api api, String namespace, String name) {
        return add(weight, true, 0, Request.of("watch", api, namespace, name));
    }

    Routine path(int weight, String verb, String... uris) {
        Request[] requests = new Request[uris.length];
        for (int i = 0; i < uris.length; i++) {
            requests[i] = Request.path(verb, uris[i]);
        }
        return add(weight, false, 0, requests);
    }

    /** A request that is answered with an error. */
    Routine fails(int weight, int code, String verb, Api api, @Nullable String namespace, String... names) {
        return add(weight, false, code, requests(verb, api, namespace, null, "", names));
    }

    /** The heartbeat of a leader: read the lease, renew it, now and then a conflict. */
    Routine leads(int weight, String namespace, String... leases) {
        call(weight / 2, "get", Api.LEASES, namespace, leases);
        return call(weight - weight / 2, "update", Api.LEASES, namespace, leases);
    }

    private Routine add(int weight, boolean watch, int code, Request... requests) {
        habits.add(new Habit(weight, requests, watch, code));
        total += weight;
        return this;
    }

    private static Request[] requests(
            String verb,
            Api api,
            @Nullable String namespace,
            @Nullable String subresource,
            String query,
            String... names) {
        if (names.length == 0) {
            return new Request[] {Request.of(verb, api, namespace, null, subresource, query)};
        }
        Request[] requests = new Request[names.length];
        for (int i = 0; i < names.length; i++) {
            requests[i] = Request.of(verb, api, namespace, names[i], subresource, query);
        }
        return requests;
    }

    /** Sends one of the requests. */
    void next(Chance chance, AuditLog audit, Caller caller, long now) {
        int choice = chance.below(total);
        for (Habit habit : habits) {
            choice -= habit.weight();
            if (choice < 0) {
                Request request = chance.pick(habit.requests());
                if (habit.watch()) {
                    audit.watch(caller, request, now);
                } else if (habit.code() != 0) {
                    audit.answer(caller, request, habit.code(), now);
                } else {
                    audit.call(caller, request, now);
                }
                return;
            }
        }
    }
}
