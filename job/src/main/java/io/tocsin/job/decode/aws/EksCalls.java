package io.tocsin.job.decode.aws;

import io.tocsin.event.Arns;
import io.tocsin.job.decode.BadRecord;
import io.tocsin.job.decode.DecoderOptions;
import io.tocsin.job.decode.Excerpt;
import io.tocsin.job.decode.JsonElements;
import io.tocsin.job.decode.JsonValues;
import io.tocsin.job.decode.Projection;
import io.tocsin.job.decode.QueryString;
import io.tocsin.job.decode.RecordBytes;
import io.tocsin.job.decode.ValueReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Reads what calls to EKS and EKS Auth are about. The facts that change who may do what, and what is logged, are told in fixed
 * words: {@code logging off: audit, api}, {@code public endpoint on: 0.0.0.0/0}, {@code policy ARN}, {@code scope cluster}, {@code
 * principal ARN}, {@code role ARN}, {@code service account NAMESPACE/NAME}.
 */
final class EksCalls {
    private static final String REQUEST = "requestParameters/";
    private static final String RESPONSE = "responseElements/";

    private static final String CLUSTER_NAME = REQUEST + "clusterName";
    private static final String NAME = REQUEST + "name";
    private static final String RESOURCE = REQUEST + "resourceArn";
    private static final String LOGGING = REQUEST + "logging/clusterLogging";
    private static final String PUBLIC = REQUEST + "resourcesVpcConfig/endpointPublicAccess";
    private static final String PUBLIC_RANGES = REQUEST + "resourcesVpcConfig/publicAccessCidrs";
    private static final String PRINCIPAL = REQUEST + "principalArn";
    private static final String POLICY = REQUEST + "policyArn";
    private static final String SCOPE = REQUEST + "accessScope/type";
    private static final String SCOPE_NAMESPACES = REQUEST + "accessScope/namespaces";
    private static final String GROUPS = REQUEST + "kubernetesGroups";
    private static final String USERNAME = REQUEST + "username";
    private static final String ROLE = REQUEST + "roleArn";
    private static final String TARGET_ROLE = REQUEST + "targetRoleArn";
    private static final String NAMESPACE = REQUEST + "namespace";
    private static final String SERVICE_ACCOUNT = REQUEST + "serviceAccount";
    private static final String ISSUER = REQUEST + "oidc/issuerUrl";

    private static final String ENTRY_PRINCIPAL = RESPONSE + "accessEntry/principalArn";
    private static final String ASSOCIATED_ROLE = RESPONSE + "association/roleArn";
    private static final String ASSOCIATED_NAMESPACE = RESPONSE + "association/namespace";
    private static final String ASSOCIATED_ACCOUNT = RESPONSE + "association/serviceAccount";
    private static final String KEY = RESPONSE + "credentials/accessKeyId";
    private static final String SESSION_ARN = RESPONSE + "assumedRoleUser/arn";
    private static final String SUBJECT_NAMESPACE = RESPONSE + "subject/namespace";
    private static final String SUBJECT_ACCOUNT = RESPONSE + "subject/serviceAccount";

    private static final int LONGEST_CLUSTER_NAME = 100;

    private final Projection fields;
    private final Projection logSetup;

    EksCalls(DecoderOptions options, JsonValues values) {
        this.fields = new Projection(
                options,
                values,
                CLUSTER_NAME,
                NAME,
                RESOURCE,
                LOGGING,
                PUBLIC,
                PUBLIC_RANGES,
                PRINCIPAL,
                POLICY,
                SCOPE,
                SCOPE_NAMESPACES,
                GROUPS,
                USERNAME,
                ROLE,
                TARGET_ROLE,
                NAMESPACE,
                SERVICE_ACCOUNT,
                ISSUER,
                ENTRY_PRINCIPAL,
                ASSOCIATED_ROLE,
                ASSOCIATED_NAMESPACE,
                ASSOCIATED_ACCOUNT,
                KEY,
                SESSION_ARN,
                SUBJECT_NAMESPACE,
                SUBJECT_ACCOUNT);
        this.logSetup = new Projection(options, values, "types", "enabled");
    }

    CallSubject subject(RecordBytes record, String verb) throws BadRecord {
        fields.read(record);
        String name = clusterName(verb);
        StringJoiner facts = new StringJoiner("; ");
        logging(facts);
        endpoint(facts);
        Set<String> mapped = new LinkedHashSet<>();
        access(verb, facts, mapped);
        podIdentity(verb, facts, mapped);
        add(facts, "identity provider ", fields.text(ISSUER));
        String told = facts.length() == 0 ? null : JsonValues.cut(facts.toString(), ValueReader.LONG);
        return new CallSubject(
                name != null && isClusterName(name) ? name : null,
                name,
                told,
                fields.name(KEY),
                null,
                List.copyOf(mapped));
    }

    private @Nullable String clusterName(String verb) throws BadRecord {
        String name = fields.name(CLUSTER_NAME);
        if (name == null && !verb.contains("EksAnywhere")) {
            name = fields.name(NAME);
        }
        return name == null ? ofArn(decoded(fields.text(RESOURCE))) : name;
    }

