/** The one record every source is decoded into, and what can be said of it alone. Depends on the JDK only. */
@NullMarked
package io.tocsin.event;

import org.jspecify.annotations.NullMarked;
