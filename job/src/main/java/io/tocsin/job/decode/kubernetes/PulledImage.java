package io.tocsin.job.decode.kubernetes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The image in what the kubelet says of pulling it: {@code Pulling image "registry.example.com/web:1"}. */
final class PulledImage {
    private static final String COMBINED = "(combined from similar events): ";
    private static final List<String> STARTS = List.of(
            "Pulling image \"",
            "pulling image \"",
            "Successfully pulled image \"",
            "Container image \"",
            "Failed to pull image \"",
            "Back-off pulling image \"");

    private PulledImage() {}

    static @Nullable String of(@Nullable String message) {
        if (message == null) {
            return null;
        }
        int from = message.startsWith(COMBINED) ? COMBINED.length() : 0;
        for (String start : STARTS) {
            if (message.startsWith(start, from)) {
                int image = from + start.length();
                int quote = message.indexOf('"', image);
                return quote <= image ? null : message.substring(image, quote);
            }
        }
        return null;
    }
}
