package io.tocsin.sigma.match;

import io.tocsin.event.Content.Leaf;
import io.tocsin.sigma.Field;
import io.tocsin.sigma.Field.Varies;
import java.util.List;

/** What is asked of an element of an array; fields are named from the element on. */
final class ElementScope extends Scope {
    private final String array;
    private List<Leaf> element = List.of();

    ElementScope(String array) {
        this.array = array;
    }

    /** Goes on to an element. */
    void take(List<Leaf> next) {
        element = next;
        goOn();
    }

    @Override
    Values values(String field) {
        return content(Compiler.below(array, field));
    }

    @Override
    String arrayPath(String field) {
        return Compiler.below(array, field);
    }

    @Override
    List<Leaf> leaves() {
        return element;
    }

    @Override
    void read(Field.Reader reader, Varies varies, List<String> into) {
        throw new IllegalStateException("elements have nothing but content");
    }
}
