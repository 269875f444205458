/** Records of eBPF agents: Hubble's flows, Tetragon's processes, Falco's alerts. Knows no Flink operator. */
@NullMarked
package io.tocsin.job.decode.ebpf;

import org.jspecify.annotations.NullMarked;
