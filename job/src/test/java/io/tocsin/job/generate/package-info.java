@NullMarked
package io.tocsin.job.generate;

import org.jspecify.annotations.NullMarked;
