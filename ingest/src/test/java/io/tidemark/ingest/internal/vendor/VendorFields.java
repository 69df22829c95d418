package io.tidemark.ingest.internal.vendor;

import com.fasterxml.jackson.annotation.JsonProperty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.Annotation;
import java.lang.classfile.AnnotationElement;
import java.lang.classfile.AnnotationValue;
import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.MethodModel;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which fields an object has on the wire, as a vendor's own SDK has them: each has an accessor that
 * names it for Jackson. They are read from the class files, since an SDK need not be complete for
 * that.
 */
public final class VendorFields {
    private VendorFields() {}

    /**
     * The fields of all of these types.
     *
     * @throws AssertionError if one has none that can be found
     */
    public static Set<String> of(Class<?>... types) {
        return Stream.of(types)
                .flatMap(type -> of(type.getName()).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * The fields of one type, which may be one that does not compile without all of its SDK.
     *
     * @throws AssertionError if it has none that can be found
     */
    public static Set<String> of(String type) {
        var names =
                model(type).methods().stream()
                        .flatMap(VendorFields::annotations)
                        .filter(VendorFields::namesForJackson)
                        .flatMap(annotation -> annotation.elements().stream())
                        .flatMap(VendorFields::value)
                        .collect(Collectors.toCollection(TreeSet::new));
        if (names.isEmpty()) {
            throw new AssertionError("no fields found in " + type);
        }
        return names;
    }

    private static ClassModel model(String type) {
        var path = "/" + type.replace('.', '/') + ".class";
        try (var file = VendorFields.class.getResourceAsStream(path)) {
            return ClassFile.of().parse(Objects.requireNonNull(file, path).readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Stream<Annotation> annotations(MethodModel method) {
        return method.findAttribute(Attributes.runtimeVisibleAnnotations()).stream()
                .flatMap(attribute -> attribute.annotations().stream());
    }

    private static boolean namesForJackson(Annotation annotation) {
        return annotation.className().equalsString(JsonProperty.class.descriptorString());
    }

    private static Stream<String> value(AnnotationElement element) {
        return element.name().equalsString("value")
                        && element.value() instanceof AnnotationValue.OfString string
                ? Stream.of(string.stringValue())
                : Stream.empty();
    }
}
