package io.tocsin.sigma.read;

import io.tocsin.sigma.Comparison;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Applies the modifiers of texts to one value, in their order. */
final class TextChange {
    private static final String DASHES = "-/\u2013\u2014\u2015";
    private static final String MARK = "\uFEFF";

    private final FieldKey key;
    private final Problems problems;
    private final int line;

    TextChange(FieldKey key, Problems problems, int line) {
        this.key = key;
        this.problems = problems;
        this.line = line;
    }

    /** What the value is compared as: any of these; none with a problem. */
    List<Comparison> comparisons(String written) {
        if (written.isEmpty() && (key.isKeywords() || key.modifiers().stream().anyMatch(TextChange::needsText))) {
            problems.add(line, "an empty text is in every value: leave it out, or use exists");
            return List.of();
        }
        List<TextPattern> variants = List.of(TextPattern.parse(written));
        Modifier charset = null;
        for (Modifier modifier : key.modifiers()) {
            switch (modifier) {
                case WINDASH -> variants = dashes(variants);
                case UTF16, UTF16LE, UTF16BE, WIDE -> charset = modifier;
                case BASE64, BASE64OFFSET -> {
                    variants = base64(variants, charset, modifier == Modifier.BASE64OFFSET);
                    charset = null;
                }
                default -> {}
            }
        }
        List<Comparison> all = new ArrayList<>();
        for (TextPattern variant : variants) {
            TextPattern open = place(charset == null ? variant : wide(variant, charset));
            if (open.matchesAll() && (key.isKeywords() || key.oneOf(Modifier.PLACES) != null)) {
                problems.add(
                        line,
                        "%s matches every value: use exists, or write '\\*' for the character itself"
                                .formatted(written));
                return List.of();
            }
            all.add(open.comparison(key.has(Modifier.CASED)));
        }
        return all;
    }

    private static boolean needsText(Modifier modifier) {
        return switch (modifier) {
            case ALL, NEQ, CASED, EXPAND -> false;
            default -> true;
        };
    }

    private TextPattern place(TextPattern pattern) {
        if (key.isKeywords() || key.has(Modifier.CONTAINS)) {
            return pattern.open(true, true);
        } else if (key.has(Modifier.STARTSWITH)) {
            return pattern.open(false, true);
        }
        return key.has(Modifier.ENDSWITH) ? pattern.open(true, false) : pattern;
    }

    private List<TextPattern> base64(List<TextPattern> variants, @Nullable Modifier charset, boolean anywhere) {
        List<TextPattern> encoded = new ArrayList<>();
        for (TextPattern variant : variants) {
            String text = variant.text();
            if (text == null) {
                problems.add(
                        line,
                        "a value with wildcards can't be encoded as Base64: write \\* or \\? for the characters themselves");
                return List.of();
            }
            byte[] bytes = bytes(text, charset);
            if (anywhere) {
                List<String> offsets = TextEncoding.base64Offsets(bytes);
                if (offsets.size() < 3) {
                    problems.add(line, "too short to be found in Base64: " + text);
                    return List.of();
                }
                offsets.forEach(offset -> encoded.add(TextPattern.literal(offset)));
            } else {
                encoded.add(TextPattern.literal(TextEncoding.base64(bytes)));
            }
        }
        return encoded;
    }

    private static byte[] bytes(String text, @Nullable Modifier charset) {
        return charset == Modifier.UTF16 ? TextEncoding.utf16(text) : text.getBytes(charset(charset));
    }

    private static Charset charset(@Nullable Modifier modifier) {
        if (modifier == null) {
            return StandardCharsets.UTF_8;
        }
        return modifier == Modifier.UTF16BE ? StandardCharsets.UTF_16BE : StandardCharsets.UTF_16LE;
    }

    private TextPattern wide(TextPattern pattern, Modifier charset) {
        UnaryOperator<String> change = text -> {
            if (!TextEncoding.isAscii(text)) {
                problems.add(
                        line,
                        "%s without base64 can only be looked for with ASCII characters: %s"
                                .formatted(charset.word(), text));
            }
            return TextEncoding.wide(text, charset(charset));
        };
        TextPattern wide = pattern.map(change);
        if (charset != Modifier.UTF16) {
            return wide;
        }
        List<Comparison.Part> marked = new ArrayList<>(wide.parts());
        marked.add(0, new Comparison.Part(MARK, false));
        return new TextPattern(marked).joined();
    }

    /** Each way to write the dashes that begin an option: those with no letter or digit before but one behind. */
    private List<TextPattern> dashes(List<TextPattern> variants) {
        List<TextPattern> all = new ArrayList<>();
        for (TextPattern variant : variants) {
            List<List<Comparison.Part>> written = List.of(List.of());
            boolean word = false;
            for (Comparison.Part part : variant.parts()) {
                List<String> texts = part.text() == null ? List.of() : dashes(part.text(), word);
                List<List<Comparison.Part>> next = new ArrayList<>();
                for (List<Comparison.Part> before : written) {
                    if (part.text() == null) {
                        next.add(with(before, part));
                    }
                    for (String text : texts) {
                        next.add(with(before, new Comparison.Part(text, false)));
                    }
                }
                if (next.size() > Placeholders.MOST) {
                    problems.add(line, "windash makes more than %d values of this one".formatted(Placeholders.MOST));
                    return List.of();
                }
                written = next;
                word = part.text() != null
                        && isWord(part.text().charAt(part.text().length() - 1));
            }
            written.forEach(parts -> all.add(new TextPattern(parts)));
        }
        return all;
    }

    private static List<Comparison.Part> with(List<Comparison.Part> before, Comparison.Part part) {
        List<Comparison.Part> with = new ArrayList<>(before);
        with.add(part);
        return with;
    }

    private static List<String> dashes(String text, boolean wordBefore) {
        List<String> all = List.of("");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean before = i == 0 ? wordBefore : isWord(text.charAt(i - 1));
            boolean option = DASHES.indexOf(c) >= 0 && !before && i + 1 < text.length() && isWord(text.charAt(i + 1));
            List<String> next = new ArrayList<>();
            for (String one : all) {
                for (char dash : option ? DASHES.toCharArray() : new char[] {c}) {
                    next.add(one + dash);
                }
            }
            all = next;
            if (all.size() > Placeholders.MOST) {
                return all;
            }
        }
        return all;
    }

    private static boolean isWord(char c) {
        return Character.isLetterOrDigit(c) || c == '_';
    }
}
