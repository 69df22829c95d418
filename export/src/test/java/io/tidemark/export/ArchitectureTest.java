package io.tidemark.export;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tidemark.export", importOptions = DoNotIncludeTests.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule knowsSchemasKafkaJsonAndParquetOnly =
            classes()
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(
                            "java..",
                            "org.jspecify..",
                            "com.fasterxml.jackson..",
                            "com.github.luben.zstd",
                            "org.apache.hadoop.conf",
                            "org.apache.kafka.clients.consumer",
                            "org.apache.kafka.common..",
                            "org.apache.parquet..",
                            "io.tidemark.schemas",
                            "io.tidemark.seal",
                            "io.tidemark.export..");

    @ArchTest
    static final ArchRule parquetIsKnownWhereItIsWritten =
            noClasses()
                    .that()
                    .haveNameNotMatching(
                            ".*\\.(ParquetSink|ColumnWriteSupport|StreamOutputFile|ZstdCodec)(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage("org.apache.parquet..", "com.github.luben..");

    /* Its writer names Hadoop's configuration in a signature that has to be overridden. */
    @ArchTest
    static final ArchRule hadoopIsANameInTwoSignatures =
            noClasses()
                    .that()
                    .haveNameNotMatching(".*\\.(ParquetSink\\$Builder|ColumnWriteSupport)")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.hadoop..");

    @ArchTest
    static final ArchRule onlyTheLogKnowsBrokers =
            noClasses()
                    .that()
                    .haveNameNotMatching(".*\\.CommittedLog(\\$.*)?")
                    .should()
                    .dependOnClassesThat()
                    .haveNameMatching(
                            "org\\.apache\\.kafka\\.clients\\.consumer\\.(Kafka)?Consumer");
}
