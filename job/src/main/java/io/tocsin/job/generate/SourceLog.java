package io.tocsin.job.generate;

import io.tocsin.event.Source;

/** The log of one source: it renders its lines and hands them to the timeline. Of a source that nobody asked for, nothing. */
abstract class SourceLog {
    final Chance chance;
    final LineBuffer line = new LineBuffer();

    private final Timeline timeline;
    private final Source source;
    private long lines;

    SourceLog(Timeline timeline, Source source, Chance chance) {
        this.timeline = timeline;
        this.source = source;
        this.chance = chance;
    }

    /** Whether anybody reads it. */
    final boolean wanted() {
        return timeline.takes(source);
    }

    /** Lines logged so far, those not yet written among them. */
    final long lines() {
        return lines;
    }

    /** Ends the line and logs it. */
    final void log(long at) {
        if (wanted()) {
            lines++;
            timeline.log(source, at, line.ascii("\n").copy());
        }
    }

    final Timeline timeline() {
        return timeline;
    }
}
