package io.tocsin.job.decode.content;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import io.tocsin.event.Content;
import io.tocsin.event.Source;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentReaderTest {
    private static final JsonFactory JSON = new JsonFactory();

    private final ContentReader reader =
            new ContentReader((bytes, start, end) -> JSON.createParser(bytes, start, end - start));

    private List<Content.Leaf> read(String json, String... paths) {
        Reading reading = reading(paths);
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        reader.begin(reading);
        reader.read(reading.root(), bytes, 0, bytes.length);
        return reader.take();
    }

    private static Reading reading(String... paths) {
        return new Readings(TestingPlans.of(Source.FALCO, paths)).of(Source.FALCO, null, null);
    }

    private static List<String> told(List<Content.Leaf> leaves) {
        return TestingPlans.told(new Content(leaves, null));
    }

    @Test
    void readsWhatIsWantedAndNothingElse() {
        assertThat(told(read("{'a':{'b':1,'c':'x'},'d':true,'e':[{'b':2}]}", "a.b", "d", "f")))
                .containsExactly("a.b=1", "d=true");
    }

    @Test
    void aNameThatHoldsDotsIsSeveralNames() {
        String json = "{'labels':{'app.kubernetes.io/name':'web','app':{'kubernetes':{'io/name':'too'}},'app.x':'no'}}";
        assertThat(read(json, "labels.app.kubernetes.io/name"))
                .containsExactly(
                        leaf("labels.app.kubernetes.io/name", "web"), leaf("labels.app.kubernetes.io/name", "too"));
        assertThat(told(read("{'a.b.c':1,'a.b':{'d.e':2}}", "a.b"))).containsExactly("a.b.c=1", "a.b.d.e=2");
    }

    private static Content.Leaf leaf(String path, String value) {
        return new Content.Leaf(path, path, value);
    }

    @Test
    void elementsOfArraysHaveThePathOfTheArrayAndAPlaceOfTheirOwn() {
        List<Content.Leaf> leaves = read("{'rules':[{'verbs':['get','list']},{'verbs':['*']},3]}", "rules.verbs");
        assertThat(told(leaves))
                .containsExactly("rules[0].verbs[0]=get", "rules[0].verbs[1]=list", "rules[1].verbs[0]=*");
        assertThat(leaves).extracting(Content.Leaf::path).containsOnly("rules.verbs");
        assertThat(told(read("{'a':[['x'],[['y']]]}", "a"))).containsExactly("a[0][0]=x", "a[1][0][0]=y");
    }

    @Test
    void aPathOfAStructureTakesAllBelow() {
        assertThat(told(read("{'a':{'b':{'c':1},'d':[true,{'e':'f'}]},'g':0}", "a")))
                .containsExactly("a.b.c=1", "a.d[0]=true", "a.d[1].e=f");
    }

    @Test
    void nullAndWhatIsEmptyIsThere() {
        assertThat(told(read("{'a':null,'b':{},'c':[],'d':{'e':[{}]},'f':''}", "a", "b", "c", "d", "f", "g")))
                .containsExactly("a=null", "b=", "c=", "d.e[0]=", "f=");
    }

    @Test
    void takesAllValuesOfANameThatComesTwice() {
        assertThat(told(read("{'a':{'b':1},'a':{'b':2,'b':3}}", "a.b"))).containsExactly("a.b=1", "a.b=2", "a.b=3");
    }

    @Test
    void numbersStayAsTheyAreWritten() {
        assertThat(told(read("{'a':[1.50,1e9,-0,12345678901234567890]}", "a")))
                .containsExactly("a[0]=1.50", "a[1]=1e9", "a[2]=-0", "a[3]=12345678901234567890");
    }

    @Test
    void namesAreReadThroughTheirEscapes() {
        assertThat(told(read("{'\\u0061':{'b':'\\u0063'}}", "a.b"))).containsExactly("a.b=c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a':'x','b':'y", "{'a':'x','b':12", "{'a':'x','b':tru", "{'a':'x',,'b':1}", "{'a':'x'}}"})
    void ofWhatIsCutOrBrokenTheRestIsRead(String json) {
        assertThat(told(read(json, "a", "b"))).containsExactly("a=x");
    }

    @Test
    void whatIsNestedTooDeepIsLeftOut() {
        String deep = "{'a':".repeat(100) + "1" + "}".repeat(100);
        assertThat(told(read("{'a':" + deep + ",'b':1}", "a", "b"))).containsExactly("b=1");
        String arrays = "[".repeat(900) + "]".repeat(900);
        assertThat(told(read("{'a':" + arrays + ",'b':1}", "a", "b"))).containsExactly("b=1");
    }

    @Test
    void aLongValueIsCut() {
        assertThat(read("{'a':'" + "x".repeat(9_000) + "'}", "a").get(0).value())
                .hasSize(8 << 10);
        String faces = "\ud83d\ude00".repeat(5_000);
        String cut = read("{'a':'x" + faces + "'}", "a").get(0).value();
        assertThat(cut).hasSize((8 << 10) - 1).endsWith("\ud83d\ude00");
    }

    @Test
    void keepsABoundedNumberOfLeavesAndOfText() {
        List<Content.Leaf> many = read("{'a':[" + "1,".repeat(10_000) + "1]}", "a");
        assertThat(many).hasSize(Leaves.MAX_LEAVES);
        List<Content.Leaf> longer =
                read("{'a':['" + "x".repeat(1_000) + "'" + (",'" + "x".repeat(1_000) + "'").repeat(500) + "]}", "a");
        assertThat(longer.stream().mapToInt(leaf -> leaf.value().length()).sum())
                .isBetween(60_000, Leaves.MAX_TEXT);
    }

    @Test
    void longNamesCountAsText() {
        String name = "n".repeat(10_000);
        List<Content.Leaf> leaves = read("{'a':{'" + name + "':{" + "'x':1,".repeat(2_000) + "'y':1}}}", "a");
        assertThat(leaves).hasSizeLessThan(5);
    }

    @Test
    void muchAtOnePathHidesNothingAtAnother() {
        String argument = ",'" + "x".repeat(9_000) + "'";
        String padded = "{'args':['-'" + argument.repeat(20) + ",'y'".repeat(10_000) + "],'privileged':true,'host':[]}";
        assertThat(told(read(padded, "args", "privileged", "host"))).contains("privileged=true", "host=");
    }

    @Test
    void aShortValueIsLeftOutRatherThanCut() {
        String json = "{'a':['" + "x".repeat(8_000) + "'" + (",'" + "y".repeat(200) + "'").repeat(1_000) + "]}";
        assertThat(read(json, "a")).extracting(leaf -> leaf.value().length()).containsOnly(8_000, 200);
    }

    @Test
    void takesTimeInProportionToSize() {
        for (String element : List.of("{'x':'y'},", "[[[[[]]]]],", "{'n.n.n.n':{'n.n':1}},")) {
            long small = nanos("{'a':[" + element.repeat(20_000) + "1]}");
            long large = nanos("{'a':[" + element.repeat(80_000) + "1]}");
            assertThat(large).as(element).isLessThan(11 * Math.max(small, 1_000_000));
        }
    }

    private long nanos(String json) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long start = threads.getCurrentThreadCpuTime();
            read(json, "a.x", "a.n.n.n.n", "a");
            least = Math.min(least, threads.getCurrentThreadCpuTime() - start);
        }
        return least;
    }

    @Test
    void valuesBelowWithheldNamesAreEmptyButThere() {
        Reading reading = reading("a");
        byte[] bytes = "{\"a\":{\"data\":{\"k\":\"secret\",\"n\":null,\"m\":[1]},\"kind\":\"x\"}}"
                .getBytes(StandardCharsets.UTF_8);
        reader.begin(reading);
        reader.withhold(Set.of("data"));
        reader.read(reading.root(), bytes, 0, bytes.length);
        assertThat(told(reader.take())).containsExactly("a.data.k=", "a.data.n=null", "a.data.m[0]=", "a.kind=x");
        reader.begin(reading);
        reader.read(reading.root(), bytes, 0, bytes.length);
        assertThat(told(reader.take())).contains("a.data.k=secret");
    }

    private List<String> patched(String json, String... paths) {
        Reading reading = reading(paths);
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        reader.begin(reading);
        reader.readPatch(reading.root("object"), bytes, 0, bytes.length);
        return told(reader.take());
    }

    @Test
    void aPatchIsReadAsThePathsItWrites() {
        assertThat(patched(
                        "[{'op':'add','path':'/rules/-','value':{'verbs':['*']}},"
                                + "{'op':'replace','path':'/rules/3/verbs/0','value':'get'},"
                                + "{'value':5,'path':'/spec/replicas','op':'replace'},"
                                + "{'op':'add','path':'/metadata/labels/app.kubernetes.io~1na~0me','value':'x'},"
                                + "{'op':'remove','path':'/spec/gone'},{'op':'test','path':'/spec/gone','value':1},7,"
                                + "{'op':'add','path':'','value':{'spec':{'all':1}}}]",
                        "object.rules.verbs",
                        "object.spec",
                        "object.metadata.labels.app.kubernetes.io/na~me"))
                .containsExactly(
                        "object.rules[10000000].verbs[0]=*",
                        "object.rules[3].verbs[0]=get",
                        "object.spec.replicas=5",
                        "object.metadata.labels.app.kubernetes.io/na~me=x",
                        "object.spec.all=1");
    }

    @Test
    void ofAnOperationsMembersThatComeTwiceTheLastCounts() {
        assertThat(patched("[{'op':'test','path':'/x','value':1,'\\u006fp':'add','path':'/spec','value':2}]", "object"))
                .containsExactly("object.spec=2");
    }

    @Test
    void aPatchThatIsCutOrNoneTellsWhatCameBefore() {
        String first = "{'op':'add','path':'/a','value':1}";
        assertThat(patched("[" + first + ",{'op':'add','path':'/b','val", "object"))
                .containsExactly("object.a=1");
        assertThat(patched("[" + first + ",{'op':'add','path':'/b','value':12", "object"))
                .containsExactly("object.a=1");
        assertThat(patched("{'a':1}", "object")).isEmpty();
    }

    @Test
    void thousandsOfOperationsTakeTimeInProportion() {
        String operation = "{'op':'add','path':'/rules/-/x/1/y','value':[1,2,3]},";
        List<String> told = patched("[" + operation.repeat(20_000) + "1]", "object");
        assertThat(told).hasSizeBetween(1_000, Leaves.MAX_LEAVES);
        assertThat(patched("[{'op':'add','path':'" + "/0".repeat(100_000) + "','value':1}]", "object"))
                .isEmpty();
    }
}
