package io.tidemark.testkit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test class that needs a Kafka, whichever. {@code -Dtests.kafka} says which one it is; the
 * class prints it before its first test, and takes it as a parameter.
 *
 * <pre>{@code
 * @RunsOnKafka
 * final class LogIT {
 *     @BeforeAll
 *     static void start(TestKafka kafka) {
 *         admin = Admin.create(Map.copyOf(kafka.settings()));
 *         topic = kafka.prefix("log") + ".events";
 *     }
 * }
 * }</pre>
 *
 * <p>When the class has ended and closed what it opened, its topics and groups are deleted. {@code
 * -Dgroups=kafka} runs the classes with this mark alone.
 */
@Documented
@Inherited
@Tag("kafka")
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(KafkaExtension.class)
public @interface RunsOnKafka {}
