/** What containers write, as runtimes and collectors hand it on: text, or records of other formats. */
@NullMarked
package io.tocsin.job.decode.container;

import org.jspecify.annotations.NullMarked;
