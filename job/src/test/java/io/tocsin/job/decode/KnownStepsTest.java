package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class KnownStepsTest {
    private final KnownSteps<String> steps = new KnownSteps<>();

    private void keep(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        steps.keep(bytes, 0, bytes.length, 1, text);
    }

    private @Nullable String find(String text) {
        byte[] bytes = (text + "1}").getBytes(StandardCharsets.UTF_8);
        KnownSteps.Step<String> step = steps.find(bytes, 0, bytes.length);
        return step == null ? null : step.passed();
    }

    @Test
    void knowsAStepOnlyBehindTheOneItCameBehind() {
        steps.begin();
        keep("\"a\":");
        keep(",\"b\":");
        assertThat(find(",\"c\":")).isNull();
        steps.begin();
        assertThat(find(",\"b\":")).isNull();
        assertThat(find("\"a\":")).isEqualTo("\"a\":");
        assertThat(find(",\"b\":")).isEqualTo(",\"b\":");
    }

    @Test
    void knowsWhatEndsAlike() {
        List<String> verbs = List.of("create", "update", "delete", "get", "list", "watch", "patch");
        // The shortest one settles how they are told apart; those before it are learned anew.
        for (int i = 0; i < 2 * verbs.size(); i++) {
            steps.begin();
            keep("\"verb\":\"" + verbs.get(i % verbs.size()) + "\",\"user\":");
        }
        for (String verb : verbs) {
            steps.begin();
            assertThat(find("\"verb\":\"" + verb + "\",\"user\":")).contains(verb);
        }
        steps.begin();
        assertThat(find("\"verb\":\"bind\",\"user\":")).isNull();
    }

    @Test
    void forgetsWhereTooMuchVaries() {
        for (int i = 0; i < 10_000; i++) {
            steps.begin();
            keep("\"a" + i + "\":");
            steps.begin();
            assertThat(find("\"a" + i + "\":")).isIn(null, "\"a" + i + "\":");
        }
        steps.begin();
        assertThat(find("\"a3\":")).isNull();
        keep("\"" + "x".repeat(400) + "\":");
        steps.begin();
        assertThat(find("\"" + "x".repeat(400) + "\":")).isNull();
    }
}
