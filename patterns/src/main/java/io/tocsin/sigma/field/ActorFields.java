package io.tocsin.sigma.field;

import io.tocsin.enrich.ClientFamily;
import io.tocsin.enrich.IdentityKind;
import io.tocsin.event.Outcome;
import io.tocsin.event.SecurityEvent;
import io.tocsin.event.Source;
import io.tocsin.event.Zone;
import io.tocsin.sigma.Field.Varies;
import io.tocsin.sigma.Subject;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/** Who did it, from where, with what, and how it ended: what is known of events of several logs. */
public final class ActorFields {
    /** The address is new to the identity. Asks a history: the linker takes it out of the condition. */
    public static final String NEW_ADDRESS = "source.new";

    private static final Set<Source> ALL = Set.of(Source.values());
    private static final Set<Source> AUDIT = Set.of(Source.KUBERNETES_AUDIT);
    private static final Set<Source> PEOPLE = Set.of(
            Source.KUBERNETES_AUDIT,
            Source.EKS_AUTHENTICATOR,
            Source.CLOUDTRAIL,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.AUDITD,
            Source.ACCESS_LOG,
            Source.TETRAGON,
            Source.FALCO);
    private static final Set<Source> CLOUD =
            Set.of(Source.KUBERNETES_AUDIT, Source.EKS_AUTHENTICATOR, Source.CLOUDTRAIL);
    private static final Set<Source> PEERS = Set.of(
            Source.KUBERNETES_AUDIT,
            Source.CLOUDTRAIL,
            Source.JOURNALD,
            Source.SYSLOG,
            Source.AUDITD,
            Source.ACCESS_LOG,
            Source.HUBBLE,
            Source.TETRAGON,
            Source.FALCO);
    private static final Set<Source> FORWARDED = Set.of(Source.KUBERNETES_AUDIT, Source.ACCESS_LOG, Source.FALCO);
    private static final Set<Source> CLIENTS =
            Set.of(Source.KUBERNETES_AUDIT, Source.CLOUDTRAIL, Source.ACCESS_LOG, Source.HUBBLE, Source.FALCO);
    private static final Set<Source> CALLS = Set.of(Source.KUBERNETES_AUDIT, Source.CLOUDTRAIL);
    private static final Set<Source> OUTCOMES = outcomes();

    private static final Map<Enum<?>, String> IDS = new ConcurrentHashMap<>();

    private ActorFields() {}

    private static Set<Source> outcomes() {
        Set<Source> sources = new TreeSet<>(ALL);
        sources.remove(Source.CONTAINER_LOG);
        sources.remove(Source.KUBERNETES_EVENT);
        return Set.copyOf(sources);
    }

    static void define(FieldTable fields) {
        actor(fields);
        lists(fields);
        credential(fields);
        from(fields);
        outcome(fields);
    }

    private static void actor(FieldTable fields) {
        fields.field(
                        "actor.name",
                        PEOPLE,
                        "Who acts: the canonical ARN of a role or user of IAM behind it, else the user name; of who impersonates"
                                + " whom they impersonate")
                .is(SecurityEvent::identity);
        fields.field("actor.user", PEOPLE, "The user name; of who impersonates whom they impersonate")
                .also("actor.user.name", "user.name", "username", "User", "cs-username")
                .is(SecurityEvent::user);
        fields.field("actor.groups", CLOUD, "The groups that go with actor.user")
                .also("actor.user.groups.name", "actor.user.groups", "groups", "user.group.name")
                .are(SecurityEvent::groups);
        fields.field("actor.uid", PEOPLE, "The uid that goes with actor.user")
                .also("actor.user.uid", "user.id", "uid")
                .is(SecurityEvent::userUid);
        fields.field("actor.kind", PEOPLE, "What the user name is of; platform is any other system: or eks: name")
                .values(kinds())
                .is(event -> {
                    IdentityKind kind = IdentityKind.of(event.user());
                    return kind == null ? null : kind.id();
                });
        fields.field(
                        "actor.at_home",
                        PEOPLE,
                        "Whether it is a machine where it belongs: a service account, a node or the platform, not impersonated, inside"
                                + " or at an unknown address; the control plane only in its own ranges")
                .holds(ActorFields::isAtHome);
        fields.field("actor.impersonates", AUDIT, "Whether somebody is impersonated")
                .holds(subject -> subject.event().impersonator() != null);
    }

    private static Set<String> kinds() {
        Set<String> kinds = new TreeSet<>();
        for (IdentityKind kind : IdentityKind.values()) {
            kinds.add(kind.id());
        }
        return kinds;
    }

