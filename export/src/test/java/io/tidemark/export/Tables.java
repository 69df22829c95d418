package io.tidemark.export;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What somebody else's reader sees in a file: DuckDB, which shares no code with the writer. */
final class Tables {
    private Tables() {}

    /** The rows of a query, each as its values with {@code |} between; {@code FILE} is the file. */
    static List<String> query(Path file, String sql) {
        var rows = new ArrayList<String>();
        try (var connection = DriverManager.getConnection("jdbc:duckdb:");
                var statement = connection.createStatement()) {
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET TimeZone = 'UTC'");
            try (var results = statement.executeQuery(sql.replace("FILE", "'" + file + "'"))) {
                int columns = results.getMetaData().getColumnCount();
                while (results.next()) {
                    var row = new ArrayList<String>();
                    for (int i = 1; i <= columns; i++) {
                        row.add(Objects.toString(results.getString(i)));
                    }
                    rows.add(String.join("|", row));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
        return rows;
    }
}
