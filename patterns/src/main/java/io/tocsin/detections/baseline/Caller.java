package io.tocsin.detections.baseline;

import io.tocsin.alert.Evidence;
import io.tocsin.detection.Identities;
import io.tocsin.detections.Requests;
import io.tocsin.event.SecurityEvent;
import io.tocsin.signal.Entity;
import io.tocsin.signal.Keys;
import io.tocsin.signal.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Who acts: whoever impersonates acts, under whatever name. And what is said of the news of one. */
final class Caller {
    /** The canonical IAM role or user, else the user name, of who acts; nobody where nobody authenticated. */
    static final Entity ENTITY = event -> {
        String user = user(event);
        String caller = SecurityEvent.identity(user, null, event.arn());
        return caller == null || Identities.isAnonymous(user)
                ? List.of()
                : List.of(Keys.of(event.scope(), "identity", caller));
    };

    private Caller() {}

    /** The user name of who acts. */
    static @Nullable String user(SecurityEvent event) {
        return event.impersonator() != null ? event.impersonator() : event.user();
    }

    /** Whether who acts is neither the platform's nor a service account, nor nobody. */
    static boolean isPerson(SecurityEvent event) {
        return !Identities.isSystem(user(event));
    }

    /**
     * A success that says something of whoever had it, and whoever had it is neither the platform at home nor a listed deployer.
     * What is refused says nothing: anybody can be refused anything.
     */
    static boolean acts(SecurityEvent event, Identities identities) {
        return Requests.countedSuccess(event) && !identities.isPlatformAtHome(event) && !identities.isDeployer(event);
    }

    /**
     * A sentence: who did what that is new.
     *
     * @param did such as {@code called from}
     * @param one such as {@code an address}
     * @param many such as {@code addresses}
     * @param what the new thing, of a record
     */
    static String did(Signal news, String did, String one, String many, Function<Evidence, String> what) {
        List<String> things = new ArrayList<>();
        for (Evidence record : news.evidence()) {
            things.add(what.apply(record));
        }
        long more = news.count() - things.size();
        Evidence last = news.evidence().get(news.evidence().size() - 1);
        return "%s %s %s new to it: %s%s"
                .formatted(
                        last.impersonator() != null ? last.impersonator() : last.who(),
                        did,
                        news.count() == 1 ? one : news.count() + " " + many,
                        String.join(", ", things),
                        more > 0 ? " and " + more + " more" : "");
    }
}
