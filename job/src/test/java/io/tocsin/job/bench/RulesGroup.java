package io.tocsin.job.bench;

import io.tocsin.detection.MatchedRules;
import io.tocsin.job.JobParameters;
import io.tocsin.job.JobRun;
import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.match.ContentPlans;
import io.tocsin.sigma.match.RuleMatcher;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.Configuration;

/** More and more rules: decoded and matched by one thread, and in the whole job beside the rest of the catalogue. */
final class RulesGroup implements Group {
    private static final int LEAST = 10;
    private static final List<Integer> COUNTS = List.of(LEAST, 500, 2_000);

    @Override
    public String id() {
        return "rules";
    }

    @Override
    public String title() {
        return "rules of the pack, and variants of them where they are not enough";
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path path = setting.inputs().all();
        JobParameters usual = JobSubject.parameters(setting, path, JobSubject.Job.WHOLE);
        // A rule about new addresses is a detection with operators of its own, and no matter of matching.
        List<SigmaRule> pack = MatchedRules.of(usual.detections(), usual.identities()).stream()
                .filter(rule -> !rule.asksNewAddress())
                .toList();
        LogsInMemory logs = LogsInMemory.of(setting, path);
        List<Row> rows = new ArrayList<>();
        for (int count : setting.some(COUNTS)) {
            List<SigmaRule> rules = RuleVariants.rules(pack, count);
            rows.add(row("matched-", "decoded and matched, one thread", count, matching(logs, usual, rules)));
        }
        Configuration cluster = JobSubject.heap(setting);
        for (int count : setting.some(COUNTS)) {
            List<SigmaRule> rules = RuleVariants.rules(pack, count);
            JobSubject.Job job = new JobSubject.Job(List.of(), parameters -> JobRun.withRules(parameters, rules));
            rows.add(row("job-", "whole job", count, JobSubject.whole(setting, path, cluster, job)));
        }
        return rows;
    }

    private static Row row(String prefix, String what, int count, Subject subject) {
        String name = "%s, %,d rules".formatted(what, count);
        if (count == LEAST) {
            return Row.reference(prefix + count, name, subject);
        }
        Ratio ratio = Ratio.perCore(prefix + count, prefix + LEAST, LEAST + " rules");
        return Row.of(
                prefix + count,
                name,
                subject,
                count == 500 && prefix.equals("job-") ? ratio.with(Bar.atLeast(0.8)) : ratio);
    }

    /** Decodes, and matches each event with rules. */
    static Subject matching(LogsInMemory logs, JobParameters usual, List<SigmaRule> rules) {
        DocumentDecoder decoder =
                Decoders.create(usual.decoding().reading(ContentPlans.of(rules)).in("auto", "demo"));
        RuleMatcher matcher = new RuleMatcher(rules);
        return logs.decodingFor(
                decoder,
                event -> matcher.match(new io.tocsin.sigma.Subject(event, usual.identities()), (rule, level) -> {}));
    }
}
