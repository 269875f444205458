package io.tocsin.job.decode.aws;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a call to AWS is about.
 *
 * @param cluster the EKS cluster it is made to
 * @param name the name of what it is made on
 * @param facts what it asks for, in short words
 * @param issuedKey the access key id that it issued
 * @param user who made it, where the event itself doesn't say
 * @param mapped canonical ARNs of the roles and users whose mapping to the cluster it changes
 */
record CallSubject(
        @Nullable String cluster,
        @Nullable String name,
        @Nullable String facts,
        @Nullable String issuedKey,
        @Nullable String user,
        List<String> mapped) {
    static final CallSubject NONE = new CallSubject(null, null, null, null, null, List.of());
}
