package io.tocsin.job.decode;

import java.util.List;

/** All framings in one: the first that a line opens rules until its document ends. */
final class LineFraming implements Framing {
    private final List<Framing> framings;
    private Framing open;

    LineFraming(List<Framing> framings) {
        this.framings = List.copyOf(framings);
        this.open = this.framings.get(0);
    }

    @Override
    public boolean opens(byte[] bytes, int from, int to) {
        for (Framing framing : framings) {
            if (framing.opens(bytes, from, to)) {
                open = framing;
                return true;
            }
        }
        return false;
    }

    @Override
    public Next next(byte[] bytes, int from, int to) {
        return open.next(bytes, from, to);
    }
}
