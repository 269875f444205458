package io.tocsin.detection;

import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.sigma.Comparison;
import io.tocsin.sigma.Expression;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.SigmaRule;
import io.tocsin.sigma.Subject;
import io.tocsin.sigma.field.FieldCatalog;
import io.tocsin.sigma.match.RuleMatcher;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whose history a rule may ever ask, so that nobody else's address is taught for it. What an owner's events have in common is the
 * user name; what else a rule asks of an event may be so in another one. Where that can't be told, it may ask.
 */
final class AskedOwners {
    /** What the user name tells. */
    private static final Set<String> OF_USER = Set.of("actor.user", "actor.kind");

    private static final Set<String> OF_ZONE = Set.of("source.zone");
    private static final Expression ALWAYS = new Expression.All(List.of());
    private static final Expression NEVER = new Expression.Any(List.of());
    private static final int USERS = 4_096;

    private final RuleMatcher ofUser;
    private final Identities identities;
    /** The one log that the rule reads; null if it reads several. */
    private final @Nullable Source source;

    private final boolean asksInside;
    private final Map<String, Boolean> users = new HashMap<>();

    AskedOwners(SigmaRule rule, Identities identities) {
        this.identities = identities;
        this.ofUser = new RuleMatcher(List.of(only(rule, OF_USER)));
        this.source = rule.sources().size() == 1 ? rule.sources().iterator().next() : null;
        this.asksInside = asksInside(rule, identities);
    }

    /** Whether the rule may ask the history that this event's address is taught to. */
    boolean mayBeAsked(SecurityEvent event) {
        AddressOwner owner = AddressOwner.of(event);
        if (owner.key() == null) {
            return false;
        }
        // A credential has a history inside only: outside, each of its addresses is new.
        return (asksInside || !owner.credential()) && mayBe(event);
    }

    private boolean mayBe(SecurityEvent event) {
        String user = event.user();
        boolean told = event.source() == source && user != null && user.equals(event.identity());
        if (!told) {
            return true; // of one ARN there may be several user names, and another log may write names otherwise
        }
        Boolean may = users.get(user);
        if (may == null) {
            may = matches(ofUser, event, identities);
            if (users.size() >= USERS) {
                users.clear();
            }
            users.put(user, may);
        }
        return may;
    }

    private static boolean matches(RuleMatcher matcher, SecurityEvent event, Identities identities) {
        boolean[] matched = new boolean[1];
        matcher.match(new Subject(event, identities), (rule, level) -> matched[0] = true);
        return matched[0];
    }

    private static boolean asksInside(SigmaRule rule, Identities identities) {
        RuleMatcher ofZone = new RuleMatcher(List.of(only(rule, OF_ZONE)));
        for (Zone zone : Zone.values()) {
            for (Source source : rule.sources()) {
                SecurityEvent.Builder event = SecurityEvent.builder();
                event.source = source;
                event.zone = zone;
                if (zone != Zone.OUTSIDE && matches(ofZone, event.build(), identities)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** The rule as far as it asks these fields: it matches whatever the whole rule matches. */
    private static SigmaRule only(SigmaRule rule, Set<String> fields) {
        Expression when = bound(rule.when(), rule.sources(), fields, true);
        return rule.linked(rule.sources(), when, List.of(), List.of(), false);
    }

    /** What holds wherever the expression does; or, from below, what holds nowhere else. */
    private static Expression bound(Expression of, Set<Source> sources, Set<String> fields, boolean above) {
        if (of instanceof Expression.All all) {
            return new Expression.All(bounds(all.of(), sources, fields, above));
        } else if (of instanceof Expression.Any any) {
            return new Expression.Any(bounds(any.of(), sources, fields, above));
        } else if (of instanceof Expression.Not not) {
            return new Expression.Not(bound(not.of(), sources, fields, !above));
        } else if (of instanceof Expression.Test test && isOneOf(test, sources, fields)) {
            return test;
        } else {
            return above ? ALWAYS : NEVER;
        }
    }

    private static List<Expression> bounds(
            List<Expression> of, Set<Source> sources, Set<String> fields, boolean above) {
        List<Expression> bounds = new ArrayList<>(of.size());
        for (Expression part : of) {
            bounds.add(bound(part, sources, fields, above));
        }
        return bounds;
    }

    private static boolean isOneOf(Expression.Test test, Set<Source> sources, Set<String> fields) {
        if (test.is() instanceof Comparison.Field) {
            return false;
        }
        for (Source source : sources) {
            Field field = FieldCatalog.find(test.field(), source);
            if (field == null || !fields.contains(field.name())) {
                return false;
            }
        }
        return true;
    }
}
