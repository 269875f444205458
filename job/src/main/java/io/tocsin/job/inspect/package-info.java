/** What a log holds, for people who look into it: record by record, and in figures. Without Flink's runtime. */
@NullMarked
package io.tocsin.job.inspect;

import org.jspecify.annotations.NullMarked;
