package io.tocsin.job.generate;

import io.tocsin.event.Source;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;

/** A folder with one file for each source: {@code access-log.log}, {@code hubble.log} and so on. Files there are replaced. */
public final class SourceFiles implements TrafficGenerator.Output, AutoCloseable {
    private final Path folder;
    private final Map<Source, OutputStream> files = new EnumMap<>(Source.class);

    /** @param folder made if it isn't there */
    public SourceFiles(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    @Override
    public OutputStream of(Source source) throws IOException {
        OutputStream file = files.get(source);
        if (file == null) {
            file = new BufferedOutputStream(Files.newOutputStream(folder.resolve(source.id() + ".log")), 1 << 17);
            files.put(source, file);
        }
        return file;
    }

    @Override
    public void close() throws IOException {
        for (OutputStream file : files.values()) {
            file.close();
        }
    }
}
