package io.tocsin.job.bench;

import io.tocsin.job.decode.Decoders;
import io.tocsin.job.decode.DocumentDecoder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One thread and logs in memory: only touched, read by a parser of JSON, decoded for the whole catalogue and pack. */
final class DecodeGroup implements Group {
    private final String id;
    private final String name;
    private final boolean barred;
    private final Choice input;
    private final List<String> notes = new ArrayList<>();

    /** Which of the inputs. */
    @FunctionalInterface
    interface Choice {
        Path of(BenchInputs inputs) throws Exception;
    }

    /** @param barred whether the bar is about this input */
    DecodeGroup(String id, String name, boolean barred, Choice input) {
        this.id = id;
        this.name = name;
        this.barred = barred;
        this.input = input;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return name + " in memory, one thread, whole catalogue and pack";
    }

    @Override
    public int warmUps() {
        return 3;
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        Path path = input.of(setting.inputs());
        LogsInMemory logs = LogsInMemory.of(setting, path);
        notes.add("%s: %,.0f bytes an event.".formatted(name, logs.bytesEach()));
        Ratio toTree = Ratio.perCore("ours", "tree", "Jackson tree");
        return List.of(
                Row.of("touched", "bytes touched", logs.touched(), Ratio.perCore("touched", "tree", "Jackson tree")),
                Row.reference("tree", "Jackson tree: ObjectMapper.readTree", logs.tree()),
                Row.of(
                        "maps",
                        "Jackson into maps and lists",
                        logs.maps(),
                        Ratio.perCore("maps", "tree", "Jackson tree")),
                Row.of(
                        "streaming",
                        "Jackson streaming: every token, name and text",
                        logs.streaming(),
                        Ratio.perCore("streaming", "tree", "Jackson tree")),
                Row.of(
                        "ours",
                        "decoded",
                        logs.decoding(decoder(setting, path)),
                        barred ? toTree.with(Bar.atLeast(2).aiming("aim 4")) : toTree,
                        Ratio.perCore("ours", "maps", "maps and lists"),
                        Ratio.perCore("ours", "streaming", "Jackson streaming")));
    }

    /** A decoder that reads what the whole catalogue and pack read. */
    static DocumentDecoder decoder(Setting setting, Path input) {
        return Decoders.create(JobSubject.parameters(setting, input, JobSubject.Job.WHOLE)
                .decoding()
                .in("auto", "demo"));
    }

    @Override
    public List<String> notes() {
        return notes;
    }
}
