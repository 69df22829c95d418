package io.tidemark.devkit;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tidemark.devkit", importOptions = DoNotIncludeTests.class)
class DevkitArchitectureTest {

    @ArchTest
    static final ArchRule DEPENDS_ON_NO_OTHER_MODULE =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.tidemark.schemas..",
                            "io.tidemark.ingest..",
                            "io.tidemark.projector..",
                            "io.tidemark.edge..",
                            "io.tidemark.standalone..");

    @ArchTest
    static final ArchRule KAFKAS_SERVER_CLASSES_STAY_BEHIND_ONE_CLASS =
            noClasses()
                    .that(
                            not(
                                    nameMatching(
                                            "io\\.tidemark\\.devkit\\.internal\\.KafkaNode(\\$.*)?")))
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("kafka..", "scala..", "org.apache.kafka.."));
}
