/** Rules' tests, the list of rules and the reference of fields. */
@NullMarked
package io.tocsin.job.rules;

import org.jspecify.annotations.NullMarked;
