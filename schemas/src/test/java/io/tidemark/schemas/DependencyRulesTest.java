package io.tidemark.schemas;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

import java.util.Set;

/** The contract knows JSON and Kafka's records, and nothing of HTTP, streams or servers. */
@AnalyzeClasses(packages = "io.tidemark.schemas", importOptions = DoNotIncludeTests.class)
class DependencyRulesTest {
    private static final Set<String> RECORDS =
            Set.of(ConsumerRecord.class.getName(), ProducerRecord.class.getName());

    @ArchTest
    static final ArchRule KNOWS_JSON_AND_RECORDS_ONLY =
            classes()
                    .that()
                    .doNotBelongToAnyOf(
                            TopicProvisioner.class,
                            RightsCheck.class,
                            AdminAnswers.class,
                            GenerationReader.class)
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                            "java..",
                                            "com.fasterxml.jackson..",
                                            "org.jspecify..",
                                            "org.slf4j..",
                                            "org.apache.kafka.common..",
                                            "io.tidemark.schemas..")
                                    .or(describe("records", DependencyRulesTest::isRecord)));

    @ArchTest
    static final ArchRule ONLY_THE_PROVISIONER_AND_THE_CHECK_TALK_TO_BROKERS =
            noClasses()
                    .that()
                    .doNotBelongToAnyOf(
                            TopicProvisioner.class, RightsCheck.class, AdminAnswers.class)
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.apache.kafka.clients.admin..");

    @ArchTest
    static final ArchRule THE_PROVISIONER_AND_THE_CHECK_NEED_ADMIN_AND_NO_OTHER_CLIENT =
            noClasses()
                    .that()
                    .belongToAnyOf(TopicProvisioner.class, RightsCheck.class, AdminAnswers.class)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka.clients.producer..",
                            "org.apache.kafka.clients.consumer..");

    /* Everybody who reads results has to ask it first, in whatever module. */
    @ArchTest
    static final ArchRule THE_READER_OF_GENERATIONS_NEEDS_A_CONSUMER_AND_NO_OTHER_CLIENT =
            noClasses()
                    .that()
                    .belongToAnyOf(GenerationReader.class)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            "org.apache.kafka.clients.producer..",
                            "org.apache.kafka.clients.admin..");

    @ArchTest
    static final ArchRule TIME_IS_GIVEN =
            noClasses().should().callMethod(System.class, "currentTimeMillis");

    private static boolean isRecord(JavaClass type) {
        return RECORDS.contains(type.getName());
    }
}
