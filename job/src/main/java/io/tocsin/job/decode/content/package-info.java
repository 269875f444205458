/** Reads of records what rules ask for beyond the flat event, and nothing else. */
@NullMarked
package io.tocsin.job.decode.content;

import org.jspecify.annotations.NullMarked;
