package io.tocsin.job.generate;

import java.util.List;

/** Somebody with a role, a laptop and a home. */
final class Person {
    private static final String[] AGENTS = {
        "kubectl/v1.31.2 (darwin/arm64) kubernetes/5864a46",
        "kubectl/v1.30.5 (linux/amd64) kubernetes/74e84a9",
        "kubectl/v1.31.1 (windows/amd64) kubernetes/948afe5",
        "k9s/v0.32.5 (darwin/arm64) kubernetes/$Format"
    };

    /** What the person's role allows. */
    enum Duty {
        DEVELOPER,
        PLATFORM,
        ON_CALL
    }

    final String name;
    final Duty duty;
    final String team;
    final String home;

    /** Hours by which the person's working day begins before the others'. */
    final int early;

    final String username;
    final String groups;
    final Caller caller;

    /** The client in use. */
    final String agent;

    IamSession session;

    int sessions;
    long lastExec = Long.MIN_VALUE / 2;

    Person(String name, Duty duty, String role, String roleId, String team, int index, Chance chance) {
        this.name = name;
        this.duty = duty;
        this.team = team;
        this.home = "198.51.100." + (11 + 7 * index);
        this.early = index % 3;
        this.username = name + "-lumen.example";
        this.groups = duty == Duty.DEVELOPER ? "developers" : duty == Duty.PLATFORM ? "platform" : "on-call";
        this.session = new IamSession(role, roleId, name + "@lumen.example", chance.awsId("ASIA"));
        this.agent = chance.pick(AGENTS);
        this.caller = session.describe(caller(home, agent));
    }

    /** A caller with this person's user and rights, from somewhere; the session's attributes are still to be added. */
    Caller caller(String address, String agent) {
        return new Caller(
                username,
                session.uid(),
                List.of(groups, "system:authenticated"),
                address,
                agent,
                "RBAC: allowed by ClusterRoleBinding \"%s\" of ClusterRole \"%s\" to Group \"%s\""
                        .formatted(groups, groups, groups));
    }

    /** A new session: another access key. */
    void logIn(String accessKeyId) {
        session = session.renewed(accessKeyId);
        session.describe(caller);
    }
}
