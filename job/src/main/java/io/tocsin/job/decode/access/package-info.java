/** Access logs of ingress controllers, web servers and meshes. */
@NullMarked
package io.tocsin.job.decode.access;

import org.jspecify.annotations.NullMarked;