    /** The cluster in the ARN of something of it: {@code arn:aws:eks:eu-west-1:111122223333:nodegroup/prod/workers/…}. */
    private static @Nullable String ofArn(@Nullable String arn) {
        String[] parts = arn == null ? new String[0] : arn.split("[:/]", 8);
        boolean ours = parts.length > 6 && parts[2].equals("eks") && !parts[5].equals("cluster-access-policy");
        return ours && !parts[6].isEmpty() ? parts[6] : null;
    }

    /** What EKS allows: a name that cannot exist makes no cluster known. */
    private static boolean isClusterName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!alphanumeric && (i == 0 || (c != '-' && c != '_'))) {
                return false;
            }
        }
        return name.length() <= LONGEST_CLUSTER_NAME;
    }

    private void logging(StringJoiner facts) throws BadRecord {
        RecordBytes setups = fields.array(LOGGING);
        if (setups == null) {
            return;
        }
        List<String> off = new ArrayList<>();
        List<String> on = new ArrayList<>();
        JsonElements each = new JsonElements(setups.bytes(), setups.start(), setups.end());
        while (each.next()) {
            if (setups.bytes()[each.start()] != '{') {
                String given = Excerpt.of(setups.bytes(), each.start(), each.end());
                throw new BadRecord(LOGGING + " must hold objects: " + given);
            }
            logSetup.read(new RecordBytes(setups.bytes(), each.start(), each.end(), false, setups.origin()));
            boolean enabled = "true".equals(logSetup.scalar("enabled"));
            (enabled ? on : off).addAll(logSetup.texts("types"));
        }
        add(facts, "logging off: ", joined(off));
        add(facts, "logging on: ", joined(on));
    }

    private void endpoint(StringJoiner facts) throws BadRecord {
        String open = fields.scalar(PUBLIC);
        String ranges = joined(fields.texts(PUBLIC_RANGES));
        if ("false".equals(open)) {
            facts.add("public endpoint off");
        } else if ("true".equals(open) || ranges != null) {
            facts.add(ranges == null ? "public endpoint on" : "public endpoint on: " + ranges);
        }
    }

    /** Access entries: whom they let in, and as what. */
    private void access(String verb, StringJoiner facts, Set<String> mapped) throws BadRecord {
        String principal = decoded(fields.text(PRINCIPAL));
        if (principal == null) {
            principal = decoded(fields.text(ENTRY_PRINCIPAL));
        }
        add(facts, "principal ", principal);
        if (!isReading(verb)) {
            map(principal, mapped);
        }
        add(facts, "policy ", decoded(fields.text(POLICY)));
        String scope = fields.text(SCOPE);
        String namespaces = joined(fields.texts(SCOPE_NAMESPACES));
        add(facts, "scope ", scope == null || namespaces == null ? scope : scope + " " + namespaces);
        add(facts, "groups ", joined(fields.texts(GROUPS)));
        add(facts, "username ", fields.text(USERNAME));
    }

    /** Which role a service account may take, or has taken. */
    private void podIdentity(String verb, StringJoiner facts, Set<String> mapped) throws BadRecord {
        String account = account(NAMESPACE, SERVICE_ACCOUNT);
        account = account == null ? account(ASSOCIATED_NAMESPACE, ASSOCIATED_ACCOUNT) : account;
        add(facts, "service account ", account == null ? account(SUBJECT_NAMESPACE, SUBJECT_ACCOUNT) : account);
        String role = decoded(fields.text(ROLE));
        role = role == null ? decoded(fields.text(ASSOCIATED_ROLE)) : role;
        String target = decoded(fields.text(TARGET_ROLE));
        add(facts, "role ", role == null ? Arns.canonical(fields.text(SESSION_ARN)) : role);
        add(facts, "target role ", target);
        if (verb.contains("PodIdentityAssociation") && !isReading(verb)) {
            map(role, mapped);
            map(target, mapped);
        }
    }

    private @Nullable String account(String namespace, String name) throws BadRecord {
        String account = fields.text(name);
        String in = fields.text(namespace);
        return account == null || in == null ? account : in + "/" + account;
    }

    private static boolean isReading(String verb) {
        return verb.startsWith("Describe") || verb.startsWith("List");
    }

    private static void map(@Nullable String arn, Set<String> mapped) {
        String canonical = Arns.canonical(arn);
        if (canonical != null) {
            mapped.add(canonical);
        }
    }

    /** An ARN that is part of a path is percent-encoded: {@code arn%3Aaws%3Aiam…}. */
    private static @Nullable String decoded(@Nullable String arn) {
        return arn != null && arn.regionMatches(true, 0, "arn%3A", 0, 6)
                ? QueryString.decode(arn, 0, arn.length())
                : arn;
    }

    private static @Nullable String joined(List<String> texts) {
        return texts.isEmpty() ? null : String.join(", ", texts);
    }

    private static void add(StringJoiner facts, String words, @Nullable String what) {
        if (what != null) {
            facts.add(words + what);
        }
    }
}
