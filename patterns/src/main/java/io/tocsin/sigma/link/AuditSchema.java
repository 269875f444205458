package io.tocsin.sigma.link;

import io.tocsin.sigma.Nearest;
import io.tocsin.sigma.field.AuditFields;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The resources that Kubernetes brings along: what can stand in an audit event about them. Others are custom, and may be anything. */
final class AuditSchema {
    /** Group, then in each line the plural, the kind, the short names, and the subresources behind a slash. */
    private static final String BUILT_IN =
            """
            core
            bindings Binding
            componentstatuses ComponentStatus cs
            configmaps ConfigMap cm
            endpoints Endpoints ep
            events Event ev
            limitranges LimitRange limits
            namespaces Namespace ns /status /finalize
            nodes Node no /status /proxy
            persistentvolumeclaims PersistentVolumeClaim pvc /status
            persistentvolumes PersistentVolume pv /status
            pods Pod po /status /exec /attach /portforward /proxy /log /binding /eviction /ephemeralcontainers /resize
            podtemplates PodTemplate
            replicationcontrollers ReplicationController rc /status /scale
            resourcequotas ResourceQuota quota /status
            secrets Secret
            serviceaccounts ServiceAccount sa /token
            services Service svc /status /proxy
            admissionregistration.k8s.io
            mutatingadmissionpolicies MutatingAdmissionPolicy
            mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding
            mutatingwebhookconfigurations MutatingWebhookConfiguration
            validatingadmissionpolicies ValidatingAdmissionPolicy /status
            validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding
            validatingwebhookconfigurations ValidatingWebhookConfiguration
            apiextensions.k8s.io
            customresourcedefinitions CustomResourceDefinition crd crds /status
            apiregistration.k8s.io
            apiservices APIService /status
            apps
            controllerrevisions ControllerRevision
            daemonsets DaemonSet ds /status
            deployments Deployment deploy /status /scale
            replicasets ReplicaSet rs /status /scale
            statefulsets StatefulSet sts /status /scale
            authentication.k8s.io
            selfsubjectreviews SelfSubjectReview
            tokenreviews TokenReview
            authorization.k8s.io
            localsubjectaccessreviews LocalSubjectAccessReview
            selfsubjectaccessreviews SelfSubjectAccessReview
            selfsubjectrulesreviews SelfSubjectRulesReview
            subjectaccessreviews SubjectAccessReview
            autoscaling
            horizontalpodautoscalers HorizontalPodAutoscaler hpa /status
            batch
            cronjobs CronJob cj /status
            jobs Job /status
            certificates.k8s.io
            certificatesigningrequests CertificateSigningRequest csr /status /approval
            clustertrustbundles ClusterTrustBundle
            podcertificaterequests PodCertificateRequest /status
            coordination.k8s.io
            leasecandidates LeaseCandidate
            leases Lease
            discovery.k8s.io
            endpointslices EndpointSlice
            events.k8s.io
            events Event ev
            extensions
            daemonsets DaemonSet ds /status
            deployments Deployment deploy /status /scale
            ingresses Ingress ing /status
            networkpolicies NetworkPolicy netpol
            podsecuritypolicies PodSecurityPolicy psp
            replicasets ReplicaSet rs /status /scale
            flowcontrol.apiserver.k8s.io
            flowschemas FlowSchema /status
            prioritylevelconfigurations PriorityLevelConfiguration /status
            networking.k8s.io
            ingressclasses IngressClass
            ingresses Ingress ing /status
            ipaddresses IPAddress ip
            networkpolicies NetworkPolicy netpol
            servicecidrs ServiceCIDR /status
            node.k8s.io
            runtimeclasses RuntimeClass
            policy
            poddisruptionbudgets PodDisruptionBudget pdb /status
            podsecuritypolicies PodSecurityPolicy psp
            rbac.authorization.k8s.io
            clusterrolebindings ClusterRoleBinding
            clusterroles ClusterRole
            rolebindings RoleBinding
            roles Role
            resource.k8s.io
            deviceclasses DeviceClass
            resourceclaims ResourceClaim /status
            resourceclaimtemplates ResourceClaimTemplate
            resourceslices ResourceSlice
            scheduling.k8s.io
            priorityclasses PriorityClass pc
            storage.k8s.io
            csidrivers CSIDriver
            csinodes CSINode
            csistoragecapacities CSIStorageCapacity
            storageclasses StorageClass sc
            volumeattachments VolumeAttachment /status
            volumeattributesclasses VolumeAttributesClass
            metrics.k8s.io
            nodes NodeMetrics
            pods PodMetrics
            """;

    /** Resources that hold nothing: they can only be created, and the answer is all there is. */
    private static final Set<String> QUESTIONS = Set.of(
            "bindings",
            "localsubjectaccessreviews",
            "selfsubjectaccessreviews",
            "selfsubjectrulesreviews",
            "subjectaccessreviews",
            "selfsubjectreviews",
            "tokenreviews");

    private static final Set<String> READ_WRITE = Set.of("get", "update", "patch");
    private static final Set<String> STREAM = Set.of("create", "get");

