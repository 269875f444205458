package io.tocsin.detection;

import io.tocsin.alert.Evidence;
import io.tocsin.event.Flow;
import io.tocsin.event.Outcome;
import io.tocsin.event.Place;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.sigma.SigmaRule;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A match in one sentence: who did what, from where or in which pod, what the rule calls it, and the fields it tells of. */
final class RuleSentence {
    private RuleSentence() {}

    static String of(SigmaRule rule, SecurityEvent event, RuleValues values) {
        return happened(event) + ": " + rule.title() + values.words();
    }

    private static String happened(SecurityEvent event) {
        Evidence evidence = Evidence.of(event, "", "");
        return switch (event.source()) {
            case KUBERNETES_AUDIT, EKS_AUTHENTICATOR, CLOUDTRAIL ->
                "%s %s %s from %s".formatted(who(evidence), did(event), evidence.action(), evidence.where());
            case ACCESS_LOG -> visited(event, evidence);
            case KUBERNETES_EVENT ->
                "%s of %s%s".formatted(Objects.toString(event.reason(), "an event"), evidence.object(), node(event));
            default -> event.flow().equals(Flow.NONE) ? ran(event, evidence) : connected(event);
        };
    }

    private static String who(Evidence evidence) {
        return evidence.impersonator() == null ? evidence.who() : evidence.impersonator() + " as " + evidence.who();
    }

    /** How it ended, before what was tried: at night that is what one wants to know first. */
    private static String did(SecurityEvent event) {
        return switch (event.outcome()) {
            case SUCCESS -> event.dryRun() ? "tried as a dry run" : "did";
            case DENIED -> "was refused";
            case ADMISSION_DENIED -> "was refused by admission";
            case UNAUTHENTICATED -> "was not authenticated for";
            case THROTTLED -> "was throttled at";
            case ERROR -> "failed at";
            case UNKNOWN -> event.source() == Source.KUBERNETES_AUDIT ? "asked for" : "did";
        };
    }

    private static String visited(SecurityEvent event, Evidence evidence) {
        String visitor = event.peer() == null ? "Somebody" : event.peer();
        String asked = event.verb() == null
                ? evidence.operation()
                : event.verb().toUpperCase(Locale.ROOT)
                        + evidence.operation().substring(event.verb().length());
        String code = event.code() == 0 ? "" : ", answered " + event.code();
        return "%s sent %s%s%s".formatted(visitor, asked, where(event.place(), " to "), code);
    }

    private static String connected(SecurityEvent event) {
        Flow flow = event.flow();
        Place place = event.place();
        boolean itself = !"ingress".equals(flow.direction()) && (place.pod() != null || place.workload() != null);
        String opener = itself ? place.pod() != null ? "pod " + place.pod() : place.workload() : event.peer();
        String process = event.process().binary() == null ? "" : event.process().binary() + " in ";
        String to = flow.pod() != null ? "pod " + flow.pod() : flow.name() != null ? flow.name() : flow.destination();
        String port = flow.port() == 0 ? "" : " port " + flow.port();
        String verb = event.outcome() == Outcome.DENIED ? "was refused a connection" : "connected";
        return "%s%s %s to %s%s%s"
                .formatted(
                        itself ? process : "",
                        Objects.toString(opener, "Somebody"),
                        verb,
                        Objects.toString(to, "an unknown address"),
                        port,
                        node(event));
    }

    /** Of what runs on nodes and in containers. */
    private static String ran(SecurityEvent event, Evidence evidence) {
        String binary = event.process().binary();
        String who = binary != null ? binary : event.user();
        String from = event.peer() == null ? "" : " from " + event.peer();
        String place = where(event.place(), " in ") + node(event) + from;
        if (event.verb() == null) {
            return who == null ? "A log line" + place : "%s logged%s".formatted(who, place);
        }
        if (binary != null && event.verb().equals("exec")) {
            return "%s ran%s%s".formatted(binary, event.user() == null ? "" : " as " + event.user(), place);
        }
        String what = event.process().file() == null
                ? evidence.action()
                : event.verb() + " " + event.process().file();
        return "%s %s %s%s".formatted(Objects.toString(who, "Somebody"), did(event), what, place);
    }

    private static String where(Place place, String before) {
        if (place.pod() != null) {
            return before + "pod " + place.pod();
        }
        return place.workload() == null ? "" : before + place.workload();
    }

    private static String node(SecurityEvent event) {
        return node(event.place().node());
    }

    private static String node(@Nullable String node) {
        return node == null ? "" : " on node " + node;
    }
}