    private static boolean isAtHome(Subject subject) {
        SecurityEvent event = subject.event();
        IdentityKind kind = IdentityKind.of(event.user());
        if (kind == null || event.impersonator() != null || !event.zone().insideOrUnknown()) {
            return false;
        }
        return switch (kind) {
            case ANONYMOUS, PERSON -> false;
            case CONTROL_PLANE, NODE -> subject.surroundings().isPlatformAtHome(event);
            case SERVICE_ACCOUNT, PLATFORM -> true;
        };
    }

    private static void lists(FieldTable fields) {
        fields.field("actor.deployer", CLOUD, "Whether it is on the list identities.cd, and where it is listed")
                .holds(subject -> subject.surroundings().isDeployer(subject.event()));
        fields.field(
                        "actor.token_issuer",
                        CLOUD,
                        "Whether it is on the list identities.token-issuers, and where it is listed")
                .holds(subject -> subject.surroundings().isTokenIssuer(subject.event()));
        fields.field(
                        "actor.impersonator",
                        AUDIT,
                        "Whether somebody is impersonated by who is on the list identities.impersonators, and where it is listed")
                .holds(subject -> subject.surroundings().isImpersonator(subject.event()));
    }

    private static void credential(FieldTable fields) {
        fields.field("actor.arn", CLOUD, "The canonical ARN: account and role or user, without path and session")
                .also("arn", "canonicalArn")
                .is(SecurityEvent::arn);
        fields.field("actor.session_name", CLOUD, "The name of the role's session, which the caller may choose")
                .also("sessionName", "session", "actor.session.uid")
                .is(SecurityEvent::sessionName);
        fields.field("actor.access_key", CLOUD, "The AWS access key id")
                .also("accessKeyId", "accesskeyid", "actor.user.credential_uid")
                .is(SecurityEvent::accessKeyId);
        fields.field(
                        "actor.credential_id",
                        AUDIT,
                        "The id of the credential: JTI=… of a token, X509SHA256=… of a certificate")
                .is(SecurityEvent::credentialId);
    }

    private static void from(FieldTable fields) {
        fields.field(
                        "source.ip",
                        PEERS,
                        "The peer's address, canonical: the last forwarded one, further left behind trusted proxies")
                .also("src_endpoint.ip", "client.ip", "c-ip", "SourceIp", "src_ip", "sourceIP", "client_ip")
                .is(SecurityEvent::peer);
        fields.field("source.zone", PEERS, "Where the peer stands; unknown where no address is told")
                .values(names(Zone.values()))
                .is(event -> id(event.zone()));
        fields.field(
                        "source.claimed_ip",
                        FORWARDED,
                        "The forwarded addresses left of the peer, which the client may choose")
                .are(SecurityEvent::claimed);
        fields.field(
                        NEW_ADDRESS,
                        AUDIT,
                        "Whether the address is new to the identity. An identity's first address is its home; a service account outside"
                                + " is always at a new one. May only stand as true and beside others that must hold as well")
                .values("true")
                .by((subject, into) -> {});
        fields.field(
                        "client.family",
                        CLIENTS,
                        "The client's name for itself without version and platform, in lower case: kubectl; none where it says nothing")
                .is(event -> ClientFamily.of(event.userAgent()));
    }

    private static void outcome(FieldTable fields) {
        fields.field(
                        "outcome",
                        OUTCOMES,
                        "How it ended: denied by the authorizer, admission-denied although that allowed it; success of a 101, too")
                .values(names(Outcome.values()))
                .is(event -> id(event.outcome()));
        fields.field("dry_run", CALLS, "Whether it was only tried and nothing was done")
                .holds(subject -> subject.event().dryRun());
        fields.field("truncated", ALL, "Whether the record was cut and only its head is known")
                .holds(subject -> subject.event().truncated());
        fields.field("cluster", ALL, "The cluster's name")
                .also("orchestrator.cluster.name", "cluster_name")
                .is(SecurityEvent::cluster);
        fields.field("account", ALL, "The cloud account, project or subscription")
                .also("cloud.account.id", "cloud.account.uid", "recipientAccountId")
                .is(SecurityEvent::account);
        fields.field("time", ALL, "When it happened, in UTC; for the modifiers minute, hour, day, week, month and year")
                .also("@timestamp", "timestamp", "requestReceivedTimestamp", "stageTimestamp", "eventTime", "date")
                .varies(Varies.WITH_IDS)
                .is(event -> event.time().toString());
    }

    private static Set<String> names(Enum<?>... values) {
        Set<String> names = new TreeSet<>();
        for (Enum<?> value : values) {
            names.add(id(value));
        }
        return names;
    }

    /** How rules write it; asked of every event. */
    private static String id(Enum<?> value) {
        return IDS.computeIfAbsent(value, v -> v.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    }
}
