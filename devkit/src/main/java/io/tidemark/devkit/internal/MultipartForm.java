package io.tidemark.devkit.internal;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A {@code multipart/form-data} body (RFC 7578): its fields, and the names of its files, whose
 * content is not looked at. Immutable.
 *
 * @param fields values by name; of several with one name the last
 * @param files the names under which files came
 */
record MultipartForm(Map<String, String> fields, Set<String> files) {

    private static final Pattern BOUNDARY =
            Pattern.compile("(?i);\\s*boundary=(?:\"([^\"]+)\"|([^;\\s]+))");
    private static final Pattern NAME =
            Pattern.compile("(?i);\\s*name=(?:\"([^\"]*)\"|([^;\\s]+))");
    private static final Pattern FILE_NAME = Pattern.compile("(?i);\\s*filename\\*?=");

    MultipartForm {
        fields = Map.copyOf(fields);
        files = Set.copyOf(files);
    }

    /**
     * Reads a body. ISO 8859-1 maps bytes to characters one to one, so nothing in a file can be
     * taken for a line end it is not.
     *
     * @throws InvalidRequest if it is not such a form
     */
    static MultipartForm parse(String contentType, byte[] body) throws InvalidRequest {
        var boundary = BOUNDARY.matcher(contentType);
        if (!boundary.find()) {
            throw invalid("has no boundary");
        }
        var delimiter =
                "\r\n--" + (boundary.group(1) == null ? boundary.group(2) : boundary.group(1));
        var text = "\r\n" + new String(body, StandardCharsets.ISO_8859_1);
        var fields = new HashMap<String, String>();
        var files = new HashSet<String>();
        var start = text.indexOf(delimiter);
        while (start >= 0 && !text.startsWith("--", start + delimiter.length())) {
            var end = text.indexOf(delimiter, start + delimiter.length());
            if (end < 0) {
                throw invalid("ends before its last boundary");
            }
            addPart(text.substring(start + delimiter.length(), end), fields, files);
            start = end;
        }
        if (start < 0) {
            throw invalid("does not hold its boundary");
        }
        return new MultipartForm(fields, files);
    }

    private static void addPart(String part, Map<String, String> fields, Set<String> files)
            throws InvalidRequest {
        var headEnd = part.indexOf("\r\n\r\n");
        var head = headEnd < 0 ? "" : part.substring(0, headEnd);
        var name = NAME.matcher(head);
        if (!name.find()) {
            throw invalid("has a part without a name");
        }
        var named = utf8(name.group(1) == null ? name.group(2) : name.group(1));
        if (FILE_NAME.matcher(head).find()) {
            files.add(named);
        } else {
            fields.put(named, utf8(part.substring(headEnd + 4)));
        }
    }

    private static String utf8(String bytes) {
        return new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    private static InvalidRequest invalid(String problem) {
        return new InvalidRequest(ApiError.badRequest(null, "The form " + problem + "."));
    }

    @Override
    public String toString() {
        return "MultipartForm[" + fields.size() + " fields, " + files.size() + " files]";
    }
}
