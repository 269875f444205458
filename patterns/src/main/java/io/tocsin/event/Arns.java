package io.tocsin.event;

import org.jspecify.annotations.Nullable;

/** IAM ARNs in the form in which one role is one string. */
public final class Arns {
    private Arns() {}

    /**
     * The canonical form: {@code arn:aws:sts::1:assumed-role/R/S} and {@code arn:aws:iam::1:role/path/R} are both {@code
     * arn:aws:iam::1:role/R}; users lose their path. Anything else comes back as it is, in lower case only where AWS ignores
     * case (nowhere).
     */
    public static @Nullable String canonical(@Nullable String arn) {
        if (arn == null || !arn.startsWith("arn:")) {
            return null;
        }
        String[] parts = arn.split(":", 6);
        if (parts.length < 6 || !(parts[2].equals("iam") || parts[2].equals("sts"))) {
            return arn;
        }
        String resource = parts[5];
        String prefix = parts[0] + ":" + parts[1] + ":iam::" + parts[4] + ":";
        if (resource.startsWith("assumed-role/")) {
            // The session is what follows the role; an assumed-role ARN never carries the role's path.
            int end = resource.indexOf('/', "assumed-role/".length());
            return prefix + "role/" + resource.substring("assumed-role/".length(), end < 0 ? resource.length() : end);
        }
        if (resource.startsWith("role/") || resource.startsWith("user/")) {
            return prefix + resource.substring(0, 5) + resource.substring(resource.lastIndexOf('/') + 1);
        }
        return arn;
    }
}
