package io.tocsin;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameStartingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.nio.channels.FileChannel;

/** Which way dependencies point in {@code patterns}, and who may do what. */
@AnalyzeClasses(packages = "io.tocsin", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    private static final String[] JDK = {"java..", "javax..", "org.jspecify.."};

    /** Flink's calls that give an operator its state: its id, its key, its pattern. */
    static final DescribedPredicate<JavaCall<?>> WIRING =
            DescribedPredicate.describe("uid, keyBy or CEP.pattern", call -> isWiring(call.getTarget()));

    @ArchTest
    static final ArchRule eventDependsOnTheJdkOnly = classes()
            .that()
            .resideInAPackage("io.tocsin.event")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(JDK).or(resideInAPackage("io.tocsin.event")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule alertDependsOnEventAndTheJdkOnly = classes()
            .that()
            .resideInAPackage("io.tocsin.alert")
            .should()
            .onlyDependOnClassesThat(
                    resideInAnyPackage(JDK).or(resideInAnyPackage("io.tocsin.alert", "io.tocsin.event")))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule enrichDependsOnEventAndAddresses = classes()
            .that()
            .resideInAPackage("io.tocsin.enrich")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(JDK)
                    .or(resideInAnyPackage("inet.ipaddr..", "io.tocsin.enrich", "io.tocsin.event")));

    @ArchTest
    static final ArchRule sigmaKnowsNoFlink = classes()
            .that()
            .resideInAPackage("io.tocsin.sigma..")
            .should()
            .onlyDependOnClassesThat(resideInAnyPackage(JDK)
                    .or(resideInAnyPackage(
                            "org.snakeyaml..",
                            "com.google.re2j..",
                            "inet.ipaddr..",
                            "io.tocsin.sigma..",
                            "io.tocsin.alert",
                            "io.tocsin.event",
                            "io.tocsin.enrich",
                            "io.tocsin.network")));

    @ArchTest
    static final ArchRule rulesAreReadThenLinkedThenMatched = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("rules")
            .definedBy("io.tocsin.sigma")
            .layer("read")
            .definedBy("io.tocsin.sigma.read")
            .layer("field")
            .definedBy("io.tocsin.sigma.field")
            .layer("link")
            .definedBy("io.tocsin.sigma.link")
            .layer("compare")
            .definedBy("io.tocsin.sigma.compare")
            .layer("match")
            .definedBy("io.tocsin.sigma.match")
            .whereLayer("read")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("link")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("match")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("compare")
            .mayOnlyBeAccessedByLayers("match")
            .whereLayer("field")
            .mayOnlyBeAccessedByLayers("link", "match");

    @ArchTest
    static final ArchRule detectionsKnowNothingOfHowTheyRun = noClasses()
            .that()
            .resideInAPackage("io.tocsin.detections..")
            .should()
            .dependOnClassesThat(resideInAPackage("io.tocsin..")
                    .and(not(resideInAnyPackage(
                            "io.tocsin.detections..",
                            "io.tocsin.detection..",
                            "io.tocsin.signal..",
                            "io.tocsin.enrich..",
                            "io.tocsin.event..",
                            "io.tocsin.alert..",
                            "io.tocsin.network.."))))
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule nothingDependsOnOneDetection = noClasses()
            .that()
            .resideOutsideOfPackage("io.tocsin.detections..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.tocsin.detections..")
            .because("the catalogue finds them as services")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule noKafkaAndNoJson = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "org.apache.kafka..",
                    "org.apache.flink.connector.kafka..",
                    "org.apache.flink.streaming.connectors..",
                    "com.fasterxml.jackson..",
                    "org.apache.flink.shaded..",
                    "com.google.gson..",
                    "org.json..");

    @ArchTest
    static final ArchRule noFiles = noClasses()
            .should()
            .dependOnClassesThat(resideInAPackage("java.nio.file..")
                    .or(resideInAPackage("java.io")
                            .and(simpleNameStartingWith("File").or(simpleNameStartingWith("RandomAccessFile"))))
                    .or(DescribedPredicate.describe("are FileChannel", type -> type.isEquivalentTo(FileChannel.class)))
                    .or(resideInAPackage("org.apache.flink.core.fs..")));

    @ArchTest
    static final ArchRule oneClassWires = noClasses()
            .that(not(DescribedPredicate.describe(
                    "DetectionOperators", type -> isOrIsIn(type, "io.tocsin.detection.DetectionOperators"))))
            .should()
            .callMethodWhere(WIRING)
            .orShould()
            .callCodeUnitWhere(WIRING);

    @ArchTest
    static final ArchRule nothingIsPrinted =
            noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err");

    @ArchTest
    static final ArchRule typesAreNamedByWhatTheyAre = noClasses()
            .should()
            .haveNameMatching(".*(Utils?|Common|Helper|Manager|Impl)(\\$.*)?")
            .orShould()
            .haveNameMatching(".*\\.(utils?|common|helpers?|managers?|impl)\\..*");

    @ArchTest
    static final ArchRule nothingIsMocked = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.mockito..", "org.easymock..", "org.powermock..", "mockit..");

    private static boolean isWiring(AccessTarget.CodeUnitCallTarget target) {
        JavaClass owner = target.getOwner();
        return switch (target.getName()) {
            case "uid", "setUid", "keyBy" -> owner.getPackageName().startsWith("org.apache.flink.");
            case "pattern" -> owner.getName().equals("org.apache.flink.cep.CEP");
            default -> false;
        };
    }

    private static boolean isOrIsIn(JavaClass type, String name) {
        return type.getName().equals(name) || type.getName().startsWith(name + "$");
    }
}
