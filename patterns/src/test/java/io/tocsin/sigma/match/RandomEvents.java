package io.tocsin.sigma.match;

import io.tocsin.event.Content;
import io.tocsin.event.Content.Leaf;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Events made of the words that {@link RandomRules} asks for, some changed a little. */
final class RandomEvents {
    private final Random random;

    RandomEvents(Random random) {
        this.random = random;
    }

    SecurityEvent event() {
        SecurityEvent.Builder builder = SecurityEvent.builder();
        builder.source = random.nextInt(20) == 0 ? Source.FALCO : Source.KUBERNETES_AUDIT;
        builder.cluster = "c";
        builder.scope = "c";
        builder.time = Instant.ofEpochSecond(1_780_000_000L + random.nextInt(100_000_000));
        builder.verb = word();
        builder.resource = word();
        builder.subresource = random.nextBoolean() ? null : word();
        builder.user = text();
        builder.userAgent = text();
        builder.uri = text();
        builder.reason = text();
        builder.peer =
                random.nextInt(10) == 0 ? text() : random.nextInt(10) == 0 ? random.nextInt(300) + ".1.1.1" : address();
        builder.code = random.nextBoolean() ? 0 : random.nextInt(4) + 199;
        builder.groups = texts();
        builder.dryRun = random.nextInt(10) == 0;
        List<Leaf> leaves = new ArrayList<>();
        add(leaves, "requestObject.n", "requestObject.n", random.nextBoolean() ? pick(RandomRules.NUMBERS) : word());
        add(leaves, "requestObject.hidden", "requestObject.hidden", text());
        add(leaves, "requestObject.spec.kind", "requestObject.spec.kind", text());
        if (random.nextInt(4) == 0) {
            add(leaves, "requestObject.spec.list", "requestObject.spec.list", random.nextBoolean() ? "" : null);
        }
        for (int i = random.nextInt(3); i > 0; i--) {
            add(leaves, "requestObject.spec.list", "requestObject.spec.list[" + i + "]", text());
        }
        for (int i = 0; i < random.nextInt(5); i++) {
            String at = "requestObject.items[" + i + "]";
            for (int j = random.nextInt(3); j > 0; j--) {
                add(leaves, "requestObject.items.verbs", at + ".verbs[" + j + "]", text());
            }
            add(leaves, "requestObject.items.name", at + ".name", text());
            add(leaves, "requestObject.items.kind", at + ".kind", text());
            for (int j = random.nextInt(3); j > 0; j--) {
                add(leaves, "requestObject.items.ports.name", at + ".ports[" + j + "].name", text());
            }
            if (random.nextInt(10) == 0) {
                add(leaves, "requestObject.items", at, "");
            }
        }
        builder.content = new Content(leaves, text() + " " + text());
        return builder.build();
    }

    private void add(List<Leaf> leaves, String path, String at, @Nullable String value) {
        if (random.nextInt(3) > 0) {
            leaves.add(new Leaf(path, at, random.nextInt(12) == 0 ? null : value));
        }
    }

    private List<String> texts() {
        List<String> texts = new ArrayList<>();
        while (random.nextBoolean()) {
            String text = text();
            if (text != null) {
                texts.add(text);
            }
        }
        return texts;
    }

    private @Nullable String text() {
        return switch (random.nextInt(10)) {
            case 0 -> null;
            case 1 -> word() + word();
            case 2 -> pick(RandomRules.WORDS) + "-" + word();
            case 3 -> swapCase(pick(RandomRules.WORDS));
            case 4 -> pick(RandomRules.NUMBERS);
            default -> pick(RandomRules.WORDS);
        };
    }

    private @Nullable String word() {
        return random.nextInt(6) == 0 ? swapCase(pick(RandomRules.WORDS)) : pick(RandomRules.WORDS);
    }

    private static String swapCase(String text) {
        return text.equals(text.toLowerCase(java.util.Locale.ROOT))
                ? text.toUpperCase(java.util.Locale.ROOT)
                : text.toLowerCase(java.util.Locale.ROOT);
    }

    private String address() {
        String address = pick(RandomRules.ADDRESSES);
        return random.nextBoolean()
                ? address
                : address.substring(0, address.lastIndexOf('.') + 1) + random.nextInt(256);
    }

    private <T> T pick(List<T> from) {
        return from.get(random.nextInt(from.size()));
    }
}
