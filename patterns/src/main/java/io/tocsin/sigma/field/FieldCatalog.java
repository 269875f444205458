package io.tocsin.sigma.field;

import io.tocsin.event.Source;
import io.tocsin.sigma.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** The fields of each log, by their own names and by those that SigmaHQ, ECS, OCSF and Falco use. */
public final class FieldCatalog {
    private static final FieldTable TABLE = table();

    /** Elastic's integration keeps an audit event as it is below this. */
    private static final String ECS_AUDIT = "kubernetes.audit.";

    /** What Falco's rules name without saying that it is an output field. */
    private static final Set<String> FALCO_CLASSES =
            Set.of("container", "evt", "fd", "fs", "group", "k8s", "k8smeta", "ka", "proc", "thread", "user");

    /** What a pod has, and its spec has not: those who write it mean something else. */
    private static final Set<String> NO_POD_SPEC =
            Set.of("pod.name", "pod.namespace", "pod.uid", "pod.spec", "pod.metadata", "pod.status");

    private static final String OUTPUT_FIELDS = "output_fields";

    private FieldCatalog() {}

    private static FieldTable table() {
        FieldTable table = new FieldTable();
        AuditFields.define(table);
        ActorFields.define(table);
        ObjectFields.define(table);
        RecordFields.define(table);
        RequestFields.define(table);
        HostFields.define(table);
        return table;
    }

    /**
     * The field of this name, whoever's name it is, in records of a log; null if they have none. {@code []} behind the name of an
     * array may be there or not.
     */
    public static @Nullable Field find(String name, Source source) {
        String bare = name.replace("[]", "");
        Field own = TABLE.own(source).get(bare);
        if (own != null) {
            return own;
        }
        String other = TABLE.others(source).get(bare);
        if (other != null) {
            return find(other, source);
        }
        if (source == Source.KUBERNETES_AUDIT && bare.startsWith(ECS_AUDIT)) {
            return find(bare.substring(ECS_AUDIT.length()), source);
        }
        String head = head(bare);
        FieldRoot root = TABLE.roots(source).get(head);
        if (root == null) {
            root = TABLE.roots(source).get(twoHeads(bare));
        }
        if (root != null && isBelow(bare, root) && !NO_POD_SPEC.contains(twoHeads(bare))) {
            return FieldTable.below(root, bare, source);
        }
        if (source == Source.FALCO && bare.length() > head.length() && FALCO_CLASSES.contains(head)) {
            return find(OUTPUT_FIELDS + "." + bare, source);
        }
        if (source == Source.JOURNALD && isJournalField(bare)) {
            FieldRoot journal = new FieldRoot(bare, "As the journal has it", true);
            return FieldTable.below(journal, bare, source);
        }
        return null;
    }

    private static String head(String name) {
        int dot = name.indexOf('.');
        return dot < 0 ? name : name.substring(0, dot);
    }

    private static String twoHeads(String name) {
        int dot = name.indexOf('.');
        int next = dot < 0 ? -1 : name.indexOf('.', dot + 1);
        return next < 0 ? name : name.substring(0, next);
    }

    private static boolean isBelow(String name, FieldRoot root) {
        boolean deeper = name.length() > root.path().length() + 1 && !name.endsWith(".") && !name.contains("..");
        return (root.itself() && name.equals(root.path())) || deeper;
    }

    private static boolean isJournalField(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c != '_' && (c < 'A' || c > 'Z') && (c < '0' || c > '9')) {
                return false;
            }
        }
        return name.length() > 1;
    }

    /** All fields of a log that have a name of their own, sorted by it. */
    public static Collection<Field> of(Source source) {
        return List.copyOf(TABLE.own(source).values());
    }

    /** The other names of a field of a log, sorted. */
    public static Set<String> otherNames(Field field, Source source) {
        Set<String> names = new TreeSet<>();
        for (Map.Entry<String, String> other : TABLE.others(source).entrySet()) {
            boolean shadowed = TABLE.own(source).containsKey(other.getKey());
            if (!shadowed && other.getValue().equals(field.name())) {
                names.add(other.getKey());
            }
        }
        return names;
    }

    /** Names that lead to a field of a log, its own and others. */
    public static Set<String> names(Source source) {
        Set<String> names = new TreeSet<>(TABLE.own(source).keySet());
        names.addAll(TABLE.others(source).keySet());
        names.addAll(TABLE.roots(source).keySet());
        return names;
    }

    /** The paths of a log below which everything is a field, with what they are; sorted by path. */
    public static Collection<FieldRoot> roots(Source source) {
        return List.copyOf(TABLE.roots(source).values());
    }
}
