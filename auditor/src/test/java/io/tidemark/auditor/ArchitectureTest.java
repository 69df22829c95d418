package io.tidemark.auditor;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tidemark.auditor", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsSchemasAndKafkaOnly =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "org.apache.kafka.clients..",
                            "org.apache.kafka.common..",
                            "io.tidemark.schemas",
                            "io.tidemark.seal",
                            "io.tidemark.auditor..");

    @ArchTest
    static final ArchRule writesNothing =
            noClasses()
                    .should()
                    .dependOnClassesThat()
                    .haveFullyQualifiedName("org.apache.kafka.clients.producer.KafkaProducer");

    @ArchTest
    static final ArchRule onlyTheReaderAndTheClusterKnowBrokers =
            noClasses()
                    .that()
                    .haveSimpleNameNotContaining("LogReader")
                    .and()
                    .haveSimpleNameNotContaining("Cluster")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "org\\.apache\\.kafka\\.clients\\.(admin\\..*|consumer\\.(Kafka)?Consumer)");
}
