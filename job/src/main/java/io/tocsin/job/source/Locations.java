package io.tocsin.job.source;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Which files a user's locations name: files, folders with all below them, globs, {@code -} for standard input. Links are
 * followed; in folders, files and folders whose name starts with a dot are passed over, and so are links to nowhere.
 */
final class Locations {
    static final String STANDARD_INPUT = "-";

    private final TreeSet<String> problems = new TreeSet<>();
    private final TreeMap<String, Path> files = new TreeMap<>();

    private Locations() {}

    /**
     * The files, sorted, each once.
     *
     * @param growing whether files may still come, so that a folder or glob may be empty
     * @throws IllegalArgumentException names every problem
     */
    static List<String> expand(List<String> locations, boolean growing) {
        Locations expanded = new Locations();
        expanded.addAll(locations, growing);
        if (!expanded.problems.isEmpty()) {
            throw new IllegalArgumentException(String.join("\n", expanded.problems));
        }
        return expanded.sorted();
    }

    /** The files that are there now and can be read. */
    static List<String> present(List<String> locations) {
        Locations expanded = new Locations();
        expanded.addAll(locations, true);
        return expanded.sorted();
    }

    private void addAll(List<String> locations, boolean growing) {
        for (String location : locations) {
            if (location.equals(STANDARD_INPUT)) {
                files.put(location, Path.of(location));
                continue;
            }
            try {
                add(location, growing);
            } catch (InvalidPathException | PatternSyntaxException e) {
                problems.add("%s: expected a file, folder or glob: %s".formatted(location, e.getMessage()));
            }
        }
    }

    private void add(String location, boolean growing) {
        Path path = Path.of(location);
        if (Files.isDirectory(path)) {
            if (walk(path, file -> true, Integer.MAX_VALUE) == 0 && !growing) {
                problems.add(location + ": expected a folder that holds files, it holds none");
            }
        } else if (Files.exists(path)) {
            addFile(path);
        } else if (isGlob(location)) {
            if (addGlob(location) == 0 && !growing) {
                problems.add(location + ": expected a glob that matches files, it matches none");
            }
        } else {
            problems.add(location + ": no such file or folder");
        }
    }

    private static boolean isGlob(String location) {
        return location.chars().anyMatch(c -> c == '*' || c == '?' || c == '[' || c == '{');
    }

    private int addGlob(String glob) {
        int meta = 0;
        while (!isGlob(glob.substring(meta, meta + 1))) {
            meta++;
        }
        int slash = glob.lastIndexOf('/', meta);
        Path base = Path.of(slash < 0 ? "" : glob.substring(0, slash + 1));
        if (!Files.isDirectory(base)) {
            return 0;
        }
        PathMatcher matcher = FileSystems.getDefault()
                .getPathMatcher("glob:" + (slash < 0 ? glob : base.resolve(glob.substring(slash + 1))));
        int depth = glob.contains("**")
                ? Integer.MAX_VALUE
                : (int) glob.chars().skip(slash + 1L).filter(c -> c == '/').count() + 1;
        return walk(base, matcher::matches, depth);
    }

    /** Adds the files below a folder that match, and all files of folders that match; gives their number. */
    private int walk(Path folder, Predicate<Path> matches, int depth) {
        List<Path> found = new ArrayList<>();
        List<Path> folders = new ArrayList<>();
        SimpleFileVisitor<Path> visitor = new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
                return path.equals(folder) || !isHidden(path) ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
                if (!isHidden(path) && matches.test(path)) {
                    (attributes.isDirectory() ? folders : found).add(path);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
                if (e instanceof FileSystemLoopException) {
                    return FileVisitResult.CONTINUE;
                }
                if (Files.exists(path)) {
                    problems.add(path + ": can't be read");
                }
                return FileVisitResult.CONTINUE;
            }
        };
        try {
            Files.walkFileTree(folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), depth, visitor);
        } catch (IOException e) {
            problems.add(folder + ": can't be read: " + e.getMessage());
        }
        found.forEach(this::addFile);
        int below = 0;
        for (Path matched : folders) {
            below += walk(matched, file -> true, Integer.MAX_VALUE);
        }
        return found.size() + below;
    }

    private static boolean isHidden(Path path) {
        Path name = path.getFileName();
        return name != null
                && name.toString().startsWith(".")
                && name.toString().length() > 1;
    }

    private void addFile(Path path) {
        if (Files.isReadable(path)) {
            files.put(path.toString(), path);
        } else {
            problems.add(path + ": can't be read");
        }
    }

    /** One name for each file, the first in order, though several locations or links may name it. */
    private List<String> sorted() {
        Set<Object> seen = new HashSet<>();
        List<String> names = new ArrayList<>();
        files.forEach((name, path) -> {
            Path real = realPath(path);
            if (seen.add(real == null ? name : real)) {
                names.add(name);
            }
        });
        return List.copyOf(names);
    }

    private static @Nullable Path realPath(Path path) {
        try {
            return path.toString().equals(STANDARD_INPUT) ? null : path.toRealPath();
        } catch (IOException e) {
            return null;
        }
    }
}
