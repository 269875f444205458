/** What tests of detections are written with; other modules' tests use it too. */
@NullMarked
package io.tocsin.testkit;

import org.jspecify.annotations.NullMarked;
