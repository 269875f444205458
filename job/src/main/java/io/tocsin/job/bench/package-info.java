/** How fast logs are decoded on this machine, next to what any parser would need. */
@NullMarked
package io.tocsin.job.bench;

import org.jspecify.annotations.NullMarked;
