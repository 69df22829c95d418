package io.tidemark.testkit;

import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Says which Kafka a test class runs on, and hands it over. Registered by {@link RunsOnKafka}. */
final class KafkaExtension implements BeforeAllCallback, ParameterResolver {
    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        /* A nested class has that of the class around it. */
        if (!context.getEnclosingTestClasses().isEmpty()) {
            return;
        }
        var shared = SharedKafka.ofThisJvm();
        say(context.getRequiredTestClass(), shared.source());
        var kafka = TestKafka.begin(shared.bootstrapServers());
        /* The store is closed after everything else of the class, what is @AutoClose included. */
        AutoCloseable end = kafka::end;
        context.getStore(NAMESPACE).put(TestKafka.class, end);
    }

    /** Prints what a test class runs on. */
    static void say(Class<?> test, KafkaSource source) {
        System.out.println("Kafka of " + test.getSimpleName() + ": " + source);
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == TestKafka.class;
    }

    @Override
    public TestKafka resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return TestKafka.current();
    }
}
