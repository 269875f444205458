package io.tocsin.sigma.match;

import io.tocsin.sigma.compare.TextSearch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The texts that rules search in one field, searched all at once, at most once of each thing. What was found in recent values is
 * remembered, since user agents and names of users come again and again.
 */
final class Texts implements TextSearch.Found {
    private static final SearchedQuestion[] NOTHING = {};
    /** How many values are remembered; longer ones are not. */
    private static final int REMEMBERED = 1 << 8;

    private static final int LONGEST = 512;
    /** So often it is looked whether remembering is worth it; if less than a quarter came again, it rests for longer. */
    private static final int TRIAL = 1 << 10;

    private static final int REST = 1 << 16;

    private final Values values;
    private final TextSearch.Builder wanted = new TextSearch.Builder();
    /** By text, who asks for it. */
    private final List<SearchedQuestion> askers = new ArrayList<>();

    private final @Nullable String[] remembered = new String[REMEMBERED];
    private final SearchedQuestion[][] heldBy = new SearchedQuestion[REMEMBERED][];
    private int tried;
    private int again;

    private @Nullable TextSearch search;
    private long searchedAt;
    private SearchedQuestion[] found = NOTHING;
    private int size;

    Texts(Values values) {
        this.values = values;
    }

    /** Searches one more text, where it is not the empty one, unless whole. */
    void want(SearchedQuestion asker, String text, boolean atStart, boolean atEnd, boolean cased) {
        wanted.add(text, atStart, atEnd, cased);
        askers.add(asker);
        asker.worth = Math.min(asker.worth, text.length());
        search = null;
    }

    /** Searches, unless it is done; tells how many questions have a text that was found. */
    int search() {
        long now = values.scope.now();
        if (searchedAt != now) {
            searchedAt = now;
            size = 0;
            List<String> list = values.list();
            if (list.size() == 1) {
                one(list.get(0));
            } else {
                for (int i = 0; i < list.size(); i++) {
                    compiled().search(list.get(i), this);
                }
            }
        }
        return size;
    }

    private void one(String value) {
        if (value.length() > LONGEST || !isWorthRemembering()) {
            compiled().search(value, this);
            return;
        }
        int hash = value.hashCode();
        int slot = (hash ^ hash >>> 8 ^ hash >>> 16) & REMEMBERED - 1;
        if (value.equals(remembered[slot])) {
            again++;
            for (SearchedQuestion asker : heldBy[slot]) {
                add(asker);
            }
            return;
        }
        compiled().search(value, this);
        heldBy[slot] = size == 0 ? NOTHING : Arrays.copyOf(found, size);
        remembered[slot] = value;
    }

    private boolean isWorthRemembering() {
        tried++;
        if (tried == TRIAL) {
            tried = again < TRIAL / 4 ? TRIAL + 1 : 0;
            again = 0;
        } else if (tried > TRIAL + REST) {
            tried = 0;
        }
        return tried <= TRIAL;
    }

    /** A question whose text was found, from 0. */
    SearchedQuestion hit(int place) {
        return found[place];
    }

    @Override
    public void found(int text) {
        add(askers.get(text));
    }

    private void add(SearchedQuestion asker) {
        if (asker.foundAt != searchedAt) {
            asker.foundAt = searchedAt;
            if (size == found.length) {
                found = Arrays.copyOf(found, 2 * size + 2);
            }
            found[size++] = asker;
        }
    }

    private TextSearch compiled() {
        TextSearch compiled = search;
        if (compiled == null) {
            compiled = wanted.build();
            search = compiled;
        }
        return compiled;
    }
}
