package io.tocsin.job.decode.container;

import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.container.CollectorMembers.Member;

/** What is wrong with a member, in the words of a dead letter. */
final class Flaws {
    private Flaws() {}

    static String notATime(Member member, String text) {
        String name =
                switch (member) {
                    case DATE -> "date";
                    case AT_TIMESTAMP -> "@timestamp";
                    case TIME -> "time";
                    case TIMESTAMP -> "timestamp";
                    default -> "observed time";
                };
        return name + " must be an RFC 3339 time or a number since 1970: " + Excerpt.of("\"" + text + "\"");
    }
}
