/** What secrets look like in text, in JSON and encoded, and how they are taken out. Knows no event, no alert and no Flink. */
@NullMarked
package io.tocsin.job.redaction;

import org.jspecify.annotations.NullMarked;
