package io.tidemark.ingest;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import java.time.Instant;

/** What ingest may know. */
@AnalyzeClasses(packages = "io.tidemark.ingest", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsNoOtherRole =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "io.tidemark.edge..",
                            "io.tidemark.projector..",
                            "io.tidemark.standalone..",
                            "io.tidemark.devkit..");

    @ArchTest
    static final ArchRule knowsNoServerAndNoKafkaStreams =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("io.undertow..", "org.apache.kafka.streams..");

    /* Tests compare with the vendors' SDKs; what runs speaks to providers by itself. */
    @ArchTest
    static final ArchRule knowsNoSdkOfAVendor =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("com.anthropic..", "com.openai..", "kotlin..");

    @ArchTest
    static final ArchRule dialectsKnowNeitherSocketsNorKafka =
            noClasses()
                    .that()
                    .resideInAPackage("io.tidemark.ingest.internal.*..")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.kafka..", "java.net..", "java.nio.channels..");

    @ArchTest
    static final ArchRule readsNoClockOfItsOwn =
            noClasses()
                    .should()
                    .callMethod(System.class, "currentTimeMillis")
                    .orShould()
                    .callMethod(Instant.class, "now")
                    .orShould()
                    .callMethod(Thread.class, "sleep", long.class);
}
