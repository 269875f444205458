package io.tocsin.job.decode.aws;

import org.jspecify.annotations.Nullable;

/** The CloudWatch log group of an EKS control plane, {@code /aws/eks/CLUSTER/cluster}, and its streams. */
public final class EksLogGroup {
    private static final String START = "/aws/eks/";
    private static final String END = "/cluster";

    private EksLogGroup() {}

    /** The cluster that the group names, null for other groups. */
    public static @Nullable String cluster(@Nullable String group) {
        if (group == null
                || !group.startsWith(START)
                || !group.endsWith(END)
                || group.length() <= START.length() + END.length()) {
            return null;
        }
        return group.substring(START.length(), group.length() - END.length());
    }

    /** Whether a stream of such a group is of use: the audit and the authenticator's log are, and one nobody named may be. */
    public static boolean isRead(@Nullable String stream) {
        return stream == null || stream.startsWith("kube-apiserver-audit") || stream.startsWith("authenticator");
    }
}
