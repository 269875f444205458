package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** The cluster's logs, one of each source, each with dice of its own: what one writes changes no other. */
final class Logs {
    final AuditLog audit;
    final AuthenticatorLog authenticator;
    final CloudTrailLog cloudTrail;
    final EventLog events;
    final ContainerLog containers;
    final NodeLog nodes;
    final BastionLog bastion;
    final IngressLog ingress;
    final FlowLog flows;
    final ProcessLog processes;
    final FalcoLog falco;

    Logs(Timeline timeline, long seed) {
        this.audit = new AuditLog(timeline, new Chance(seed ^ 0x5DEECE66DL));
        this.authenticator = new AuthenticatorLog(timeline, new Chance(seed ^ 0x2545F491L));
        this.cloudTrail = new CloudTrailLog(timeline, new Chance(seed ^ 0x27D4EB2F165667C5L));
        this.events = new EventLog(timeline, new Chance(seed ^ 0x165667B19E3779F9L));
        this.containers = new ContainerLog(timeline, new Chance(seed ^ 0x85EBCA77C2B2AE63L));
        this.nodes = new NodeLog(timeline, new Chance(seed ^ 0x61C8864E7A143579L));
        this.bastion = new BastionLog(timeline, new Chance(seed ^ 0x3C6EF372FE94F82BL));
        this.ingress = new IngressLog(timeline, new Chance(seed ^ 0x510E527FADE682D1L));
        this.flows = new FlowLog(timeline, new Chance(seed ^ 0x1F83D9ABFB41BD6BL));
        this.processes = new ProcessLog(timeline, new Chance(seed ^ 0x5BE0CD19137E2179L));
        this.falco = new FalcoLog(timeline, new Chance(seed ^ 0x428A2F98D728AE22L));
    }

    /** The source's log. */
    SourceLog of(Source source) {
        return switch (source) {
            case KUBERNETES_AUDIT -> audit;
            case EKS_AUTHENTICATOR -> authenticator;
            case CLOUDTRAIL -> cloudTrail;
            case KUBERNETES_EVENT -> events;
            case CONTAINER_LOG -> containers;
            case JOURNALD -> nodes;
            case SYSLOG -> bastion;
            case ACCESS_LOG -> ingress;
            case HUBBLE -> flows;
            case TETRAGON -> processes;
            case FALCO -> falco;
            case AUDITD -> throw new IllegalArgumentException("not written: " + source.id());
        };
    }
}
