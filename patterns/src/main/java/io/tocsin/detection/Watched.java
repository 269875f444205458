package io.tocsin.detection;

import io.tocsin.alert.Alert;
import io.tocsin.signal.Keys;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An absence detection with the parameters of this run. */
record Watched<P extends Detection.Params>(Configured<P> configured, AbsenceDetection<P> detection) {

    /** The detection, if it is one of something missing. */
    static <P extends Detection.Params> @Nullable Watched<P> of(Configured<P> configured) {
        return configured.detection() instanceof AbsenceDetection<P> detection
                ? new Watched<>(configured, detection)
                : null;
    }

    Watch watch() {
        return detection.watch(configured.params());
    }

    String id() {
        return configured.info().id();
    }

    /** The alert of something that went missing. */
    Alert alert(Missing missing, ClusterClock cluster, String scope) {
        return alert(
                missing,
                cluster,
                scope,
                Long.toString(missing.since().toEpochMilli()),
                List.of(Keys.of(scope, id(), missing.what())));
    }

    /** The same of what is told from others by something else than its beginning. */
    Alert alert(Missing missing, ClusterClock cluster, String scope, String completing, List<String> stories) {
        return Alerts.of(configured, detection, missing, scope, cluster.account(), completing, stories);
    }

    /** What a Close says. */
    String message(Missing missing) {
        return detection.message(missing, configured.params());
    }
}
