package io.tocsin.job.generate;

import java.nio.charset.StandardCharsets;

/** Changes to roles and to the identity mapping, with the bodies that the audit policy keeps. */
final class Rbac {
    private Rbac() {}

    /** The built-in controller writes an aggregated role again. */
    static void aggregate(Simulation simulation, Caller controller, long now) {
        String rules = "[{\"verbs\":[\"get\",\"list\",\"watch\"],\"apiGroups\":[\"cert-manager.io\"],"
                + "\"resources\":[\"certificates\",\"issuers\"]}]";
        Request request = Request.of("patch", Api.CLUSTER_ROLES, null, "view");
        String body = "{\"kind\":\"ClusterRole\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\","
                + "\"metadata\":{\"name\":\"view\"},\"rules\":" + rules + "}";
        simulation.logs.audit.change(controller, request, body, body, now);
    }

    /** A deployer applies a narrow role of its application again, unchanged. */
    static void applyRole(Simulation simulation, Caller deployer, String namespace, String name, long now) {
        String body = "{\"kind\":\"Role\",\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"metadata\":{\"name\":\""
                + name + "\",\"namespace\":\"" + namespace + "\"},\"rules\":[{\"verbs\":[\"get\",\"list\"],"
                + "\"apiGroups\":[\"\"],\"resources\":[\"configmaps\"]}]}";
        simulation.logs.audit.change(deployer, Request.of("patch", Api.ROLES, namespace, name), body, body, now);
    }

    /** A patch of the ConfigMap that maps IAM roles to users; the role given becomes a cluster administrator. */
    static void mapRole(AuditLog audit, Caller caller, IamSession role, String username, long now) {
        String roles = "- groups:\n  - system:bootstrappers\n  - system:nodes\n  rolearn: arn:aws:iam::"
                + IamSession.ACCOUNT + ":role/eks-workers\n  username: system:node:{{EC2PrivateDNSName}}\n"
                + "- groups:\n  - system:masters\n  rolearn: " + role.canonicalArn() + "\n  username: " + username
                + "\n";
        String data = "\"data\":{\"mapRoles\":" + quoted(roles) + "}";
        String map = "{\"kind\":\"ConfigMap\",\"apiVersion\":\"v1\",\"metadata\":{\"name\":\"aws-auth\","
                + "\"namespace\":\"kube-system\"}," + data + "}";
        Request request = Request.of(
                "patch",
                Api.CONFIG_MAPS,
                "kube-system",
                "aws-auth",
                null,
                "fieldManager=kubectl-edit&fieldValidation=Strict");
        audit.change(caller, request, "{" + data + "}", map, now);
    }

    private static String quoted(String text) {
        return new String(new LineBuffer().json(text).copy(), StandardCharsets.US_ASCII);
    }
}
