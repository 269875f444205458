package io.tocsin.job.bench;

import java.util.ArrayList;
import java.util.List;

/** How what an event costs grows with one thing. Each point is compared to the first. */
final class Curve implements Group {
    private final String id;
    private final String title;
    private final List<Integer> sizes;
    private final Points points;

    /** Makes the subject of a point. */
    @FunctionalInterface
    interface Points {
        Subject of(Setting setting, int size) throws Exception;
    }

    /** @param sizes where it is measured, from the least on */
    Curve(String id, String title, List<Integer> sizes, Points points) {
        this.id = id;
        this.title = title;
        this.sizes = List.copyOf(sizes);
        this.points = points;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public List<Row> rows(Setting setting) throws Exception {
        List<Integer> measured = setting.quick() ? sizes.subList(0, 1) : sizes;
        String first = point(measured.get(0));
        List<Row> rows = new ArrayList<>();
        for (int size : measured) {
            String row = point(size);
            Subject subject = points.of(setting, size);
            List<Ratio> ratios = new ArrayList<>(List.of(Ratio.perCore(row, first, "the first")));
            if (subject instanceof JobSubject) {
                ratios.add(Ratio.figure(row, JobSubject.SIGNALS));
            }
            rows.add(new Row(row, "%,d".formatted(size), subject, ratios));
        }
        return rows;
    }

    private static String point(int size) {
        return "at-" + size;
    }
}
