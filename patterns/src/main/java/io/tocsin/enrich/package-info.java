/** What can be told of one event beyond what it says: the command behind a URI, the client behind a user agent. Knows nothing of Flink. */
@NullMarked
package io.tocsin.enrich;

import org.jspecify.annotations.NullMarked;
