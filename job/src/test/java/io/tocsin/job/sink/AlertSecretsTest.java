package io.tocsin.job.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.alert.Alert;
import io.tocsin.job.PlantedSecrets;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** No secret stands in an alert, whichever of its texts holds one. */
class AlertSecretsTest {
    private static final PlantedSecrets SECRETS = new PlantedSecrets();

    @Test
    void noSecretStandsInALineOfJson() {
        for (String secret : SECRETS.all()) {
            byte[] line = new AlertJson("1").encode(hostile(secret));
            assertThat(SECRETS.readableIn(new String(line, StandardCharsets.UTF_8)))
                    .as(secret)
                    .isEmpty();
        }
    }

    @Test
    void noSecretStandsInATable() {
        for (String secret : SECRETS.all()) {
            String row = new AlertTable(240, false).row(hostile(secret));
            assertThat(SECRETS.readableIn(row.replaceAll("\\s+", "")))
                    .as(secret)
                    .isEmpty();
            assertThat(SECRETS.readableIn(row)).as(secret).isEmpty();
        }
    }

    @Test
    void aTextIsCutBehindItsSecretsNotWithinThem() {
        for (String secret : SECRETS.texts()) {
            for (int before : new int[] {1000, 1010, 1024, 4090}) {
                byte[] line = new AlertJson("1").encode(hostile("x ".repeat(before / 2) + secret));
                assertThat(SECRETS.readableIn(new String(line, StandardCharsets.UTF_8)))
                        .as(secret)
                        .isEmpty();
            }
        }
    }

    private static Alert hostile(String text) {
        return TestingAlerts.hostile("x " + text);
    }
}
