package io.tidemark.standalone;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tidemark", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule rolesDoNotKnowEachOther =
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark.ingest..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.tidemark.edge..", "io.tidemark.projector..");

    @ArchTest
    static final ArchRule onlyTheCommandKnowsTheAuditor =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.tidemark.auditor..", "io.tidemark.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.auditor..");

    @ArchTest
    static final ArchRule onlyTheCommandKnowsTheExport =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.tidemark.export..", "io.tidemark.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.export..");

    @ArchTest
    static final ArchRule onlyTheExportKnowsParquet =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.tidemark.export..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.parquet..", "org.apache.hadoop..", "com.github.luben..");

    @ArchTest
    static final ArchRule nobodyDependsOnStandalone =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.tidemark.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.standalone..");

    @ArchTest
    static final ArchRule rolesDoNotKnowTheDevkit =
            noClasses()
                    .that()
                    .resideInAnyPackage(
                            "io.tidemark.schemas..",
                            "io.tidemark.ingest..",
                            "io.tidemark.projector..",
                            "io.tidemark.edge..",
                            "io.tidemark.auditor..",
                            "io.tidemark.export..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.devkit..");

    @ArchTest
    static final ArchRule onlyTheEdgeAndItsMeasureKnowUndertow =
            noClasses()
                    .that()
                    .resideOutsideOfPackages("io.tidemark.edge..", "io.tidemark.standalone.plain..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule onlyTheProjectorKnowsKafkaStreams =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("io.tidemark.projector..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka.streams..");

    @ArchTest
    static final ArchRule internalsStayInside =
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark.standalone..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.tidemark.ingest.internal..",
                            "io.tidemark.projector.internal..",
                            "io.tidemark.edge.internal..",
                            "io.tidemark.auditor.internal..",
                            "io.tidemark.export.internal..",
                            "io.tidemark.devkit.internal..");
}
