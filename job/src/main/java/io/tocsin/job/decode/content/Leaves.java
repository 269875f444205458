package io.tocsin.job.decode.content;

import io.tocsin.event.Content;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The values read of one record, bounded. Half of the room is for whatever comes first and half is kept for each path alike, so
 * that much at one path, such as a container's arguments, never hides what stands at another.
 */
final class Leaves {
    /** So many are kept of one record. */
    static final int MAX_LEAVES = 4_096;
    /** So many characters of text are kept of one record: values, and what indices and names below the wanted paths take. */
    static final int MAX_TEXT = 64 << 10;
    /** A value is cut here. */
    static final int MAX_VALUE = 8 << 10;
    /** A value is not cut to less: it is left out. */
    private static final int LEAST_CUT = 256;

    private List<Content.Leaf> leaves = new ArrayList<>();
    private int sharedLeaves;
    private int sharedText;
    private int[] leavesLeft = new int[0];
    private int[] textLeft = new int[0];

    /** Starts over, for so many paths. */
    void begin(int wishes) {
        leaves = new ArrayList<>();
        sharedLeaves = MAX_LEAVES / 2;
        sharedText = MAX_TEXT / 2;
        if (leavesLeft.length < wishes) {
            leavesLeft = new int[wishes];
            textLeft = new int[wishes];
        }
        Arrays.fill(leavesLeft, 0, wishes, MAX_LEAVES / 2 / Math.max(1, wishes));
        Arrays.fill(textLeft, 0, wishes, MAX_TEXT / 2 / Math.max(1, wishes));
    }

    /**
     * How many characters of a value may be kept; -1 if it can't be added at all.
     *
     * @param wish the path it is read for
     * @param around how many characters it takes besides
     */
    int room(int wish, int around, int length) {
        int room = Math.min(sharedText + textLeft[wish] - around, MAX_VALUE);
        if ((sharedLeaves == 0 && leavesLeft[wish] == 0) || room < Math.min(length, LEAST_CUT)) {
            return -1;
        }
        return Math.min(length, room);
    }

    /** Adds a value for which there was room. */
    void add(int wish, int around, Content.Leaf leaf) {
        if (sharedLeaves > 0) {
            sharedLeaves--;
        } else {
            leavesLeft[wish]--;
        }
        String value = leaf.value();
        int text = around + (value == null ? 0 : value.length());
        int shared = Math.min(sharedText, text);
        sharedText -= shared;
        textLeft[wish] -= text - shared;
        leaves.add(leaf);
    }

    boolean isEmpty() {
        return leaves.isEmpty();
    }

    /** Takes them; begin again before more are added. */
    List<Content.Leaf> take() {
        List<Content.Leaf> taken = leaves;
        leaves = new ArrayList<>();
        return taken;
    }
}
