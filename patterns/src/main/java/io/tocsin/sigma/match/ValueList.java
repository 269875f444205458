package io.tocsin.sigma.match;

import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;

/** The values of a field: mostly one, which is kept where the list is. */
final class ValueList extends AbstractList<String> {
    private int size;
    private String first = "";
    private List<String> others = List.of();

    @Override
    public int size() {
        return size;
    }

    @Override
    public String get(int index) {
        return index == 0 ? first : others.get(index - 1);
    }

    @Override
    public boolean add(String value) {
        if (size == 0) {
            first = value;
        } else {
            if (size == 1) {
                others = others.isEmpty() ? new ArrayList<>() : others;
                others.clear();
            }
            others.add(value);
        }
        size++;
        return true;
    }

    /** Forgets them; the text of a value may be held until the next is there. */
    @Override
    public void clear() {
        size = 0;
    }
}
