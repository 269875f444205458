/** Kubernetes Events: what the cluster tells of its objects. */
@NullMarked
package io.tocsin.job.decode.kubernetes;

import org.jspecify.annotations.NullMarked;
