package io.tidemark.seal;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What sealing may know. */
@AnalyzeClasses(packages = "io.tidemark.seal", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsSchemasAndKafkaOnly =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "javax.crypto..",
                            "org.jspecify..",
                            "org.slf4j..",
                            "org.apache.kafka.clients.consumer..",
                            "org.apache.kafka.clients.producer..",
                            "org.apache.kafka.common..",
                            "io.tidemark.schemas",
                            "io.tidemark.seal");

    @ArchTest
    static final ArchRule readsNoClockOfItsOwn =
            noClasses().should().callMethod(System.class, "currentTimeMillis");

    @ArchTest
    static final ArchRule writesNothingItself =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("org.apache.kafka.clients.producer.KafkaProducer");
}
