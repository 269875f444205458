package io.tocsin.detection;

import io.tocsin.event.Source;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.SigmaRule;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What a cluster's stream must carry for a rule to match anything: told by its log sources and by the fields it can't do without. */
final class RuleNeeds {
    private static final Map<Source, Need> OF_SOURCE = Map.ofEntries(
            Map.entry(Source.KUBERNETES_AUDIT, Need.AUDIT_EVENTS),
            Map.entry(Source.EKS_AUTHENTICATOR, Need.AUTHENTICATOR_EVENTS),
            Map.entry(Source.CLOUDTRAIL, Need.CLOUDTRAIL_EVENTS),
            Map.entry(Source.KUBERNETES_EVENT, Need.KUBERNETES_EVENTS),
            Map.entry(Source.CONTAINER_LOG, Need.CONTAINER_LOGS),
            Map.entry(Source.JOURNALD, Need.JOURNALD_RECORDS),
            Map.entry(Source.SYSLOG, Need.SYSLOG_RECORDS),
            Map.entry(Source.AUDITD, Need.AUDITD_RECORDS),
            Map.entry(Source.ACCESS_LOG, Need.ACCESS_LOGS),
            Map.entry(Source.HUBBLE, Need.FLOWS),
            Map.entry(Source.TETRAGON, Need.TETRAGON_EVENTS),
            Map.entry(Source.FALCO, Need.FALCO_ALERTS));

    /** Logs any of which is enough, by what it is they all tell; the narrowest first. */
    private static final List<Map.Entry<Set<Source>, Need>> OF_ANY = List.of(
            Map.entry(Set.of(Source.TETRAGON, Source.FALCO), Need.PROCESSES),
            Map.entry(Set.of(Source.TETRAGON, Source.HUBBLE), Need.CONNECTIONS),
            Map.entry(Set.of(Source.TETRAGON, Source.FALCO, Source.AUDITD), Need.HOST_PROCESSES),
            Map.entry(Set.of(Source.JOURNALD, Source.SYSLOG, Source.AUDITD), Need.HOST_LOGS));

    private static final Set<String> PEER = Set.of("source.ip", "source.zone", "source.new", "source.claimed_ip");
    private static final List<String> BODIES =
            List.of("requestObject", "responseObject", "object", "pod", "csr", "secret", "sensitive_host_path");
    private static final List<String> RBAC = List.of("role", "binding");
    private static final Set<String> READS = Set.of("get", "list", "watch");

    private RuleNeeds() {}

    static Set<Need> of(SigmaRule rule) {
        Set<Need> needs = EnumSet.of(ofSources(rule.sources()));
        if (!rule.sources().equals(Set.of(Source.KUBERNETES_AUDIT))) {
            return needs;
        }
        addIf(Need.PEER_ADDRESSES, rule, RuleNeeds::asksPeer, needs);
        addIf(Need.CREDENTIAL_IDS, rule, asked -> reads(asked, List.of("actor.credential_id")), needs);
        addIf(Need.ARNS, rule, asked -> reads(asked, List.of("actor.arn")), needs);
        addIf(Need.BODIES, rule, asked -> reads(asked, BODIES), needs);
        addIf(Need.RBAC_BODIES, rule, asked -> reads(asked, RBAC), needs);
        addIf(Need.AUDITED_EVENTS, rule, asked -> is(asked, "objectRef.resource", Set.of("events")), needs);
        if (RuleFields.requires(rule.when(), asked -> is(asked, "objectRef.resource", Set.of("secrets")))) {
            addIf(Need.SECRET_READS, rule, asked -> is(asked, "verb", READS), needs);
        }
        return needs;
    }

    private static Need ofSources(Set<Source> sources) {
        if (sources.size() == 1) {
            return OF_SOURCE.getOrDefault(sources.iterator().next(), Need.RECORDS);
        }
        for (Map.Entry<Set<Source>, Need> any : OF_ANY) {
            if (any.getKey().containsAll(sources)) {
                return any.getValue();
            }
        }
        return Need.RECORDS;
    }

    private static void addIf(Need need, SigmaRule rule, Predicate<Expression> asked, Set<Need> needs) {
        if (RuleFields.requires(rule.when(), asked)) {
            needs.add(need);
        }
    }

    private static boolean asksPeer(Expression asked) {
        // That the address is not known is an answer, too.
        return asked instanceof Expression.Test test
                && PEER.contains(test.field())
                && !(test.is() instanceof Comparison.Text text && text.text().equalsIgnoreCase("unknown"));
    }

    private static boolean reads(Expression asked, List<String> roots) {
        String name = asked instanceof Expression.Test test
                ? test.field()
                : asked instanceof Expression.Element element ? element.array() : "";
        for (String root : roots) {
            if (name.equals(root) || name.startsWith(root + ".") || name.startsWith(root + "[")) {
                return true;
            }
        }
        return false;
    }

    private static boolean is(Expression asked, String field, Set<String> values) {
        return asked instanceof Expression.Test test
                && test.field().equals(field)
                && test.is() instanceof Comparison.Text text
                && text.where() == Comparison.Where.IS
                && values.contains(text.text().toLowerCase(Locale.ROOT));
    }
}
