package io.tidemark.projector;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tidemark.projector", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule dependsOnSchemasAndNoOtherModule =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.tidemark.ingest..",
                            "io.tidemark.edge..",
                            "io.tidemark.devkit..",
                            "io.tidemark.standalone..");

    @ArchTest
    static final ArchRule knowsNoUndertow =
            noClasses().should().dependOnClassesThat().resideInAnyPackage("io.undertow..");

    @ArchTest
    static final ArchRule publicTypesShowNothingOfKafkaStreams =
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark.projector")
                    .and()
                    .doNotHaveSimpleName("Projector")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka.streams..", "org.rocksdb..");

    @ArchTest
    static final ArchRule livesInThreePackages =
            classes()
                    .should()
                    .resideInAnyPackage(
                            "io.tidemark.projector",
                            "io.tidemark.projector.internal",
                            "io.tidemark.projector.internal.rebuild");

    @ArchTest
    static final ArchRule projectionKnowsNothingOfRebuilds =
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark.projector.internal")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.projector.internal.rebuild");
}
