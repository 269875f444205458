package io.tocsin.job.generate;

import java.util.ArrayList;
import java.util.List;

/**
 * Hides attacks in the traffic, each in its own part of the run, with its own dice and logs: the other lines are the same with
 * and without them, except those of a source that an attack silences.
 */
final class AttackPlan {
    private final Simulation simulation;
    private final Cluster cluster;
    private final Staff staff;
    private final Deployer deployer;
    private final long seed;
    private final List<PlantedAttack> planted = new ArrayList<>();

    AttackPlan(Simulation simulation, Cluster cluster, Staff staff, Deployer deployer, long seed) {
        this.simulation = simulation;
        this.cluster = cluster;
        this.staff = staff;
        this.deployer = deployer;
        this.seed = seed;
    }

    /** What was planted, in the order of time. */
    List<PlantedAttack> planted() {
        return List.copyOf(planted);
    }

    @SuppressWarnings("EnumOrdinal") // the order of the constants is part of what a seed means
    void plant(Attack attack) {
        long own = seed + 0x632BE59BD9B4E019L * (attack.ordinal() + 1);
        double part = attack.slot() + 0.02 * new Chance(own).unit();
        long at = simulation.start + (long) ((simulation.end - simulation.start) * part);
        Scene scene = new Scene(attack, simulation, cluster, staff, deployer, ~own, planted::add);
        simulation.timeline.at(at, now -> tell(attack, scene, now));
    }

    private static void tell(Attack attack, Scene scene, long now) {
        switch (attack) {
            case STOLEN_TOKEN -> StolenAccess.stolenToken(scene, now);
            case ROGUE_INSIDER -> InsiderAttacks.rogueInsider(scene, now);
            case SELF_MAPPED_ROLE -> GrantAttacks.selfMappedRole(scene, now);
            case MINTED_TOKEN -> StolenAccess.mintedToken(scene, now);
            case ANONYMOUS_ACCESS -> StolenAccess.anonymousAccess(scene, now);
            case INGRESS_TAKEOVER -> IngressTakeover.tell(scene, now);
            case COVERED_TRACKS -> InsiderAttacks.coveredTracks(scene, now);
            case LOGGING_OFF -> InsiderAttacks.loggingOff(scene, now);
            case POD_TOKEN_THEFT -> StolenAccess.podToken(scene, now);
            case SSH_BREAK_IN -> NodeAttacks.sshBreakIn(scene, now);
            case ROLE_GRANT -> GrantAttacks.roleGrant(scene, now);
            case SELF_APPROVED_CERTIFICATE -> GrantAttacks.certificate(scene, now);
            case METADATA_ROLE -> NodeAttacks.metadataRole(scene, now);
            case MINING -> InsiderAttacks.mining(scene, now);
        }
    }
}
