package io.tocsin.sigma.read;

import static io.tocsin.sigma.WrittenRule.detection;
import static io.tocsin.sigma.WrittenRule.meaning;
import static io.tocsin.sigma.WrittenRule.problems;
import static io.tocsin.sigma.WrittenRule.refused;
import static io.tocsin.sigma.WrittenRule.selection;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each modifier, alone and with others, and what is refused. */
class SigmaModifierTest {
    @Test
    void placesSayWhereTheValueStands() {
        assertThat(selection("f|contains: x")).isEqualTo("f contains 'x'");
        assertThat(selection("f|startswith: x")).isEqualTo("f starts 'x'");
        assertThat(selection("f|endswith: x")).isEqualTo("f ends 'x'");
        assertThat(selection("f|endswith: '\\example.exe'")).isEqualTo("f ends '\\example.exe'");
        assertThat(selection("f|contains: 'a*b'")).isEqualTo("f like '<any>a<any>b<any>'");
        assertThat(selection("f|contains: '*a*'")).isEqualTo("f contains 'a'");
        assertThat(selection("f|startswith: 'a?b'")).isEqualTo("f like 'a<one>b<any>'");
        assertThat(selection("f|contains: '\\*'")).isEqualTo("f contains '*'");
        assertThat(selection("f|contains: 12")).isEqualTo("f contains '12'");
    }

    @Test
    void allAsksForEveryValue() {
        assertThat(selection("f|all: [a, b]")).isEqualTo("(f is 'a' & f is 'b')");
        assertThat(selection("f|contains|all: [a, b]")).isEqualTo("(f contains 'a' & f contains 'b')");
        assertThat(selection("f|all|contains: [a, b]")).isEqualTo("(f contains 'a' & f contains 'b')");
        assertThat(refused("f|all: a")).containsExactly("5: all needs a list of at least two values: leave it out");
        assertThat(refused("f|all: [a]")).containsExactly("5: all needs a list of at least two values: leave it out");
    }

    @Test
    void casedMindsCase() {
        assertThat(selection("f|cased: Ab")).isEqualTo("f is cased 'Ab'");
        assertThat(selection("f|contains|cased: Ab")).isEqualTo("f contains cased 'Ab'");
        assertThat(selection("f|cased: 'A*b'")).isEqualTo("f like cased 'A<any>b'");
    }

    @Test
    void existsTakesTrueOrFalse() {
        assertThat(selection("f|exists: true")).isEqualTo("f exists");
        assertThat(selection("f|exists: false")).isEqualTo("!f exists");
        assertThat(refused("f|exists: yes")).containsExactly("5: exists needs true or false: yes");
        assertThat(refused("f|exists: 'true'")).containsExactly("5: exists needs true or false: true");
        assertThat(refused("f|exists|contains: true")).containsExactly("5: exists and contains make no sense together");
    }

    @Test
    void neqIsTrueOfEverythingElse() {
        assertThat(selection("f|neq: a")).isEqualTo("!f is 'a'");
        assertThat(selection("f|neq: 5")).isEqualTo("!f is '5'");
        assertThat(selection("f|neq: [a, b]")).isEqualTo("!(f is 'a' | f is 'b')");
        assertThat(selection("f|neq: null")).isEqualTo("!f null");
        assertThat(selection("f|contains|neq: a")).isEqualTo("!f contains 'a'");
        assertThat(selection("f|fieldref|neq: g")).isEqualTo("!f is field g");
        assertThat(refused("f|neq|all: [a, b]")).containsExactly("5: neq and all make no sense together");
    }

    @Test
    void reIsARegularExpression() {
        assertThat(selection("f|re: '^a.*b$'")).isEqualTo("f re '^a.*b$'");
        assertThat(selection("f|re: 'a\\*'")).isEqualTo("f re 'a\\*'");
        assertThat(selection("f|re|i: a")).isEqualTo("f rei 'a'");
        assertThat(selection("f|re|i|m|s: a")).isEqualTo("f reims 'a'");
        assertThat(selection("f|re: [a, b]")).isEqualTo("(f re 'a' | f re 'b')");
        assertThat(selection("f|re|all: [a, b]")).isEqualTo("(f re 'a' & f re 'b')");
        assertThat(selection("f|re|neq: a")).isEqualTo("!f re 'a'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(?=a)b", "(?!a)b", "(?<=a)b", "(a)\\1", "(a", "a**", "[b-a]", "(?>a)", "\\K"})
    void regularExpressionsThatAreNoneOrCouldHangAreRefusedAtTheirLine(String pattern) {
        assertThat(refused("g: 1", "f|re: '" + pattern + "'"))
                .singleElement()
                .asString()
                .startsWith("6: re takes RE2's syntax")
                .endsWith(pattern);
    }

