/** Bytes to records: one decoder a format, telling formats apart, envelopes. Knows no Flink operator. */
@NullMarked
package io.tocsin.job.decode.aws;

import org.jspecify.annotations.NullMarked;
