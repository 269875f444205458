/** Traffic to try the job on: the audit log of a small EKS cluster, a day or a week long, with attacks hidden in it. */
@NullMarked
package io.tocsin.job.generate;

import org.jspecify.annotations.NullMarked;
