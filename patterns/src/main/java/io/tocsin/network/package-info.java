/** Addresses: one canonical form, and what is inside. */
@NullMarked
package io.tocsin.network;

import org.jspecify.annotations.NullMarked;