    /** What can be done to subresources. */
    private static final Map<String, Set<String>> SUBRESOURCES = Map.ofEntries(
            Map.entry("exec", STREAM),
            Map.entry("attach", STREAM),
            Map.entry("portforward", STREAM),
            Map.entry("log", Set.of("get")),
            Map.entry("eviction", Set.of("create")),
            Map.entry("binding", Set.of("create")),
            Map.entry("token", Set.of("create")),
            Map.entry("status", READ_WRITE),
            Map.entry("scale", READ_WRITE),
            Map.entry("approval", READ_WRITE),
            Map.entry("ephemeralcontainers", READ_WRITE),
            Map.entry("resize", READ_WRITE),
            Map.entry("finalize", Set.of("update")));

    /** Verbs of requests on resources. */
    private static final Set<String> VERBS =
            Set.of("get", "list", "watch", "create", "update", "patch", "delete", "deletecollection", "proxy");

    private final Map<String, Set<String>> groups = new HashMap<>();
    private final Map<String, Set<String>> subresources = new HashMap<>();
    private final Map<String, String> singular = new HashMap<>();
    private final Set<String> allGroups = new HashSet<>();

    private static final AuditSchema SCHEMA = new AuditSchema();

    private AuditSchema() {
        String group = "";
        for (String line : BUILT_IN.lines().toList()) {
            String[] words = line.split(" ", -1);
            if (words.length == 1) {
                group = line.equals("core") ? "" : line;
                allGroups.add(group);
                continue;
            }
            String plural = words[0];
            groups.computeIfAbsent(plural, any -> new HashSet<>()).add(group);
            Set<String> below = subresources.computeIfAbsent(plural, any -> new HashSet<>());
            for (int i = 1; i < words.length; i++) {
                if (words[i].startsWith("/")) {
                    below.add(words[i].substring(1));
                } else {
                    singular.putIfAbsent(words[i].toLowerCase(Locale.ROOT), plural);
                }
            }
        }
    }

    /** Whether Kubernetes brings this resource along. */
    static boolean isBuiltIn(String resource) {
        return SCHEMA.groups.containsKey(resource);
    }

    /** Whether Kubernetes brings this API group along; the core group is the empty name. */
    static boolean isBuiltInGroup(String group) {
        return SCHEMA.allGroups.contains(group);
    }

    /** Whether a resource is one of a group, as far as that is known. */
    static boolean isOf(String resource, String group) {
        Set<String> known = SCHEMA.groups.get(resource);
        return known == null || !isBuiltInGroup(group) || known.contains(group);
    }

    /** The API groups of a built-in resource. */
    static Set<String> groupsOf(String resource) {
        return SCHEMA.groups.getOrDefault(resource, Set.of());
    }

    /** The resource that is meant by a kind, a short name or a slip of the pen; null if it is a resource or may be a custom one. */
    static @Nullable String meantBy(String resource) {
        if (isBuiltIn(resource)) {
            return null;
        }
        String plural = SCHEMA.singular.get(resource);
        if (plural != null) {
            return plural;
        }
        // Short names are near to many others: custom resources have the benefit of the doubt.
        int limit = resource.length() < 10 ? 2 : 3;
        List<String> near = new ArrayList<>();
        for (String known : SCHEMA.groups.keySet()) {
            if (Nearest.distance(resource, known, limit) < limit) {
                near.add(known);
            }
        }
        Collections.sort(near);
        String best = Nearest.to(resource, near);
        return best == null && !near.isEmpty() ? near.get(0) : best;
    }

    /** The group that is meant by the beginning of its name; null if there is none. */
    static @Nullable String groupMeantBy(String group) {
        for (String known : SCHEMA.allGroups.stream().sorted().toList()) {
            if (known.startsWith(group + ".")) {
                return known;
            }
        }
        return Nearest.to(group, SCHEMA.allGroups.stream().sorted().toList());
    }

    /** The subresource that is meant by what is none of a built-in resource, or of any; null if it is one or may be. */
    static @Nullable String subresourceMeantBy(String subresource) {
        if (SUBRESOURCES.containsKey(subresource) || subresource.equals("proxy")) {
            return null;
        }
        if (subresource.equals("logs")) {
            return "log";
        }
        String near = Nearest.to(subresource, SUBRESOURCES.keySet());
        return near != null && Nearest.distance(subresource, near, 3) < 3 ? near : null;
    }

    /** Whether a verb can ever be asked of a resource or subresource; whatever isn't known can. */
    static boolean canBe(String verb, @Nullable String resource, @Nullable String subresource) {
        if (resource == null && subresource == null) {
            return true;
        }
        if (AuditFields.VERBS.contains(verb) && !VERBS.contains(verb)) {
            return false;
        }
        if (subresource != null) {
            boolean known = resource == null || !isBuiltIn(resource) || has(resource, subresource);
            Set<String> verbs = SUBRESOURCES.get(subresource);
            return !known || verbs == null || verbs.contains(verb);
        }
        return resource == null || !QUESTIONS.contains(resource) || verb.equals("create");
    }

    /** The verbs that can be asked of it, sorted. */
    static List<String> verbsOf(@Nullable String resource, @Nullable String subresource) {
        List<String> verbs = new ArrayList<>();
        for (String verb : VERBS) {
            if (canBe(verb, resource, subresource)) {
                verbs.add(verb);
            }
        }
        Collections.sort(verbs);
        return verbs;
    }

    private static boolean has(String resource, String subresource) {
        return SCHEMA.subresources.getOrDefault(resource, Set.of()).contains(subresource);
    }
}
