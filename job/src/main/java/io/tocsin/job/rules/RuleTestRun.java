package io.tocsin.job.rules;

import io.tocsin.alert.Severity;
import io.tocsin.detection.Identities;
import io.tocsin.detection.RuleTrial;
import io.tocsin.event.SecurityEvent;
import io.tocsin.job.decode.Decoded;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.job.decode.Documents;
import io.tocsin.job.decode.Provenance;
import io.tocsin.network.Networks;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.match.ContentPlans;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs tests: decodes the records as a job does, with what the rule reads and nothing else, and asks the rule. */
public final class RuleTestRun {
    /** When the records were written at the latest; tells the year of those that have none. */
    private static final Instant WRITTEN = Instant.parse("2026-12-31T23:59:59Z");

    private RuleTestRun() {}

    /**
     * What a test's parameters say.
     *
     * @param identities who is who
     * @param networks what is inside
     * @param platformNamespaces globs
     */
    public record Settings(Identities identities, Networks networks, List<String> platformNamespaces) {}

    /**
     * How a test went.
     *
     * @param raised the severities of the alerts
     * @param notes what became of records that are no events
     * @param failure why it fails; null if it does not
     */
    public record Outcome(List<Severity> raised, List<String> notes, @Nullable String failure) {
        public Outcome {
            raised = List.copyOf(raised);
            notes = List.copyOf(notes);
        }
    }

    /** Runs a test of a rule, which is linked. */
    public static Outcome run(SigmaRule rule, RuleTest test, Settings settings) {
        RuleTrial trial = new RuleTrial(rule, settings.identities());
        DecoderOptions options = new DecoderOptions(
                test.format(),
                null,
                settings.networks(),
                trial.fields(),
                DecoderOptions.DEFAULT_MAX_RECORD_BYTES,
                Map.of(),
                settings.platformNamespaces(),
                ContentPlans.of(List.of(rule)));
        List<SecurityEvent> events = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        boolean unread = decode(test, Decoders.create(options), events, notes);
        List<Severity> raised = trial.raise(events);
        String failure = null;
        if (unread) {
            failure = "a record can't be read";
        } else if (events.isEmpty()) {
            failure = "no record is an event";
        } else if (!raised.equals(test.alerts())) {
            failure = "expected %s, raised %s".formatted(text(test.alerts()), text(raised));
        }
        return new Outcome(raised, notes, failure);
    }

    /** Decodes the records as one file; whether there was one that can't be read. */
    private static boolean decode(
            RuleTest test, DocumentDecoder decoder, List<SecurityEvent> events, List<String> notes) {
        byte[] bytes = String.join("\n", test.records()).getBytes(StandardCharsets.UTF_8);
        Documents documents = new Documents(Decoders.framing());
        documents.over(bytes, 0, bytes.length);
        boolean unread = false;
        for (int number = 1; documents.next(); number++) {
            List<Decoded> records = new ArrayList<>();
            Instant last =
                    events.isEmpty() ? null : events.get(events.size() - 1).time();
            Provenance provenance = new Provenance(test.file(), documents.start(), last, WRITTEN);
            decoder.decode(bytes, documents.start(), documents.length(), provenance, records::add);
            for (Decoded record : records) {
                if (record.event() != null) {
                    events.add(record.event());
                } else if (record.deadLetter() != null) {
                    unread = true;
                    notes.add("record %d can't be read: %s"
                            .formatted(number, record.deadLetter().reason()));
                } else {
                    notes.add("record %d is skipped: %s".formatted(number, record.skipped()));
                }
            }
        }
        return unread;
    }

    private static String text(List<Severity> alerts) {
        return alerts.isEmpty() ? "none" : alerts.toString().toLowerCase(Locale.ROOT);
    }
}
