package io.tocsin.job;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeJars;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** Which way dependencies point in {@code job}, who may print, and what a test is called. */
@AnalyzeClasses(packages = "io.tocsin.job", importOptions = DoNotIncludeJars.class)
final class ArchitectureTest {
    private static final DescribedPredicate<JavaClass> MAIN = describe("not tests", type -> type.getSource()
            .map(source -> !Location.of(source.getUri()).contains("/test-classes/"))
            .orElse(false));

    private static final DescribedPredicate<JavaClass> TESTS = describe("tests", type -> type.getMethods().stream()
            .anyMatch(method -> method.isAnnotatedWith(Test.class) || method.isAnnotatedWith(ParameterizedTest.class)));

    /** A Flink or Kafka cluster inside the test's process. */
    private static final DescribedPredicate<JavaClass> CLUSTER = simpleNameStartingWith("MiniCluster")
            .and(resideInAPackage("org.apache.flink.."))
            .or(simpleNameStartingWith("KafkaClusterTestKit"));

    @ArchTest
    static final ArchRule decodersKnowNoOperator = noClasses()
            .that()
            .resideInAPackage("io.tocsin.job.decode..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.flink..",
                    "org.apache.kafka..",
                    "io.tocsin.detections..",
                    "io.tocsin.job",
                    "io.tocsin.job.source..",
                    "io.tocsin.job.sink..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule onlyCommandsAndSinksPrint = noClasses()
            .that(MAIN.and(not(resideInAnyPackage("io.tocsin.job", "io.tocsin.job.sink.."))))
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule typesAreNamedByWhatTheyAre = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Common|Helper|Manager|Impl)(\\$.*)?")
            .orShould()
            .haveNameMatching(".*\\.(utils?|common|helpers?|managers?|impl)\\..*");

    /** Esper's licence is GPL; a tree of every record is what is not built. */
    @ArchTest
    static final ArchRule whatIsOnlyMeasuredAgainstStaysInTests = noClasses()
            .that(MAIN)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.espertech..", "com.fasterxml.jackson.databind..")
            .because("the jar that is shipped must not need them");

    @ArchTest
    static final ArchRule nothingIsMocked = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mockito..", "org.easymock..", "org.powermock..", "mockit..");

    @ArchTest
    static final ArchRule aTestWithAClusterIsAnITCase = classes()
            .that(TESTS.and(describe("use a cluster", type -> type.getDirectDependenciesFromSelf().stream()
                    .anyMatch(dependency -> CLUSTER.test(dependency.getTargetClass())))))
            .should()
            .haveSimpleNameEndingWith("ITCase")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule everyTestIsRun = classes()
            .that(TESTS)
            .and()
            .areTopLevelClasses()
            .should()
            .haveSimpleNameEndingWith("Test")
            .orShould()
            .haveSimpleNameEndingWith("ITCase")
            .because("surefire runs *Test and failsafe runs *ITCase")
            .allowEmptyShould(true);
}
