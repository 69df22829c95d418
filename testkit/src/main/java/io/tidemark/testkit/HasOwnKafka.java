package io.tidemark.testkit;

import org.junit.jupiter.api.extension.ExtendWith;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a test class that has an embedded broker to itself, whatever {@code -Dtests.kafka} says,
 * and prints so: it restarts the broker, looks into its directory, or is about what starts it. All
 * others are marked with {@link RunsOnKafka}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(OwnKafkaExtension.class)
public @interface HasOwnKafka {

    /** Why it can have no other, in a few words that may stand in parentheses. */
    String because();
}
