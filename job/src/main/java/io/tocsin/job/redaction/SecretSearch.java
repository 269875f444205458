package io.tocsin.job.redaction;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the secrets of one text: in its JSON by structure, between as text, and in all that is encoded in it, again as a text of its
 * own. Bounded in depth and in work, so that no nesting makes it slow; what is beyond the bounds is taken away unread.
 */
final class SecretSearch {
    private static final int DEEPEST = 8;
    /** How often a character is looked at, all levels together. */
    private static final int LOOKS = 24;

    private static final int LEAST_WORK = 1 << 12;
    private static final int SHORTEST = 4;

    private final PackedSecrets packed = new PackedSecrets(this);
    private long work;
    private int inflationLeft = 64 << 20;

    /** @param length of the text, which says how much work may be done */
    SecretSearch(int length) {
        allow(length);
    }

    /** More text has come to light, of which the size of what is searched says nothing. */
    void allow(int length) {
        work += LEAST_WORK + (long) LOOKS * length;
    }

    /** How many bytes may still come out of gzip. */
    int inflationLeft() {
        return inflationLeft;
    }

    void inflated(int length) {
        inflationLeft -= length;
        allow(length);
    }

    PackedSecrets packed() {
        return packed;
    }

    /**
     * The edits of a text, merged.
     *
     * @param option how the program takes a password whose arguments the text is; null if nothing is known
     * @param ofSecret whether the text tells of a Kubernetes Secret
     */
    List<Edit> in(String text, int depth, @Nullable PasswordOption option, boolean ofSecret) {
        if (text.length() < SHORTEST || (option == null && isShortWord(text))) {
            return List.of();
        }
        work -= text.length();
        if (depth > DEEPEST || work < 0) {
            return List.of(new Edit(0, text.length(), Redaction.REDACTED));
        }
        Edits edits = new Edits();
        int gap = 0;
        boolean broken = false;
        for (int at = JsonSecrets.start(text, 0); at >= 0; at = JsonSecrets.start(text, gap)) {
            JsonSecrets json = new JsonSecrets(this, text, depth, ofSecret, edits);
            int end = json.walk(at);
            broken |= json.broken();
            text(text, gap, at, depth, option, edits);
            gap = end;
        }
        if (broken) {
            // Where strings and what is between them can't be told apart, the text is also read as it is.
            text(text, 0, text.length(), depth, option, edits);
            BrokenJson.find(text, edits);
        } else {
            text(text, gap, text.length(), depth, option, edits);
        }
        return edits.merged();
    }

    /** Too short to be a token by its form, and without anything that could name one. */
    private static boolean isShortWord(String text) {
        if (text.length() >= EncodedParts.SHORTEST_BASE64) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            if (!TextScanner.isNameCharacter(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private void text(String all, int from, int to, int depth, @Nullable PasswordOption option, Edits edits) {
        if (to - from < SHORTEST) {
            return;
        }
        String text = from == 0 && to == all.length() ? all : all.substring(from, to);
        Edits found = new Edits();
        new TextSecrets(text, option, found).find();
        YamlSecrets.find(text, found);
        new EncodedParts(this, text, depth, found).find();
        edits.add(found.merged(), from);
    }

    /** Searches what a part of a text stands for. */
    void decoded(Encoding encoding, String raw, int from, int to, int depth, boolean ofSecret, Edits edits) {
        List<Edit> found = new ArrayList<>(in(encoding.decode(raw, from, to), depth + 1, null, ofSecret));
        encoding.map(found, raw, from, to, edits);
    }
}
