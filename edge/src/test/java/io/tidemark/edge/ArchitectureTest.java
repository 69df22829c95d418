package io.tidemark.edge;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Who may know whom. */
@AnalyzeClasses(packages = "io.tidemark.edge", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule STREAMS_KNOW_NO_HTTP =
            noClasses()
                    .that()
                    .resideInAPackage("..internal.live..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("..internal.http..", "io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule ONLY_HTTP_KNOWS_UNDERTOW =
            noClasses()
                    .that()
                    .resideOutsideOfPackage("..internal.http..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.undertow..", "org.xnio..");

    @ArchTest
    static final ArchRule THE_OTHER_ROLES_ARE_STRANGERS =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.tidemark.ingest..",
                            "io.tidemark.projector..",
                            "io.tidemark.devkit..",
                            "io.tidemark.standalone..",
                            "org.apache.kafka.streams..");

    @ArchTest
    static final ArchRule NOTHING_INTERNAL_KNOWS_THE_SERVER =
            noClasses()
                    .that()
                    .resideInAPackage("..internal..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("io.tidemark.edge");
}
