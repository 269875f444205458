package io.tocsin.sigma.read;

import io.tocsin.sigma.SigmaProblem;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/** The YAML documents of a file, with lines; bounded in size, depth and what aliases repeat, so that no file can hang or exhaust the reader. */
public final class YamlDocuments {
    /** Characters of a file. */
    static final int LONGEST = 1 << 20;
    /** Levels of lists and mappings. */
    static final int DEEPEST = 32;
    /** Values of a file, those that aliases repeat counted again. */
    static final int MOST = 50_000;

    private final Problems problems;
    private int values;

    private YamlDocuments(Problems problems) {
        this.problems = problems;
    }

    /** Stops reading: what follows makes no sense any more. */
    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable() {
            super(null, null, false, false);
        }
    }

    /**
     * The documents that can be read; empty ones are left out.
     *
     * @param file its name, as the user gave it
     * @param problems takes what is wrong
     */
    public static List<YamlNode> read(String text, String file, List<SigmaProblem> problems) {
        Problems found = new Problems(file);
        List<YamlNode> documents = read(text, found);
        problems.addAll(found.all());
        return documents;
    }

    /** The documents that can be read; empty ones are left out. */
    static List<YamlNode> read(String text, Problems problems) {
        if (text.length() > LONGEST) {
            problems.add(0, "a file must have at most %d characters: %d".formatted(LONGEST, text.length()));
            return List.of();
        }
        return new YamlDocuments(problems).documents(text);
    }

    private List<YamlNode> documents(String text) {
        List<YamlNode> documents = new ArrayList<>();
        LoadSettings settings = LoadSettings.builder()
                .setSchema(new CoreSchema())
                .setCodePointLimit(LONGEST)
                .setAllowNonScalarKeys(true)
                // What they repeat is counted below.
                .setMaxAliasesForCollections(MOST)
                .build();
        try {
            // The composer recurses, the parser doesn't: depth is looked at before it is built.
            if (!isShallow(new Parse(settings).parseString(text))) {
                return documents;
            }
            for (Node document : new Compose(settings).composeAllFromString(text)) {
                YamlNode node = node(document, 0);
                if (!(node instanceof YamlNode.Scalar scalar && scalar.type() == YamlNode.Type.NULL)) {
                    documents.add(node);
                }
            }
        } catch (Unreadable e) {
            return documents;
        } catch (MarkedYamlEngineException e) {
            problems.add(
                    e.getProblemMark().or(e::getContextMark).map(Mark::getLine).orElse(-1) + 1,
                    "this is no YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            problems.add(0, "this is no YAML: " + e.getMessage());
        }
        return documents;
    }

    private boolean isShallow(Iterable<Event> events) {
        int depth = 0;
        for (Event event : events) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > DEEPEST) {
                problems.add(
                        line(event.getStartMark()), "lists and mappings may nest at most %d deep".formatted(DEEPEST));
                return false;
            }
        }
        return true;
    }

    private YamlNode node(Node node, int depth) {
        int line = line(node.getStartMark());
        if (depth > DEEPEST) {
            problems.add(line, "aliases nest too deep, or hold themselves");
            throw new Unreadable();
        }
        if (++values > MOST) {
            problems.add(line, "a file may have at most %d values, aliases included".formatted(MOST));
            throw new Unreadable();
        }
        if (node instanceof MappingNode mapping) {
            return mapping(mapping, line, depth);
        }
        if (node instanceof SequenceNode sequence) {
            List<YamlNode> items = new ArrayList<>();
            for (Node item : sequence.getValue()) {
                items.add(node(item, depth + 1));
            }
            return new YamlNode.Sequence(items, line);
        }
        if (node instanceof ScalarNode scalar) {
            return new YamlNode.Scalar(scalar.getValue(), type(scalar, line), line);
        }
        throw new IllegalStateException("a node of another kind: " + node.getNodeType());
    }

    private YamlNode mapping(MappingNode mapping, int line, int depth) {
        List<YamlNode.Entry> entries = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            int keyLine = line(tuple.getKeyNode().getStartMark());
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                problems.add(keyLine, "a key must be a text, not a list or a mapping");
                continue;
            }
            if (!keys.add(key.getValue())) {
                problems.add(
                        keyLine,
                        "the key %s stands here twice; only one of them would count".formatted(key.getValue()));
                continue;
            }
            entries.add(new YamlNode.Entry(key.getValue(), keyLine, node(tuple.getValueNode(), depth + 1)));
        }
        return new YamlNode.Mapping(entries, line);
    }

    private YamlNode.Type type(ScalarNode scalar, int line) {
        Tag tag = scalar.getTag();
        if (tag.equals(Tag.STR)) {
            return YamlNode.Type.TEXT;
        } else if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
            return YamlNode.Type.NUMBER;
        } else if (tag.equals(Tag.BOOL)) {
            return YamlNode.Type.BOOLEAN;
        } else if (tag.equals(Tag.NULL)) {
            return YamlNode.Type.NULL;
        }
        problems.add(line, "a rule has no use for the YAML tag " + tag.getValue());
        return YamlNode.Type.TEXT;
    }

    private static int line(@SuppressWarnings("OptionalUsedAsFieldOrParameterType") Optional<Mark> mark) {
        return mark.map(Mark::getLine).orElse(-1) + 1;
    }

    /** The text of a value, if it is a single one; null otherwise. */
    public static @Nullable String text(YamlNode node) {
        return node instanceof YamlNode.Scalar scalar && scalar.type() != YamlNode.Type.NULL ? scalar.text() : null;
    }
}
