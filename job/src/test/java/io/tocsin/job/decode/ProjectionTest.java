package io.tocsin.job.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tocsin.event.ContentPlan;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProjectionTest {
    private final Projection fields = projection(1 << 20);

    private static Projection projection(int maxRecordBytes) {
        DecoderOptions all = DecoderOptions.of("auto");
        DecoderOptions options = new DecoderOptions(
                "auto",
                null,
                all.networks(),
                all.fields(),
                maxRecordBytes,
                all.zones(),
                all.platformNamespaces(),
                ContentPlan.NONE);
        return new Projection(
                options, new JsonValues(), "a", "b", "o", "o/x", "o/y/z", "only/inner", "list", "k8s.io/name", "");
    }

    private static RecordBytes bytes(String json) {
        return bytes(json, false);
    }

    private static RecordBytes bytes(String json, boolean cut) {
        // Among other bytes, as a record stands in a document.
        byte[] all = ("}\"" + json).getBytes(StandardCharsets.UTF_8);
        return new RecordBytes(all, 2, all.length, cut, Origin.of(DecoderOptions.of("auto")));
    }

    private Projection read(String json) throws BadRecord {
        fields.read(bytes(json));
        return fields;
    }

    private String reason(Reading reading) {
        return catchThrowableOfType(BadRecord.class, reading::run).reason();
    }

    private interface Reading {
        void run() throws BadRecord;
    }

    @Test
    void readsTheMembersWantedAndNoOthers() throws BadRecord {
        Projection p = read(
                "{\"u\":{\"a\":\"no\",\"o\":[{}]},\"a\":\"yes\",\"o\":{\"u\":1,\"x\":\"in\",\"y\":{\"z\":\"deep\"}},"
                        + "\"v\":[\"a\"],\"\":\"empty\",\"x\":\"out\"}");

        assertThat(p.text("a")).isEqualTo("yes");
        assertThat(p.text("o/x")).isEqualTo("in");
        assertThat(p.text("o/y/z")).isEqualTo("deep");
        assertThat(p.text("b")).isNull();
        assertThat(p.text("")).isEqualTo("empty");
        assertThat(p.has("b")).isFalse();
        assertThat(p.has("a")).isTrue();
        assertThat(p.truncated()).isFalse();
    }

    @Test
    void forgetsWhatItReadBefore() throws BadRecord {
        read("{\"a\":\"x\",\"o\":{\"x\":\"y\"},\"list\":[\"1\"]}");
        Projection p = read("{\"b\":1}");

        assertThat(p.text("a")).isNull();
        assertThat(p.text("o/x")).isNull();
        assertThat(p.object("o")).isNull();
        assertThat(p.texts("list")).isEmpty();
        assertThatThrownBy(() -> p.text("c"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("c");
    }

    @Test
    void takesNullForAbsent() throws BadRecord {
        Projection p = read("{\"a\":null,\"b\":null,\"o\":null,\"only\":null,\"list\":null}");

        assertThat(p.text("a")).isNull();
        assertThat(p.has("a")).isFalse();
        assertThat(p.integer("b", 0, 9, 7)).isEqualTo(7);
        assertThat(p.flag("b")).isFalse();
        assertThat(p.time("b")).isNull();
        assertThat(p.object("o")).isNull();
        assertThat(p.array("o")).isNull();
        assertThat(p.text("only/inner")).isNull();
        assertThat(p.texts("list")).isEmpty();
        assertThat(read("{\"a\":\"\"}").text("a")).isNull();
    }

    @Test
    void checksTypesWhenAValueIsAskedFor() throws BadRecord {
        Projection p = read("{\"a\":0,\"b\":\"no\",\"o\":[\"x\"],\"list\":[\"x\",{}]}");

        assertThat(reason(() -> p.text("a"))).isEqualTo("a must be a string: 0");
        assertThat(reason(() -> p.name("o"))).isEqualTo("o must be a string: an array");
        assertThat(reason(() -> p.scalar("o"))).isEqualTo("o must be a string or a number: an array");
        assertThat(reason(() -> p.integer("b", 0, 9, 0))).isEqualTo("b must be a whole number from 0 to 9: \"no\"");
        assertThat(reason(() -> p.integer("o", 0, 9, 0))).isEqualTo("o must be a whole number: an array");
        assertThat(reason(() -> p.flag("b"))).isEqualTo("b must be true or false: \"no\"");
        assertThat(reason(() -> p.time("b"))).isEqualTo("b must be an RFC 3339 time: \"no\"");
        assertThat(reason(() -> p.object("o"))).isEqualTo("o must be an object: an array");
        assertThat(reason(() -> p.array("b"))).isEqualTo("b must be an array: \"no\"");
        assertThat(reason(() -> p.texts("list"))).isEqualTo("list must be an array of strings: an object");
        assertThat(reason(() -> p.texts("b"))).isEqualTo("b must be an array of strings: \"no\"");
        assertThat(p.scalar("a")).isEqualTo("0");
        assertThat(p.isText("b")).isTrue();
        assertThat(p.isArray("o")).isTrue();
        assertThat(p.isObject("o")).isFalse();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {"7;7", "\"x\";\"x\"", "true;true", "[];an array", "[{\"inner\":\"x\"}];an array"})
    void refusesWhatCanNotHoldTheMembersWanted(String value, String given) {
        assertThat(reason(() -> read("{\"only\":" + value + "}"))).isEqualTo("only must be an object: " + given);
    }

    @Test
    void takesWhatIsWantedItselfForWhateverItIs() throws BadRecord {
        Projection p = read("{\"o\":\"text\"}");

        assertThat(p.text("o")).isEqualTo("text");
        assertThat(p.text("o/x")).isNull();
        assertThat(read("{\"o\":[1]}").isArray("o")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0,0",
        "9223372036854775807,9223372036854775807",
        "-9223372036854775808,-9223372036854775808",
        "\"1734874540929908828\",1734874540929908828",
        "1734874540929908828,1734874540929908828",
        "\"\",-1"
    })
    void readsSixtyFourBitsAsNumbersAndStrings(String written, long value) throws BadRecord {
        assertThat(read("{\"a\":" + written + "}").integer("a", Long.MIN_VALUE, Long.MAX_VALUE, -1))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.5",
                "1e3",
                "true",
                "\"1.5\"",
                "\" 1\"",
                "\"0x10\"",
                "\"+1\"",
                "\"\u0661\"",
                "9223372036854775808",
                "\"99999999999999999999999\"",
                "99999999999999999999999"
            })
    void takesNothingElseForAWholeNumber(String written) throws BadRecord {
        read("{\"a\":" + written + "}");

        assertThat(reason(() -> fields.integer("a", Long.MIN_VALUE, Long.MAX_VALUE, 0)))
                .startsWith("a must be a whole number from ");
    }

    @Test
    void keepsNumbersInTheirBounds() throws BadRecord {
        read("{\"a\":65536,\"b\":-1}");

        assertThat(reason(() -> fields.integer("a", 0, 65_535, 0)))
                .isEqualTo("a must be a whole number from 0 to 65535: 65536");
        assertThat(reason(() -> fields.integer("b", 0, 65_535, 0)))
                .isEqualTo("b must be a whole number from 0 to 65535: -1");
    }

    @Test
    void readsTimes() throws BadRecord {
        assertThat(read("{\"a\":\"2026-01-24T10:00:00.123456789+01:00\"}").time("a"))
                .isEqualTo(Instant.parse("2026-01-24T09:00:00.123456789Z"));
        assertThat(read("{\"a\":\"0001-01-01T00:00:00Z\"}").time("a")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"x\",\"a\":\"y\"}",
                "{\"a\":null,\"a\":\"y\"}",
                "{\"o\":{\"x\":\"1\"},\"o\":{}}",
                "{\"only\":{},\"only\":{\"inner\":\"x\"}}",
                "{\"\\u0061\":\"x\",\"a\":\"y\"}"
            })
    void refusesAMemberThatComesTwice(String json) {
        assertThat(reason(() -> read(json))).startsWith("duplicate field: ");
    }

    @Test
    void doesNotMindUnwantedMembersThatComeTwice() throws BadRecord {
        assertThat(read("{\"u\":1,\"u\":2,\"o\":{\"v\":1,\"v\":2,\"x\":\"3\"}}").text("o/x"))
                .isEqualTo("3");
    }

    @Test
    void givesTheBytesOfObjectsAndArrays() throws BadRecord {
        Projection p = read("{\"o\": {\"x\":\"\u00e9\"} ,\"list\":[ \"1\", \"2\" ]}");
        RecordBytes object = p.object("o");
        RecordBytes array = p.array("list");

        assertThat(text(object)).isEqualTo("{\"x\":\"\u00e9\"}");
        assertThat(text(array)).isEqualTo("[ \"1\", \"2\" ]");
        assertThat(p.texts("list")).containsExactly("1", "2");
        assertThat(p.text("o/x")).isEqualTo("\u00e9");
    }

    private static String text(RecordBytes record) {
        return new String(record.bytes(), record.start(), record.end() - record.start(), StandardCharsets.UTF_8);
    }

    @Test
    void keepsAtMostAThousandStringsAndCutsLongOnes() throws BadRecord {
        assertThat(read("{\"list\":[" + "\"x\",".repeat(5_000) + "\"x\"]}").texts("list"))
                .hasSize(1_024);
        assertThat(read("{\"a\":\"" + "x".repeat(5_000) + "\"}").text("a")).hasSize(2_048);
        assertThat(fields.name("a")).hasSize(1_024);
        assertThat(fields.text("a", 10)).hasSize(10);
        // Never half a character.
        assertThat(read("{\"a\":\"" + "x".repeat(9) + "\ud83d\ude00\"}").text("a", 10))
                .hasSize(9);
    }

    @Test
    void endsWhereTheObjectEnds() throws BadRecord {
        String object = "{\"a\":\"x\"}";
        fields.read(bytes(object + " {\"a\":\"y\"}"));

        assertThat(fields.end()).isEqualTo(2 + object.length());
        assertThat(fields.text("a")).isEqualTo("x");
        assertThat(fields.truncated()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "{\"",
                "{\"b",
                "{\"b\"",
                "{\"b\":",
                "{\"b\":\"unfinis",
                "{\"b\":\"\\u00",
                "{\"b\":\"\\",
                "{\"b\":12",
                "{\"b\":-",
                "{\"b\":12.",
                "{\"b\":1e",
                "{\"b\":tru",
                "{\"b\":nul",
                "{\"b\":true,",
                "{\"o\":{\"x\":\"y\"",
                "{\"o\":{\"x\":\"y\"}",
                "{\"list\":[\"x\",",
                "{\"u\":[[[{\"a\":\"no\""
            })
    void keepsTheHeadOfAnObjectThatIsCut(String tail) throws BadRecord {
        RecordBytes record = bytes("{\"a\":\"head\"," + tail.substring(1));
        fields.read(record);

        assertThat(fields.truncated()).isTrue();
        assertThat(fields.text("a")).isEqualTo("head");
        assertThat(fields.has("b")).isEqualTo(tail.equals("{\"b\":true,"));
        assertThat(fields.end()).isEqualTo(record.end());
    }

    @Test
    void keepsTheHeadOfAnObjectThatIsCutInsideACharacter() throws BadRecord {
        RecordBytes whole = bytes("{\"a\":\"head\",\"b\":\"\ud83d\ude00\"}");
        for (int lost = 3; lost < 6; lost++) {
            fields.read(whole.to(whole.end() - lost));

            assertThat(fields.truncated()).isTrue();
            assertThat(fields.text("a")).isEqualTo("head");
        }
    }

    @Test
    void keepsTheHeadOfALineThatIsCutBeforeTheNextLine() throws BadRecord {
        RecordBytes lines = bytes("{\"a\":\"head\",\"b\":\"unfinis\n{\"a\":\"next\"}");
        fields.read(lines);

        assertThat(fields.truncated()).isTrue();
        assertThat(fields.text("a")).isEqualTo("head");
        assertThat(lines.bytes()[fields.end()]).isEqualTo((byte) '\n');
    }

    @Test
    void believesWhoeverSaysThatSomethingIsMissing() throws BadRecord {
        fields.read(bytes("{\"a\":\"x\"}", true));
        assertThat(fields.truncated()).isTrue();
        fields.read(bytes("{\"a\":\"x\"} {\"a", true));
        assertThat(fields.truncated()).isFalse();
    }

    @Test
    void readsNoFurtherThanARecordMayBeLong() throws BadRecord {
        Projection small = projection(64);
        RecordBytes record = bytes("{\"a\":\"head\",\"u\":\"" + "x".repeat(100) + "\",\"b\":\"tail\"} {}");
        small.read(record);

        assertThat(small.truncated()).isTrue();
        assertThat(small.text("a")).isEqualTo("head");
        assertThat(small.text("b")).isNull();
        assertThat(small.end()).isEqualTo(record.end() - 3);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"a\":\"x\",}",
                "{\"a\":\"x\" \"b\":1}",
                "{\"a\" \"x\"}",
                "{a:1}",
                "{\"a\":01}",
                "{\"a\":tru,\"b\":1}",
                "{\"a\":'x'}",
                "{\"a\":\"\\x\"}",
                "{\"a\":[1,]}",
                "{\"a\":\"\u0001\"}",
                "[1]",
                "\"a\""
            })
    void refusesWhatIsNoJsonObjectAndStillFindsItsEnd(String json) {
        RecordBytes record = bytes(json);

        assertThat(reason(() -> fields.read(record))).isNotEmpty();
        assertThat(fields.end()).isBetween(record.start() + 1, record.end());
    }

    @Test
    void refusesBytesThatAreNoText() {
        byte[] bytes = "{\"a\":\"..\"}".getBytes(StandardCharsets.UTF_8);
        bytes[6] = (byte) 0xc3;
        RecordBytes record = new RecordBytes(bytes, 0, bytes.length, false, Origin.of(DecoderOptions.of("auto")));

        assertThat(reason(() -> fields.read(record))).startsWith("not UTF-8");
        bytes[6] = 0;
        assertThat(reason(() -> fields.read(record))).startsWith("NUL byte");
    }

    @Test
    void costsNoStackForDeepNesting() throws BadRecord {
        String deep = "{\"u\":" + "[".repeat(9_000) + "]".repeat(9_000) + ",\"a\":\"x\"}";

        assertThat(read(deep).text("a")).isEqualTo("x");
        assertThat(reason(() -> read("{\"u\":" + "[".repeat(20_000)))).isEqualTo("nested deeper than 10000");
    }

    @Test
    void sharesNamesThatComeAgain() throws BadRecord {
        String first = read("{\"a\":\"default\"}").name("a");

        assertThat(read("{\"a\":\"default\"}").name("a")).isSameAs(first);
        assertThat(List.of(read("{\"a\":\"k\",\"k8s.io\":{\"name\":\"n\"}}").text("k8s.io/name")))
                .containsExactly("n");
    }

    @Test
    void readsPlainlyWhatTheParserReads() {
        TestingMutator mutator = new TestingMutator(5);
        List<byte[]> objects = List.of(
                bytesOf(
                        "{\"a\":\"x\",\"b\":12,\"o\":{\"x\":true,\"y\":{\"z\":\"\\u0041\\n\"}},\"only\":{\"inner\":null},\"list\":[\"v\"]}"),
                bytesOf(
                        "{ \"a\" : -1.50e3 , \"b\" : false , \"u\" : [ { \"a\" : 1 } , 2 ] , \"\" : \"e\" , \"k8s.io/name\" : \"n\" }"),
                bytesOf("{\"o\":\"é\",\"list\":{},\"a\":0,\"only\":null}"));
        Projection parsed = projection(1 << 20);
        for (int i = 0; i < 60_000; i++) {
            byte[] mutant = i < 3 ? objects.get(i) : mutator.mutant(objects.get(i % 3), objects);
            String plain = told(fields, mutant, false);
            // What may be cut is left to the parser.
            String other = told(parsed, mutant, true);
            if (other.startsWith("whole") || plain.startsWith("whole")) {
                assertThat(plain)
                        .as(new String(mutant, StandardCharsets.ISO_8859_1))
                        .isEqualTo(other);
            }
        }
    }

    private static byte[] bytesOf(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String told(Projection p, byte[] object, boolean cut) {
        // Something stands behind it, so that the record isn't taken for cut.
        byte[] all = new byte[object.length + 4];
        System.arraycopy(object, 0, all, 2, object.length);
        all[object.length + 2] = ' ';
        all[object.length + 3] = 'x';
        StringBuilder told = new StringBuilder();
        try {
            p.read(new RecordBytes(all, 2, all.length, cut, Origin.of(DecoderOptions.of("auto"))));
            told.append(p.truncated() ? "cut " : "whole ").append(p.end());
        } catch (BadRecord e) {
            return "bad " + e.reason();
        }
        for (String path : List.of("a", "b", "o", "o/x", "o/y/z", "only/inner", "list", "k8s.io/name", "")) {
            told.append('\n').append(path).append(' ').append(p.has(path)).append(p.isText(path));
            for (Asking asking : List.<Asking>of(
                    () -> p.text(path),
                    () -> p.name(path),
                    () -> p.scalar(path),
                    () -> p.integer(path, -5, 100, 7),
                    () -> p.flag(path),
                    () -> p.time(path),
                    () -> p.texts(path),
                    () -> p.object(path),
                    () -> p.array(path))) {
                try {
                    Object answer = asking.ask();
                    told.append(' ')
                            .append(answer instanceof RecordBytes bytes ? bytes.start() + "-" + bytes.end() : answer);
                } catch (BadRecord e) {
                    told.append(' ').append(e.reason());
                }
            }
        }
        return told.toString();
    }

    private interface Asking {
        @Nullable
        Object ask() throws BadRecord;
    }
}
