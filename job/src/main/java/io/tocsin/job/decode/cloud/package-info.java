/** What the clouds put around records: log entries, event hubs, queues, query results. */
@NullMarked
package io.tocsin.job.decode.cloud;

import org.jspecify.annotations.NullMarked;
