package io.tocsin.detection;

import io.tocsin.event.Content;
import io.tocsin.event.ObjectBody;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import org.jspecify.annotations.Nullable;

/**
 * When an event repeats another: when they differ in nothing but time and ids. Watches also differ in the version they go on from
 * and in their timeouts, which change with every one. The events themselves are compared, never a hash alone.
 */
final class Alike {
    /** Events that say more are not held. */
    private static final int LONGEST = 2_048;

    private static final int MANY = 64;

    private static final String VERSION = "resourceVersion=";
    private static final String TIMEOUT = "timeout=";
    private static final String TIMEOUT_SECONDS = "timeoutSeconds=";

    private Alike() {}

    /** Whether an event is plain and short enough to be held for those that repeat it. */
    @SuppressWarnings("ReferenceEquality") // another that says as little is merely looked at anew
    static boolean canRepeat(SecurityEvent event) {
        return event.content() == Content.NONE
                && event.body() == ObjectBody.NONE
                && length(event.uri())
                                + length(event.userAgent())
                                + length(event.message())
                                + length(event.reason())
                                + length(event.name())
                                + length(event.user())
                                + length(event.process().command())
                        <= LONGEST
                && event.groups().size()
                                + event.claimed().size()
                                + event.mentionedArns().size()
                        <= MANY;
    }

    private static int length(@Nullable String text) {
        return text == null ? 0 : text.length();
    }

    /** Equal for events that repeat one another; made of what events mostly differ in. */
    static int hash(SecurityEvent event) {
        int hash = hash(event.user());
        hash = 31 * hash + hash(event.resource());
        hash = 31 * hash + hash(event.name());
        hash = 31 * hash + hash(event.verb());
        hash = 31 * hash + hash(event.namespace());
        hash = 31 * hash + hash(event.peer());
        hash = 31 * hash + hash(event.credentialId());
        hash = 31 * hash + hash(event.subresource());
        hash = 31 * hash + hash(event.userAgent());
        hash = 31 * hash + event.code();
        if (event.source() != Source.KUBERNETES_AUDIT) {
            hash = 31 * hash + event.place().hashCode();
            hash = 31 * hash + event.flow().hashCode();
            hash = 31 * hash + hash(event.message());
        }
        if (event.resource() == null) {
            hash = 31 * hash + hash(event.uri());
        }
        hash *= 0x9e3779b9;
        return hash ^ hash >>> 15;
    }

    private static int hash(@Nullable String text) {
        return text == null ? 0 : text.hashCode();
    }

    /**
     * Whether one repeats the other. Both must be such as {@link #canRepeat} says.
     *
     * @param sameUri whether what is known of the one depends on its URI as it is
     */
    static boolean areAlike(SecurityEvent a, SecurityEvent b, boolean sameUri) {
        return same(a.user(), b.user())
                && same(a.name(), b.name())
                && same(a.resource(), b.resource())
                && same(a.verb(), b.verb())
                && same(a.credentialId(), b.credentialId())
                && same(a.namespace(), b.namespace())
                && same(a.peer(), b.peer())
                && same(a.subresource(), b.subresource())
                && same(a.userAgent(), b.userAgent())
                && same(a.message(), b.message())
                && same(a.place(), b.place())
                && same(a.flow(), b.flow())
                && same(a.process(), b.process())
                && a.source() == b.source()
                && a.outcome() == b.outcome()
                && a.code() == b.code()
                && a.zone() == b.zone()
                && a.count() == b.count()
                && a.dryRun() == b.dryRun()
                && a.truncated() == b.truncated()
                && a.longOver() == b.longOver()
                && same(a.issuedCredentialId(), b.issuedCredentialId())
                && same(a.reason(), b.reason())
                && same(a.scope(), b.scope())
                && same(a.cluster(), b.cluster())
                && same(a.account(), b.account())
                && same(a.instance(), b.instance())
                && same(a.userUid(), b.userUid())
                && same(a.groups(), b.groups())
                && same(a.impersonator(), b.impersonator())
                && same(a.arn(), b.arn())
                && same(a.sessionName(), b.sessionName())
                && same(a.accessKeyId(), b.accessKeyId())
                && same(a.credentialPod(), b.credentialPod())
                && same(a.credentialPodUid(), b.credentialPodUid())
                && same(a.credentialNode(), b.credentialNode())
                && same(a.claimed(), b.claimed())
                && same(a.apiGroup(), b.apiGroup())
                && same(a.mentionedArns(), b.mentionedArns())
                && same(a.level(), b.level())
                && (same(a.uri(), b.uri()) || (!sameUri && isSameWatch(a, b)));
    }

    /** Both are mostly the same object, since decoders keep what recurs. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean same(@Nullable Object a, @Nullable Object b) {
        return a == b || (a != null && a.equals(b));
    }

    private static boolean isSameWatch(SecurityEvent a, SecurityEvent b) {
        return isWatch(a) && a.uri() != null && b.uri() != null && isSameWatch(a.uri(), b.uri());
    }

    /** Whether an event is a watch of an API server, and so one of which the URI may differ. */
    static boolean isWatch(SecurityEvent event) {
        return event.source() == Source.KUBERNETES_AUDIT && "watch".equals(event.verb()) && event.resource() != null;
    }

    /** Whether the URIs of two watches agree but for the version and the timeouts. */
    static boolean isSameWatch(String a, String b) {
        boolean query = false;
        int i = 0;
        int j = 0;
        while (i < a.length() && j < b.length()) {
            char c = a.charAt(i++);
            if (c != b.charAt(j++)) {
                return false;
            }
            query |= c == '?';
            int name = query && (c == '?' || c == '&') ? differing(a, i) : 0;
            if (name > 0 && a.regionMatches(i, b, j, name)) {
                int endOfA = end(a, i + name);
                int endOfB = end(b, j + name);
                boolean version = a.charAt(i) == VERSION.charAt(0);
                boolean equal = endOfA - i == endOfB - j && a.regionMatches(i, b, j, endOfA - i);
                if (!equal && !(isSome(a, i + name, endOfA, version) && isSome(b, j + name, endOfB, version))) {
                    return false;
                }
                i = endOfA;
                j = endOfB;
            }
        }
        return i == a.length() && j == b.length();
    }

    /** The length of the parameter's name, with its equals sign, where watches may differ in its value; else 0. */
    private static int differing(String uri, int at) {
        if (uri.startsWith(VERSION, at)) {
            return VERSION.length();
        }
        if (uri.startsWith(TIMEOUT, at)) {
            return TIMEOUT.length();
        }
        return uri.startsWith(TIMEOUT_SECONDS, at) ? TIMEOUT_SECONDS.length() : 0;
    }

    private static int end(String uri, int at) {
        int end = uri.indexOf('&', at);
        return end < 0 ? uri.length() : end;
    }

    /** Whether a value is a version, and not 0, which means any; or a timeout: a number or a Go duration. */
    private static boolean isSome(String uri, int from, int to, boolean version) {
        for (int i = from; i < to; i++) {
            char c = uri.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            if (!digit && (version || (c != 'h' && c != 'm' && c != 's'))) {
                return false;
            }
        }
        return from < to && !(version && uri.charAt(from) == '0');
    }
}