    @ParameterizedTest
    @ValueSource(strings = {".*", "a*", "", "(a|)"})
    void regularExpressionsThatMatchEverythingAreRefused(String pattern) {
        assertThat(refused("f|re: '" + pattern + "'"))
                .singleElement()
                .asString()
                .contains("matches every value");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a{1000}){1000}){1000}",
                "((((((a{9}){9}){9}){9}){9}){9}){9}",
                "\\Q[\\E((a{1000}){1000}){1000}",
                "[]](([ab]{1000}){1000}){1000}",
                "\\p{Greek}((\\x{41}{1000}){1000}){1000}"
            })
    void regularExpressionsThatWouldFillTheMemoryAreRefusedBeforeTheyAreCompiled(String pattern) {
        assertThat(refused("f|re: '" + pattern + "'"))
                .singleElement()
                .asString()
                .contains("too large");
    }

    @Test
    void longRegularExpressionsAreRefused() {
        assertThat(refused("f|re: '" + "a".repeat(2_001) + "'"))
                .containsExactly("5: a regular expression may have at most 2000 characters: 2001");
    }

    @Test
    void cidrIsARange() {
        assertThat(selection("f|cidr: 10.0.0.0/8")).isEqualTo("f in 10.0.0.0/8");
        assertThat(selection("f|cidr: ['fc00::/7', 192.168.0.0/16]"))
                .isEqualTo("(f in fc00::/7 | f in 192.168.0.0/16)");
        assertThat(refused("f|cidr:", "  - 10.0.0.0/8", "  - 10.0.0.0/33", "  - 10.*"))
                .containsExactly(
                        "7: cidr: expected an address range such as 10.0.0.0/8: 10.0.0.0/33",
                        "8: cidr: expected an address range such as 10.0.0.0/8: 10.*");
        assertThat(refused("f|contains|cidr: 10.0.0.0/8"))
                .containsExactly("5: contains and cidr make no sense together");
    }

    @Test
    void ordersCompareNumbers() {
        assertThat(selection("f|lt: 5")).isEqualTo("f less 5");
        assertThat(selection("f|lte: 5")).isEqualTo("f at-most 5");
        assertThat(selection("f|gt: 5.5")).isEqualTo("f more 5.5");
        assertThat(selection("f|gte: -5")).isEqualTo("f at-least -5");
        assertThat(selection("f|gte: 0x10")).isEqualTo("f at-least 16");
        assertThat(refused("f|lt: many")).containsExactly("5: lt needs a number: many");
        assertThat(refused("f|gt: .inf")).containsExactly("5: gt needs a number: .inf");
        assertThat(refused("f|gt: 1e99999999")).containsExactly("5: gt needs a number: 1e99999999");
        assertThat(refused("f|lt: true")).containsExactly("5: lt needs a number: true");
        assertThat(refused("f|lt|gt: 5")).containsExactly("5: lt and gt make no sense together");
        assertThat(refused("f|contains|lt: 5")).containsExactly("5: contains and lt make no sense together");
    }

    @Test
    void partsOfTimesAreNumbersWithinTheirBounds() {
        assertThat(selection("f|minute: 59")).isEqualTo("f minute 59");
        assertThat(selection("f|hour: [0, 23]")).isEqualTo("(f hour 0 | f hour 23)");
        assertThat(selection("f|day: 31")).isEqualTo("f day 31");
        assertThat(selection("f|week: 1")).isEqualTo("f week 1");
        assertThat(selection("f|month: 12")).isEqualTo("f month 12");
        assertThat(selection("f|year: 2026")).isEqualTo("f year 2026");
        assertThat(selection("f|hour|gte: 22")).isEqualTo("(f hour 22 | f hour 23)");
        assertThat(selection("f|hour|lt: 2")).isEqualTo("(f hour 0 | f hour 1)");
        assertThat(selection("f|hour|neq: 2")).isEqualTo("!f hour 2");
        assertThat(refused("f|hour: 24")).containsExactly("5: hour needs a whole number from 0 to 23: 24");
        assertThat(refused("f|month: 0")).containsExactly("5: month needs a whole number from 1 to 12: 0");
        assertThat(refused("f|day: 1.5")).containsExactly("5: day needs a whole number from 1 to 31: 1.5");
        assertThat(refused("f|hour|gt: 23")).containsExactly("5: hour can't be more than 23");
        assertThat(refused("f|hour|day: 2")).containsExactly("5: hour and day make no sense together");
    }

    @Test
    void base64EncodesTheValue() {
        assertThat(selection("f|base64: foo")).isEqualTo("f is 'Zm9v'");
        assertThat(selection("f|base64|contains: 'a\\*'")).isEqualTo("f contains 'YSo='");
        assertThat(refused("f|base64: 'a*'"))
                .containsExactly(
                        "5: a value with wildcards can't be encoded as Base64: write \\* or \\? for the characters themselves");
        assertThat(refused("f|contains|base64: a"))
                .containsExactly("5: base64 must stand before contains: what it makes is looked for");
        assertThat(refused("f|re|base64: a")).containsExactly("5: re and base64 make no sense together");
        assertThat(refused("f|base64|base64offset: a"))
                .containsExactly("5: base64 and base64offset make no sense together");
        assertThat(refused("f|base64: ''"))
                .containsExactly("5: an empty text is in every value: leave it out, or use exists");
    }

    @Test
    void base64offsetFindsATextAtEachPlaceOfAnother() {
        assertThat(selection("f|base64offset|contains: /bin/bash"))
                .isEqualTo("(f contains 'L2Jpbi9iYXNo' | f contains '9iaW4vYmFza' | f contains 'vYmluL2Jhc2')");
        assertThat(refused("f|base64offset: abc"))
                .containsExactly("5: base64offset finds a text inside of another: add contains behind it");
        assertThat(refused("f|base64offset|contains: a")).containsExactly("5: too short to be found in Base64: a");
    }

    @Test
    void utf16FormsChangeTheCharacters() {
        assertThat(selection("f|utf16le: ab")).isEqualTo("f is 'a\0b\0'");
        assertThat(selection("f|wide: ab")).isEqualTo("f is 'a\0b\0'");
        assertThat(selection("f|utf16be: ab")).isEqualTo("f is '\0a\0b'");
        assertThat(selection("f|utf16: ab")).isEqualTo("f is '\uFEFFa\0b\0'");
        assertThat(selection("f|wide|contains: 'a*b'")).isEqualTo("f like '<any>a\0<any>b\0<any>'");
        assertThat(selection("f|wide|base64: cmd")).isEqualTo("f is 'YwBtAGQA'");
        assertThat(selection("f|utf16be|base64: cmd")).isEqualTo("f is 'AGMAbQBk'");
        assertThat(selection("f|utf16|base64: cmd")).isEqualTo("f is '//5jAG0AZAA='");
        assertThat(selection("f|wide|base64: \u00e9")).isEqualTo("f is '6QA='");
        assertThat(refused("f|wide: \u00e9"))
                .containsExactly("5: wide without base64 can only be looked for with ASCII characters: \u00e9");
        assertThat(refused("f|wide|utf16: a")).containsExactly("5: wide and utf16 make no sense together");
        assertThat(refused("f|base64|wide: a"))
                .containsExactly("5: wide must stand before base64, which hides the text");
    }

    @Test
    void windashWritesOptionsWithEachDash() {
        assertThat(selection("f|windash: '-a'"))
                .isEqualTo("(f is '-a' | f is '/a' | f is '\u2013a' | f is '\u2014a' | f is '\u2015a')");
        assertThat(selection("f|contains|windash: ' /c'")).startsWith("(f contains ' -c' | f contains ' /c' | ");
        assertThat(selection("f|windash: 'a-b'"))
                .as("a dash within a word begins no option")
                .isEqualTo("f is 'a-b'");
        assertThat(selection("f|windash: '* -a*'")).startsWith("(f contains ' -a' | f contains ' /a'");
        assertThat(meaning(detection("s: {f|windash: '-a -b'}\ncondition: s")).split("\\|", -1))
                .hasSize(25);
        assertThat(refused("f|windash: '-a -b -c -d -e'"))
                .containsExactly("5: windash makes more than 1000 values of this one");
        assertThat(selection("f|windash|all: ['-a', b]"))
                .startsWith("((f is '-a' | ")
                .endsWith(") & f is 'b')");
    }

    @Test
    void fieldrefComparesWithAnotherField() {
        assertThat(selection("f|fieldref: g")).isEqualTo("f is field g");
        assertThat(selection("f|fieldref|startswith: g")).isEqualTo("f starts field g");
        assertThat(selection("f|fieldref|endswith: g")).isEqualTo("f ends field g");
        assertThat(selection("f|fieldref|contains: g.h[].i")).isEqualTo("f contains field g.h.i");
        assertThat(selection("f|fieldref|cased: [g, h]")).isEqualTo("(f is cased field g | f is cased field h)");
        assertThat(refused("f|fieldref: 'g*'"))
                .containsExactly("5: fieldref needs a field's name, without wildcards: g*");
        assertThat(refused("f|fieldref|lt: g")).containsExactly("5: fieldref and lt make no sense together");
    }

    @Test
    void expandPutsTheValuesOfPlaceholders() {
        Map<String, List<String>> values =
                Map.of("admins", List.of("root", "adm_*"), "net", List.of("10.0.0.0/8"), "none", List.of());
        assertThat(expand("f|expand: '%admins%'", values)).isEqualTo("(f is 'root' | f starts 'adm_')");
        assertThat(expand("f|expand|contains: 'x%admins%y'", values))
                .isEqualTo("(f contains 'xrooty' | f like '<any>xadm_<any>y<any>')");
        assertThat(expand("f|cidr|expand: '%net%'", values)).isEqualTo("f in 10.0.0.0/8");
        assertThat(expand("f|re|expand: '^%net%$'", values)).isEqualTo("f re '^10.0.0.0/8$'");
        assertThat(expand("f|expand: '\\%admins%admins%'", values))
                .as("an escaped percent sign")
                .isEqualTo("(f is '%adminsroot' | f starts '%adminsadm_')");
        assertThat(expand("f: '%admins%'", values))
                .as("without expand it is a text")
                .isEqualTo("f is '%admins%'");
        assertThat(expand("f|expand: '%admins%-%admins%'", values))
                .contains("f is 'root-root'", "f like 'adm_<any>-root'");
        assertThat(refusedWith("f|expand: '%admin%'", values))
                .containsExactly("4: no values are given for the placeholder %admin%; did you mean admins?");
        assertThat(refusedWith("f|expand: '%none%'", values))
                .containsExactly("4: the placeholder %none% has no value: a list without entries matches nothing");
        assertThat(refusedWith("f|expand: abc", values))
                .containsExactly("4: expand has nothing to expand, a placeholder looks like %name%: abc");
    }

    private static String expand(String line, Map<String, List<String>> values) {
        return meaning(detection(
                "s: {\"" + line.replace("\\", "\\\\").replaceFirst(":", "\":").replace("'", "\"") + "}\ncondition: s",
                values));
    }

    private static List<String> refusedWith(String line, Map<String, List<String>> values) {
        return problems(detection("s: {\"" + line.replaceFirst(":", "\":") + "}\ncondition: s", values));
    }

    @ParameterizedTest
    @CsvSource({
        "contain, contains",
        "startwith, startswith",
        "Contains, contains",
        "endwith, endswith",
        "base64offest, base64offset",
        "regex, re",
        "casd, cased",
        "exist, exists",
        "windsh, windash"
    })
    void unknownModifiersAreRefusedWithASuggestion(String written, String meant) {
        assertThat(refused("f|" + written + ": x"))
                .containsExactly("5: there is no modifier " + written
                        + (meant.equals("re") ? "" : "; did you mean " + meant + "?"));
    }

    @Test
    void modifiersThatMakeNoSenseAreRefused() {
        assertThat(refused("f|contains|startswith: x"))
                .containsExactly("5: contains and startswith make no sense together");
        assertThat(refused("f|contains|contains: x")).containsExactly("5: contains stands here twice");
        assertThat(refused("f|i: x")).containsExactly("5: i belongs to re and stands behind it: re|i");
        assertThat(refused("f|i|re: x")).containsExactly("5: i belongs to re and stands behind it: re|i");
        assertThat(refused("f|contains|re: x"))
                .containsExactly(
                        "5: contains makes no sense with re, which finds its match anywhere: use ^ and $ for the beginning and the end");
        assertThat(refused("f|re|cased: x")).containsExactly("5: re and cased make no sense together");
        assertThat(refused("f|: x")).containsExactly("5: there is no modifier between | and |");
        assertThat(refused("f|contains: null"))
                .containsExactly("5: null is the absence of a field: it can't be looked for in one, nor be changed");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"f|contains: ''", "f|startswith: ''", "f|endswith: ''", "f|contains: '*'", "f|startswith: '**'"})
    void valuesThatAreInEverythingAreRefused(String line) {
        assertThat(refused(line)).singleElement().asString().startsWith("5: ").contains("every value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"startswith", "endswith", "cidr", "exists", "fieldref", "lt", "hour"})
    void modifiersThatNeedAFieldAreRefusedForKeywords(String modifier) {
        assertThat(refused("'|" + modifier + "': 10"))
                .containsExactly(
                        "5: " + modifier + " needs a field before it: a keyword is searched in the whole record");
    }
}
