package io.tidemark.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Says that a test class has a Kafka of its own. Registered by {@link HasOwnKafka}. */
final class OwnKafkaExtension implements BeforeAllCallback {

    @Override
    public void beforeAll(ExtensionContext context) {
        var test = context.getRequiredTestClass();
        AnnotationSupport.findAnnotation(test, HasOwnKafka.class)
                .map(HasOwnKafka::because)
                .map(KafkaSource.Embedded::new)
                .ifPresent(source -> KafkaExtension.say(test, source));
    }
}
