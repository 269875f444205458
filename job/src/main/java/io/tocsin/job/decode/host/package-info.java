/** What the hosts of a cluster log: journald, syslog, auditd, and what their programs say. */
@NullMarked
package io.tocsin.job.decode.host;

import org.jspecify.annotations.NullMarked;
