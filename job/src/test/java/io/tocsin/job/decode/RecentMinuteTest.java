package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecentMinuteTest {
    private static final String TIME = "2026-01-24T01:34:36.743000Z";

    private final RecentMinute minute = new RecentMinute();

    @Test
    void tellsWhatReadingItTells() {
        Random random = new Random(10);
        int near = 0;
        for (int i = 0; i < 200_000; i++) {
            StringBuilder text = new StringBuilder(TIME);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                int at = random.nextInt(4) == 0 ? random.nextInt(text.length()) : 17 + random.nextInt(9);
                text.setCharAt(at, "0123456789:.-TZ/ \"+a".charAt(random.nextInt(random.nextInt(3) == 0 ? 20 : 10)));
            }
            byte[] bytes = (text + "\",").getBytes(StandardCharsets.UTF_8);
            Instant plain = Rfc3339.parse(text.toString());
            Instant known = minute.near(bytes, 0, bytes.length);
            if (known != null) {
                near++;
                assertThat(known).as(text.toString()).isEqualTo(plain);
            }
            if (plain != null) {
                minute.see(bytes, 0, text.length(), plain);
            }
        }
        assertThat(near).isGreaterThan(10_000);
        assertThat(minute.near(TIME.getBytes(StandardCharsets.UTF_8), 0, TIME.length()))
                .isNull();
    }
}
