package io.tocsin.job.bench;

import java.util.List;

/** Rows that are measured in turn, A B C A B C, so that what else the machine does hits all alike. */
public interface Group {
    /** Its name for {@code bench.rows}. */
    String id();

    /** What it answers, in a line. */
    String title();

    /** Rounds before those that count. */
    default int warmUps() {
        return 1;
    }

    /** Makes its rows, and what they need. */
    List<Row> rows(Setting setting) throws Exception;

    /** What is said below its rows: how it was measured, what was found that is no number. Asked for after the last round. */
    default List<String> notes() {
        return List.of();
    }
}
