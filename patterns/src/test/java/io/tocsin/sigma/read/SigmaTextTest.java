package io.tocsin.sigma.read;

import static io.tocsin.sigma.WrittenRule.refused;
import static io.tocsin.sigma.WrittenRule.selection;
import static org.assertj.core.api.Assertions.assertThat;

import io.tocsin.sigma.WrittenRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Wildcards and escaping of texts, and the values that are no texts. */
class SigmaTextTest {
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '!',
            value = {
                "abc!f is 'abc'",
                "prog?.exe!f like 'prog<one>.exe'",
                "antivirus_V*.exe!f like 'antivirus_V<any>.exe'",
                "*something!f ends 'something'",
                "something*!f starts 'something'",
                "*something*!f contains 'something'",
                "**something**!f contains 'something'",
                "a**b!f like 'a<any>b'",
                "a*b*!f like 'a<any>b<any>'",
                "*!f exists",
                "**!f exists",
                "?!f like '<one>'",
                "?*!f like '<one><any>'",
            })
    void wildcardsStandForOneOrAnyNumberOfCharacters(String value, String meaning) {
        assertThat(selection("f: '" + value + "'")).isEqualTo(meaning);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            delimiter = '!',
            value = {
                // A plain backslash may be single or double.
                "a\\b!f is 'a\\b'",
                "a\\\\b!f is 'a\\b'",
                "C:\\Windows\\System32!f is 'C:\\Windows\\System32'",
                // An escaped wildcard is a character.
                "a\\*b!f is 'a*b'",
                "a\\?b!f is 'a?b'",
                "\\*!f is '*'",
                // A backslash before a wildcard is escaped itself.
                "a\\\\*!f starts 'a\\'",
                "a\\\\?!f like 'a\\<one>'",
                // Three: a backslash and a literal wildcard.
                "a\\\\\\*!f is 'a\\*'",
                "a\\\\\\?!f is 'a\\?'",
                // Three or four: two backslashes.
                "a\\\\\\b!f is 'a\\\\b'",
                "a\\\\\\\\b!f is 'a\\\\b'",
                // At the end.
                "a\\!f is 'a\\'",
                "\\!f is '\\'",
            })
    void backslashesEscapeWildcardsAndThemselves(String value, String meaning) {
        assertThat(selection("f: '" + value + "'")).isEqualTo(meaning);
    }

    @Test
    void singleValuesOfEachKindAreUnderstood() {
        assertThat(selection("f: null")).isEqualTo("f null");
        assertThat(selection("f:")).isEqualTo("f null");
        assertThat(selection("f: ~")).isEqualTo("f null");
        assertThat(selection("f: ''")).isEqualTo("f is ''");
        assertThat(selection("f: true")).isEqualTo("f is 'true'");
        assertThat(selection("f: False")).isEqualTo("f is 'false'");
        assertThat(selection("f: 403")).isEqualTo("f is '403'");
        assertThat(selection("f: -1")).isEqualTo("f is '-1'");
        assertThat(selection("f: 0x1F")).isEqualTo("f equal 31");
        assertThat(selection("f: 0o17")).isEqualTo("f equal 15");
        assertThat(selection("f: 1e3")).isEqualTo("f equal 1000");
        assertThat(selection("f: '0x1F'")).isEqualTo("f is '0x1F'");
    }

    @Test
    void aListOfValuesIsAnyOfThem() {
        assertThat(selection("f: [a, 'b*', 3, null, '']"))
                .isEqualTo("(f is 'a' | f starts 'b' | f is '3' | f null | f is '')");
        assertThat(selection("f: [a]")).isEqualTo("f is 'a'");
    }

    @Test
    void aMapIsAllOfItsFields() {
        assertThat(selection("a: 1", "b: [x, y]", "c|contains: z"))
                .isEqualTo("(a is '1' & (b is 'x' | b is 'y') & c contains 'z')");
    }

    @Test
    void aListOfMapsIsOneOfThem() {
        assertThat(selection("- a: 1", "  b: 2", "- c: 3")).isEqualTo("((a is '1' & b is '2') | c is '3')");
    }

    @Test
    void listsOfTextsAreKeywordsOfWhichOneMustStandInTheRecord() {
        assertThat(selection("- EVILSERVICE", "- 'svchost.exe -n evil'"))
                .isEqualTo("(* contains 'EVILSERVICE' | * contains 'svchost.exe -n evil')");
        assertThat(selection("- 4711")).isEqualTo("* contains '4711'");
        assertThat(selection("- 'a*b'")).isEqualTo("* like '<any>a<any>b<any>'");
        assertThat(selection("'|all':", "  - a", "  - b")).isEqualTo("(* contains 'a' & * contains 'b')");
        assertThat(selection("'|contains': [a, b]")).isEqualTo("(* contains 'a' | * contains 'b')");
        assertThat(selection("'|contains|all': [a, b]")).isEqualTo("(* contains 'a' & * contains 'b')");
        assertThat(selection("'|re': 'a+b'")).isEqualTo("* re 'a+b'");
        assertThat(selection("'|cased': Abc")).isEqualTo("* contains cased 'Abc'");
        assertThat(selection("'|base64': Abc")).isEqualTo("* contains 'QWJj'");
    }

    @Test
    void keywordsAndMapsMayStandInOneList() {
        assertThat(selection("- evil", "- a: 1")).isEqualTo("(* contains 'evil' | a is '1')");
        assertThat(WrittenRule.meaning(WrittenRule.detection("s: evil\ncondition: s")))
                .isEqualTo("* contains 'evil'");
        assertThat(selection("'|all': [a, b]", "f: c")).isEqualTo("((* contains 'a' & * contains 'b') & f is 'c')");
    }

    @Test
    void oneElementOfAnArrayMayBeAskedForAllOfThem() {
        assertThat(selection("requestObject.rules[]: {verbs: '\\*', resources|contains: secrets}"))
                .isEqualTo("requestObject.rules[(verbs is '*' & resources contains 'secrets')]");
        assertThat(selection("rules[]:", "  - {verbs: get}", "  - {verbs: list, resources: [a, b]}"))
                .isEqualTo(
                        "(rules[verbs is 'get'] | rules[(verbs is 'list' & (resources is 'a' | resources is 'b'))])");
        assertThat(selection("c[]:", "  image: x", "  env[]: {name: K, value|contains: v}"))
                .isEqualTo("c[(image is 'x' & env[(name is 'K' & value contains 'v')])]");
    }

    @Test
    void bracketsOfArraysElsewhereMakeNoDifference() {
        assertThat(selection("spec.containers[].image: x")).isEqualTo("spec.containers.image is 'x'");
        assertThat(selection("sourceIPs[]: x")).isEqualTo("sourceIPs is 'x'");
    }

    @Test
    void starAloneInAnElementOrBesideOthersIsRefusedSinceTheCharacterIsMeant() {
        assertThat(refused("rules[]: {verbs: '*'}"))
                .containsExactly("5: * matches every value: write '\\*' for the character itself, or exists");
        assertThat(refused("f:", "  - get", "  - '*'"))
                .containsExactly("7: * matches every value: write '\\*' for the character itself, or exists");
        assertThat(refused("- '*'"))
                .containsExactly("5: * matches every value: use exists, or write '\\*' for the character itself");
    }

    @Test
    void selectionsThatMatchNothingOrEverythingAreRefused() {
        assertThat(refused("f: []")).containsExactly("5: the list of values is empty: it would match nothing");
        assertThat(refused("{}")).containsExactly("5: a map without fields matches every event");
        assertThat(refused("[]")).containsExactly("5: a search identifier's list is empty: it would match nothing");
        assertThat(refused("- ''")).containsExactly("5: an empty text is in every value: leave it out, or use exists");
        assertThat(refused("- null"))
                .containsExactly("5: null is the absence of a field: it can't be looked for in one, nor be changed");
    }

    @Test
    void listsAndMapsInTheWrongPlaceAreRefused() {
        assertThat(refused("f:", "  - a", "  - [b]"))
                .containsExactly("7: a value must be a text, a number, true, false or null: a list");
        assertThat(refused("- a", "- [b]"))
                .containsExactly("6: expected keywords, or maps of fields, but a list stands in the list");
        assertThat(refused("f: {a: b}"))
                .containsExactly(
                        "5: keys and values stand under a field only to ask one element of an array for all of them;"
                                + " then it is written f[]: f");
        assertThat(refused("f[]|contains: {a: b}")).hasSize(1);
        assertThat(refused("f[]:", "  - a: b", "  - c"))
                .containsExactly("6: a list must hold values only, or maps of fields only");
        assertThat(refused("f[]: {'|all': [a, b]}"))
                .containsExactly("5: keywords are searched in the whole record: they can't be asked of an element");
        assertThat(refused("'*': a"))
                .containsExactly(
                        "5: * is no field: to search the whole record, list the keywords, or write '|all': [...]");
        assertThat(refused("'': a")).containsExactly("5: a field's name is missing");
    }
}
