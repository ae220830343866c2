import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.ResultSet;

/** What tools built with Java see of a mirror: its tables and columns with their comments, and a row. */
class Tables {
    /** Arguments: address, account, password, table, column to order by. Prints lines of words parted by tabs. */
    public static void main(String[] told) throws Exception {
        try (var connection = DriverManager.getConnection(told[0], told[1], told[2])) {
            DatabaseMetaData known = connection.getMetaData();
            try (ResultSet tables = known.getTables(connection.getCatalog(), connection.getSchema(), "%", null)) {
                while (tables.next()) {
                    print("table", tables.getString("TABLE_NAME"), tables.getString("REMARKS"));
                }
            }
            try (ResultSet columns =
                    known.getColumns(connection.getCatalog(), connection.getSchema(), told[3], "%")) {
                while (columns.next()) {
                    print("column", columns.getString("COLUMN_NAME"), columns.getString("REMARKS"));
                }
            }
            try (var statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT * FROM " + told[3] + " ORDER BY " + told[4])) {
                rows.next();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    print("value", rows.getMetaData().getColumnLabel(i), String.valueOf(rows.getObject(i)));
                }
            }
        }
    }

    private static void print(String... words) {
        System.out.println(String.join("\t", words).replace("\n", " "));
    }
}
