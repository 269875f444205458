/** What the sinks get. Versioned like an API. Depends on the JDK and on {@code event} only. */
@NullMarked
package io.tocsin.alert;

import org.jspecify.annotations.NullMarked;
