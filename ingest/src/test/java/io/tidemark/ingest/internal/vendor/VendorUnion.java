package io.tidemark.ingest.internal.vendor;

import org.jspecify.annotations.Nullable;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which names a vendor's own SDK knows, read from the SDK by reflection, so that a newer version
 * shows its new ones by itself. The SDKs are generated: a union has a {@code Visitor} with a method
 * for each of its members, and a member's builder begins with the {@code type} that it has on the
 * wire.
 */
public final class VendorUnion {
    private static final String TYPE = "type";

    private VendorUnion() {}

    /**
     * The types of all members of a union.
     *
     * @throws AssertionError if it has no members that can be found
     * @throws LinkageError if a member has no type that can be found
     */
    public static Set<String> types(Class<?> union) {
        var visitor = nested(union, "Visitor");
        var types =
                Arrays.stream(visitor.getDeclaredMethods())
                        .filter(method -> method.getName().startsWith("visit"))
                        .map(VendorUnion::member)
                        .map(VendorUnion::type)
                        .collect(Collectors.toCollection(TreeSet::new));
        return requireSome(union, types);
    }

    /**
     * The names of all constants of what takes the place of an enum.
     *
     * @throws AssertionError if it has no constants that can be found
     */
    public static Set<String> constants(Class<?> enumeration) {
        var names =
                Arrays.stream(enumeration.getFields())
                        .filter(field -> Modifier.isStatic(field.getModifiers()))
                        .filter(field -> field.getType() == enumeration)
                        .map(field -> String.valueOf(value(field, null)))
                        .collect(Collectors.toCollection(TreeSet::new));
        return requireSome(enumeration, names);
    }

    private static Set<String> requireSome(Class<?> of, Set<String> names) {
        if (names.isEmpty()) {
            throw new AssertionError("no names found in " + of.getName());
        }
        return names;
    }

    private static Class<?> member(Method visit) {
        return visit.getParameterTypes()[0];
    }

    /* A member whose type is one of several has no constant but an enum of them. */
    private static String type(Class<?> member) {
        try {
            var builder = member.getMethod("builder").invoke(null);
            var field = builder.getClass().getDeclaredField(TYPE);
            field.setAccessible(true);
            var value = value(field, builder);
            return value == null
                    ? String.join("|", constants(nested(member, "Type")))
                    : value.toString();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("no type found in " + member.getName(), e);
        }
    }

    private static @Nullable Object value(Field field, @Nullable Object holder) {
        try {
            return field.get(holder);
        } catch (IllegalAccessException e) {
            throw new LinkageError("cannot read " + field, e);
        }
    }

    private static Class<?> nested(Class<?> holder, String name) {
        return Stream.of(holder.getDeclaredClasses())
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError("no " + name + " found in " + holder.getName()));
    }
}
